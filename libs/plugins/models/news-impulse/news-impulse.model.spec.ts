import { describe, expect, it } from 'vitest';
import type { ModelOutput } from '#plugin-sdk';
import { conformanceWorld, modelBench, modelConformance } from '#plugin-sdk/testing';
import { newsImpulse } from './news-impulse.model.js';
import { RESPONSE_KEY, sourceKey, sourceWeight } from './parameters.js';

const X = 'kalshi:X';
const HALF_HOUR = 30 * 60_000;
const bench = (config: Record<string, unknown> = {}) => {
  const story = modelBench(newsImpulse, { markets: [{ id: X }], config });
  story.book(X, { bids: [['0.49', 10]], asks: [['0.51', 10]] });
  return story.fitted(sourceKey('wire'), { weight: 0.5 });
};
const of = (said: readonly ModelOutput[], name: string): number => said.find((one) => one.name === name)?.value ?? NaN;

describe('news impulse', () => {
  it.each(modelConformance(newsImpulse, { ...conformanceWorld, news: true, config: { unknownWeight: 0.5 } }))(
    '$name',
    ({ run }) => expect(run).not.toThrow(),
  );

  it('adds stances by weight and lets them fade, the fast sum before the slow one', () => {
    const story = bench();
    const first = story.tell(X, { stance: 1, relevance: 0.8, confidence: 0.5 });
    // 0.8 × 0.5 × 0.5 in both sums, the slow one counting 10/120 of it.
    expect(of(first, 'news')).toBeCloseTo(0.2 * (1 - 10 / 120), 12);
    const later = story.wait(10 * 60_000);
    expect(of(later, 'news')).toBeCloseTo(0.1 - (0.2 * 2 ** (-10 / 120) * 10) / 120, 12);
  });

  it('hears no echo, no stale item, nothing of little relevance, and no source nobody has judged', () => {
    expect(bench().tell(X, { stance: 1, novelty: 0 })).toEqual([]);
    expect(bench().tell(X, { stance: 1, ageMs: HALF_HOUR + 1 })).toEqual([]);
    expect(bench().tell(X, { stance: 1, relevance: 0.29 })).toEqual([]);
    expect(bench().tell(X, { stance: 1, source: 'stranger' })).toEqual([]);
    expect(bench().tell('kalshi:Y', { stance: 1 })).toEqual([]);
  });

  it('expects no move before a fit has proved one, and then a bounded one with its doubt', () => {
    const story = bench();
    expect(of(story.tell(X, { stance: 1 }), 'news-shift')).toBe(0);
    const fitted = bench().fitted(RESPONSE_KEY, { slope: 0.1, slopeError: 0.02, residualVariance: 0.01 });
    const said = fitted.tell(X, { stance: -0.6 });
    const shift = said.find(({ name }) => name === 'news-shift')!;
    expect(shift.value).toBeCloseTo(0.1 * of(said, 'news-z'), 12);
    expect(shift.value).toBeLessThan(0);
    expect(shift.high! - shift.value).toBeGreaterThan(0.1);
    expect(of(fitted.tell(X, { stance: -1 }), 'news-shift')).toBe(-0.5);
  });

  it('measures what is unusual against earlier samples only', () => {
    const story = bench();
    const z = of(story.tell(X, { stance: 1 }), 'news-z');
    // Five samples of silence before, and the floor under their deviation.
    expect(z).toBeCloseTo((0.5 * (1 - 10 / 120)) / 0.1, 12);
  });
});

describe('weight of a source', () => {
  it('is nothing without proof and grows with it', () => {
    expect(sourceWeight(0, 0)).toBe(0);
    expect(sourceWeight(0, 50)).toBe(0);
    expect(sourceWeight(80, 100)).toBeCloseTo((2 * 85) / 110 - 1, 12);
    expect(sourceWeight(1_000_000, 1_000_000)).toBeLessThanOrEqual(1);
  });
});
