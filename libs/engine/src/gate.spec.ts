import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type PluginId, type VenueId, type WorkflowId } from '#core';
import { defineModel } from '#plugin-sdk';
import { Type } from 'typebox';
import { testBuyer, testPairs } from './strategies.spec-support.js';
import { ACCOUNT, accountRecord, desk, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';
const B = 'polymarket:x';
const ALL_DEPTH = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxQuoteAgeMs: 90_000 };

/** YES at A for 40¢ and NO at B for 45¢: 15¢ gross. */
function pair(over: Parameters<typeof workflowRecord>[0] = {}, linkOver: Parameters<typeof link>[2] = {}): TapeDesk {
  return desk([testPairs])
    .act({ kind: 'account', account: accountRecord({ limits: ALL_DEPTH }) })
    .market(A)
    .market(B)
    .add({ kind: 'link', link: link(A, B, linkOver) })
    .act({ kind: 'workflow', workflow: workflowRecord(over) })
    .book(A, [[0.38, 100]], [[0.4, 100]])
    .trust(A)
    .trust(B);
}
/** The book of B comes, and with it the opportunity. */
const go = (d: TapeDesk): TapeDesk => d.book(B, [[0.55, 100]], [[0.6, 100]]);

describe('the gate', () => {
  it('reserves all debits of a pair at once, fees included, and sends the first leg', () => {
    const d = go(pair());
    const signal = d.heard.last('signal');
    expect(signal).toMatchObject({
      signalId: `S${signal.seq}.0`,
      mode: 'paper',
      session: 'w#1',
      workflow: 'w',
      account: 'paper',
    });
    expect(d.heard.of('order').map((order) => [order.orderId, order.state])).toEqual([
      [`${signal.signalId}/1`, 'reserved'],
      [`${signal.signalId}/2`, 'reserved'],
      [`${signal.signalId}/1`, 'sent'],
    ]);
    const [account] = d.kernel!.look.accounts();
    // 10 contracts: 4.00 + 0.07 × 10 × 0.4 × 0.6, and 4.50 + 0.04 × 10 × 0.45 × 0.55.
    expect(account.reserved).toBe(4_168_000 + 4_599_000);
    expect(account.cash).toBe(10_000_000_000);
    expect(account.limits.find((limit) => limit.rule === 'maxOpenOrders')?.use).toBe(2);
  });

  it('names the events a decision rests on', () => {
    const d = go(pair());
    const { causes, seq } = d.heard.last('signal');
    expect(causes).toContain(seq);
    // What last touched the book of A, and the book of B itself.
    expect(causes).toEqual([7, 9]);
    expect(d.tape[6].kind).toBe('continuity');
  });

  it('lets neither leg go when one is refused, and says why', () => {
    const d = go(pair({ limits: { maxVenue: 2_100_000 } }));
    expect(d.heard.of('order')).toEqual([]);
    expect(d.heard.last('denial')).toMatchObject({
      count: 1,
      legs: [
        { market: A, outcome: 'yes', action: 'buy', size: 500, limit: 400_000 },
        { market: B, outcome: 'no', action: 'buy', size: 500, limit: 450_000 },
      ],
      refusals: [
        { rule: 'venue', limit: 2_100_000, use: 0, asked: 2_299_500, headroom: 2_100_000, unit: 'micro-dollars' },
      ],
    });
    expect(d.heard.last('opportunity')).toMatchObject({ verdict: 'denied', signalId: d.heard.last('denial').signalId });
    expect(d.kernel!.look.accounts()[0].reserved).toBe(0);
  });

  it('counts equal denials instead of repeating them, and tells the count once a minute and at the end', () => {
    const d = go(pair({ limits: { maxVenue: 2_100_000 } }));
    for (let i = 0; i < 5; i++) d.wait(1_000).change(A, [[0.38, 101 + i]], []);
    expect(d.heard.of('denial')).toHaveLength(1);
    d.wait(56_000).change(B, [[0.55, 101]], []);
    expect(d.heard.of('denial').map((denial) => denial.count)).toEqual([1, 7]);
    expect(d.heard.last('denial').firstAt).toBe(d.heard.of('denial')[0].at);
    d.change(A, [[0.38, 200]], []);
    d.act({ kind: 'workflow-archived', workflow: workflowRecord().id });
    expect(d.heard.of('denial').map((denial) => denial.count)).toEqual([1, 7, 8]);
    expect(d.kernel!.look.sessions()[0].denials).toBe(8);
  });

  it('begins a new run of denials when the reason changes', () => {
    const d = go(pair({ limits: { maxVenue: 2_100_000 } }));
    d.change(A, [[0.38, 101]], []);
    d.act({ kind: 'kill-switch', on: true, account: null, reason: 'drill' });
    d.change(A, [[0.38, 102]], []);
    expect(d.heard.of('denial').map((denial) => [denial.refusals[0].rule, denial.count])).toEqual([
      ['venue', 1],
      ['venue', 2],
      ['kill-switch', 1],
    ]);
  });

  it('does not show a strategy a link nobody reviewed, and refuses one without a mismatch', () => {
    expect(go(pair({}, { state: 'proposed' })).heard.of('denial')).toEqual([]);
    expect(go(pair({}, { mismatch: null })).heard.last('denial').refusals[0].rule).toBe('unknown-mismatch');
  });

  it('records the verdict of a shadow session once an episode, reserving and ordering nothing', () => {
    const d = go(pair({ mode: 'shadow' }));
    d.change(A, [[0.38, 101]], []).change(A, [[0.38, 102]], []);
    expect(d.heard.of('signal').map((signal) => signal.mode)).toEqual(['shadow']);
    expect(d.heard.of('order')).toEqual([]);
    expect(d.heard.last('opportunity')).toMatchObject({ verdict: 'shadow', phase: 'opened' });
    expect(d.kernel!.look.accounts()[0].reserved).toBe(0);
  });

  it('takes the lowest mode of the workflow and of what is enabled at every leg', () => {
    const plugin = 'test-pairs' as PluginId;
    const target = { kind: 'venue', id: 'kalshi' as VenueId } as const;
    const shadow = go(pair().act({ kind: 'enablement', settings: [{ plugin, target, mode: 'shadow' }] }));
    expect(shadow.heard.last('signal').mode).toBe('shadow');
    const off = go(pair().act({ kind: 'enablement', settings: [{ plugin, target, mode: 'off' }] }));
    expect(off.heard.entries.map((entry) => entry.kind)).toEqual(['session']);
    off.act({
      kind: 'enablement',
      settings: [{ plugin, target: { kind: 'market', id: off.infos.get(A)!.id }, mode: 'paper' }],
    });
    off.change(A, [[0.38, 50]], []);
    expect(off.heard.last('signal').mode).toBe('paper');
    off.act({ kind: 'enablement', settings: [{ plugin, target, mode: null }] });
  });

  it('throttles orders per venue in tape time', () => {
    const limits = { ...ALL_DEPTH, orderBurst: 1, ordersPerSecond: 1 };
    const d = go(pair().act({ kind: 'account', account: accountRecord({ limits }) }));
    expect(d.heard.of('signal')).toHaveLength(1);
    // Fill both legs; at once the bucket is still empty, a second later it is not.
    d.pass(100).pass(300);
    expect(d.heard.of('fill')).toHaveLength(2);
    d.change(A, [], [[0.4, 150]]);
    expect(d.heard.last('denial').refusals.map((refusal) => refusal.rule)).toContain('order-throttle');
    d.wait(700)
      .change(A, [], [[0.4, 151]])
      .change(B, [[0.55, 151]], []);
    expect(d.heard.of('signal')).toHaveLength(2);
  });

  it('sends nothing more to a venue whose orders come back unfilled, until the next hour of the tape', () => {
    const limits = { ...ALL_DEPTH, maxCancelRatio: 1 };
    const d = go(pair().act({ kind: 'account', account: accountRecord({ limits }) }));
    // The first leg finds nothing: one miss, no fill.
    d.change(A, [], [[0.4, 0]]).pass(100);
    expect(d.heard.of('order').map((order) => order.state)).toContain('unfilled');
    d.change(A, [], [[0.4, 100]]);
    expect(d.heard.last('denial').refusals.map((refusal) => refusal.rule)).toEqual(['cancel-ratio']);
    expect(d.heard.last('denial').refusals[0]).toMatchObject({ limit: 1, use: 1, unit: 'count' });
    d.wait(3_600_000)
      .change(B, [[0.55, 101]], [])
      .change(A, [], [[0.4, 101]]);
    expect(d.heard.of('signal')).toHaveLength(2);
  });

  it('counts what the events of one category may lose together, a locked pair for nothing', () => {
    const limits = { ...ALL_DEPTH, maxClusterLoss: 5_200_000 };
    const d = go(pair().act({ kind: 'account', account: accountRecord({ limits }) }));
    // The dearest leg alone is within it; the pair, once locked, uses nothing of it.
    expect(d.heard.of('denial')).toEqual([]);
    d.pass(100).pass(300);
    const use = d.kernel!.look.accounts()[0].limits.find((limit) => limit.rule === 'maxClusterLoss');
    expect(use).toMatchObject({ use: 0, limit: 5_200_000 });
    d.add({ kind: 'link', link: link(A, B, { version: 2, state: 'rejected' }) });
    const now = d.kernel!.look.accounts()[0].limits.find((limit) => limit.rule === 'maxClusterLoss');
    expect(now).toMatchObject({ use: 4_168_000 + 4_599_000, at: 'politics' });
  });

  it("holds a single buy against a model's fair value", () => {
    const fair = defineModel({
      manifest: { id: 'fair', version: '1.0.0', title: 'Fair', summary: 'For tests.', sdk: '^1.0.0' },
      configSchema: Type.Object({}),
      initialState: () => ({}),
      onQuote: (_view, quote) => ({ market: quote.market, name: 'fair', value: quote.bid / 1_000_000 - 0.04 }),
    });
    const models = new Map([['fair', fair]]);
    const d = desk([testBuyer], { plugins: { strategies: new Map([['test-buyer', testBuyer]]), models } });
    d.act({ kind: 'account', account: accountRecord({ limits: ALL_DEPTH }) }).market(A);
    d.act({
      kind: 'workflow',
      workflow: workflowRecord({
        plugin: 'test-buyer' as PluginId,
        config: { minEdge: 0, size: 1_000 },
        models: [{ plugin: 'fair' as PluginId, version: '1.0.0', config: {} }],
      }),
    });
    d.book(A, [[0.38, 100]], [[0.4, 100]]).trust(A);
    expect(d.heard.last('denial').refusals).toMatchObject([{ rule: 'fair-value', asked: 60_000, limit: 50_000 }]);
    d.change(A, [[0.39, 10]], []);
    expect(d.heard.of('signal')).toHaveLength(1);
  });

  it('lets a workflow send no more orders than its own throttle, whatever its account may', () => {
    const d = desk([testBuyer])
      .act({ kind: 'account', account: accountRecord({ limits: ALL_DEPTH }) })
      .market(A)
      .act({
        kind: 'workflow',
        workflow: workflowRecord({
          plugin: 'test-buyer' as PluginId,
          config: { minEdge: 0, size: 100 },
          limits: { orderBurst: 2, ordersPerSecond: 0.01 },
        }),
      })
      .book(A, [[0.38, 100]], [[0.4, 100]])
      .trust(A);
    for (let turn = 0; turn < 5; turn++) d.pass(200).change(A, [[0.38, 90 - turn]], []);
    expect(d.heard.of('signal')).toHaveLength(2);
    expect(d.heard.last('denial').refusals).toMatchObject([{ rule: 'order-throttle', limit: 2, use: 2, asked: 1 }]);
    // Another workflow of the same account has its own.
    const other = { id: 'o' as WorkflowId, plugin: 'test-buyer' as PluginId, config: { minEdge: 0, size: 100 } };
    d.act({ kind: 'workflow', workflow: workflowRecord(other) }).change(A, [[0.38, 70]], []);
    expect(d.heard.last('signal').workflow).toBe('o');
    // A hundred seconds are another order.
    d.pass(100_000)
      .trust(A)
      .change(A, [[0.38, 60]], []);
    expect(d.heard.of('signal').filter(({ workflow }) => workflow === 'w')).toHaveLength(3);
  });

  it.each<[string, unknown, RegExp]>([
    ['a market nobody announced', { market: 7, name: 'fair', value: 1 }, /market 7, which nobody announced/],
    ['nothing', null, /not an object/],
    ['no name', { market: 0, value: 1 }, /has no name/],
    ['a name nobody can write', { market: 0, value: 1, name: 'a\0' }, /has no name/],
  ])('pauses a workflow whose model speaks of %s, and goes on', (_what, said, why) => {
    const failures: string[] = [];
    const wild = defineModel({
      manifest: { id: 'wild', version: '1.0.0', title: 'Wild', summary: 'For tests.', sdk: '^1.0.0' },
      configSchema: Type.Object({}),
      initialState: () => ({}),
      onQuote: () => [said] as never,
    });
    const models = new Map([['wild', wild]]);
    const d = desk([testBuyer], {
      plugins: { strategies: new Map([['test-buyer', testBuyer]]), models },
      onHookFailure: ({ reason }) => failures.push(reason),
    });
    d.act({ kind: 'account', account: accountRecord({ limits: ALL_DEPTH }) }).market(A);
    d.act({
      kind: 'workflow',
      workflow: workflowRecord({
        plugin: 'test-buyer' as PluginId,
        config: { minEdge: 0, size: 1_000 },
        models: [{ plugin: 'wild' as PluginId, version: '1.0.0', config: {} }],
      }),
    });
    d.book(A, [[0.38, 100]], [[0.4, 100]]).trust(A);
    expect(failures).toEqual([expect.stringMatching(why)]);
    expect(d.heard.of('signal')).toEqual([]);
  });

  it('refuses a size of which money would be no exact number, and goes on', () => {
    for (const size of [1e15, 2 ** 53]) {
      const d = desk([testBuyer])
        .act({ kind: 'account', account: accountRecord({ limits: ALL_DEPTH }) })
        .market(A)
        .act({
          kind: 'workflow',
          workflow: workflowRecord({ plugin: 'test-buyer' as PluginId, config: { minEdge: 0, size } }),
        })
        .book(A, [[0.38, 100]], [[0.4, 100]])
        .trust(A);
      expect(d.heard.last('denial').refusals[0].rule).toBe('not-a-number');
    }
  });

  it('stops all orders while the kill switch is on, of the house or of the account', () => {
    for (const account of [null, ACCOUNT]) {
      const d = go(pair().act({ kind: 'kill-switch', on: true, account, reason: 'drill' }));
      expect(d.heard.of('order')).toEqual([]);
      expect(d.heard.last('denial').refusals[0].rule).toBe('kill-switch');
      expect(d.kernel!.look.accounts()[0]).toMatchObject({
        killed: true,
        killedBy: [account === null ? 'house' : 'account'],
        state: 'HALTED',
      });
      d.act({ kind: 'kill-switch', on: false, account, reason: '' }).change(A, [[0.38, 99]], []);
      expect(d.heard.of('order').length).toBeGreaterThan(0);
      expect(d.heard.of('account-state').map((entry) => entry.state)).toEqual(['HALTED', 'ACTIVE']);
    }
  });
});
