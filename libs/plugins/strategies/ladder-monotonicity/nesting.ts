import type { MarketInfo } from '#core';

/** A reviewed statement that whenever `narrow` pays YES, `wide` does: "by March" within "by June". */
export interface ReviewedNesting {
  readonly narrow: string;
  readonly wide: string;
  /** Probability that the narrow one pays and the wide one does not, because their rules differ. */
  readonly mismatch: number;
}

/** How it is known that one market's YES is part of another's. */
export interface Nesting {
  /** Says what lies in what; with the group, the identity of the pair. */
  readonly name: string;
  readonly mismatch: number;
}

/** What YES stands for as a span of numbers. `±Infinity` is open towards there. */
interface Span {
  readonly low: number;
  /** Whether the end itself belongs to it. */
  readonly lowIn: boolean;
  readonly high: number;
  readonly highIn: boolean;
  /** Whether another can be known to lie within it. */
  readonly container: boolean;
  readonly label: string;
}

/**
 * Whether `narrow` lies within `wide`, two markets of one event; `null` unless that is certain. It is certain from strikes
 * the venue states as numbers, of one measure, in markets that close together; or from a person's review. A title or a rules
 * text proves nothing: "by March" may be another question than "by June", and only a reader can tell.
 */
export function nestingOf(narrow: MarketInfo, wide: MarketInfo, reviewed: readonly ReviewedNesting[]): Nesting | null {
  const row = reviewed.find((one) => one.narrow === narrow.id && one.wide === wide.id);
  if (row !== undefined) return { name: `${nameOf(narrow)} within ${nameOf(wide)}`, mismatch: row.mismatch };
  if (narrow.group === null || narrow.group !== wide.group) return null;
  if (narrow.closesAt === null || narrow.closesAt !== wide.closesAt) return null;
  if ((narrow.venueData['strikeOf'] ?? '') !== (wide.venueData['strikeOf'] ?? '')) return null;
  const inner = spanOf(narrow);
  const outer = spanOf(wide);
  if (inner === null || outer === null || !lies(inner, outer)) return null;
  return { name: `${inner.label} within ${outer.label}`, mismatch: 0 };
}

/**
 * The span a venue states: `strikeType` with `floorStrike` and `capStrike`. A "between" may or may not hold its own ends, so
 * it counts with both where it must lie in another and holds nothing itself. Anything else (structured, custom, a date) is
 * no number.
 */
function spanOf({ venueData }: MarketInfo): Span | null {
  const low = strike(venueData['floorStrike']);
  const high = strike(venueData['capStrike']);
  const above = { low, high: Infinity, highIn: false, container: true };
  const below = { low: -Infinity, lowIn: false, high, container: true };
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
        ? { low, lowIn: true, high, highIn: true, container: false, label: `${shown(low)} to ${shown(high)}` }
        : null;
    default:
      return null;
  }
}

const strike = (text: string | undefined): number =>
  text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;

/** With a true minus: a hyphen is for joining words. */
const shown = (value: number): string => String(value).replace('-', '−');

/** Properly within: two spans that are the same say nothing about each other's order. */
function lies(inner: Span, outer: Span): boolean {
  if (!outer.container) return false;
  const low = inner.low > outer.low || (inner.low === outer.low && (outer.lowIn || !inner.lowIn));
  const high = inner.high < outer.high || (inner.high === outer.high && (outer.highIn || !inner.highIn));
  const same =
    inner.low === outer.low &&
    inner.high === outer.high &&
    inner.lowIn === outer.lowIn &&
    inner.highIn === outer.highIn;
  return low && high && !same;
}

/** What YES of a market is called among those of its event. */
function nameOf({ title, venueData }: MarketInfo): string {
  const yes = venueData['yesOutcome'] ?? '';
  return yes === '' || yes.toLowerCase() === 'yes' ? title : yes;
}
