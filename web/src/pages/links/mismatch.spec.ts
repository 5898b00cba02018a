import { expect, it } from 'vitest';
import { mismatchOf, mismatchText } from './mismatch';

it('reads a percentage and writes the same back', () => {
  for (const [text, value] of [
    ['0.2', 0.002],
    ['100', 1],
    ['0', 0],
    ['1.2345', 0.012345],
  ] as const) {
    expect(mismatchOf(text)).toEqual({ value });
    expect(mismatchText(value)).toBe(text);
  }
  expect(mismatchOf(' 2 % ')).toEqual({ value: 0.02 });
});

it('takes nothing for unknown, and refuses what is no share', () => {
  expect(mismatchOf('')).toEqual({ value: null });
  expect(mismatchText(null)).toBe('');
  for (const wrong of ['-1', '100.1', '1e-3', 'few', '1.23456']) expect(mismatchOf(wrong)).toHaveProperty('problem');
});
