import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { momentsOf, mulberry32, normals } from '#quant';
import { choicesOf, outOfSampleOf, sweepPeriod, type SweepRunFacts } from './judge.js';
import { configWith, gridSets, gridSize, randomSets, type SweepAxis } from './search.js';
import { walkForward } from './windows.js';

const edge: SweepAxis = { kind: 'range', path: '/minEdge', from: 0, to: 100, step: 1, count: 5 };
const speed: SweepAxis = { kind: 'range', path: '/inner/q', from: 0.1, to: 0.5, step: null, count: 3 };
const side: SweepAxis = { kind: 'choice', path: '/side', values: ['both', 'yes'] };
const HOUR = 3_600_000;

describe('a search', () => {
  it('tries every combination of a grid once, both ends among them', () => {
    const sets = gridSets([edge, side]);
    expect(sets).toHaveLength(gridSize([edge, side]));
    expect(sets.map((set) => set['/minEdge'])).toEqual([0, 0, 25, 25, 50, 50, 75, 75, 100, 100]);
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(10);
  });

  it('keeps to whole multiples of a step, and does not try the same twice', () => {
    expect(gridSets([{ ...edge, from: 1, to: 3, count: 9 }]).map((set) => set['/minEdge'])).toEqual([1, 2, 3]);
    expect(gridSets([{ ...edge, from: 0, to: 0.3, step: 0.1, count: 4 }]).map((set) => set['/minEdge'])).toEqual([
      0, 0.1, 0.2, 0.3,
    ]);
  });

  it('refuses an axis whose ends are the wrong way round', () => {
    expect(() => gridSets([{ ...edge, from: 2, to: 1 }])).toThrow(UserProblem);
  });

  it('draws different sets within the ranges, the same ones with the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, count) => {
        const sets = randomSets([edge, speed, side], count, mulberry32(seed));
        expect(sets).toEqual(randomSets([edge, speed, side], count, mulberry32(seed)));
        expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(count);
        for (const set of sets) {
          expect(Number.isInteger(set['/minEdge'])).toBe(true);
          expect(set['/inner/q']).toBeGreaterThanOrEqual(0.1);
          expect(set['/inner/q']).toBeLessThanOrEqual(0.5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('ends when there are no more sets to draw', () => {
    expect(randomSets([side], 10, mulberry32(1))).toHaveLength(2);
  });

  it('puts values at their places and leaves the rest of a config as it was', () => {
    const config = { inner: { q: 1, r: 2 }, size: 3 };
    expect(configWith(config, { '/inner/q': 0.2, '/a~1b': true })).toEqual({
      inner: { q: 0.2, r: 2 },
      size: 3,
      'a/b': true,
    });
    expect(config.inner.q).toBe(1);
  });
});

describe('walk-forward windows', () => {
  const rule = { windows: 3, trainRatio: 2, purgeMs: HOUR, embargoMs: HOUR / 2, anchored: false };

  it('test after training, with the purge between, and the embargo between tests', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.5, max: 6, noNaN: true }),
        fc.integer({ min: 0, max: HOUR }),
        fc.integer({ min: 0, max: HOUR }),
        fc.boolean(),
        (windows, trainRatio, purgeMs, embargoMs, anchored) => {
          const span = { fromAt: 5, toAt: 5 + 100 * HOUR };
          const made = walkForward(span, { windows, trainRatio, purgeMs, embargoMs, anchored });
          expect(made).toHaveLength(windows);
          expect(made.at(-1)!.test.toAt).toBe(span.toAt);
          made.forEach(({ train, test }, i) => {
            expect(train.fromAt).toBeGreaterThanOrEqual(span.fromAt);
            expect(train.toAt).toBeGreaterThan(train.fromAt);
            expect(test.fromAt - train.toAt).toBe(purgeMs);
            if (i > 0) expect(test.fromAt - made[i - 1].test.toAt).toBe(embargoMs);
            if (anchored) expect(train.fromAt).toBe(span.fromAt);
          });
        },
      ),
    );
  });

  it('are refused when the span has no room for them', () => {
    expect(() => walkForward({ fromAt: 0, toAt: HOUR }, rule)).toThrow(UserProblem);
  });

  it('are compared by the period of their shortest part', () => {
    expect(sweepPeriod(walkForward({ fromAt: 0, toAt: 3 * HOUR }, { ...rule, windows: 1, purgeMs: 0 })).name).toBe(
      'minute',
    );
  });
});

const noise = (seed: number, mean = 0): readonly number[] =>
  [...normals(250, mulberry32(seed))].map((one) => mean + one * 0.01);
const run = (set: number, part: 'train' | 'test', profit: number, returns: readonly number[], window = 0) =>
  ({ set, window, part, profit, moments: momentsOf(returns) }) satisfies SweepRunFacts;

describe('what a sweep says', () => {
  it('chooses by training alone', () => {
    const good = run(1, 'train', 5, noise(2, 0.003));
    const runs = [run(0, 'train', 9, noise(1)), good, run(0, 'test', 99, noise(3, 0.01)), run(1, 'test', -1, noise(4))];
    expect(choicesOf(runs, 'sharpe')).toMatchObject([{ window: 0, set: 1, tried: 2, test: { profit: -1 } }]);
    expect(choicesOf(runs, 'profit')).toMatchObject([{ set: 0, train: { profit: 9 }, test: { profit: 99 } }]);
  });

  it('believes the best of many less than a single one', () => {
    const best = run(0, 'train', 1, noise(2, 0.002));
    const others = Array.from({ length: 60 }, (_, i) => run(i + 1, 'train', 0, noise(100 + i, -0.002)));
    const [alone] = choicesOf([best], 'sharpe');
    const [few] = choicesOf([best, ...others.slice(0, 5)], 'sharpe');
    const [many] = choicesOf([best, ...others], 'sharpe');
    expect([alone.set, few.set, many.set]).toEqual([0, 0, 0]);
    expect(alone.deflated).toBeGreaterThan(few.deflated!);
    expect(few.deflated).toBeGreaterThan(many.deflated!);
  });

  it('counts sets that never traded as tried, and never takes one by its Sharpe ratio', () => {
    const idle = { set: 0, window: 0, part: 'train', profit: 0, moments: momentsOf([0, 0, 0, 0]) } as const;
    expect(choicesOf([idle], 'sharpe')).toEqual([]);
    const traded = [run(1, 'train', 1, noise(5, 0.002)), run(2, 'train', 1, noise(6, -0.001))];
    const [without] = choicesOf(traded, 'sharpe');
    const [withIdle] = choicesOf([idle, ...traded], 'sharpe');
    expect(withIdle).toMatchObject({ set: 1, tried: 3 });
    expect(withIdle.deflated).toBeLessThan(without.deflated!);
  });

  it('joins the tests of the chosen sets without the jump between them', () => {
    const curve = (at: number, worth: readonly number[]) => worth.map((equity, i) => ({ at: at + i * 60_000, equity }));
    const told = outOfSampleOf(
      [curve(0, [100, 110, 105]), curve(10 * HOUR, [100, 90, 120])],
      [run(0, 'train', 0, noise(1)), run(1, 'train', 0, noise(2))],
      { name: 'minute', ms: 60_000, least: 30 },
    );
    expect(told.curve.map(({ equity }) => equity)).toEqual([100, 110, 105, 105, 95, 125]);
    expect(told).toMatchObject({ profit: 25, periods: 4, tried: 2 });
    expect(told.drawdown).toBeCloseTo(15 / 110, 12);
    expect(told.deflated).toBeLessThan(told.psr!);
  });
});
