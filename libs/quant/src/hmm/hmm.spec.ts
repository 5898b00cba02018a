import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { heapGrowth } from '../heap.spec-support.js';
import { mulberry32, normals } from '../random.js';
import { worst } from '../reference.spec-support.js';
import {
  baumWelch,
  canonicalOrder,
  driftOf,
  filtered,
  fitHmm,
  hmmFromNested,
  HmmFilter,
  hmmToNested,
  hold,
  noRegime,
  regimeLabel,
  reordered,
  scaleFreePrior,
  selectOrder,
  smoothed,
  steadyOrder,
  viterbi,
  type HmmParameters,
  type HmmRows,
} from './index.js';

/** Rows of a chain that changes its spread now and then. */
function regimes(count: number, states: number, features: number, seed: number): HmmRows {
  const random = mulberry32(seed);
  const noise = normals(count * features, mulberry32(seed + 1));
  let state = 0;
  const values = new Float64Array(count * features);
  for (let t = 0; t < count; t++) {
    if (random() < 0.05) state = Math.floor(random() * states);
    for (let d = 0; d < features; d++)
      values[t * features + d] = (state - 1) * 0.01 + 0.01 * 5 ** state * noise[t * features + d];
  }
  return { values, features };
}

const shares = (count: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: count, maxLength: count })
    .map((raw) => raw.map((x) => x / raw.reduce((a, b) => a + b)));

const anyModel = (states: number, features: number): fc.Arbitrary<HmmParameters> =>
  fc
    .record({
      startprob: shares(states),
      transmat: fc.array(shares(states), { minLength: states, maxLength: states }),
      means: fc.array(
        fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: features, maxLength: features }),
        { minLength: states, maxLength: states },
      ),
      vars: fc.array(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: features, maxLength: features }),
        { minLength: states, maxLength: states },
      ),
    })
    .map(hmmFromNested);

/** The sum over every path of states, by the definition. */
function bruteForce(rows: HmmRows, model: HmmParameters): { logLik: number; last: number[]; best: number } {
  const { states: K, features: D } = model;
  const count = rows.values.length / D;
  const last = Array.from({ length: K }, () => 0);
  let total = 0;
  let best = 0;
  for (let code = 0; code < K ** count; code++) {
    let weight = 1;
    let before = -1;
    for (let t = 0; t < count; t++) {
      const state = Math.floor(code / K ** t) % K;
      weight *= before < 0 ? model.start[state] : model.transitions[before * K + state];
      const row = rows.values.subarray(t * D, (t + 1) * D);
      if (!row.includes(NaN))
        for (let d = 0; d < D; d++) {
          const v = model.variances[state * D + d];
          weight *= Math.exp(-((row[d] - model.means[state * D + d]) ** 2) / (2 * v)) / Math.sqrt(2 * Math.PI * v);
        }
      before = state;
    }
    last[before] += weight;
    total += weight;
    best = Math.max(best, weight);
  }
  return { logLik: Math.log(total), last: last.map((one) => one / total), best: Math.log(best) };
}

