import type { MarketInfo } from './market.js';

/** What YES stands for as a span of numbers. `±Infinity` is open towards there. */
export interface StrikeSpan {
  readonly low: number;
  /** Whether the end itself belongs to it. */
  readonly lowIn: boolean;
  readonly high: number;
  readonly highIn: boolean;
  /** Whether it is known which of its ends belong to it: a "between" may or may not hold its own. */
  readonly endsKnown: boolean;
  readonly label: string;
}

type Strikes = Pick<MarketInfo, 'closesAt' | 'venueData'>;

/**
 * The span a venue states: `strikeType` with `floorStrike` and `capStrike`; `null` for anything else (structured, custom, a
 * date), which is no number. A "between" is given with both its ends.
 */
export function strikeSpan({ venueData }: Strikes): StrikeSpan | null {
  const low = strike(venueData['floorStrike']);
  const high = strike(venueData['capStrike']);
  const above = { low, high: Infinity, highIn: false, endsKnown: true };
  const below = { low: -Infinity, lowIn: false, high, endsKnown: true };
  switch (venueData['strikeType']) {
    case 'greater':
      return Number.isNaN(low) ? null : { ...above, lowIn: false, label: `> ${shown(low)}` };
    case 'greater_or_equal':
      return Number.isNaN(low) ? null : { ...above, lowIn: true, label: `≥ ${shown(low)}` };
    case 'less':
      return Number.isNaN(high) ? null : { ...below, highIn: false, label: `< ${shown(high)}` };
    case 'less_or_equal':
      return Number.isNaN(high) ? null : { ...below, highIn: true, label: `≤ ${shown(high)}` };
    case 'between':
      return low <= high
        ? { low, lowIn: true, high, highIn: true, endsKnown: false, label: `${shown(low)} to ${shown(high)}` }
        : null;
    default:
      return null;
  }
}

/**
 * What a market's number is read from: markets of one event with the same one are answered by one number. `null` where that
 * is not certain: no number, or no time at which it is read.
 */
export function strikeMeasure(info: Strikes): string | null {
  if (info.closesAt === null || strikeSpan(info) === null) return null;
  return `${info.closesAt}|${info.venueData['strikeOf'] ?? ''}`;
}

/** Whether two versions of a market say the same of the same number. */
export const sameStrike = (a: Strikes, b: Strikes): boolean =>
  strikeMeasure(a) === strikeMeasure(b) && strikeSpan(a)?.label === strikeSpan(b)?.label;

const strike = (text: string | undefined): number =>
  text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;

/** With a true minus: a hyphen is for joining words. */
const shown = (value: number): string => String(value).replace('-', '−');
