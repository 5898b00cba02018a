import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { mulberry32 } from '../random.js';
import {
  addsTo,
  cosine,
  decayImpulse,
  DUPLICATE_FROM,
  fitResponse,
  hearStance,
  jaccard,
  meanStance,
  novelty,
  openNewsImpulse,
  RollingScore,
  Story,
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

describe('how prices answer news', () => {
  const random = mulberry32(7);
  const noise = (): number => random() + random() + random() - 1.5;
  const z = Array.from({ length: 400 }, () => 4 * noise());

  it('is found where it is, with its doubt', () => {
    const fit = fitResponse(
      z,
      z.map((each) => 0.1 * each + 0.2 * noise()),
    );
    expect(fit.slope).toBeCloseTo(0.1, 2);
    expect(fit.slopeError).toBeGreaterThan(0);
    expect(fit.outOfSampleT).toBeGreaterThan(5);
    expect(fit.outOfSample).toBe(380);
  });

  it('is nothing where there is none, and nothing yet where there are few', () => {
    expect(fitResponse(z, z.map(noise)).slope).toBe(0);
    const few = z.slice(0, 110);
    expect(fitResponse(few, few).slope).toBe(0);
    expect(fitResponse([], [])).toMatchObject({ slope: 0, events: 0, outOfSampleT: null });
  });

  it('is not carried by one wild event', () => {
    const wild = fitResponse([...z, 1e6], [...z.map((each) => 0.1 * each), -1e6]);
    expect(wild.slope).toBeCloseTo(0.1, 1);
  });
});

describe('what an item adds to a story', () => {
  it('is nothing when it repeats, and names what it repeats', () => {
    const earlier = [{ id: 'a', words: tokens('ordan leads in new poll'), at: 0 }];
    expect(addsTo({ words: tokens('Ordan leads in new poll'), at: 1_000 }, earlier)).toEqual({
      novelty: 0,
      echoOf: 'a',
    });
    expect(addsTo({ words: tokens('storm nears port'), at: 1_000 }, earlier)).toEqual({ novelty: 1, echoOf: null });
    expect(addsTo({ words: tokens('x'), at: 0 }, [])).toEqual({ novelty: 1, echoOf: null });
    // Nothing but the newest 500 counts.
    const long = [...earlier, ...Array.from({ length: 500 }, (_, i) => ({ id: `${i}`, words: [`w${i}`], at: 1 }))];
    expect(addsTo({ words: tokens('Ordan leads in new poll'), at: 2 }, long).novelty).toBe(1);
    const near = addsTo({ words: tokens('ordan leads as storm nears'), at: 1_000 }, earlier);
    expect(near.novelty).toBeGreaterThan(0);
    expect(near.novelty).toBeLessThan(1);
  });

  it('is what the formulas give over the whole story, however it grew', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    const story = fc.array(fc.array(word, { maxLength: 8 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(story, (texts) => {
        const grown = new Story();
        texts.forEach((words, i) => {
          const before = texts.slice(0, i);
          const vectors = tfidf([words, ...before]);
          const alike = before.map((one, j) => ({
            similarity: Math.max(jaccard(words, one), cosine(vectors[0], vectors[j + 1])),
            age: (i - j) * 3_600,
          }));
          const answer = grown.addsTo({ words, at: i * 3_600_000 });
          expect(answer.novelty).toBeCloseTo(novelty(alike), 12);
          const first = alike.findIndex(({ similarity }) => similarity >= DUPLICATE_FROM);
          expect(answer.echoOf).toBe(first < 0 ? null : `${first}`);
          grown.add({ id: `${i}`, words, at: i * 3_600_000 });
        });
      }),
      { numRuns: 60 },
    );
  });
});