describe('forward–backward', () => {
  it.each([1, 2, 3, 4])('equals the sum over all paths of %i states, missing rows included', (states) => {
    fc.assert(
      fc.property(
        anyModel(states, 2),
        fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) }, fc.constant(NaN)), {
          minLength: 10,
          maxLength: 10,
        }),
        (model, values) => {
          const rows = { values: Float64Array.from(values), features: 2 };
          const expected = bruteForce(rows, model);
          const whole = filtered(rows, model);
          expect(whole.logLik).toBeCloseTo(expected.logLik, 9);
          expect(worst(whole.probabilities.slice(-states), expected.last)).toBeLessThan(1e-9);
          expect(smoothed(rows, model).logLik).toBeCloseTo(expected.logLik, 9);
          expect(viterbi(rows, model).logProbability).toBeCloseTo(expected.best, 9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('smooths the last row to what was filtered there', () => {
    const rows = regimes(300, 3, 1, 5);
    const model = fitHmm(rows, 3, { random: mulberry32(1), starts: 5 }).model;
    expect(
      worst(smoothed(rows, model).probabilities.slice(-3), filtered(rows, model).probabilities.slice(-3)),
    ).toBeLessThan(1e-14);
  });

  it('keeps its digits where only a state without a way there explains the row', () => {
    const model = hmmFromNested({
      startprob: [1, 0],
      transmat: [
        [1, 0],
        [0.5, 0.5],
      ],
      means: [[0], [100]],
      vars: [[1e-4], [1e-4]],
    });
    const rows = { values: Float64Array.of(0, 100, 0), features: 1 };
    expect([...smoothed(rows, model).probabilities]).toEqual([1, 0, 1, 0, 1, 0]);
    const one = -0.5 * Math.log(2 * Math.PI * 1e-4);
    expect(filtered(rows, model).logLik).toBeCloseTo(3 * one - 0.5 * (100 * 100) * 1e4, 3);
  });

  it('filters row by row to what it gives for all rows, and never looks ahead', () => {
    fc.assert(
      fc.property(anyModel(3, 2), fc.integer({ min: 1, max: 119 }), fc.integer(), (model, cut, seed) => {
        const rows = regimes(120, 3, 2, seed);
        rows.values[14] = NaN;
        const all = filtered(rows, model).probabilities;
        const part = filtered({ ...rows, values: rows.values.slice(0, cut * 2) }, model).probabilities;
        expect(worst(part, all.slice(0, cut * 3))).toBe(0);
        const filter = new HmmFilter(model);
        for (let t = 0; t < cut; t++) filter.step(rows.values, t * 2);
        expect(worst(filter.state.posterior, part.slice(-3))).toBeLessThan(1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on from a state that was cloned', () => {
    const rows = regimes(50, 2, 1, 9);
    const { model } = fitHmm(rows, 2, { random: mulberry32(1), starts: 5 });
    const whole = new HmmFilter(model);
    for (let t = 0; t < 50; t++) whole.step(rows.values, t);
    const first = new HmmFilter(model);
    for (let t = 0; t < 20; t++) first.step(rows.values, t);
    const second = new HmmFilter(model, structuredClone(first.state));
    for (let t = 20; t < 50; t++) second.step(rows.values, t);
    expect(second.state).toEqual(whole.state);
    expect(() => new HmmFilter(model, { posterior: new Float64Array(3), rows: 0, logLik: 0 })).toThrow(UserProblem);
  });
});

describe('an update on the live path', () => {
  it.each([1, 2, 3, 4])('allocates nothing with %i states', (states) => {
    const count = 100_000;
    const rows = regimes(count, 3, 2, 5);
    const filter = new HmmFilter(fitHmm(regimes(300, 3, 2, 5), states, { random: mulberry32(1), starts: 3 }).model);
    const memory = noRegime();
    const run = (): void => {
      for (let t = 0; t < count; t++) {
        filter.step(rows.values, 2 * t);
        hold(memory, filter.state.posterior);
      }
    };
    // One boxed number each would be 1.2 MB.
    expect(heapGrowth(run, 100_000)).toBeLessThan(100_000);
  });
});

describe('the fit', () => {
  it('never loses what it climbs, with a prior of any size', () => {
    fc.assert(
      fc.property(
        anyModel(3, 1),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(0, 0.5, 50),
        (start, scale, seed, staying) => {
          const rows = regimes(150, 3, 1, seed);
          const prior = { scale, weight: 1 };
          let model = start;
          let before = -Infinity;
          for (let step = 0; step < 8; step++) {
            const fit = baumWelch(rows, model, { iterations: 1, tolerance: -Infinity, prior, staying });
            expect(fit.penalised).toBeGreaterThan(before - 1e-7);
            before = fit.penalised;
            model = fit.model;
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps zeros where the start has zeros', () => {
    const rows = regimes(200, 2, 1, 3);
    const start = hmmFromNested({
      startprob: [1, 0],
      transmat: [
        [0.9, 0.1],
        [0, 1],
      ],
      means: [[0], [0]],
      vars: [[1e-4], [1e-2]],
    });
    const { model } = baumWelch(rows, start, { iterations: 20, tolerance: -Infinity });
    expect([...model.start]).toEqual([1, 0]);
    expect(model.transitions[2]).toBe(0);
  });

  it('reports a state that lost all its mass and stays finite', () => {
    const rows = regimes(200, 1, 1, 3);
    const start = hmmFromNested({
      startprob: [1, 0],
      transmat: [
        [1, 0],
        [0.5, 0.5],
      ],
      means: [[0], [9]],
      vars: [[1], [1]],
    });
    const fit = baumWelch(rows, start, { iterations: 5, tolerance: -Infinity, prior: { scale: 0.01, weight: 1 } });
    expect(fit.emptyStates).toEqual([1]);
    expect(Number.isFinite(fit.penalised)).toBe(true);
    expect([...fit.model.means, ...fit.model.variances].every(Number.isFinite)).toBe(true);
  });

  it('survives a constant series and prefers one state for it', () => {
    const rows = { values: new Float64Array(100).fill(0.25), features: 1 };
    const choice = selectOrder(rows, [1, 2, 3], { random: mulberry32(2), starts: 5 });
    expect(choice.preferred.states).toBe(1);
    expect(choice.preferred.fit?.model.means[0]).toBe(0.25);
    for (const { fit } of choice.table) expect(fit && [...fit.model.variances].every((v) => v > 0)).toBe(true);
  });

  it('finds the hidden regimes again', () => {
    const rows = regimes(2_000, 3, 1, 77);
    const choice = selectOrder(rows, [1, 2, 3], { random: mulberry32(2), starts: 10 });
    expect(choice.preferred.states).toBe(3);
    const fit = choice.preferred.fit!;
    const spreads = canonicalOrder(fit.model).map((k) => Math.sqrt(fit.model.variances[k]));
    [0.01, 0.05, 0.25].forEach((truth, i) => expect(Math.abs(spreads[i] / truth - 1)).toBeLessThan(0.15));
  });

  it('gives the same fit for the same seed, and one of scaled rows that is scaled', () => {
    const rows = regimes(400, 2, 1, 5);
    const scaled = { ...rows, values: rows.values.map((x) => 1000 * x) };
    const fit = fitHmm(rows, 2, { random: mulberry32(4), starts: 5 });
    expect(fitHmm(rows, 2, { random: mulberry32(4), starts: 5 })).toEqual(fit);
    const larger = fitHmm(scaled, 2, { random: mulberry32(4), starts: 5 });
    expect(
      worst(
        larger.model.variances,
        fit.model.variances.map((v) => v * 1e6),
        1e-4,
      ),
    ).toBeLessThan(1e-9);
    expect(
      (scaleFreePrior(scaled).scale as Float64Array)[0] / (scaleFreePrior(rows).scale as Float64Array)[0],
    ).toBeCloseTo(1e6, 3);
  });

  it('refuses too few rows, and says how many it needs', () => {
    expect(() => fitHmm({ values: new Float64Array(7), features: 1 }, 2, { random: mulberry32(1) })).toThrow(
      'at least 8 are needed',
    );
    const missing = { values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, NaN, NaN), features: 1 };
    expect(() => fitHmm(missing, 2, { random: mulberry32(1) })).toThrow(UserProblem);
    expect(() => selectOrder(missing, [3], { random: mulberry32(1) })).toThrow('no number of states fits');
  });

  it('refuses the K that rows without the missing ones are too few for, and judges the others', () => {
    const values = Float64Array.from({ length: 60 }, (_, t) => (t < 12 ? Math.sin(t) : NaN));
    const { table, preferred } = selectOrder({ values, features: 1 }, [1, 3], { random: mulberry32(1), starts: 5 });
    expect(table[1]).toMatchObject({ fit: null, refused: '12 rows are too few' });
    expect(preferred.states).toBe(1);
    expect(preferred.bic).toBeCloseTo(-2 * preferred.fit!.logLik + 2 * Math.log(12), 12);
  });

  it('stays longer in its states, the more moves to themselves are taken as seen', () => {
    const rows = regimes(400, 2, 1, 5);
    const stays = [0, 20, 2_000].map((staying) => {
      const { model } = fitHmm(rows, 2, { random: mulberry32(4), starts: 5, staying });
      return Math.min(model.transitions[0], model.transitions[3]);
    });
    expect(stays[1]).toBeGreaterThan(stays[0]);
    expect(stays[2]).toBeGreaterThan(stays[1]);
    expect(() => fitHmm(rows, 2, { random: mulberry32(4), staying: -1 })).toThrow(UserProblem);
  });

  it('refuses shapes and numbers that are no model', () => {
    const good = { startprob: [1], transmat: [[1]], means: [[0]], vars: [[1]] };
    expect(() => hmmFromNested(good)).not.toThrow();
    expect(() => hmmFromNested({ ...good, vars: [[0]] })).toThrow(UserProblem);
    expect(() => hmmFromNested({ ...good, startprob: [0.5] })).toThrow(UserProblem);
    expect(() => hmmFromNested({ ...good, transmat: [[0.5]] })).toThrow(UserProblem);
    expect(() => hmmFromNested({ ...good, means: [[NaN]] })).toThrow(UserProblem);
    expect(() => hmmFromNested({ ...good, means: [[0, 1]] })).toThrow(UserProblem);
    expect(() => filtered({ values: new Float64Array(3), features: 2 }, hmmFromNested(good))).toThrow(UserProblem);
    expect(() => filtered({ values: Float64Array.of(Infinity), features: 1 }, hmmFromNested(good))).toThrow(
      UserProblem,
    );
    expect(() => filtered({ values: new Float64Array(3), features: 1, lengths: [1, 1] }, hmmFromNested(good))).toThrow(
      UserProblem,
    );
  });

  it('is the same model after it was written down', () => {
    fc.assert(
      fc.property(anyModel(3, 2), (model) => {
        expect(hmmFromNested(hmmToNested(model))).toEqual(model);
      }),
    );
  });
});

describe('labels', () => {
  const two = (means: readonly [number, number], vars: readonly [number, number]): HmmParameters =>
    hmmFromNested({
      startprob: [0.5, 0.5],
      transmat: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
      means: means.map((m) => [m]),
      vars: vars.map((v) => [v]),
    });

  it('are ordered by variance, then mean', () => {
    expect(canonicalOrder(two([0, 0], [2, 1]))).toEqual([1, 0]);
    expect(canonicalOrder(two([1, 0], [1, 1]))).toEqual([1, 0]);
    expect([0, 1, 2].map((rank) => regimeLabel(rank, 3))).toEqual(['quiet', 'normal', 'volatile']);
    expect([0, 1].map((rank) => regimeLabel(rank, 2))).toEqual(['quiet', 'volatile']);
  });

  it('tell a drift from an accident by how many rows it rests on', () => {
    const model = two([0.1, -0.1], [1, 1]);
    expect([driftOf(model, 0, 100), driftOf(model, 0, 900), driftOf(model, 1, 900)]).toEqual(['flat', 'up', 'down']);
    expect(driftOf(model, 0, 0)).toBe('flat');
  });

  it('do not change the model they are put on', () => {
    const model = two([0.1, -0.1], [2, 1]);
    const turned = reordered(model, [1, 0]);
    const rows = regimes(100, 2, 1, 8);
    expect(filtered(rows, turned).logLik).toBeCloseTo(filtered(rows, model).logLik, 9);
    expect([...turned.transitions]).toEqual([0.8, 0.2, 0.1, 0.9]);
    expect(reordered(turned, [1, 0])).toEqual(model);
  });

  it('stay with the states they named when a refit leaves the variances as good as equal', () => {
    const before = two([-1, 1], [1, 1.05]);
    const refit = two([-1, 1], [1.06, 1.01]);
    expect(canonicalOrder(refit)).toEqual([1, 0]);
    expect(steadyOrder(refit, before)).toEqual([0, 1]);
    expect(steadyOrder(two([1, -1], [1, 1]), before)).toEqual([1, 0]);
    // A difference that is plain is a difference of regime, whatever the means say.
    expect(steadyOrder(two([-1, 1], [4, 1]), before)).toEqual([1, 0]);
  });

  it('are held until another state is sure for three bars', () => {
    const memory = noRegime();
    const sure = Float64Array.of(0.9, 0.1);
    const other = Float64Array.of(0.1, 0.9);
    const torn = Float64Array.of(0.3, 0.7);
    const held = (...bars: Float64Array[]): number[] => bars.map((bar) => hold(memory, bar));
    expect(held(sure, sure, sure)).toEqual([-1, -1, 0]);
    expect(held(other, other, torn, other, other)).toEqual([0, 0, 0, 0, 0]);
    expect(held(sure, other, other, other)).toEqual([0, 0, 0, 1]);
  });
});
