import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { mulberry32, normals } from '../random.js';
import { REFERENCE, referenceCases, worst } from '../reference.spec-support.js';
import {
  areaUnderCurve,
  brierGains,
  brierScore,
  brierSkill,
  calibrationCurve,
  decomposeBrier,
  fitIsotonicMap,
  fitLogisticMap,
  isotonicAt,
  logGains,
  logLoss,
  regress,
} from './index.js';

const forecasts = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 10 }).map((n) => n / 10),
      ),
      fc.constantFrom<number>(0, 1),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((pairs) => ({ p: pairs.map(([p]) => p), y: pairs.map(([, y]) => y) }));

/** Outcomes drawn so that forecasts of log-odds z come true with sigmoid(a + b·z). */
function drawn(count: number, a: number, b: number, seed: number) {
  const random = mulberry32(seed);
  const z = normals(count, mulberry32(seed + 1));
  const p = Float64Array.from(z, (x) => 1 / (1 + Math.exp(-1.5 * x)));
  const y = Float64Array.from(z, (x) => (random() < 1 / (1 + Math.exp(-a - b * 1.5 * x)) ? 1 : 0));
  return { p, y };
}

describe('scores', () => {
  it('decompose into parts that sum to the Brier score, for any bins', () => {
    fc.assert(
      fc.property(forecasts, fc.integer({ min: 1, max: 12 }), (given, bins) => {
        const parts = decomposeBrier(given, bins);
        const { reliability, resolution, uncertainty, withinBinVariance, withinBinCovariance } = parts;
        expect(reliability - resolution + uncertainty + withinBinVariance - withinBinCovariance).toBeCloseTo(
          brierScore(given),
          12,
        );
        expect(parts.bins.reduce((sum, one) => sum + one.count, 0)).toBe(given.p.length);
      }),
    );
  });

  it('put a forecast on an edge into the lower bin', () => {
    expect(decomposeBrier({ p: [0.3, 0.30001, 0, 1], y: [1, 1, 0, 1] }).bins.map((one) => one.bin)).toEqual([
      0, 2, 3, 9,
    ]);
  });

  it('cut by count into bins that hold about as many', () => {
    const given = drawn(400, 0, 1, 5);
    const counts = calibrationCurve(given, 8, 'count').map((one) => one.count);
    expect(counts).toEqual([50, 50, 50, 50, 50, 50, 50, 50]);
  });

  it('order pairs as counting them would', () => {
    fc.assert(
      fc.property(forecasts, ({ p, y }) => {
        let right = 0;
        let pairs = 0;
        for (let i = 0; i < p.length; i++)
          for (let j = 0; j < p.length; j++)
            if (y[i] === 1 && y[j] === 0) {
              pairs++;
              right += p[i] > p[j] ? 1 : p[i] === p[j] ? 0.5 : 0;
            }
        const area = areaUnderCurve({ p, y });
        if (pairs === 0) expect(area).toBeNull();
        else expect(area).toBeCloseTo(right / pairs, 12);
      }),
    );
  });

  it('say nothing of skill where all outcomes are the same', () => {
    const same = { p: [0.2, 0.9], y: [1, 1] };
    expect([brierSkill(same), areaUnderCurve(same), fitLogisticMap(same)]).toEqual([null, null, null]);
    expect(decomposeBrier(same)).toMatchObject({ resolution: 0, uncertainty: 0 });
  });

  it('are finite for a certainty that failed', () => {
    expect(logLoss({ p: [0], y: [1] })).toBeCloseTo(-Math.log(1e-15), 9);
    expect(logLoss({ p: [1], y: [1] })).toBeCloseTo(0, 14);
  });

  it('gain where one source is nearer than the other, and sum to the difference', () => {
    fc.assert(
      fc.property(forecasts, ({ p, y }) => {
        const q = p.map((one) => 0.5 + one / 4);
        const mean = (gains: Float64Array): number => gains.reduce((a, b) => a + b, 0) / gains.length;
        expect(mean(brierGains(p, q, y))).toBeCloseTo(brierScore({ p: q, y }) - brierScore({ p, y }), 12);
        expect(mean(logGains(p, q, y))).toBeCloseTo(logLoss({ p: q, y }) - logLoss({ p, y }), 9);
      }),
    );
    expect(brierGains([0.9], [0.5], [1])[0]).toBeGreaterThan(0);
  });

  it.each([
    { p: [], y: [] },
    { p: [0.5], y: [] },
    { p: [1.5], y: [1] },
    { p: [NaN], y: [1] },
    { p: [0.5], y: [0.5] },
  ])('refuse what is no forecast: %j', (given) => {
    for (const score of [
      brierScore,
      logLoss,
      brierSkill,
      areaUnderCurve,
      decomposeBrier,
      fitLogisticMap,
      fitIsotonicMap,
    ])
      expect(() => score(given)).toThrow(UserProblem);
    expect(() => calibrationCurve({ p: [0.5], y: [1] }, 0)).toThrow(UserProblem);
  });
});

