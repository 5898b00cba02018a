import { hermiteRule } from '../numeric/index.js';
import type { Reading } from './local-level.js';
import { clipProbability, harmonicDepth, logit, QUOTE_EPSILON, sigmoid } from '../quotes/index.js';

/*
 * A market's log-odds as a local level (math 3.4): the state is z = ln p/(1 − p), what the book says about it is as noisy
 * as its spread is wide and its depth thin. Estimates stay inside (0, 1) and tails keep their own scale.
 */

export interface BookNoise {
  /** Quotes are kept this far from 0 and 1. */
  readonly epsilon: number;
  /** Least measurement variance, log-odds². */
  readonly rFloor: number;
  /** Depth at which the spread's variance doubles, contracts; depths below the least count as that. */
  readonly depthRef: number;
  readonly depthMin: number;
  /** Seconds after which a quote's variance doubles, and after which it says nothing. */
  readonly staleHalfLife: number;
  readonly maxAge: number;
  /** Read the microprice, else the mid. */
  readonly useMicroprice: boolean;
}

export const DEFAULT_BOOK_NOISE: BookNoise = {
  epsilon: QUOTE_EPSILON,
  rFloor: 1e-4,
  depthRef: 100,
  depthMin: 1,
  staleHalfLife: 30,
  maxAge: 300,
  useMicroprice: true,
};

/** Variance of the log-odds per second when they move by a quarter per √day. */
export const DEFAULT_LOG_ODDS_Q = 0.25 ** 2 / 86_400;
export const DEFAULT_LOG_ODDS_VARIANCE = 4;

/**
 * Reads the top of a book, prices as probabilities, sizes in contracts, `age` seconds since the market was last known to
 * be so. Variance of a price anywhere within the spread is s²/12; thin depth and age add to it. False, and a reading of
 * `NaN`, for a quote that is flawed or too old.
 */
export function readQuote(
  reading: Reading,
  bid: number,
  ask: number,
  bidSize: number,
  askSize: number,
  age: number,
  noise: BookNoise,
): boolean {
  return readQuoteIn(UNITS, reading, bid, ask, bidSize, askSize, age, noise);
}

/**
 * What the prices of the quote read last said by themselves: most quotes only bring other sizes, and logarithms are what costs.
 * Plain data, of one market under one `BookNoise`.
 */
export interface PriceMemo {
  bid: number;
  ask: number;
  /** Log-odds of the mid. */
  z: number;
  /** Variance of a price anywhere within the spread, log-odds². */
  spread: number;
}

export const openPriceMemo = (): PriceMemo => ({ bid: NaN, ask: NaN, z: NaN, spread: NaN });

/** What 1 is in the numbers of a quote: a price of 1, a contract. */
export interface QuoteUnits {
  readonly price: number;
  readonly size: number;
}
const UNITS: QuoteUnits = { price: 1, size: 1 };
/** Of a caller that keeps none: written before it is read, every time. */
const scratch = openPriceMemo();

/**
 * The same in other units. Integers are passed as they are where a fraction would be put on the heap with every call: the
 * live path reads the tape's own micro-dollars and hundredths.
 */
export function readQuoteIn(
  units: QuoteUnits,
  reading: Reading,
  bidIn: number,
  askIn: number,
  bidSizeIn: number,
  askSizeIn: number,
  age: number,
  noise: BookNoise,
  memo: PriceMemo = scratch,
): boolean {
  const bid = bidIn / units.price;
  const ask = askIn / units.price;
  const bidSize = bidSizeIn / units.size;
  const askSize = askSizeIn / units.size;
  reading.z = NaN;
  reading.r = NaN;
  // Written out rather than asked of `quoteFlaw`: two-sided, inside (0, 1), not crossed, some size. `NaN` fails each.
  if (!(bid > 0 && ask < 1 && bid <= ask && bidSize >= 0 && askSize >= 0)) return false;
  if (!(bidSize + askSize > 0 && age <= noise.maxAge)) return false;
  const { epsilon } = noise;
  if (memo === scratch || memo.bid !== bidIn || memo.ask !== askIn) {
    const low = clipProbability(bid, epsilon);
    const high = clipProbability(ask, epsilon);
    // The difference of the two log-odds by one logarithm, exactly 0 for a locked book.
    const width = low === high ? 0 : Math.log((high * (1 - low)) / (low * (1 - high)));
    memo.bid = bidIn;
    memo.ask = askIn;
    memo.spread = (width * width) / 12;
    if (!noise.useMicroprice) memo.z = logit(clipProbability((bid + ask) / 2, epsilon));
  }
  const depth = Math.max(harmonicDepth(bidSize, askSize), noise.depthMin);
  const fresh = noise.rFloor + memo.spread * (1 + noise.depthRef / depth);
  reading.z = noise.useMicroprice
    ? logit(clipProbability((bid * askSize + ask * bidSize) / (bidSize + askSize), epsilon))
    : memo.z;
  reading.r = age > 0 ? fresh * 2 ** (age / noise.staleHalfLife) : fresh;
  return true;
}

