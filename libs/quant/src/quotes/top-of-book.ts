/*
 * What the best bid and ask of YES say about its probability (math 2). Prices are probabilities 0…1 or any other unit of
 * price, as long as one call uses one unit; sizes are contracts. No function allocates; `NaN` means "not defined".
 */

/** Why a quote says nothing about the mid; `''` when it does. A locked book (bid = ask) is usable. */
export type QuoteFlaw = '' | 'invalid' | 'one-sided' | 'crossed' | 'empty';

/**
 * Judges a quote in probabilities. `NaN` (or anything outside 0…1 on both sides) is an absent side.
 *
 * - `invalid`: a price outside (0, 1), or a size that is negative or not a number
 * - `one-sided`: only a bound of the probability is known
 * - `crossed`: bid above ask within one venue; two in a row ask for a resync
 * - `empty`: both sides without size
 */
export function quoteFlaw(bid: number, ask: number, bidSize: number, askSize: number): QuoteFlaw {
  if (Number.isNaN(bid) || Number.isNaN(ask)) return 'one-sided';
  if (!(bid > 0 && bid < 1 && ask > 0 && ask < 1 && bidSize >= 0 && askSize >= 0)) return 'invalid';
  if (bid > ask) return 'crossed';
  return bidSize + askSize > 0 ? '' : 'empty';
}

export const mid = (bid: number, ask: number): number => (bid + ask) / 2;
export const spread = (bid: number, ask: number): number => ask - bid;

/** (bid size − ask size) / their sum, −1…1; `NaN` without size. */
export const imbalance = (bidSize: number, askSize: number): number => (bidSize - askSize) / (bidSize + askSize);

/**
 * The two prices weighted by the size on the *other* side, so that a heavy bid pulls towards the ask. `NaN` when both
 * sizes are 0; a side without size takes all the weight to its own price.
 */
export const microprice = (bid: number, ask: number, bidSize: number, askSize: number): number =>
  (bid * askSize + ask * bidSize) / (bidSize + askSize);

/** Harmonic depth 2BA/(B + A) of the two sizes; 0 when one side is empty. */
export const harmonicDepth = (bidSize: number, askSize: number): number =>
  bidSize > 0 && askSize > 0 ? (2 * bidSize * askSize) / (bidSize + askSize) : 0;

/** Levels of one side, best first. What a book of the kernel gives is one. */
export interface DepthView {
  count(side: 0 | 1): number;
  price(side: 0 | 1, level: number): number;
  size(side: 0 | 1, level: number): number;
}

/**
 * Size of one side (0 bids, 1 asks) within `levels`, each discounted by e^(−kappa · distance from the best in ticks).
 * `tick` in the book's unit of price.
 */
export function weightedDepth(book: DepthView, side: 0 | 1, tick: number, levels = 5, kappa = 0.5): number {
  const count = Math.min(book.count(side), levels);
  let sum = 0;
  if (count > 0) {
    const best = book.price(side, 0);
    for (let level = 0; level < count; level++)
      sum += book.size(side, level) * Math.exp((-kappa * Math.abs(book.price(side, level) - best)) / tick);
  }
  return sum;
}

/** Microprice with the discounted depth of each side for its size, in the book's unit; `NaN` for a one-sided book. */
export function depthMicroprice(book: DepthView, tick: number, levels = 5, kappa = 0.5): number {
  if (book.count(0) === 0 || book.count(1) === 0) return NaN;
  return microprice(
    book.price(0, 0),
    book.price(1, 0),
    weightedDepth(book, 0, tick, levels, kappa),
    weightedDepth(book, 1, tick, levels, kappa),
  );
}

/** Seconds after which a quote counts half, and after which it counts nothing. */
export const STALE_HALF_LIFE = 30;
export const STALE_MAX_AGE = 300;

/**
 * Confidence 2^(−age / halfLife) in a quote, ages in seconds since its market last spoke or was probed; 0 beyond `maxAge`
 * or when the age is unknown, 1 for an age below 0.
 */
export function staleness(age: number, halfLife = STALE_HALF_LIFE, maxAge = STALE_MAX_AGE): number {
  if (!(age <= maxAge)) return 0;
  return age <= 0 ? 1 : 2 ** (-age / halfLife);
}
