import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import {
  cosine,
  decayImpulse,
  hearStance,
  jaccard,
  meanStance,
  novelty,
  openNewsImpulse,
  RollingScore,
  tfidf,
  tokens,
  wordCounts,
} from './index.js';

describe('how alike two texts are', () => {
  it('sees words, in any script, and no punctuation', () => {
    expect(tokens('Fed cuts: 0.25% – in Zürich!')).toEqual(['fed', 'cuts', '0', '25', 'in', 'zürich']);
    expect(tokens('Zürich', true)).toEqual(['z', 'rich']);
    expect(tokens('…')).toEqual([]);
  });

  it('is 1 with itself, the same either way, and within 0…1', () => {
    const text = fc.array(fc.constantFrom('fed', 'cuts', 'rate', 'storm', 'senate', 'vote'), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [x, y] = tfidf([a, b, ['fed', 'storm']]);
        for (const [one, other] of [
          [jaccard(a, b), jaccard(b, a)],
          [cosine(wordCounts(a), wordCounts(b)), cosine(wordCounts(b), wordCounts(a))],
          [cosine(x, y), cosine(y, x)],
        ]) {
          expect(one).toBeCloseTo(other, 12);
          expect(one).toBeGreaterThanOrEqual(0);
          expect(one).toBeLessThanOrEqual(1 + 1e-12);
        }
        if (a.length > 0) {
          expect(jaccard(a, a)).toBe(1);
          expect(cosine(x, x)).toBeCloseTo(1, 12);
        }
      }),
    );
    expect(jaccard([], [])).toBe(0);
    expect(cosine(wordCounts([]), wordCounts(['a']))).toBe(0);
  });

  it('makes a second copy no news at all, and an old story new again', () => {
    expect(novelty([])).toBe(1);
    expect(novelty([{ similarity: 0.85, age: 1e6 }])).toBe(0);
    expect(novelty([{ similarity: 0.5, age: 0 }])).toBe(0.5);
    expect(
      novelty([
        { similarity: 0.5, age: 6 * 3_600 },
        { similarity: 0.1, age: 0 },
      ]),
    ).toBe(0.75);
  });
});

describe('what news adds up to', () => {
  it('halves at its half-life and keeps its mean stance', () => {
    const impulse = openNewsImpulse();
    expect(meanStance(impulse)).toBe(0);
    hearStance(impulse, 0.5, 2);
    hearStance(impulse, -0.5, 1);
    const mean = meanStance(impulse);
    decayImpulse(impulse, 1_800, 1_800);
    expect(impulse.sum).toBeCloseTo(0.25, 15);
    expect(meanStance(impulse)).toBeCloseTo(mean, 15);
  });

  it('hears nothing from what is no number, and no clock that runs back', () => {
    const impulse = openNewsImpulse();
    expect(hearStance(impulse, NaN, 1)).toBe(false);
    expect(hearStance(impulse, 1, -1)).toBe(false);
    expect(decayImpulse(impulse, -1, 10)).toBe(false);
    expect(impulse).toEqual({ sum: 0, weight: 0 });
  });
});

describe('how unusual a value is', () => {
  it('is measured against the ones before it only', () => {
    const scores = new RollingScore(3, 2, 1e-6);
    expect(scores.next(1)).toBeNaN();
    expect(scores.next(3)).toBeNaN();
    expect(scores.next(2 + Math.SQRT2)).toBeCloseTo(1, 12);
    // 1 has left the window after this one.
    scores.next(3);
    expect(scores.next(3)).toBeCloseTo((3 - (3 + 2 + Math.SQRT2 + 3) / 3) / deviation([3, 2 + Math.SQRT2, 3]), 12);
  });

  it('has a floor under what counts as usual', () => {
    const scores = new RollingScore(5, 2, 0.5);
    scores.next(1);
    scores.next(1);
    expect(scores.next(2)).toBe(2);
    expect(() => new RollingScore(5, 1, 1)).toThrow(Defect);
    expect(() => new RollingScore(3, 5, 1)).toThrow(Defect);
  });
});

const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};
