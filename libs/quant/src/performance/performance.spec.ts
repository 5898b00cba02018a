import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { mulberry32, normals } from '../random.js';
import { REFERENCE, referenceCases } from '../reference.spec-support.js';
import {
  autocorrelation,
  compoundGrowth,
  deepestDrawdown,
  deflatedSharpe,
  equityOf,
  expectedBestSharpe,
  hitRate,
  minimumTrackRecord,
  momentsOf,
  neweyWest,
  performanceOf,
  probabilisticSharpe,
  profitFactor,
  sharpeStandardError,
} from './index.js';

const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('performance', () => {
  it('is undefined, not 0, where nothing varies', () => {
    const flat = performanceOf([0, 0, 0]);
    expect(flat).toMatchObject({
      sharpePerPeriod: null,
      sharpeAnnual: null,
      sortinoAnnual: null,
      calmar: null,
      hitRate: null,
      profitFactor: null,
      maxDrawdown: 0,
      cagr: 0,
    });
    // A constant that is no sum of powers of two leaves rounding behind, not a spread.
    expect(performanceOf(Array(7).fill(0.1)).sharpePerPeriod).toBeNull();
    expect(probabilisticSharpe(flat.moments)).toBeNull();
    expect(performanceOf([0.01]).sharpePerPeriod).toBeNull();
    expect(performanceOf([]).cagr).toBeNull();
  });

  it('finds the deepest fall that trying every pair would find', () => {
    fc.assert(
      fc.property(returns, (given) => {
        const equity = equityOf(given, 100);
        let deepest = 0;
        for (let i = 0; i < equity.length; i++)
          for (let j = i; j < equity.length; j++) deepest = Math.max(deepest, 1 - equity[j] / equity[i]);
        const fall = deepestDrawdown(equity);
        expect(fall.share).toBeCloseTo(deepest, 12);
        expect(1 - equity[fall.trough] / equity[fall.peak]).toBeCloseTo(fall.share, 12);
        expect(fall.longestUnderwater).toBeLessThanOrEqual(given.length);
      }),
    );
  });

  it('does not change with the size of the account', () => {
    fc.assert(
      fc.property(returns, (given) => {
        const { maxDrawdownAbs: _, ...small } = performanceOf(given, 365, 1);
        const { maxDrawdownAbs, ...large } = performanceOf(given, 365, 1024);
        expect(large).toEqual(small);
        expect(maxDrawdownAbs).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('counts what is known: hits, gains over losses, growth', () => {
    expect(hitRate([0.1, -0.1, 0, 0.2])).toBeCloseTo(2 / 3, 12);
    expect(profitFactor([0.1, -0.1, 0.2])).toBeCloseTo(3, 12);
    expect(profitFactor([0.1])).toBeNull();
    expect(compoundGrowth(Float64Array.of(100, 110, 121), 2)).toBeCloseTo(0.21, 12);
    expect(compoundGrowth(Float64Array.of(100, -1), 1)).toBeNull();
  });

  it('refuses equity that is gone at its high', () => {
    expect(() => deepestDrawdown([])).toThrow(UserProblem);
    expect(() => deepestDrawdown([0, 0])).toThrow(UserProblem);
  });
});

describe('a Sharpe ratio’s honesty', () => {
  const noise = momentsOf(normals(500, mulberry32(9)).map((z) => 0.001 + 0.01 * z));

  it('falls with every further trial', () => {
    const chances = [1, 2, 10, 100, 1000].map((trials) => deflatedSharpe(noise, trials, 0.002)!);
    for (let i = 1; i < chances.length; i++) expect(chances[i]).toBeLessThan(chances[i - 1]);
    expect(chances[0]).toBe(probabilisticSharpe(noise));
    expect(expectedBestSharpe(1, 1)).toBe(0);
    expect(() => expectedBestSharpe(0, 1)).toThrow(UserProblem);
    expect(() => expectedBestSharpe(2, -1)).toThrow(UserProblem);
  });

  it('needs as many periods as make its own probability 95 %', () => {
    const periods = minimumTrackRecord(noise)!;
    expect(probabilisticSharpe({ ...noise, count: periods })).toBeCloseTo(0.95, 9);
    expect(minimumTrackRecord(noise, 5)).toBeNull();
  });

  it('has the standard error that many series show', () => {
    const ratios = Array.from({ length: 400 }, (_, i) => {
      const { mean, stdev } = momentsOf(normals(250, mulberry32(1000 + i)).map((z) => 0.1 + z));
      return mean / stdev!;
    });
    const expected = sharpeStandardError(momentsOf(normals(250, mulberry32(5)).map((z) => 0.1 + z)))!;
    expect(Math.abs(momentsOf(ratios).stdev! / expected - 1)).toBeLessThan(0.12);
  });

  it('is told from dependence: Newey–West widens with it', () => {
    const z = normals(2000, mulberry32(4));
    const linked = z.map((one, i) => one + (i > 0 ? 0.8 * z[i - 1] : 0));
    const plain = momentsOf(linked).stdev! / Math.sqrt(linked.length);
    expect(neweyWest(linked)!.seMean).toBeGreaterThan(1.2 * plain);
    expect(autocorrelation(linked, 1)).toBeCloseTo(0.8 / 1.64, 1);
    expect(neweyWest([1, 2, 3], 5)).toBeNull();
    expect(neweyWest(Array(20).fill(0.1), 5)).toBeNull();
    expect(autocorrelation(Array(20).fill(1), 1)).toBeNull();
  });
});

describe('the reference vectors (need ARBINTEL_REFERENCE)', () => {
  it.skipIf(!REFERENCE).each(referenceCases('performance'))('figures: %s', (_, { input, expected }) => {
    const { moments, ...figures } = performanceOf(input.returns, input.periodsPerYear, input.startEquity);
    const ours: Record<string, unknown> = {
      ...figures,
      mean: moments.mean,
      stdev: moments.stdev,
      skew: moments.skew,
      kurtosis: moments.kurtosis,
      psr0: probabilisticSharpe(moments),
      psrBenchmark: probabilisticSharpe(moments, 0.05),
      dsr:
        expected.deflated && deflatedSharpe(moments, expected.deflated.trials, expected.deflated.trialSharpeVariance),
      minTrackRecord95: minimumTrackRecord(moments),
      sharpeStdErr: sharpeStandardError(moments),
      neweyWestT: neweyWest(input.returns, 5)?.t,
    };
    const { deflated, autocorrPandas, neweyWest5, ...plain } = expected;
    if (deflated) plain.dsr = deflated.dsr;
    if (neweyWest5) plain.neweyWestT = neweyWest5.t;
    for (const [name, want] of Object.entries(plain)) {
      const got = ours[name];
      if (want === null) expect({ [name]: got }).toEqual({ [name]: null });
      else
        expect(Math.abs((got as number) - (want as number))).toBeLessThanOrEqual(
          1e-10 + 1e-9 * Math.abs(want as number),
        );
    }
    for (const [i, want] of (autocorrPandas ?? []).entries())
      expect(Math.abs(autocorrelation(input.returns, i + 1)! - want)).toBeLessThan(1e-10);
  });
});