/**
 * Reads a trade: the half spread as the price's standard deviation, carried to log-odds by the delta method and divided
 * by its volume. The price is moved back by the half spread against `initiator` (1 a buyer took the ask, −1 a seller hit
 * the bid, 0 unknown). False for a price outside (0, 1) or no volume.
 */
export function readTrade(
  reading: Reading,
  price: number,
  volume: number,
  halfSpread: number,
  initiator: 1 | 0 | -1,
  noise: BookNoise,
): boolean {
  reading.z = NaN;
  reading.r = NaN;
  if (!(price > 0 && price < 1 && volume > 0 && halfSpread >= 0)) return false;
  const p = clipProbability(price - initiator * halfSpread, noise.epsilon);
  const deviation = halfSpread / (p * (1 - p));
  reading.z = logit(p);
  reading.r = noise.rFloor + (deviation * deviation * noise.depthRef) / (noise.depthRef + volume);
  return true;
}

/** Standard normal quantile of 97.5 %. */
export const BAND_95 = 1.959963984540054;

const { nodes: NODES, weights: WEIGHTS } = hermiteRule(40);
const ROOT_PI = Math.sqrt(Math.PI);

/** Up to this variance four terms of the series say the mean within 2·10⁻⁹, at a twentieth of the quadrature's cost. */
const SERIES_UP_TO = 0.05;

/**
 * Mean probability E[sigmoid(X)] of X ~ N(mean, variance): by 40-point Gauss–Hermite quadrature, within 2·10⁻⁸ for
 * variances up to 4, and for small ones by the series in the variance, whose terms are the sigmoid's even derivatives.
 * MacKay's closed form (1992) is off by a cent at 4, so nothing is decided on it.
 */
export function meanProbability(mean: number, variance: number): number {
  if (variance <= SERIES_UP_TO || Math.abs(mean) > 700) {
    const p = sigmoid(mean);
    const u = p * (1 - p);
    const half = variance / 2;
    const eighth = 1 - u * (252 - u * (5_040 - u * 20_160));
    const sixth = 1 - u * (60 - u * 360);
    const bend = 1 + (half / 2) * (1 - 12 * u + (half / 3) * (sixth + (half / 4) * eighth));
    return p + half * u * (1 - 2 * p) * bend;
  }
  const scale = Math.sqrt(2 * variance);
  const odds = Math.exp(-mean);
  let sum = 0;
  for (let i = 0; i < NODES.length; i++) {
    const away = Math.exp(scale * NODES[i]);
    // sigmoid(mean + a) + sigmoid(mean − a)
    sum += WEIGHTS[i] * (1 / (1 + odds / away) + 1 / (1 + odds * away));
  }
  return sum / ROOT_PI;
}

/**
 * How far the mean probability is from the median at most, per variance: |E sigmoid(X) − sigmoid(mean)| ≤ MEAN_BEND · variance,
 * by half of the sigmoid's greatest second derivative, √3/36, rounded up. Tells without the mean what it cannot be.
 */
export const MEAN_BEND = 0.0482;

/** Median probability `sigmoid(mean)` and the ends of a central band: `bandEnd(mean, variance, ±BAND_95)`. */
export const bandEnd = (mean: number, variance: number, deviations: number): number =>
  sigmoid(mean + deviations * Math.sqrt(variance));

/** Second-order drift that makes the probability, not its log-odds, the martingale: away from even. Off by default. */
export const itoDrift = (mean: number, noise: number): number => 0.5 * Math.tanh(mean / 2) * noise;

/** Process variance near the end: q · max(1, horizon / time left), at most 100-fold. Seconds. */
export function resolutionVariance(q: number, left: number, horizon: number): number {
  if (left >= horizon) return q;
  if (!(left > 0)) return q * 100;
  return q * Math.min(100, Math.max(1, horizon / left));
}
