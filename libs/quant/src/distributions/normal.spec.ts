import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { normalCdf, normalPdf, normalQuantile } from './normal.js';

describe('the normal distribution', () => {
  // By arbitrary-precision arithmetic.
  it.each([
    [0, 0.5],
    [1, 0.84134474606854293],
    [-1, 0.15865525393145705],
    [-1.96, 0.024997895148220435],
    [-3, 0.0013498980316300946],
    [-6, 9.865876450376981e-10],
    [-10, 7.61985302416053e-24],
    [-37, 5.725571222524577e-300],
  ])('has its known value at %f', (x, p) => {
    expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(2e-14);
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-13 * (1 + Math.abs(x)) + (x > 0 ? 1e-15 : 0));
  });

  it('is symmetric, rising and undone by its quantile', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -37, max: 5, noNaN: true }),
        fc.double({ min: 1e-9, max: 2, noNaN: true }),
        (x, by) => {
          expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
          expect(normalCdf(x + by)).toBeGreaterThanOrEqual(normalCdf(x));
          const back = normalQuantile(normalCdf(x));
          // Near 1 a probability has only so many digits for its distance from 1.
          const digits = x > 0 ? 2e-16 / normalPdf(x) : 1e-13 * (1 + Math.abs(x));
          expect(Math.abs(back - x)).toBeLessThan(digits + 1e-13 * (1 + Math.abs(x)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('ends at infinity and refuses what is no probability', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(NaN)).toBeNaN();
    expect(() => normalQuantile(1.1)).toThrow(UserProblem);
    expect(() => normalQuantile(NaN)).toThrow(UserProblem);
  });
});