describe('calibration maps', () => {
  it('find the distortion the forecasts have', () => {
    const map = fitLogisticMap(drawn(20_000, -0.3, 0.6, 11))!;
    expect(map.converged).toBe(true);
    expect(Math.abs(map.a + 0.3)).toBeLessThan(4 * map.seA);
    expect(Math.abs(map.b - 0.6)).toBeLessThan(4 * map.seB);
    expect(map.seA).toBeLessThan(0.03);
  });

  it('stay finite where the forecasts separate the outcomes, and at certainty', () => {
    const map = fitLogisticMap({ p: [0, 0.1, 0.4, 0.6, 0.9, 1], y: [0, 0, 0, 1, 1, 1] })!;
    expect([map.a, map.b, map.seA, map.seB, map.logLik].every(Number.isFinite)).toBe(true);
    expect(map.logLik).toBeGreaterThan(-0.1);
  });

  it('rise, stay between what happened, and are no worse than the mean outcome', () => {
    fc.assert(
      fc.property(forecasts, (given) => {
        const map = fitIsotonicMap(given);
        for (let i = 1; i < map.x.length; i++) {
          expect(map.x[i]).toBeGreaterThan(map.x[i - 1]);
          expect(map.value[i]).toBeGreaterThanOrEqual(map.value[i - 1]);
        }
        const mean = given.y.reduce((a, b) => a + b, 0) / given.y.length;
        const squares = (at: (p: number) => number): number =>
          given.p.reduce((sum, p, i) => sum + (at(p) - given.y[i]) ** 2, 0);
        expect(squares((p) => isotonicAt(map, p))).toBeLessThanOrEqual(squares(() => mean) + 1e-9);
        expect(isotonicAt(map, -1)).toBe(map.value[0]);
        expect(isotonicAt(map, 2)).toBe(map.value[map.value.length - 1]);
      }),
    );
  });

  it('leave a risen map as it is', () => {
    const map = fitIsotonicMap({ p: [0.1, 0.5, 0.9], y: [0, 1, 1] });
    expect([...map.value]).toEqual([0, 1, 1]);
    expect(isotonicAt(map, 0.3)).toBeCloseTo(0.5, 12);
  });
});

describe('a line through points', () => {
  it('is found exactly where there is no noise', () => {
    expect(regress([0, 1, 2, 3], [1, 3, 5, 7])).toMatchObject({ intercept: 1, slope: 2, r2: 1 });
    expect(regress([0, 1, 2], [5, 5, 5])).toMatchObject({ slope: 0, r2: null, tSlope: null });
  });

  it('needs points that differ', () => {
    expect(() => regress([1, 1, 1], [1, 2, 3])).toThrow(UserProblem);
    expect(() => regress([1, 2], [1, 2])).toThrow(UserProblem);
  });
});

describe('the reference vectors (need ARBINTEL_REFERENCE)', () => {
  it.skipIf(!REFERENCE).each(referenceCases('brier'))('scores: %s', (_, { input, expected }) => {
    const { bins, ...parts } = expected.decomposition10;
    const ours = decomposeBrier(input, 10);
    for (const [name, want] of Object.entries(parts))
      expect(Math.abs((ours[name as keyof typeof ours] as number) - (want as number))).toBeLessThan(1e-12);
    expect(ours.bins.map((one) => [one.bin, one.count])).toEqual(bins.map((one: any) => [one.bin, one.count]));
    expect(worst([brierScore(input), logLoss(input)], [expected.brier, expected.logLoss])).toBeLessThan(1e-12);
    const skill = [brierSkill(input), areaUnderCurve(input)];
    const wanted = [expected.brierSkillVsClimatology, expected.auc];
    expect(skill.map((one) => one === null)).toEqual(wanted.map((one) => one === null));
    expect(worst(skill.map(Number), wanted.map(Number))).toBeLessThan(1e-12);
    if (expected.calibrationQuantile8) {
      const curve = calibrationCurve(input, 8, 'count');
      expect(
        worst(
          curve.map((one) => one.meanForecast),
          expected.calibrationQuantile8.meanForecast,
        ),
      ).toBeLessThan(1e-12);
      expect(
        worst(
          curve.map((one) => one.meanOutcome),
          expected.calibrationQuantile8.meanOutcome,
        ),
      ).toBeLessThan(1e-12);
    }
  });

  it.skipIf(!REFERENCE).each(referenceCases('calibration-map'))('maps: %s', (_, { input, expected }) => {
    if (input.signal) {
      const line = regress(input.signal, input.dLogit);
      expect(
        worst(
          [line.intercept, line.slope, line.seSlope, line.tSlope!, line.r2!],
          [expected.intercept, expected.slope, expected.seSlopeHC1, expected.tSlope, expected.r2],
          1e-6,
        ),
      ).toBeLessThan(1e-7);
      return;
    }
    const { a, b, seA, seB, logLik } = fitLogisticMap(input)!;
    const want = expected.logistic;
    expect(worst([a, b, seA, seB, logLik], [want.a, want.b, want.seA, want.seB, want.logLik], 1e-6)).toBeLessThan(1e-7);
    const map = fitIsotonicMap(input);
    expect(
      worst(
        input.grid.map((p: number) => isotonicAt(map, p)),
        expected.isotonicOnGrid,
        1e-6,
      ),
    ).toBeLessThan(1e-7);
  });
});
