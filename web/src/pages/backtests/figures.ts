import { nativeOf, shortId, venueName, venueOf } from '../../format';

export { count, duration } from '../../format';

/** A market as a person knows it, `Kalshi: Will it rain?`; one that nothing was made with keeps its id, cut short. */
export function marketNames(
  named: readonly { readonly id: string; readonly title: string }[],
): (market: string) => string {
  const titles = new Map(named.map(({ id, title }) => [id, title]));
  return (market) => {
    const title = titles.get(market) ?? market;
    return `${venueName(venueOf(market))}: ${title === market ? shortId(nativeOf(market)) : title}`;
  };
}

export const NO_FIGURE = '–';
const THIN = '\u202f';

/** A share 0…1 as `12.34 %`. */
export const percent = (share: number | null | undefined, digits = 2): string =>
  share === null || share === undefined ? NO_FIGURE : `${(share * 100).toFixed(digits)}${THIN}%`;

export const ratio = (value: number | null | undefined): string =>
  value === null || value === undefined ? NO_FIGURE : value.toFixed(2);

/** `1.2 … 3.4`, nothing where it is not defined. */
export function between(
  { low, high }: { readonly low?: number | null; readonly high?: number | null },
  text: (value: number) => string,
): string {
  return low === null || low === undefined || high === null || high === undefined
    ? ''
    : `95${THIN}%: ${text(low)} … ${text(high)}`;
}

interface MarkOut {
  readonly afterMs: number;
  readonly perContract?: number | null;
}

const MINUTE_MS = 60_000;
const afterText = (ms: number): string => (ms < MINUTE_MS ? `${ms / 1_000}${THIN}s` : `${ms / MINUTE_MS}${THIN}min`);

/** Cents of a contract with their sign: `+0.35 ¢`. */
const cents = (micros: number | null | undefined): string =>
  micros === null || micros === undefined
    ? NO_FIGURE
    : `${micros < 0 ? '−' : '+'}${Math.abs(micros / 10_000).toFixed(2)}${THIN}¢`;

/** What fills were worth a minute later, and sooner and later than that. */
export const markOutAfterMinute = (all: readonly MarkOut[]): string =>
  cents(all.find(({ afterMs }) => afterMs === MINUTE_MS)?.perContract);
export const markOutsElse = (all: readonly MarkOut[]): string =>
  all
    .filter(({ afterMs }) => afterMs !== MINUTE_MS)
    .map(({ afterMs, perContract }) => `${afterText(afterMs)} ${cents(perContract)}`)
    .join(', ');

/** Fall from the highest point so far, as a share below 0. */
export function drawdowns(
  curve: readonly { readonly at: number; readonly equity: number }[],
): readonly (readonly [number, number])[] {
  let high = -Infinity;
  return curve.map(({ at, equity }) => {
    high = Math.max(high, equity);
    return [at, high > 0 ? equity / high - 1 : 0] as const;
  });
}

/** A time for an input of a local date, and back; empty means none. */
export function toLocal(at: number | null | undefined): string {
  if (at === null || at === undefined) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
export const fromLocal = (text: string): number | null => (text === '' ? null : new Date(text).getTime());
