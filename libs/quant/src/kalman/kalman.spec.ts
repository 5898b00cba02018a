import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { heapGrowth } from '../heap.spec-support.js';
import { logit, sigmoid } from '../quotes/index.js';
import { mulberry32, normals } from '../random.js';
import {
  filterLevel,
  observe,
  observeRobustly,
  openLocalLevel,
  predict,
  push,
  smoothLevel,
  steadyState,
} from './index.js';

const value = fc.double({ min: -5, max: 5, noNaN: true });
const variance = fc.double({ min: 1e-9, max: 10, noNaN: true });
const step = fc.record({
  y: fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(NaN) }),
  dt: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e4, noNaN: true })),
  r: variance,
});
const steps = fc.array(step, { minLength: 1, maxLength: 60 });
const columns = (rows: readonly { y: number; dt: number; r: number }[], q: number) => ({
  y: rows.map((row) => row.y),
  dt: rows.map((row) => row.dt),
  r: rows.map((row) => row.r),
  q,
});

describe('the local level', () => {
  it('keeps its variance above 0 and below both what it was and what was measured', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (rows, q) => {
        const history = filterLevel(columns(rows, q), { kind: 'predicted', mean: 0, variance: 1 });
        for (const [t, row] of rows.entries()) {
          expect(history.variance[t]).toBeGreaterThan(0);
          if (Number.isNaN(row.y)) {
            expect(history.mean[t]).toBe(history.predictedMean[t]);
            expect(history.variance[t]).toBe(history.predictedVariance[t]);
          } else {
            expect(history.variance[t]).toBeLessThanOrEqual(Math.min(history.predictedVariance[t], row.r));
            const [low, high] = [history.predictedMean[t], row.y].toSorted((a, b) => a - b);
            expect(history.mean[t]).toBeGreaterThanOrEqual(low - 1e-12);
            expect(history.mean[t]).toBeLessThanOrEqual(high + 1e-12);
          }
        }
      }),
    );
  });

  it('does not care in which order two things are seen at one moment', () => {
    fc.assert(
      fc.property(value, variance, value, variance, (y1, r1, y2, r2) => {
        const one = openLocalLevel(0, 1);
        observe(one, y1, r1);
        observe(one, y2, r2);
        const other = openLocalLevel(0, 1);
        observe(other, y2, r2);
        observe(other, y1, r1);
        expect(other.mean).toBeCloseTo(one.mean, 10);
        expect(other.variance).toBeCloseTo(one.variance, 12);
      }),
    );
  });

  it('adds precisions', () => {
    const level = openLocalLevel(0, 0.5);
    observe(level, 1, 0.25);
    expect(1 / level.variance).toBeCloseTo(1 / 0.5 + 1 / 0.25, 12);
  });

  it('begins with its prior and, knowing nothing, with the first value', () => {
    expect(openLocalLevel(0.3, 4)).toMatchObject({ mean: 0.3, variance: 4, totalLogLikelihood: 0 });
    const diffuse = openLocalLevel(0, Infinity);
    predict(diffuse, 1);
    observe(diffuse, 0.7, 0.01);
    expect(diffuse).toMatchObject({ mean: 0.7, variance: 0.01, gain: 1 });
    expect(diffuse.logLikelihood).toBe(-0.5 * Math.log(2 * Math.PI));
  });

  it('lets a gap of hours make the next value count for nearly all', () => {
    const level = openLocalLevel(0.5, 1e-4);
    predict(level, 1e-6 * 36_000);
    observe(level, 0.9, 1e-4);
    expect(level.gain).toBeGreaterThan(0.99);
  });

  it('takes nothing from what is not a number, and refuses what is not a variance', () => {
    const level = openLocalLevel(0.5, 1);
    expect(observe(level, NaN, 1)).toBe('missing');
    expect(observe(level, 1, NaN)).toBe('missing');
    expect(observe(level, 1, Infinity)).toBe('missing');
    expect(level).toMatchObject({ mean: 0.5, variance: 1 });
    expect(() => observe(level, 1, -1)).toThrow(Defect);
    expect(() => predict(level, -1)).toThrow(Defect);
    expect(() => predict(level, NaN)).toThrow(Defect);
    expect(() => openLocalLevel(0, -1)).toThrow(Defect);
    expect(() => filterLevel({ y: [1, 2], dt: [1], q: 1, r: 1 }, { kind: 'diffuse' })).toThrow(Defect);
  });

  it('accepts a certain value that agrees with a certain state, and no other', () => {
    const level = openLocalLevel(0.5, 0);
    expect(observe(level, 0.5 + 1e-13, 0)).toBe('missing');
    expect(() => observe(level, 0.6, 0)).toThrow(Defect);
  });

  it('settles where the steady state says', () => {
    const history = filterLevel(
      { y: new Float64Array(2_000), q: 1e-5, r: 1e-3 },
      { kind: 'predicted', mean: 0, variance: 1 },
    );
    const settled = steadyState(1e-5, 1e-3);
    expect(history.gain[1_999]).toBeCloseTo(settled.gain, 12);
    expect(history.predictedVariance[1_999]).toBeCloseTo(settled.predictedVariance, 12);
    expect(settled.gain).toBeCloseTo(0.0951, 4);
    expect(steadyState(0, 1).gain).toBe(0);
  });
});

