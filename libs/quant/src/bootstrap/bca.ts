import { UserProblem } from '#core';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import type { BootstrapInterval, Statistic } from './bootstrap.js';
import { quantileOf } from './quantile.js';

/**
 * Bias-corrected and accelerated interval: the percentiles are moved by how far the resamples lie off the statistic itself and
 * by how its spread changes with its size (from the jackknife). For independent values. Source: Efron 1987.
 *
 * @param statistics of the resamples, as `resample` gives them.
 * @returns `null` where the resamples or the jackknife do not vary, so that nothing can be corrected.
 * @throws UserProblem for fewer than two values.
 */
export function bcaInterval(
  values: ArrayLike<number>,
  statistic: Statistic,
  statistics: Float64Array,
  level = 0.95,
): BootstrapInterval | null {
  const n = values.length;
  if (n < 2) throw new UserProblem('an interval needs at least two values');
  const own = statistic(Float64Array.from(values));
  let below = 0;
  for (let i = 0; i < statistics.length; i++) below += statistics[i] < own ? 1 : statistics[i] === own ? 0.5 : 0;
  if (below === 0 || below === statistics.length) return null;
  const bias = normalQuantile(below / statistics.length);
  const without = jackknife(values, statistic);
  let centre = 0;
  for (let i = 0; i < n; i++) centre += without[i] / n;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const off = centre - without[i];
    squares += off * off;
    cubes += off * off * off;
  }
  if (!(squares > 0)) return null;
  const acceleration = cubes / (6 * squares ** 1.5);
  const share = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  const sorted = statistics.slice().sort();
  return {
    low: quantileOf(sorted, share(normalQuantile((1 - level) / 2))),
    high: quantileOf(sorted, share(normalQuantile((1 + level) / 2))),
  };
}

/** The statistic with each value left out in turn. */
function jackknife(values: ArrayLike<number>, statistic: Statistic): Float64Array {
  const n = values.length;
  const rest = new Float64Array(n - 1);
  for (let i = 1; i < n; i++) rest[i - 1] = values[i];
  const results = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    results[i] = statistic(rest);
    if (i < n - 1) rest[i] = values[i];
  }
  return results;
}
