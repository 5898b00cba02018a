import { UserProblem } from '#core';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import type { Moments } from './moments.js';

const EULER_GAMMA = 0.577_215_664_901_532_9;

/** Mean over standard deviation of one period; `null` where the returns do not vary. */
export const sharpeRatio = ({ mean, stdev }: Moments): number | null =>
  stdev !== null && stdev > 0 ? mean / stdev : null;

/** Mean over the root of mean squared losses (target 0, all periods counted below the line); `null` without a loss. */
export function sortinoRatio(returns: ArrayLike<number>): number | null {
  let sum = 0;
  for (let i = 0; i < returns.length; i++) sum += returns[i];
  const downside = downsideDeviation(returns);
  return downside > 0 ? sum / returns.length / downside : null;
}

/** √mean(min(r, 0)²); 0 of nothing. */
export function downsideDeviation(returns: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < returns.length; i++) squares += Math.min(returns[i], 0) ** 2;
  return returns.length > 0 ? Math.sqrt(squares / returns.length) : 0;
}

/**
 * Standard error of the Sharpe ratio of one period, for returns that are skewed and heavy-tailed:
 * √((1 − γ₃ SR + (γ₄ − 1)/4 · SR²) / (n − 1)). `null` where it is not defined. Source: Bailey & López de Prado 2012.
 */
export function sharpeStandardError(moments: Moments): number | null {
  const spread = sharpeSpread(moments);
  return spread === null ? null : spread / Math.sqrt(moments.count - 1);
}

/**
 * Probability that the true Sharpe ratio of one period is above `benchmark`; `null` where the returns do not vary.
 * Source: Bailey & López de Prado 2012.
 */
export function probabilisticSharpe(moments: Moments, benchmark = 0): number | null {
  const sharpe = sharpeRatio(moments);
  const error = sharpeStandardError(moments);
  return sharpe === null || error === null ? null : normalCdf((sharpe - benchmark) / error);
}

/**
 * The largest Sharpe ratio of one period that chance alone is expected to show among so many trials:
 * √V ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e))). Every set of parameters that was tried is a trial.
 * Source: Bailey & López de Prado 2014.
 *
 * @param variance of the trials' Sharpe ratios of one period.
 * @throws UserProblem for fewer than one trial or a variance below 0.
 */
export function expectedBestSharpe(trials: number, variance: number): number {
  if (!(trials >= 1) || !(variance >= 0))
    throw new UserProblem('a deflated Sharpe ratio needs at least one trial and a variance of at least 0');
  if (trials === 1) return 0;
  const first = (1 - EULER_GAMMA) * normalQuantile(1 - 1 / trials);
  return Math.sqrt(variance) * (first + EULER_GAMMA * normalQuantile(1 - 1 / (trials * Math.E)));
}

/** Probability that the true Sharpe ratio is above what the best of so many trials shows by chance. */
export function deflatedSharpe(moments: Moments, trials: number, variance: number): number | null {
  return probabilisticSharpe(moments, expectedBestSharpe(trials, variance));
}

/**
 * How many periods are needed to say with `confidence` that the true Sharpe ratio is above `benchmark`; `null` when what was
 * seen is not above it.
 */
export function minimumTrackRecord(moments: Moments, benchmark = 0, confidence = 0.95): number | null {
  const sharpe = sharpeRatio(moments);
  const spread = sharpeSpread(moments);
  if (sharpe === null || spread === null || !(sharpe > benchmark)) return null;
  return 1 + (spread * (normalQuantile(confidence) / (sharpe - benchmark))) ** 2;
}

function sharpeSpread(moments: Moments): number | null {
  const sharpe = sharpeRatio(moments);
  const { skew, kurtosis, count } = moments;
  if (sharpe === null || skew === null || kurtosis === null || count < 2) return null;
  const squared = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return squared > 0 ? Math.sqrt(squared) : null;
}