describe('the original filter', () => {
  it('takes the first value for the state, without an update', () => {
    const series = { y: [NaN, 0.4, 0.5], q: 1e-5, r: 1e-3 };
    const history = filterLevel(series, { kind: 'first-observation', variance: 1 });
    expect([...history.mean.slice(1, 2)]).toEqual([0.4]);
    expect(history.variance[1]).toBe(1);
    expect(history.mean[2]).toBeCloseTo(0.4 + (1.00001 / 1.00101) * 0.1, 12);
  });
});

describe('a sweep of the book and a jump', () => {
  const settled = () => {
    const level = openLocalLevel(0, 1e-3);
    for (let i = 0; i < 50; i++) observeRobustly(level, 0, 0.01, 3, 3);
    return level;
  };

  it('pulls no more the farther away it is', () => {
    const moved = [1, 10, 100].map((y) => {
      const level = settled();
      expect(observeRobustly(level, y, 0.01, 3, 3)).toBe('gated');
      return level.mean;
    });
    const plain = settled();
    observe(plain, 100, 0.01);
    expect(moved[2]).toBeLessThan(plain.mean / 100);
    expect(moved[2] / moved[1]).toBeLessThan(1.2);
  });

  it('is followed when it stays, and not when it was both ways', () => {
    const level = settled();
    const heard = [1, 1, 1].map((y) => observeRobustly(level, y, 0.01, 3, 3));
    expect(heard).toEqual(['gated', 'gated', 'jump']);
    expect(level.mean).toBeGreaterThan(0.9);
    const shaken = settled();
    expect([1, -1, 1, -1].map((y) => observeRobustly(shaken, y, 0.01, 3, 3))).toEqual(Array(4).fill('gated'));
    expect(Math.abs(shaken.mean)).toBeLessThan(0.05);
  });

  it('is the plain filter while nothing is odd', () => {
    fc.assert(
      fc.property(steps, (rows) => {
        const series = columns(rows, 0.01);
        const start = { kind: 'predicted', mean: 0, variance: 1 } as const;
        const robust = filterLevel(series, start, { gate: Infinity, jumpAfter: 3 });
        expect(robust).toEqual(filterLevel(series, start));
      }),
    );
  });
});

describe('the smoother', () => {
  it('knows more than the filter and agrees with it at the end', () => {
    fc.assert(
      fc.property(steps, (rows) => {
        const history = filterLevel(columns(rows, 0.01), { kind: 'predicted', mean: 0, variance: 1 });
        const smoothed = smoothLevel(history);
        const last = rows.length - 1;
        expect(smoothed.mean[last]).toBe(history.mean[last]);
        for (let t = 0; t <= last; t++)
          expect(smoothed.variance[t]).toBeLessThanOrEqual(history.variance[t] * (1 + 1e-12));
      }),
    );
  });

  it('is the mean of all values when nothing moves', () => {
    const history = filterLevel({ y: [1, 2, 6], q: 0, r: 1 }, { kind: 'diffuse' });
    for (const mean of smoothLevel(history).mean) expect(mean).toBeCloseTo(3, 12);
  });
});

describe('knowledge from elsewhere', () => {
  it('moves the state and widens it', () => {
    const level = openLocalLevel(logit(0.5), 0.1);
    push(level, 0.5, 0.2);
    expect(level.variance).toBeCloseTo(0.3, 15);
    expect(sigmoid(level.mean)).toBeGreaterThan(0.6);
    expect(() => push(level, 0, -1)).toThrow(Defect);
  });
});

describe('an update on the live path', () => {
  it('allocates nothing', () => {
    const count = 200_000;
    const noise = normals(count, mulberry32(7));
    const level = openLocalLevel(0.5, 1.5);
    const run = (): void => {
      for (let t = 0; t < count; t++) {
        predict(level, 1e-6);
        observeRobustly(level, 0.5 + 0.03 * noise[t], 1e-3, 3, 3);
      }
    };
    // One boxed number each would be 2.4 MB.
    expect(heapGrowth(run, 100_000)).toBeLessThan(100_000);
  });
});
