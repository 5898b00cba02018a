import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type PluginId, type Price, type RiskLimits, type Size } from '#core';
import { defineStrategy } from '#plugin-sdk';
import { Type } from 'typebox';
import { testPairs } from './strategies.spec-support.js';
import { accountRecord, desk, link, testKernel, workflowRecord, TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';
const B = 'polymarket:x';
const CASH = 10_000_000_000;
/** 100 YES at 40¢ with 1.68 of fees, 100 NO at 45¢ with 0.99. */
const COST_A = 41_680_000;
const COST_B = 45_990_000;

/** Holds a pair of 100 contracts, by a link that may resolve differently one time in a hundred. */
function locked(over: Partial<RiskLimits> = {}): TapeDesk {
  return desk([testPairs])
    .act({
      kind: 'account',
      account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...over } }),
    })
    .market(A)
    .market(B)
    .add({ kind: 'link', link: link(A, B) })
    .act({ kind: 'workflow', workflow: workflowRecord({ config: { minEdge: 5_000, size: 10_000 } }) })
    .book(A, [[0.38, 500]], [[0.4, 100]])
    .book(B, [[0.55, 100]], [[0.6, 100]])
    .trust(A)
    .trust(B)
    .pass(100)
    .pass(300);
}
const account = (d: TapeDesk) => d.kernel!.look.accounts()[0];
const last = (d: TapeDesk) => d.heard.last('group-state');
const pays = (yesPays: number) => ({ kind: 'value', yesPays: yesPays as Price }) as const;

describe('a locked pair', () => {
  it('says its profit when it is filled, and realises it when its later leg is paid', () => {
    const d = locked();
    const profit = 100_000_000 - COST_A - COST_B;
    const opportunity = d.heard.of('opportunity')[0].opportunityId;
    expect(last(d)).toMatchObject({
      state: 'complete',
      opportunityId: opportunity,
      cost: COST_A + COST_B,
      lockedIn: profit,
      realised: null,
    });
    expect(account(d)).toMatchObject({ lockedIn: profit, realised: 0 });
    d.yes(A);
    expect(last(d).state).toBe('complete');
    expect(account(d)).toMatchObject({ realised: 100_000_000 - COST_A });
    d.yes(B);
    expect(last(d)).toMatchObject({
      state: 'settled',
      opportunityId: opportunity,
      cost: 0,
      realised: profit,
    });
    expect(last(d).causes).toContain(d.tape.length);
    expect(account(d)).toMatchObject({ lockedIn: 0, realised: profit, cash: CASH + profit });
  });

  it('is marked at what it pays less the mismatch, not at the spreads it crossed', () => {
    const d = locked();
    expect(account(d)).toMatchObject({ equity: CASH - COST_A - COST_B + 99_000_000 });
    const { cash, positions, lockedOverBids, equity } = account(d);
    expect(cash + positions.reduce((sum, one) => sum + one.value, 0) + lockedOverBids).toBe(equity);
    // Both bids vanish: what the pair pays does not.
    d.book(A, [], []).book(B, [], []).pass(1_000);
    expect(account(d)).toMatchObject({ equity, state: 'ACTIVE' });
    // Nor is it worth more where the bids say so.
    d.book(A, [[0.7, 100]], [[0.8, 100]]).book(B, [[0.1, 100]], [[0.2, 100]]);
    expect(account(d).equity).toBe(equity);
  });

  it('keeps what its second leg will pay after the first one lost and nobody bids any more', () => {
    const d = locked({ maxDailyLoss: 1_000, maxDrawdown: 10_000 });
    const { equity } = account(d);
    d.book(B, [], []).resolve(A, pays(0)).pass(1_000);
    expect(account(d)).toMatchObject({ cash: CASH - COST_A - COST_B, equity, state: 'ACTIVE' });
    // The result of B is known and not final: what it pays is its mark.
    d.resolve(B, pays(0), false);
    expect(account(d).equity).toBe(equity + 1_000_000);
    d.resolve(B, pays(0));
    expect(account(d)).toMatchObject({ cash: equity + 1_000_000, equity: equity + 1_000_000 });
  });

  it.each<[string, (d: TapeDesk) => TapeDesk]>([
    ['the link is rejected', (d) => d.add({ kind: 'link', link: link(A, B, { version: 2, state: 'rejected' }) })],
    ['the link is turned over', (d) => d.add({ kind: 'link', link: link(A, B, { version: 2, polarity: 'inverse' }) })],
  ])('is marked at bids again when %s', (_what, happen) => {
    const d = happen(locked());
    expect(account(d)).toMatchObject({ lockedIn: 0, lockedOverBids: 0 });
    expect(account(d).equity).toBe(CASH - COST_A - COST_B + 38_000_000 + 40_000_000);
  });

  it.each([
    ['voided', { kind: 'void' } as const, COST_A],
    ['split', pays(500_000), 50_000_000],
  ])('is a bet on its other leg once one market was %s', (_what, outcome, paid) => {
    const d = locked().resolve(A, outcome);
    expect(account(d)).toMatchObject({ lockedIn: 0, equity: CASH - COST_A - COST_B + paid + 40_000_000 });
    d.resolve(B, pays(1_000_000));
    expect(last(d)).toMatchObject({ state: 'settled', realised: paid - COST_A - COST_B });
  });
});

