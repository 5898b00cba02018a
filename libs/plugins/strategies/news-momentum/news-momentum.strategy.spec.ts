import { describe, expect, it } from 'vitest';
import type { FeeRule } from '#core';
import {
  conformanceWorld,
  strategyBench,
  strategyConformance,
  type BookText,
  type NewsText,
} from '#plugin-sdk/testing';
import { newsMomentum } from './news-momentum.strategy.js';

const X = 'kalshi:X';
const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const bench = (config: Record<string, unknown> = {}, fee: FeeRule | null = { kind: 'none' }) => {
  const story = strategyBench(newsMomentum, { markets: [{ id: X, fee }], config });
  story.book(X, book(0.49, 0.51));
  return story;
};
const book = (bid: number, ask: number, contracts = 1_000): BookText => ({
  bids: [[bid.toFixed(2), contracts]],
  asks: [[ask.toFixed(2), contracts]],
});
/** The model expects this shift, and then the item is heard. */
const hear = (story: ReturnType<typeof bench>, shift: number, news: Partial<NewsText> = {}) => {
  story.believe(X, 'news-shift', shift, shift, shift);
  return story.tell(X, { stance: Math.sign(shift), ...news });
};

describe('news momentum', () => {
  it.each(strategyConformance(newsMomentum, { ...conformanceWorld, news: true, estimates: ['news-shift'] }))(
    '$name',
    ({ run }) => expect(run).not.toThrow(),
  );

  it('buys the side the news speaks for, and says why', () => {
    const bought = hear(bench(), 0.4);
    expect(bought.said).toEqual([`buy 50 yes ${X} at 0.51`]);
    expect(bought.order.reason).toMatch(/^“Good news for kalshi:X” lets expect 0\.599, the price is 0\.500$/);
    expect(hear(bench(), -0.4).said).toEqual([`buy 50 no ${X} at 0.51`]);
  });

  it('does not trade what fees and spread would eat', () => {
    expect(hear(bench(), 0.09).said).toEqual([]);
    expect(hear(bench({}, KALSHI), 0.18).said).toEqual([]);
    expect(hear(bench(), 0.18).said).toHaveLength(1);
    expect(hear(bench({}, null), 0.4).said).toEqual([]);
  });

  it('leaves echoes, old items and what the model does not expect alone', () => {
    expect(hear(bench(), 0.4, { novelty: 0.1 }).said).toEqual([]);
    expect(hear(bench(), 0.4, { ageMs: 121_000 }).said).toEqual([]);
    expect(hear(bench(), 0.4, { stance: -1 }).said).toEqual([]);
    expect(hear(bench(), 0).said).toEqual([]);
    expect(bench().tell(X, { stance: 1 }).said).toEqual([]);
  });

  it('does not pay for what the price has already done since publication', () => {
    const moved = bench();
    moved.wait(10_000);
    moved.book(X, book(0.58, 0.6));
    // Published when the mid was 0.50: a shift to 0.599 has nearly come.
    expect(hear(moved, 0.4, { ageMs: 10_000 }).said).toEqual([]);
    const fresh = bench();
    fresh.wait(10_000);
    fresh.book(X, book(0.58, 0.6));
    expect(hear(fresh, 0.4, { ageMs: 0 }).said).toHaveLength(1);
  });

  it('waits for a price a while, and no longer', () => {
    const story = bench();
    story.book(X, book(0.2, 0.8));
    expect(hear(story, 0.4, { ageMs: 0 }).said).toEqual([]);
    expect(story.book(X, book(0.49, 0.51)).said).toEqual([`buy 50 yes ${X} at 0.51`]);
    const late = bench();
    late.book(X, book(0.2, 0.8));
    hear(late, 0.4);
    late.wait(30_001);
    expect(late.book(X, book(0.49, 0.51)).said).toEqual([]);
  });

  it('sells after its time', () => {
    const story = bench();
    hear(story, 0.4);
    story.hold(X, 'yes', 50);
    story.wait(599_000);
    expect(story.book(X, book(0.55, 0.57)).said).toEqual([]);
    story.wait(1_001);
    expect(story.again(X).said).toEqual([`sell 50 yes ${X} at 0.55`]);
  });
});
