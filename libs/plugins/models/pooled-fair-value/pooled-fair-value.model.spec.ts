import { describe, expect, it } from 'vitest';
import { conformanceWorld, modelBench, modelConformance } from '#plugin-sdk/testing';
import { logit, sigmoid } from '#quant';
import { POOL_MEMBERS, pooledFairValue } from './pooled-fair-value.model.js';

const X = 'kalshi:X';
const [QUOTES, TRADES] = POOL_MEMBERS;
const BOOK = { bids: [['0.48', 100]], asks: [['0.50', 100]] } as const;

const bench = (config: Record<string, unknown> = {}) => modelBench(pooledFairValue, { markets: [{ id: X }], config });
/** A member believes log-odds of this mean and deviation. */
function believe(story: ReturnType<typeof bench>, model: string, mean: number, deviation: number) {
  const [low, high] = [-1.959963984540054, 1.959963984540054].map((z) => sigmoid(mean + z * deviation));
  return story.believe(X, 'fair', sigmoid(mean), low, high, model);
}
const fairOf = (said: readonly { name: string; value: number; low?: number; high?: number }[]) => {
  const fair = said.find(({ name }) => name === 'fair') as { value: number; low: number; high: number };
  const [below, above] = [logit(fair.low), logit(fair.high)];
  return { mean: (below + above) / 2, deviation: (above - below) / (2 * 1.959963984540054) };
};
const shareOf = (said: readonly { name: string; value: number }[]) =>
  said.find(({ name }) => name === 'pool-share')?.value;

const estimates = POOL_MEMBERS.map((model) => ({ name: 'fair', model }));

describe('pooled fair value', () => {
  it.each(modelConformance(pooledFairValue, { ...conformanceWorld, estimates }))('$name', ({ run }) =>
    expect(run).not.toThrow(),
  );

  it('lies between what quotes and trades say, nearer to the surer, and is no surer than that one', () => {
    const story = bench({ weight: 0.5 });
    believe(story, QUOTES, 0.4, 0.1);
    believe(story, TRADES, 1, 0.2);
    const said = story.book(X, BOOK);
    // Precisions 100 and 25, each at half weight.
    expect(shareOf(said)).toBeCloseTo(0.8, 9);
    expect(fairOf(said).mean).toBeCloseTo(0.8 * 0.4 + 0.2 * 1, 9);
    expect(fairOf(said).deviation).toBeCloseTo(Math.sqrt(1 / 62.5), 9);
  });

  it('weighs them as it is told', () => {
    for (const [weight, mean] of [
      [1, 0.4],
      [0, 1],
    ]) {
      const story = bench({ weight });
      believe(story, QUOTES, 0.4, 0.1);
      believe(story, TRADES, 1, 0.2);
      expect(fairOf(story.book(X, BOOK)).mean).toBeCloseTo(mean, 9);
    }
  });

  it('is the word of one of them where the other is silent, or has been for long', () => {
    const story = bench({ maxAgeSeconds: 60 });
    expect(story.book(X, BOOK)).toEqual([]);
    believe(story, TRADES, 1, 0.2);
    const alone = story.trade(X, { price: '0.5', contracts: 1 });
    expect(fairOf(alone).mean).toBeCloseTo(1, 9);
    expect(shareOf(alone)).toBe(0);
    story.later(61_000);
    believe(story, QUOTES, 0.4, 0.1);
    const later = story.book(X, BOOK);
    expect(fairOf(later)).toEqual({ mean: expect.closeTo(0.4, 9), deviation: expect.closeTo(0.1, 9) });
    expect(shareOf(later)).toBe(1);
  });

  it('speaks when a member has, and not otherwise; of the weights only when they moved', () => {
    const story = bench();
    believe(story, QUOTES, 0.4, 0.1);
    believe(story, TRADES, 1, 0.2);
    expect(story.book(X, BOOK).map(({ name }) => name)).toEqual(['fair', 'pool-share']);
    expect(story.again(X)).toEqual([]);
    story.later(1_000);
    believe(story, QUOTES, 0.41, 0.1);
    expect(story.again(X).map(({ name }) => name)).toEqual(['fair']);
    believe(story, QUOTES, 0.42, 0.2);
    expect(story.wait(1_000).map(({ name }) => name)).toEqual(['fair', 'pool-share']);
  });
});
