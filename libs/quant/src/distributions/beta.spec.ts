import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { REFERENCE, referenceCases } from '../reference.spec-support.js';
import {
  betaCdf,
  betaEntropy,
  betaLogPdf,
  betaMean,
  betaPdf,
  betaQuantile,
  betaSf,
  betaVariance,
  digamma,
  logBeta,
  logGamma,
  trigamma,
} from './index.js';

const count = fc.oneof(
  fc.double({ min: 0.05, max: 2, noNaN: true }),
  fc.double({ min: 1, max: 400, noNaN: true }),
  fc.double({ min: 100, max: 20_000, noNaN: true }),
);
const inside = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });

describe('the gamma family', () => {
  it('has its known values', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 14);
    // To 17 digits by arbitrary-precision arithmetic.
    expect(Math.abs(logGamma(171) / 706.5730622457875 - 1)).toBeLessThan(1e-15);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 14);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 14);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 13);
  });

  it('steps by one as it must', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1_000, noNaN: true }), (x) => {
        const size = Math.max(1, Math.abs(logGamma(x + 1)));
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(4e-15 * size);
        expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 10);
        expect(Math.abs((trigamma(x) - trigamma(x + 1)) * x * x - 1)).toBeLessThan(1e-9 * Math.max(1, x));
      }),
    );
  });

  it('keeps its digits where a few counts meet thousands', () => {
    // B(1, b) = 1/b and B(2, b) = 1/(b (b + 1)).
    for (const b of [3, 17, 9_000, 1e7]) {
      expect(logBeta(1, b)).toBeCloseTo(-Math.log(b), 13);
      expect(logBeta(b, 2)).toBeCloseTo(-Math.log(b) - Math.log(b + 1), 13);
    }
  });
});

describe('the Beta distribution', () => {
  it('is what a polynomial is where it is one', () => {
    fc.assert(
      fc.property(inside, fc.double({ min: 0.1, max: 50, noNaN: true }), (x, a) => {
        expect(betaCdf(x, a, 1)).toBeCloseTo(x ** a, 13);
        expect(betaSf(x, 1, a)).toBeCloseTo(Math.exp(a * Math.log1p(-x)), 13);
        expect(betaCdf(x, 2, 2)).toBeCloseTo(x * x * (3 - 2 * x), 13);
      }),
    );
  });

  it('mirrors, sums to 1 and rises', () => {
    fc.assert(
      fc.property(inside, inside, count, count, (x, z, a, b) => {
        expect(betaCdf(x, a, b) + betaSf(x, a, b)).toBeCloseTo(1, 11);
        expect(betaSf(1 - x, b, a)).toBeCloseTo(betaCdf(x, a, b), 7);
        const [low, high] = [Math.min(x, z), Math.max(x, z)];
        expect(betaCdf(high, a, b)).toBeGreaterThanOrEqual(betaCdf(low, a, b) * (1 - 1e-10) - 1e-300);
      }),
    );
  });

  it('is undone by its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), count, count, (p, a, b) => {
        const x = betaQuantile(p, a, b);
        fc.pre(x > 1e-290 && x < 1 - 1e-9);
        // As far as the rounding of x itself allows.
        const rounding = betaPdf(x, a, b) * x * 4e-16;
        expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-10 * p + rounding);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has quantiles in their order', () => {
    fc.assert(
      fc.property(inside, inside, count, count, (p, q, a, b) => {
        const [low, high] = [Math.min(p, q), Math.max(p, q)];
        expect(betaQuantile(low, a, b)).toBeLessThanOrEqual(betaQuantile(high, a, b) * (1 + 1e-12));
      }),
    );
  });

  it('has a logarithm of its density where the density is no double any more', () => {
    expect(betaLogPdf(0.2, 500, 500)).toBeCloseTo(-219.47, 2);
    expect(betaPdf(0.001, 500, 500)).toBe(0);
    expect(Number.isFinite(betaLogPdf(0.001, 500, 500))).toBe(true);
    expect(betaLogPdf(0, 1, 3)).toBeCloseTo(Math.log(3), 14);
    expect(betaLogPdf(0, 0.5, 3)).toBe(Infinity);
    expect(betaLogPdf(0, 2, 3)).toBe(-Infinity);
  });

  it('has the moments and the entropy of its formulas', () => {
    expect(betaMean(65, 35)).toBe(0.65);
    expect(betaVariance(65, 35)).toBeCloseTo((0.65 * 0.35) / 101, 17);
    expect(betaEntropy(1, 1)).toBeCloseTo(0, 13);
    expect(betaEntropy(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI / 4), 13);
  });

  it('ends at 0 and 1, underflows only truly and refuses what is none', () => {
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3), betaCdf(0, 2, 3), betaCdf(1, 2, 3)]).toEqual([0, 1, 0, 1]);
    expect([betaSf(0, 2, 3), betaSf(1, 2, 3)]).toEqual([1, 0]);
    expect(betaQuantile(1e-10, 0.01, 1)).toBe(0);
    expect(Math.abs(betaQuantile(1e-10, 0.04, 1) / 1e-250 - 1)).toBeLessThan(1e-11);
    for (const [x, a, b] of [
      [-0.1, 1, 1],
      [1.1, 1, 1],
      [NaN, 1, 1],
      [0.5, 0, 1],
      [0.5, 1, -1],
      [0.5, NaN, 1],
      [0.5, Infinity, 1],
    ])
      for (const f of [betaCdf, betaSf, betaLogPdf, betaQuantile]) expect(() => f(x, a, b)).toThrow(Defect);
  });

  it.skipIf(REFERENCE === undefined).each(referenceCases('beta'))(
    'reaches the reference’s strict tolerance: %s (needs ARBINTEL_REFERENCE)',
    (_, { input, expected }) => {
      const { alpha, beta, p, x } = input as { alpha: number; beta: number; p: number[]; x: number[] };
      for (const [i, at] of p.entries())
        if (expected.quantile[i] > 1e-280)
          expect(Math.abs(betaQuantile(at, alpha, beta) / expected.quantile[i] - 1)).toBeLessThan(1e-11);
      for (const [i, at] of x.entries()) {
        expect(Math.abs(betaCdf(at, alpha, beta) - expected.cdf[i])).toBeLessThan(1e-12);
        expect(Math.abs(betaSf(at, alpha, beta) - expected.sf[i])).toBeLessThan(1e-12);
        expect(Math.abs(betaLogPdf(at, alpha, beta) - expected.logpdf[i])).toBeLessThan(1e-10);
      }
    },
  );
});