describe('losing closes', () => {
  it('count by group, not by leg: a pair whose one leg lost is a win', () => {
    const d = locked({ maxLosingCloses: 1 }).resolve(A, pays(0)).resolve(B, pays(0)).pass(1_000);
    expect(last(d)).toMatchObject({ state: 'settled' });
    expect(account(d).state).toBe('ACTIVE');
  });

  it('make the account rest', () => {
    const d = locked({ maxLosingCloses: 1, losingCooldownMs: 60_000, maxDailyLoss: 1_000_000, maxDrawdown: 1_000_000 });
    d.resolve(A, pays(0)).resolve(B, pays(1_000_000)).pass(1_000);
    expect(account(d)).toMatchObject({
      state: 'HALTED',
      stateReason: expect.stringMatching(/^Resting 1 min after 1 losing closes in a row/),
    });
    d.pass(60_000);
    expect(account(d).state).toBe('ACTIVE');
  });
});

describe('a sale', () => {
  const trader = defineStrategy({
    manifest: { id: 'trader', version: '1.0.0', title: 'Trader', summary: 'For tests.', sdk: '^1.0.0' },
    configSchema: Type.Object({ minEdge: Type.Integer(), size: Type.Integer() }),
    scope: 'markets',
    initialState: () => ({}),
    /** Buys 10 whenever 40¢ are asked, sells 15 whenever 60¢ are bid. */
    onQuote(view, quote) {
      const order = (action: 'buy' | 'sell', contracts: number, limit: Price) =>
        ({
          kind: 'order',
          legs: [{ market: quote.market, outcome: 'yes', action, size: (contracts * 100) as Size, limit }],
          reason: 'told to',
        }) as const;
      if (view.working(quote.market)) return undefined;
      if (quote.ask === 400_000) return order('buy', 10, quote.ask);
      return quote.bid === 600_000 ? order('sell', 15, quote.bid) : undefined;
    },
  });

  it('takes contracts from the oldest group first and tells each what it brought', () => {
    const d = new TapeDesk(testKernel([trader]));
    d.act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) });
    d.market(A, { fees: [{ from: 0, rule: { kind: 'none' } }] });
    d.act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'trader' as PluginId }) });
    d.book(A, [[0.3, 100]], [[0.4, 100]])
      .trust(A)
      .pass(100);
    d.book(A, [[0.3, 100]], [[0.4, 101]]).pass(100);
    const bought = d.heard.of('signal').map((signal) => signal.signalId);
    expect(bought).toHaveLength(2);
    d.book(A, [[0.6, 100]], [[0.7, 100]]).pass(100);
    const settled = () => d.heard.of('group-state').filter((entry) => entry.state === 'settled');
    expect(settled()).toMatchObject([{ signalId: bought[0], realised: 2_000_000 }]);
    d.resolve(A, pays(0));
    // Five were sold for 20¢ more than they cost, five lost all of their 40¢.
    expect(settled()[1]).toMatchObject({ signalId: bought[1], realised: 1_000_000 - 2_000_000 });
    expect(account(d)).toMatchObject({ realised: 1_000_000, positions: [] });
  });
});
