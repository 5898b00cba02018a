import { Defect } from '#core';
import { digamma, trigamma } from '../distributions/index.js';

/** A belief about the log-odds of an outcome, N(mean, variance). Written in place: no step allocates. */
export interface LogOdds {
  mean: number;
  variance: number;
}

export const openLogOdds = (): LogOdds => ({ mean: 0, variance: Infinity });

/**
 * Exact mean and variance of the log-odds of a probability that is Beta(a, b): ψ(a) − ψ(b) and ψ′(a) + ψ′(b) (math 5.1).
 *
 * @throws Defect unless a, b > 0.
 */
export function logOddsOfBeta(a: number, b: number, into: LogOdds): LogOdds {
  if (!(a > 0 && b > 0)) throw new Defect(`counts ${a} and ${b}: both must be above 0`);
  into.mean = digamma(a) - digamma(b);
  into.variance = trigamma(a) + trigamma(b);
  return into;
}

/**
 * Two *independent* beliefs: their precisions add. Right when the second holds outside evidence only (base rate, news,
 * polls); what both have read from the same trades would be counted twice.
 */
export function addPrecisions(first: LogOdds, second: LogOdds, into: LogOdds): LogOdds {
  return weighted(first, second, 1, 1, into);
}

/**
 * Two beliefs that share their evidence: a log-linear pool with weight `omega` for the first, never surer than the surer
 * of the two. Covariance intersection of scalars would merely pick one of them.
 *
 * @throws Defect unless omega is within 0…1.
 */
export function logLinearPool(first: LogOdds, second: LogOdds, into: LogOdds, omega = 0.5): LogOdds {
  if (!(omega >= 0 && omega <= 1)) throw new Defect(`a pool weight of ${omega}: it must be between 0 and 1`);
  return weighted(first, second, omega, 1 - omega, into);
}

/** `into` may be either of the two. A belief of no variance is certain and wins; the first, if both are. */
function weighted(first: LogOdds, second: LogOdds, one: number, two: number, into: LogOdds): LogOdds {
  if (first.variance === 0 && one > 0) return copy(first, into);
  if (second.variance === 0 && two > 0) return copy(second, into);
  const p = one === 0 ? 0 : one / first.variance;
  const q = two === 0 ? 0 : two / second.variance;
  if (p + q === 0) return copy({ mean: 0, variance: Infinity }, into);
  // A belief of infinite variance may carry any mean; it has no say.
  const mean = (p === 0 ? 0 : p * first.mean) + (q === 0 ? 0 : q * second.mean);
  into.mean = mean / (p + q);
  into.variance = 1 / (p + q);
  return into;
}

function copy(from: LogOdds, into: LogOdds): LogOdds {
  into.mean = from.mean;
  into.variance = from.variance;
  return into;
}

/**
 * Log-odds pulled to the market's: market + kappa · (own − market), kappa within 0…1 from a regression of settled outcomes
 * on both (math 5.2). A model of this market's own prices knows nothing the market does not, and deserves little.
 */
export const shrunkToMarket = (own: number, market: number, kappa: number): number => market + kappa * (own - market);
