import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { mulberry32, normals } from '../random.js';
import { REFERENCE, referenceCases, worst } from '../reference.spec-support.js';
import {
  bcaInterval,
  circularBlocks,
  meanStatistic,
  percentileInterval,
  quantileOf,
  quantiles,
  resample,
  resampleAt,
  sharpeStatistic,
  standardError,
  usualBlockLength,
  type Resampling,
} from './index.js';

const values: Resampling = { kind: 'values' };

describe('quantiles', () => {
  it('lie between neighbours, rise, and end at the extremes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.double({ min: -9, max: 9, noNaN: true }).map((x) => x + 0),
          { minLength: 1, maxLength: 30 },
        ),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, a, b) => {
          const [low, high, first, last] = quantiles(xs, [Math.min(a, b), Math.max(a, b), 0, 1]);
          expect(low).toBeLessThanOrEqual(high + 1e-12);
          expect([first, last]).toEqual([Math.min(...xs), Math.max(...xs)]);
        },
      ),
    );
    expect(quantileOf([1, 2, 4], 0.75)).toBe(3);
    expect(() => quantileOf([], 0.5)).toThrow(UserProblem);
    expect(() => quantileOf([1], 1.5)).toThrow(UserProblem);
  });
});

describe('resampling', () => {
  it('gives the same numbers for the same seed, and only values that are there', () => {
    const x = [1, 2, 3, 4, 5];
    for (const by of [values, { kind: 'blocks', length: 2 }, { kind: 'events', starts: [0, 2, 3] }] as Resampling[]) {
      const seen = new Set<number>();
      const run = (): Float64Array =>
        resample(x, (sample) => (sample.forEach((one) => seen.add(one)), meanStatistic(sample)), {
          random: mulberry32(3),
          by,
          resamples: 200,
        });
      expect(run()).toEqual(run());
      expect([...seen].sort()).toEqual(x);
    }
  });

  it('keeps neighbours together in blocks that run round the end', () => {
    const x = [0, 1, 2, 3, 4, 5, 6];
    resample(
      x,
      (sample) => {
        expect(sample.length).toBe(7);
        for (let i = 0; i < 7; i++) if (i % 3 !== 0) expect(sample[i]).toBe((sample[i - 1] + 1) % 7);
        return 0;
      },
      { random: mulberry32(1), by: { kind: 'blocks', length: 3 }, resamples: 100 },
    );
    expect([...circularBlocks([5, 2], 3, 7)]).toEqual([5, 6, 0, 2, 3, 4]);
    expect([usualBlockLength(1), usualBlockLength(252)]).toEqual([1, 6]);
  });

  it('keeps events whole', () => {
    const x = [1, 1, 1, 2, 3, 3];
    resample(
      x,
      (sample) => {
        const count = (value: number): number => sample.filter((one) => one === value).length;
        expect([count(1) % 3, count(3) % 2]).toEqual([0, 0]);
        expect(count(1) / 3 + count(2) + count(3) / 2).toBe(3);
        return 0;
      },
      { random: mulberry32(1), by: { kind: 'events', starts: [0, 3, 4] }, resamples: 200 },
    );
  });

  it('covers the mean about as often as it says', () => {
    let covered = 0;
    let corrected = 0;
    for (let seed = 0; seed < 200; seed++) {
      const x = normals(60, mulberry32(10_000 + seed)).map((z) => 1 + z);
      const means = resample(x, meanStatistic, { random: mulberry32(seed), by: values, resamples: 600 });
      const plain = percentileInterval(means, 0.9);
      const bca = bcaInterval(x, meanStatistic, means, 0.9)!;
      if (plain.low <= 1 && 1 <= plain.high) covered++;
      if (bca.low <= 1 && 1 <= bca.high) corrected++;
    }
    expect(covered / 200).toBeGreaterThan(0.83);
    expect(covered / 200).toBeLessThan(0.96);
    expect(corrected / 200).toBeGreaterThan(0.83);
  });

  it('is wider in blocks where values follow each other, and by event where an event decides many', () => {
    const z = normals(6000, mulberry32(8));
    const linked = z.map((_, i) => z[i] + (i > 0 ? 0.9 * z[i - 1] : 0) + (i > 1 ? 0.8 * z[i - 2] : 0));
    const spread = (by: Resampling): number =>
      standardError(resample(linked, meanStatistic, { random: mulberry32(2), by, resamples: 2000 }));
    // The sum of the weights over the root of their squares: 2.7 / √2.45.
    const ratio = spread({ kind: 'blocks', length: 40 }) / spread(values);
    expect(Math.abs(ratio - 1.72)).toBeLessThan(0.2);
    const same = Float64Array.from({ length: 600 }, (_, i) => z[Math.floor(i / 20)]);
    const starts = Array.from({ length: 30 }, (_, e) => 20 * e);
    const wide = standardError(
      resample(same, meanStatistic, { random: mulberry32(2), by: { kind: 'events', starts }, resamples: 2000 }),
    );
    const narrow = standardError(resample(same, meanStatistic, { random: mulberry32(2), by: values, resamples: 2000 }));
    expect(wide).toBeGreaterThan(3 * narrow);
  });

  it('has no ratio of what does not vary, and no correction either', () => {
    expect(sharpeStatistic(new Float64Array(5))).toBe(0);
    expect(sharpeStatistic(Float64Array.of(1, 2, 3))).toBeCloseTo(2, 12);
    const flat = resample([1, 1, 1], meanStatistic, { random: mulberry32(1), by: values, resamples: 50 });
    expect(bcaInterval([1, 1, 1], meanStatistic, flat)).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['no values', () => resample([], meanStatistic, { random: mulberry32(1), by: values })],
    ['no resample', () => resample([1], meanStatistic, { random: mulberry32(1), by: values, resamples: 0 })],
    [
      'a block longer than the values',
      () => resample([1], meanStatistic, { random: mulberry32(1), by: { kind: 'blocks', length: 2 } }),
    ],
    [
      'events out of order',
      () => resample([1, 2, 3], meanStatistic, { random: mulberry32(1), by: { kind: 'events', starts: [0, 2, 1] } }),
    ],
    [
      'events that leave the first value out',
      () => resample([1, 2], meanStatistic, { random: mulberry32(1), by: { kind: 'events', starts: [1] } }),
    ],
    ['a block without length', () => circularBlocks([0], 0, 5)],
    ['one value', () => bcaInterval([1], meanStatistic, Float64Array.of(1))],
  ])('refuses %s', (_, impossible) => {
    expect(impossible).toThrow(UserProblem);
  });
});

describe('the reference vectors (need ARBINTEL_REFERENCE)', () => {
  it.skipIf(!REFERENCE).each(referenceCases('bootstrap'))('intervals of the mean: %s', (_, { input, expected }) => {
    const ends = (statistics: Float64Array): number[] => Object.values(percentileInterval(statistics));
    const { x, indices, blockStarts, blockLength } = input;
    const blocks = blockStarts.map((starts: number[]) => circularBlocks(starts, blockLength, x.length));
    expect(worst(ends(resampleAt(x, meanStatistic, indices)), expected.percentile95Given)).toBeLessThan(1e-12);
    expect(worst(ends(resampleAt(x, meanStatistic, blocks)), expected.blockPercentile95Given)).toBeLessThan(1e-12);
    const drawn = resample(x, meanStatistic, { random: mulberry32(11), by: values, resamples: 100_000 });
    const { low, high } = bcaInterval(x, meanStatistic, drawn)!;
    expect(worst([low, high], expected.bca95)).toBeLessThan(0.06 * expected.se);
    expect(worst([standardError(drawn)], [expected.se])).toBeLessThan(0.06 * expected.se);
  });
});
