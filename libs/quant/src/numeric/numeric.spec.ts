import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketedMinimum, bracketedRoot } from './index.js';

describe('a bracketed root', () => {
  it('is found to the last digits, whatever the shape', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.99, max: 0.99, noNaN: true }), fc.integer({ min: 0, max: 3 }), (root, shape) => {
        const shapes = [
          (x: number) => x - root,
          (x: number) => (x - root) ** 3,
          (x: number) => Math.expm1(20 * (x - root)),
          (x: number) => Math.atan(1e3 * (x - root)),
        ];
        const { x, converged } = bracketedRoot(shapes[shape], -1, 1);
        expect(converged).toBe(true);
        expect(x).toBeCloseTo(root, shape === 1 ? 5 : 12);
      }),
    );
  });

  it('needs a change of sign, and says when it ran out of tries', () => {
    expect(() => bracketedRoot((x) => x * x + 1, -1, 1)).toThrow('no change of sign');
    expect(() => bracketedRoot(() => NaN, -1, 1)).toThrow('no change of sign');
    expect(bracketedRoot((x) => Math.cbrt(x - 0.3), -1, 1, 1e-15, 5).converged).toBe(false);
  });
});

describe('a bracketed minimum', () => {
  it('is found to the square root of the precision', () => {
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), (at) => {
        const { x, converged } = bracketedMinimum((u) => Math.cosh(u - at), -10, 10);
        expect(converged).toBe(true);
        expect(Math.abs(x - at)).toBeLessThan(2e-7);
      }),
    );
  });

  it('goes to the end where the function only falls', () => {
    expect(bracketedMinimum((x) => x, -16, 16).x).toBeCloseTo(-16, 6);
  });
});
