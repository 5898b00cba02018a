import { PRICE_ONE } from '#core';
import { clipProbability, fitLevel, logit, mid, QUOTE_EPSILON, quoteFlaw, shrunk, type LevelFit } from '#quant';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What a fit puts on the tape for one market, under the market's id. */
export const levelParameters = Type.Object({
  /** Tape time up to which quotes were read, ms: says which fit this is. */
  fittedTo: Type.Integer(),
  /** Variance of the log-odds per second. */
  q: Type.Number({ exclusiveMinimum: 0 }),
  /** Variance of a reading of the mid, log-odds². */
  r: Type.Number({ minimum: 0 }),
  /** Readings it rests on. */
  observations: Type.Integer({ minimum: 1 }),
});
export type LevelParameters = Static<typeof levelParameters>;

/** Fewer readings than this say little of a variance. */
export const LEAST_READINGS = 200;
/** A mid is read this often: makers waver for seconds, and what wavers slowly is no measurement noise. */
const READ_EVERY_MS = 10_000;

/** Quotes as the tape has them, oldest first: micro-dollars (−1 an empty side) and hundredths. */
export interface QuoteColumns {
  readonly at: ArrayLike<number>;
  readonly bid: ArrayLike<number>;
  readonly ask: ArrayLike<number>;
  readonly bidSize: ArrayLike<number>;
  readonly askSize: ArrayLike<number>;
  readonly trusted: ArrayLike<boolean>;
}

/**
 * The variances under which the mids of a record are likeliest (exact diffuse likelihood); `null` for fewer than 200 readings
 * or a market that never moved.
 */
export function fitMids(quotes: QuoteColumns): LevelFit | null {
  const y: number[] = [];
  const dt: number[] = [];
  let slot = -Infinity;
  let before = NaN;
  for (let i = 0; i < quotes.at.length; i++) {
    const here = Math.floor(quotes.at[i] / READ_EVERY_MS);
    if (here === slot) continue;
    const [bid, ask] = [quotes.bid[i] / PRICE_ONE, quotes.ask[i] / PRICE_ONE];
    if (!quotes.trusted[i] || quoteFlaw(bid, ask, quotes.bidSize[i], quotes.askSize[i]) !== '') continue;
    slot = here;
    y.push(logit(clipProbability(mid(bid, ask), QUOTE_EPSILON)));
    dt.push(Number.isNaN(before) ? 0 : (quotes.at[i] - before) / 1_000);
    before = quotes.at[i];
  }
  return y.length < LEAST_READINGS ? null : fitLevel(y, dt);
}

/** Logarithmic mean of the fits of one category; `null` without one that moved. A short history is pulled towards it. */
export function categoryLevel(fits: readonly LevelFit[]): { readonly q: number; readonly r: number } | null {
  const moved = fits.filter(({ q, r }) => q > 0 && r > 0);
  if (moved.length === 0) return null;
  const mean = (of: (fit: LevelFit) => number): number =>
    Math.exp(moved.reduce((sum, fit) => sum + Math.log(of(fit)), 0) / moved.length);
  return { q: mean((fit) => fit.q), r: mean((fit) => fit.r) };
}

/** What goes on the tape; `null` where nothing was learned. */
export function levelOf(
  fit: LevelFit,
  category: { readonly q: number; readonly r: number } | null,
  fittedTo: number,
): LevelParameters | null {
  const { q, r } = category === null ? fit : shrunk(fit, category);
  return q > 0 ? { fittedTo, q, r, observations: fit.observations } : null;
}

/** Whether a value on the tape is a fit this model can use. */
export function isLevel(value: unknown): value is LevelParameters {
  if (typeof value !== 'object' || value === null) return false;
  let sound = checked.get(value);
  if (sound === undefined) checked.set(value, (sound = Value.Check(levelParameters, value)));
  return sound;
}

/** A fit stays on the tape as it is, and is looked at with every beat of every market. */
const checked = new WeakMap<object, boolean>();
