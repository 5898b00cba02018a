import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import jstat from 'jstat';
import { betaLogPdf, betaQuantile, chiSquareSf } from './index.js';

describe('where jstat is enough', () => {
  // To 12 digits by arbitrary-precision arithmetic: 95 % points of chi-square tables.
  it.each([
    [3.841458820694, 1],
    [18.307038053275, 10],
    [31.410432844231, 20],
  ])('chi-square exceeds %f with %d degrees once in twenty times', (x, degrees) => {
    expect(chiSquareSf(x, degrees)).toBeCloseTo(0.05, 9);
  });

  it('is 1 at nothing and falls', () => {
    expect(chiSquareSf(0, 4)).toBe(1);
    expect(chiSquareSf(-1, 4)).toBe(1);
    // With two degrees it is e^(−x/2).
    expect(chiSquareSf(7, 2)).toBeCloseTo(Math.exp(-3.5), 10);
    expect(() => chiSquareSf(1, 0)).toThrow(Defect);
    expect(() => chiSquareSf(NaN, 2)).toThrow(Defect);
  });
});

describe('where jstat is not enough, and why the Beta distribution is our own', () => {
  it('its quantiles miss the tenth digit, ours do not', () => {
    // Beta(½, ½) is the arcsine law: every quantile is known exactly.
    const points = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
    const worst = (quantile: (p: number) => number): number =>
      Math.max(...points.map((p) => Math.abs(quantile(p) / Math.sin((Math.PI * p) / 2) ** 2 - 1)));
    expect(worst((p) => jstat.beta.inv(p, 0.5, 0.5))).toBeGreaterThan(1e-8);
    expect(worst((p) => betaQuantile(p, 0.5, 0.5))).toBeLessThan(1e-13);
  });

  it('its density is nothing where ours still has a logarithm', () => {
    expect(Math.log(jstat.beta.pdf(0.2, 500, 500))).toBe(-Infinity);
    expect(betaLogPdf(0.2, 500, 500)).toBeCloseTo(-219.47, 2);
  });
});
