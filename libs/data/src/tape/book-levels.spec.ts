import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { decodeLevels, encodeLevels } from './book-levels.js';

const level = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 1_000_000 }), fc.maxSafeNat());
const coarse = fc.tuple(
  fc.constantFrom(0, 1),
  fc.integer({ min: 0, max: 100 }).map((cents) => cents * 10_000),
  fc.integer({ min: 0, max: 90 }).map((contracts) => contracts * 100),
);

describe('levels of a book', () => {
  it('come back as they were, in whatever order and size', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(level, { maxLength: 60 }), fc.array(coarse, { maxLength: 60 })), (triples) => {
        const levels = Float64Array.from(triples.flat());
        expect(decodeLevels(encodeLevels(levels))).toEqual(levels);
      }),
    );
  });

  it('are as small as a dense book allows', () => {
    const levels = Float64Array.from(
      Array.from({ length: 80 }, (_, i) => [
        i < 40 ? 0 : 1,
        10_000 * (i < 40 ? 50 - i : 11 + i),
        100 * (i * 37 + 1),
      ]).flat(),
    );
    expect(encodeLevels(levels).length).toBeLessThan(80 * 3 + 8);
  });

  it('are read as doubles where they were written so', () => {
    const levels = Float64Array.of(0, 480_000, 1_200, 1, 490_000, 50);
    const bytes = Buffer.alloc(levels.length * 8);
    levels.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
    expect(decodeLevels(bytes)).toEqual(levels);
  });

  it('are refused when they are none: halves, below zero, broken off, of a later kind', () => {
    for (const levels of [Float64Array.of(0, 10_000, 0.5), Float64Array.of(0, -1, 100), Float64Array.of(0, NaN, 100)])
      expect(() => encodeLevels(levels)).toThrow(Defect);
    const bytes = encodeLevels(Float64Array.of(0, 480_000, 1_200, 1, 490_000, 50));
    expect(() => decodeLevels(bytes.subarray(0, bytes.length - 1))).toThrow(Defect);
    expect(() => decodeLevels(Buffer.from([9, 1, 1]))).toThrow(Defect);
  });
});
