import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulDiv, notional, type Rounding } from './money.js';
import { Defect } from './problems.js';

/** Rational arithmetic the slow way. */
function reference(a: number, b: number, c: number, rounding: Rounding): bigint {
  const n = BigInt(a) * BigInt(b) * (rounding === 'half-up' ? 2n : 1n) + (rounding === 'half-up' ? BigInt(c) : 0n);
  const d = BigInt(c) * (rounding === 'half-up' ? 2n : 1n);
  const truncated = n / d;
  if (n % d === 0n) return truncated;
  if (rounding === 'ceil') return n > 0n ? truncated + 1n : truncated;
  return n < 0n ? truncated - 1n : truncated;
}

const rounding = fc.constantFrom<Rounding>('floor', 'ceil', 'half-up');

describe('mulDiv', () => {
  it('rounds as asked, below zero too', () => {
    expect(mulDiv(7, 1, 2, 'floor')).toBe(3);
    expect(mulDiv(7, 1, 2, 'ceil')).toBe(4);
    expect(mulDiv(7, 1, 2, 'half-up')).toBe(4);
    expect(mulDiv(-7, 1, 2, 'floor')).toBe(-4);
    expect(mulDiv(-7, 1, 2, 'ceil')).toBe(-3);
    expect(mulDiv(-7, 1, 2, 'half-up')).toBe(-3);
    expect(mulDiv(0, -5, 3, 'ceil')).toBe(0);
  });

  it('equals rational arithmetic, products beyond 2^53 included', () => {
    const factor = fc.oneof(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    );
    fc.assert(
      fc.property(factor, factor, fc.integer({ min: 1, max: 2 ** 40 }), rounding, (a, b, c, how) => {
        const want = reference(a, b, c, how);
        if (want > BigInt(Number.MAX_SAFE_INTEGER) || want < -BigInt(Number.MAX_SAFE_INTEGER)) return;
        expect(BigInt(mulDiv(a, b, c, how))).toBe(want);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a quotient that no exact integer holds', () => {
    expect(() => mulDiv(2 ** 52, 2 ** 52, 1, 'floor')).toThrow(Defect);
  });
});

describe('notional', () => {
  it('is price times contracts in micro-dollars', () => {
    expect(notional(450_000, 10_000)).toBe(45_000_000);
    expect(notional(1_000, 22_727)).toBe(227_270);
    expect(notional(1, 150)).toBe(1);
  });
});
