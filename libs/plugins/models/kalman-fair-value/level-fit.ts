import { PRICE_ONE, SIZE_ONE } from '#core';
import { DEFAULT_BOOK_NOISE, fitWalk, openReading, readQuoteIn, shrunk, type BookNoise, type LevelFit } from '#quant';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { kalmanConfig, type KalmanConfig } from './config.schema.js';

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
export const READ_EVERY_MS = 10_000;

/** Quotes as the tape has them, oldest first: micro-dollars (−1 an empty side) and hundredths. */
export interface QuoteColumns {
  readonly at: ArrayLike<number>;
  readonly bid: ArrayLike<number>;
  readonly ask: ArrayLike<number>;
  readonly bidSize: ArrayLike<number>;
  readonly askSize: ArrayLike<number>;
  readonly trusted: ArrayLike<boolean>;
}

const UNITS = { price: PRICE_ONE, size: SIZE_ONE };
const { rFloor, depthRef, useMicroprice } = Value.Default(kalmanConfig, {}) as KalmanConfig;
const USUAL_NOISE: BookNoise = { ...DEFAULT_BOOK_NOISE, rFloor, depthRef, useMicroprice };

/**
 * The pace of the walk under which a record is likeliest, read through the noise that the filter itself reads from spread and
 * depth. Fitted freely, that noise comes out near nothing in thin books, whose makers waver together for longer than readings
 * are apart, and their wavering would count as moves. `null` for fewer than 200 readings or a market that never moved.
 */
export function fitMids(quotes: QuoteColumns, noise: BookNoise = USUAL_NOISE): LevelFit | null {
  const y: number[] = [];
  const dt: number[] = [];
  const reading = openReading();
  let slot = -Infinity;
  let before = NaN;
  let variances = 0;
  for (let i = 0; i < quotes.at.length; i++) {
    const here = Math.floor(quotes.at[i] / READ_EVERY_MS);
    if (here === slot || !quotes.trusted[i]) continue;
    const { at, bid, ask, bidSize, askSize } = quotes;
    if (!readQuoteIn(UNITS, reading, bid[i], ask[i], bidSize[i], askSize[i], 0, noise)) continue;
    slot = here;
    y.push(reading.z);
    variances += reading.r;
    dt.push(Number.isNaN(before) ? 0 : (at[i] - before) / 1_000);
    before = at[i];
  }
  return y.length < LEAST_READINGS ? null : fitWalk(y, dt, variances / y.length);
}

/** How many readings a record has at most: spans of ten seconds with a trusted quote. */
export function readingsIn({ at, trusted }: Pick<QuoteColumns, 'at' | 'trusted'>): number {
  let readings = 0;
  let slot = -Infinity;
  for (let i = 0; i < at.length; i++) {
    const here = Math.floor(at[i] / READ_EVERY_MS);
    if (here === slot || !trusted[i]) continue;
    slot = here;
    readings++;
  }
  return readings;
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
