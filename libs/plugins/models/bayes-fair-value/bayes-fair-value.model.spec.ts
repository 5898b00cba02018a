import { describe, expect, it } from 'vitest';
import { modelBench, modelConformance } from '#plugin-sdk/testing';
import { bayesFairValue } from './bayes-fair-value.model.js';

const X = 'kalshi:X';
const HOUR = 3_600_000;

const bench = (config: Record<string, unknown> = {}, category = 'Politics') =>
  modelBench(bayesFairValue, { markets: [{ id: X, category }], config: { publishMs: 0, ...config } });
const fair = (said: readonly { value: number; low?: number; high?: number }[]) => {
  expect(said).toHaveLength(1);
  return said[0] as { value: number; low: number; high: number };
};

describe('bayes fair value', () => {
  it.each(modelConformance(bayesFairValue))('$name', ({ run }) => expect(run).not.toThrow());

  it('begins with the base rate of the category and moves towards what is paid', () => {
    const priors = [{ category: 'politics', mean: 0.65, strength: 100 }];
    const small = fair(bench({ priors }).trade(X, { price: '0.40', contracts: 1 }));
    expect(small.value).toBeCloseTo(0.65, 2);
    const story = bench({ priors });
    let last = small;
    for (let i = 0; i < 200; i++) last = fair(story.trade(X, { price: '0.40', contracts: 500 }));
    expect(last.value).toBeLessThan(0.5);
    expect(last.value).toBeGreaterThan(0.4);
    const other = fair(bench({ priors }, 'Sport').trade(X, { price: '0.50', contracts: 1 }));
    expect(other.value).toBeCloseTo(0.5, 12);
  });

  it('does not take one huge order for proof, nor many for certainty', () => {
    const story = bench();
    const first = fair(story.trade(X, { price: '0.90', contracts: 1_000_000 }));
    // Five counts at most against a prior of ten.
    expect(first.value).toBeCloseTo((5 + 4.5) / 15, 12);
    let last = first;
    for (let i = 0; i < 1_000; i++) last = fair(story.trade(X, { price: '0.90', contracts: 1_000 }));
    expect(last.high - last.low).toBeGreaterThan(0.05);
  });

  it('forgets towards the base rate when nothing is traded', () => {
    const story = bench();
    const before = fair(story.trade(X, { price: '0.90', contracts: 1_000_000 }));
    const later = fair(story.wait(HOUR));
    expect(later.value).toBeLessThan(before.value);
    expect(fair(story.wait(1_000 * HOUR)).value).toBeCloseTo(0.5, 9);
  });

  it('ignores a price that is none', () => {
    const story = bench();
    expect(story.trade(X, { price: '1', contracts: 10 })).toEqual([]);
    expect(story.trade(X, { price: '0', contracts: 10 })).toEqual([]);
    expect(story.trade(X, { price: '0.5', contracts: 0 })).toEqual([]);
  });

  it('has an interval that holds the mean, also for a lopsided belief', () => {
    const { low, value, high } = fair(
      bench({ priorMean: 0.002, priorStrength: 0.5 }).trade(X, { price: '0.01', contracts: 1 }),
    );
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
  });

  it('counts every contract as a trial when asked to be the original', () => {
    const priors = [{ category: 'Politics', mean: 0.65, strength: 100 }];
    const story = bench({ mode: 'original', priors });
    const after = fair(story.trade(X, { price: '0.50', contracts: 1_000 }));
    expect(after.value).toBeCloseTo((65 + 450) / 1_000, 12);
    const reach = 1.96 * Math.sqrt((after.value * (1 - after.value)) / 1_001);
    expect(after.high - after.value).toBeCloseTo(reach, 12);
    expect(fair(story.wait(1_000 * HOUR)).value).toBe(after.value);
  });
});
