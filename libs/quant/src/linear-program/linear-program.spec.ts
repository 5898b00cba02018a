import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { REFERENCE, referenceCases } from '../reference.spec-support.js';
import { maximiseLinear, stateArbitrage, worstPayoff, type StateInstrument } from './index.js';

const amount = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: max * 8 }).map((n) => n / 8);

describe('the simplex method', () => {
  it('solves what can be drawn on paper', () => {
    const { value, x } = maximiseLinear({
      objective: [3, 5],
      rows: [[3, 2]],
      bounds: [18],
      upper: [4, 6],
    });
    expect(value).toBeCloseTo(36, 12);
    expect(x[0]).toBeCloseTo(2, 12);
    expect(x[1]).toBeCloseTo(6, 12);
  });

  it('ends on the program that makes the simplest rule cycle', () => {
    const { value } = maximiseLinear({
      objective: [0.75, -150, 0.02, -6],
      rows: [
        [0.25, -60, -0.04, 9],
        [0.5, -90, -0.02, 3],
        [0, 0, 1, 0],
      ],
      bounds: [0, 0, 1],
      upper: [Infinity, Infinity, Infinity, Infinity],
    });
    expect(value).toBeCloseTo(0.05, 12);
  });

  it('is admissible and as good as the best corner, for any program', () => {
    const program = fc.integer({ min: 1, max: 5 }).chain((n) =>
      fc.record({
        objective: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: n, maxLength: n }),
        rows: fc.array(fc.array(fc.integer({ min: -5, max: 9 }), { minLength: n, maxLength: n }), { maxLength: 5 }),
        upper: fc.array(amount(10), { minLength: n, maxLength: n }),
        seed: fc.array(amount(20), { minLength: 5, maxLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(program, ({ objective, rows, upper, seed }) => {
        const bounds = rows.map((_, i) => seed[i]);
        const { value, x } = maximiseLinear({ objective, rows, bounds, upper });
        for (const [i, row] of rows.entries())
          expect(row.reduce((sum, a, j) => sum + a * x[j], 0)).toBeLessThanOrEqual(bounds[i] + 1e-8);
        for (const [j, one] of x.entries()) {
          expect(one).toBeGreaterThanOrEqual(-1e-9);
          expect(one).toBeLessThanOrEqual(upper[j] + 1e-9);
        }
        expect(value).toBeCloseTo(bestCorner(objective, rows, bounds, upper), 6);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses what is no program, and one without a largest value', () => {
    const good = { objective: [1], rows: [[1]], bounds: [1], upper: [1] };
    expect(() => maximiseLinear({ ...good, bounds: [-1] })).toThrow(UserProblem);
    expect(() => maximiseLinear({ ...good, upper: [NaN] })).toThrow(UserProblem);
    expect(() => maximiseLinear({ ...good, rows: [[1, 2]] })).toThrow(UserProblem);
    expect(() => maximiseLinear({ ...good, rows: [[-1]], upper: [Infinity] })).toThrow('no largest value');
  });
});

/** The largest value over every corner of the admissible set, each found by solving n of its limits as equations. */
function bestCorner(
  objective: readonly number[],
  rows: readonly (readonly number[])[],
  bounds: readonly number[],
  upper: readonly number[],
): number {
  const n = objective.length;
  const all = [
    ...rows.map((row, i) => ({ row, bound: bounds[i] })),
    ...upper.map((end, j) => ({ row: Array.from({ length: n }, (_, k) => (k === j ? 1 : 0)), bound: end })),
    ...upper.map((_, j) => ({ row: Array.from({ length: n }, (_, k) => (k === j ? -1 : 0)), bound: 0 })),
  ];
  let best = -Infinity;
  for (const chosen of choose(all, n)) {
    const x = solve(
      chosen.map((one) => [...one.row]),
      chosen.map((one) => one.bound),
    );
    if (x === null) continue;
    if (all.every((one) => one.row.reduce((sum, a, j) => sum + a * x[j], 0) <= one.bound + 1e-7))
      best = Math.max(
        best,
        x.reduce((sum, one, j) => sum + one * objective[j], 0),
      );
  }
  return best;
}

function* choose<T>(from: readonly T[], count: number, start = 0): Generator<T[]> {
  if (count === 0) yield [];
  else
    for (let i = start; i <= from.length - count; i++)
      for (const rest of choose(from, count - 1, i + 1)) yield [from[i], ...rest];
}

function solve(rows: number[][], right: number[]): number[] | null {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column; i < n; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i;
    if (Math.abs(rows[pivot][column]) < 1e-9) return null;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    [right[column], right[pivot]] = [right[pivot], right[column]];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i][column] / rows[column][column];
      for (let j = column; j < n; j++) rows[i][j] -= factor * rows[column][j];
      right[i] -= factor * right[column];
    }
  }
  return right.map((value, i) => value / rows[i][i]);
}

describe('arbitrage over states', () => {
  const yes = (cost: number, size: number): StateInstrument => ({ cost, size, payoff: [1, 0] });
  const no = (cost: number, size: number): StateInstrument => ({ cost, size, payoff: [0, 1] });

  it('buys both sides where they cost less than they pay', () => {
    const found = stateArbitrage([yes(0.4, 100), yes(0.46, 50), no(0.55, 120)], 2);
    expect(found.guaranteedProfit).toBeCloseTo(100 * 0.05, 12);
    expect(found.cost).toBeCloseTo(95, 12);
  });

  it('holds nothing where nothing is certain', () => {
    expect(stateArbitrage([yes(0.5, 10), no(0.5, 10)], 2).guaranteedProfit).toBe(0);
    expect(stateArbitrage([], 2)).toEqual({ quantities: [], guaranteedProfit: 0, cost: 0 });
    expect(() => stateArbitrage([yes(0.5, 10)], 3)).toThrow(UserProblem);
    expect(() => stateArbitrage([yes(NaN, 10)], 2)).toThrow(UserProblem);
    expect(() => stateArbitrage([yes(0.5, 10)], 2, -1)).toThrow(UserProblem);
  });

  it('gains at least what it says in every state, within sizes and budget', () => {
    const instrument = fc.record({
      cost: fc.integer({ min: 1, max: 99 }).map((cents) => cents / 100),
      size: amount(50),
      payoff: fc.array(fc.constantFrom(0, 1), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(instrument, { minLength: 1, maxLength: 12 }), amount(40), (instruments, budget) => {
        const found = stateArbitrage(instruments, 4, budget);
        expect(found.guaranteedProfit).toBeGreaterThanOrEqual(0);
        expect(found.cost).toBeLessThanOrEqual(budget + 1e-9);
        expect(worstPayoff(instruments, found.quantities) - found.cost).toBeCloseTo(found.guaranteedProfit, 8);
        found.quantities.forEach((q, i) => {
          expect(q).toBeGreaterThanOrEqual(0);
          expect(q).toBeLessThanOrEqual(instruments[i].size + 1e-9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it.skipIf(!REFERENCE).each(referenceCases('arb-lp'))(
    'equals the reference (needs it): %s',
    (_, { input, expected }) => {
      const instruments = (
        input.instruments as { price: number; size: number; payoff: number[]; feeRate: number }[]
      ).map(({ price, size, payoff, feeRate }) => ({ cost: price + feeRate * price * (1 - price), size, payoff }));
      const found = stateArbitrage(instruments, input.states.length, input.budget);
      expect(Math.abs(found.guaranteedProfit - expected.guaranteedProfit)).toBeLessThan(1e-7);
      expect(worstPayoff(instruments, found.quantities) - found.cost).toBeGreaterThan(found.guaranteedProfit - 1e-9);
    },
  );
});
