import { UserProblem } from '#core';
import type { Random } from '../random.js';
import { quantileOf } from './quantile.js';

/** A number made of a sample, such as its mean. The sample is a buffer: it must not be kept. */
export type Statistic = (sample: Float64Array) => number;

/**
 * How a sample is drawn again: single values, circular blocks of neighbours (for values that depend on the ones before), or
 * whole events, `starts` holding the index of each one's first value, upward from 0.
 */
export type Resampling =
  | { readonly kind: 'values' }
  | { readonly kind: 'blocks'; readonly length: number }
  | { readonly kind: 'events'; readonly starts: ArrayLike<number> };

export interface BootstrapOptions {
  readonly random: Random;
  readonly by: Resampling;
  /** Default 10,000. */
  readonly resamples?: number;
}

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/** A block length for n values without knowing more: n^(1/3), rounded, at least 1. */
export const usualBlockLength = (n: number): number => Math.max(1, Math.round(Math.cbrt(n)));

/**
 * The statistic of every resample, in the order they were drawn. Nothing is allocated per resample.
 *
 * Sources: Efron 1979; Politis & Romano 1992 for circular blocks.
 *
 * @throws UserProblem without values, or when block length, events or the number of resamples are impossible.
 */
export function resample(values: ArrayLike<number>, statistic: Statistic, options: BootstrapOptions): Float64Array {
  const x = Float64Array.from(values);
  const resamples = options.resamples ?? RESAMPLES;
  if (x.length === 0) throw new UserProblem('nothing cannot be drawn again');
  if (!Number.isInteger(resamples) || resamples < 1) throw new UserProblem(`${resamples} is no number of resamples`);
  const draw = drawerOf(x, options.by, options.random);
  const results = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) results[i] = statistic(draw());
  return results;
}

/** The statistic of each given resample: rows of indices into the values. */
export function resampleAt(
  values: ArrayLike<number>,
  statistic: Statistic,
  indices: readonly ArrayLike<number>[],
): Float64Array {
  return Float64Array.from(indices, (row) => statistic(Float64Array.from(row, (i) => values[i])));
}

/** Indices of circular blocks that begin at `starts`: start, start + 1 … modulo n, cut to n in all. */
export function circularBlocks(starts: ArrayLike<number>, length: number, n: number): Int32Array {
  if (!Number.isInteger(length) || length < 1) throw new UserProblem(`${length} is no length of a block`);
  return Int32Array.from({ length: Math.min(n, starts.length * length) }, (_, i) => {
    return (starts[Math.floor(i / length)] + (i % length)) % n;
  });
}

/**
 * The middle `level` of the resamples' statistics, by type-7 quantiles.
 *
 * @throws UserProblem without a statistic, or when the level is not in 0…1.
 */
export function percentileInterval(statistics: Float64Array, level = 0.95): BootstrapInterval {
  const sorted = statistics.slice().sort();
  return { low: quantileOf(sorted, (1 - level) / 2), high: quantileOf(sorted, (1 + level) / 2) };
}

/** The sample's mean, as a statistic. */
export function meanStatistic(sample: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < sample.length; i++) sum += sample[i];
  return sum / sample.length;
}

/** Sharpe ratio of one period, mean over standard deviation (n − 1); 0 of a sample that does not vary. */
export function sharpeStatistic(sample: Float64Array): number {
  const n = sample.length;
  const centre = meanStatistic(sample);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (sample[i] - centre) * (sample[i] - centre);
  const spread = Math.sqrt(squares / (n - 1));
  return spread > 0 ? centre / spread : 0;
}

/** Standard deviation (n − 1) of the statistics: the standard error of the statistic. */
export function standardError(statistics: Float64Array): number {
  const centre = meanStatistic(statistics);
  let squares = 0;
  for (let i = 0; i < statistics.length; i++) squares += (statistics[i] - centre) ** 2;
  return Math.sqrt(squares / (statistics.length - 1));
}

/** Draws the next sample into one buffer. */
function drawerOf(x: Float64Array, by: Resampling, random: Random): () => Float64Array {
  const n = x.length;
  switch (by.kind) {
    case 'values': {
      const sample = new Float64Array(n);
      return () => {
        for (let i = 0; i < n; i++) sample[i] = x[(random() * n) | 0];
        return sample;
      };
    }
    case 'blocks': {
      const { length } = by;
      if (!Number.isInteger(length) || length < 1 || length > n)
        throw new UserProblem(`a block of ${length} does not fit ${n} values`);
      const sample = new Float64Array(n);
      // Written twice, so that a block that runs over the end goes on at the beginning.
      const round = new Float64Array(2 * n);
      round.set(x);
      round.set(x, n);
      return () => {
        for (let at = 0; at < n; at += length) {
          const start = (random() * n) | 0;
          const stop = Math.min(length, n - at);
          for (let i = 0; i < stop; i++) sample[at + i] = round[start + i];
        }
        return sample;
      };
    }
    case 'events':
      return eventDrawer(x, by.starts, random);
  }
}

/** As many events as there are, drawn with replacement; the sample's length changes with them. */
function eventDrawer(x: Float64Array, starts: ArrayLike<number>, random: Random): () => Float64Array {
  const events = starts.length;
  let longest = 0;
  const end = (e: number): number => (e + 1 < events ? starts[e + 1] : x.length);
  for (let e = 0; e < events; e++) {
    if (!(end(e) > starts[e])) throw new UserProblem('events must begin one after the other');
    longest = Math.max(longest, end(e) - starts[e]);
  }
  if (events === 0 || starts[0] !== 0) throw new UserProblem('the first event must begin at the first value');
  const buffer = new Float64Array(longest * events);
  return () => {
    let filled = 0;
    for (let drawn = 0; drawn < events; drawn++) {
      const e = (random() * events) | 0;
      const stop = end(e);
      for (let i = starts[e]; i < stop; i++) buffer[filled++] = x[i];
    }
    return buffer.subarray(0, filled);
  };
}
