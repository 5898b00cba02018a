import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal, formatPrice, formatSize, parsePrice, parseSignedSize, parseSize } from './decimal.js';

describe('decimal text', () => {
  it('reads prices as micro-dollars', () => {
    expect(parsePrice('0.4100')).toBe(410_000);
    expect(parsePrice('.48')).toBe(480_000);
    expect(parsePrice('1')).toBe(1_000_000);
    expect(parsePrice('0')).toBe(0);
    expect(parsePrice('0.001')).toBe(1_000);
    expect(parsePrice('0.1234560000')).toBe(123_456);
  });

  it('reads sizes as hundredths', () => {
    expect(parseSize('304193.97')).toBe(30_419_397);
    expect(parseSize('125')).toBe(12_500);
    expect(parseSize('5.500000')).toBe(550);
    expect(parseSignedSize('-54.00')).toBe(-5_400);
    expect(parseSignedSize('12.5')).toBe(1_250);
    expect(parseSignedSize('-0.00')).toBe(0);
  });

  it.each([
    '',
    '.',
    '-',
    'abc',
    '1e-7',
    '1,5',
    ' 0.5',
    '0.5 ',
    '+1',
    '0..5',
    '0.5.',
    '5.',
    '--1',
    '0x1',
    'NaN',
    '-0.1',
    '０.５',
  ])('refuses %j', (text) => {
    expect(parsePrice(text)).toBeNaN();
    expect(parseSize(text)).toBeNaN();
  });

  it('refuses what is finer than its unit, above 1 for a price, or beyond exact integers', () => {
    expect(parsePrice('0.1234567')).toBeNaN();
    expect(parseSize('0.001')).toBeNaN();
    expect(parsePrice('1.000001')).toBeNaN();
    expect(parseSize('99999999999999999')).toBeNaN();
    expect(parseSignedSize('-0.001')).toBeNaN();
  });

  it('writes the shortest decimal', () => {
    expect(formatPrice(410_000)).toBe('0.41');
    expect(formatPrice(0)).toBe('0');
    expect(formatPrice(1_000_000)).toBe('1');
    expect(formatPrice(1)).toBe('0.000001');
    expect(formatSize(12_500)).toBe('125');
    expect(formatSize(3_041_937)).toBe('30419.37');
    expect(formatSize(-5_400)).toBe('-54');
    expect(formatDecimal(-5, 2)).toBe('-0.05');
  });

  it('gives back every price and size it wrote', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.maxSafeNat(),
        fc.maxSafeInteger(),
        (price, size, change) => {
          expect(parsePrice(formatPrice(price))).toBe(price);
          expect(parseSize(formatSize(size))).toBe(size);
          expect(parseSignedSize(formatSize(change))).toBe(change);
        },
      ),
    );
  });

  it('never returns anything but an exact integer or NaN, whatever the text', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+.0-9e]{0,24}$/));
    const sound = (n: number): boolean => Number.isNaN(n) || Number.isSafeInteger(n);
    fc.assert(
      fc.property(texts, (text) => {
        expect([parsePrice(text), parseSize(text), parseSignedSize(text)].every(sound)).toBe(true);
      }),
    );
  });
});
