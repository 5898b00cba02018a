import { describe, expect, it } from 'vitest';
import type { FeeRule } from '#core';
import { conformanceWorld, strategyBench, strategyConformance, type BookText } from '#plugin-sdk/testing';
import type { EdgeConfig } from './config.schema.js';
import { fairValueEdge } from './fair-value-edge.strategy.js';

const X = 'kalshi:X';
const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };

/** 10,000 dollars; whichever model speaks is believed whole unless the story says otherwise. */
const bench = (config: Record<string, unknown> = {}, fee: FeeRule | null = { kind: 'none' }) =>
  strategyBench(fairValueEdge, { markets: [{ id: X, fee }], config: { fairValue: 'any', trust: 1, ...config } });
const book = (bid: number, ask: number, contracts = 1_000): BookText => ({
  bids: [[bid.toFixed(2), contracts]],
  asks: [[ask.toFixed(2), contracts]],
});

/** The model believes this, narrowly, and then the book is seen. */
function after(story: ReturnType<typeof bench>, fair: number, seen: BookText, reach = 0.01) {
  story.believe(X, 'fair', fair, fair - reach, fair + reach);
  return story.book(X, seen);
}

describe('fair-value edge', () => {
  const estimates = [{ name: 'fair', model: 'pooled-fair-value' }];
  it.each(strategyConformance(fairValueEdge, { ...conformanceWorld, estimates }))('$name', ({ run }) =>
    expect(run).not.toThrow(),
  );

  it('trades on the fair value it was told to, whoever else speaks', () => {
    const said = (fairValue: string) => {
      const story = bench({ fairValue });
      story.believe(X, 'fair', 0.6, 0.59, 0.61, 'kalman-fair-value');
      story.believe(X, 'fair', 0.4, 0.39, 0.41, 'bayes-fair-value');
      return story.book(X, book(0.49, 0.51)).said;
    };
    expect(said('kalman')[0]).toMatch(/^buy \d+ yes/);
    expect(said('bayes')[0]).toMatch(/^buy \d+ no/);
    expect(said('pooled')).toEqual([]);
    expect(said('any')).toEqual(said('bayes'));
  });

  it('asks for the models that its fair value is made by', () => {
    const needed = (fairValue: 'kalman' | 'bayes' | 'pooled' | 'any') =>
      fairValueEdge.needsModels?.({ ...(bench().view.config as EdgeConfig), fairValue });
    expect(['kalman', 'bayes', 'pooled', 'any'].map((each) => needed(each as 'any'))).toEqual([
      ['kalman-fair-value'],
      ['bayes-fair-value'],
      ['pooled-fair-value'],
      [],
    ]);
  });

  it('goes on hearing whoever spoke last where an older version was told nothing', () => {
    const brought = fairValueEdge.migrateConfig?.({ version: '1.0.0', config: { estimate: 'fair', trust: 0.7 } });
    expect(brought).toEqual({ fairValue: 'any', estimate: 'fair', trust: 0.7 });
  });

  it('buys YES that costs less than it is worth, and NO likewise', () => {
    expect(after(bench(), 0.6, book(0.48, 0.5)).said).toEqual([`buy 400 yes ${X} at 0.5`]);
    expect(after(bench(), 0.4, book(0.5, 0.52)).said).toEqual([`buy 400 no ${X} at 0.5`]);
  });

  it('says in its reason what it saw', () => {
    expect(after(bench(), 0.6, book(0.48, 0.5)).order.reason).toMatch(
      /^YES is worth 0\.\d{3} and costs 0\.500 with fees: edge 0\.\d{3}, 100 % likely$/,
    );
  });

  it('does nothing without a fresh estimate, a band, trust or a known fee', () => {
    expect(bench().book(X, book(0.48, 0.5)).said).toEqual([]);
    const old = bench();
    old.believe(X, 'fair', 0.6, 0.59, 0.61);
    old.wait(60_001);
    expect(old.book(X, book(0.48, 0.5)).said).toEqual([]);
    expect(after(bench({}, null), 0.6, book(0.48, 0.5)).said).toEqual([]);
    const untrusted = bench();
    untrusted.trust(X, false);
    expect(after(untrusted, 0.6, book(0.48, 0.5)).said).toEqual([]);
    expect(after(bench({ trust: 0 }), 0.6, book(0.48, 0.5)).said).toEqual([]);
  });

  it('is not tempted by an edge that fees, the spread or doubt eat', () => {
    expect(after(bench(), 0.53, book(0.49, 0.5)).said).toHaveLength(1);
    expect(after(bench({}, KALSHI), 0.53, book(0.49, 0.5)).said).toEqual([]);
    expect(after(bench(), 0.53, book(0.4, 0.5)).said).toEqual([]);
    expect(after(bench(), 0.53, book(0.49, 0.5), 0.25).said).toEqual([]);
  });

  it('buys less the less sure the model is', () => {
    const contracts = (reach: number): number =>
      after(bench({ maxShare: 1, maxContracts: 100_000 }), 0.6, book(0.48, 0.5, 50_000), reach).order.legs[0].size;
    expect(contracts(0.15)).toBeLessThan(0.8 * contracts(0.01));
  });

  it('wants more edge of a volatile market and bets less on it', () => {
    const said = (regime: number, fair: number, config = {}) => {
      const story = bench(config);
      story.believe(X, 'regime', regime, regime, regime);
      return after(story, fair, book(0.48, 0.5)).said;
    };
    expect(said(0, 0.527)).toHaveLength(1);
    expect(said(1, 0.527)).toEqual([]);
    expect(said(1, 0.535)).toHaveLength(1);
    const kelly = { kelly: 0.02, maxShare: 1, maxContracts: 100_000 };
    expect(said(0, 0.6, kelly)).toEqual([`buy 80 yes ${X} at 0.5`]);
    expect(said(1, 0.6, kelly)).toEqual([`buy 40 yes ${X} at 0.5`]);
  });

  it('climbs the book only as far as the edge lasts', () => {
    const seen: BookText = {
      bids: [['0.49', 100]],
      asks: [
        ['0.50', 100],
        ['0.55', 100],
        ['0.59', 100],
      ],
    };
    expect(after(bench({ maxShare: 1 }), 0.6, seen).said).toEqual([`buy 200 yes ${X} at 0.55`]);
  });

  it('counts what it holds, and does not ask twice at once', () => {
    expect(after(bench().hold(X, 'yes', 150), 0.6, book(0.48, 0.5)).said).toEqual([`buy 250 yes ${X} at 0.5`]);
    expect(after(bench().hold(X, 'yes', 400), 0.6, book(0.48, 0.5)).said).toEqual([]);
    const story = bench();
    after(story, 0.6, book(0.48, 0.5));
    expect(story.again(X).said).toEqual([]);
    expect(after(bench().working(X), 0.6, book(0.48, 0.5)).said).toEqual([]);
  });

  it('asks Kelly what is left to buy beside what it holds: no more once it holds what Kelly wants', () => {
    const kelly = { kelly: 0.02, maxShare: 1, maxContracts: 100_000 };
    const more = (held: number, other = 0) => {
      const story = bench(kelly).hold(X, 'yes', held);
      if (other > 0) story.hold(X, 'no', other);
      return after(story, 0.6, book(0.48, 0.5)).said;
    };
    expect(more(0)).toEqual([`buy 80 yes ${X} at 0.5`]);
    // The 40 held are wealth too: a fiftieth of their 20 dollars is worth a contract less than one.
    expect(more(40)).toEqual([`buy 40 yes ${X} at 0.5`]);
    expect(more(85)).toEqual([]);
  });

  it('sells when the bid pays more than holding does, after the fee', () => {
    const held = () => bench({}, KALSHI).hold(X, 'yes', 100);
    expect(after(held(), 0.6, book(0.65, 0.67)).said).toEqual([`sell 100 yes ${X} at 0.65`]);
    expect(after(held(), 0.64, book(0.65, 0.67)).said).toEqual([]);
    expect(after(bench().hold(X, 'no', 70), 0.6, book(0.5, 0.52)).said).toEqual([`sell 70 no ${X} at 0.48`]);
  });

  it('opens nothing in the last minutes, and nothing in a market that does not trade', () => {
    const late = bench();
    late.market(X, { closesAt: late.view.now + 9 * 60_000 });
    expect(after(late, 0.6, book(0.48, 0.5)).said).toEqual([]);
    expect(after(bench().market(X, { status: 'paused' }), 0.6, book(0.48, 0.5)).said).toEqual([]);
  });
});
