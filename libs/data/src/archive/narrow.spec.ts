import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowAt, narrowed, narrowest, widen, type WideNumbers } from './narrow.js';

/** Through the narrow form and back, rows `from` to before `to`; `null` where there is none. */
function roundTrip(values: readonly (number | null)[], into: WideNumbers, from = 0, to = values.length) {
  const how = narrowest(values);
  if (how === null) return null;
  const bytes = narrowed(values, how);
  widen(narrowAt(bytes.buffer, 0, values.length, how), how, from, to, into);
  return [...into.subarray(0, to - from)];
}

describe('a narrow column', () => {
  it('takes no more bytes than its values ask for', () => {
    const width = (...values: (number | boolean | null)[]) => narrowest(values)?.width ?? 'wide';
    expect(width(7, 7, 7)).toBe(0);
    expect(width(null, null)).toBe(0);
    expect(width(true, false)).toBe(1);
    expect(width(10_000, 990_000, 500_000)).toBe(1);
    expect(width(10_000, 990_001, 20_000)).toBe(4);
    expect(width(1_795_000_000_000, 1_795_000_060_000, 1_795_000_000_001)).toBe(2);
    expect(width(0, 2 ** 32)).toBe(1);
    expect(width(0, 1, 2 ** 32)).toBe('wide');
    expect(width(0.5, 1)).toBe('wide');
    expect(width(1, null)).toBe('wide');
    expect(width(null, 1)).toBe('wide');
    expect(width(0, -0)).toBe('wide');
    expect(width(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe('wide');
    expect(width()).toBe('wide');
  });

  it('gives back every value as it was, from any row to any row', () => {
    const whole = fc.oneof(
      fc.integer(),
      fc.integer({ min: 0, max: 99 }).map((n) => n * 10_000),
      fc.maxSafeInteger(),
      fc.integer({ min: 1_795_000_000_000, max: 1_795_000_060_000 }),
    );
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 60 }), fc.nat(60), fc.nat(60), (values, a, b) => {
        const [from, to] = [Math.min(a, b, values.length), Math.min(Math.max(a, b), values.length)];
        const back = roundTrip(values, new Float64Array(to - from + 3), from, to);
        expect(back ?? values.slice(from, to)).toEqual(values.slice(from, to));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 60 }), (values) => {
        expect(roundTrip(values, new Int32Array(values.length)) ?? values).toEqual(values);
      }),
    );
    expect(roundTrip([null, null], new Float64Array(2))).toEqual([NaN, NaN]);
  });
});
