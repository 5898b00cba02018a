import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type PluginId, type VenueId } from '#core';
import { testBuyer } from './strategies.spec-support.js';
import {
  accountRecord,
  desk,
  KALSHI_FEE,
  START,
  workflowRecord,
  type Levels,
  type TapeDesk,
} from './tape.spec-support.js';

const A = 'kalshi:x';

/** A session that buys 100 contracts of YES at the ask, in a market that is about to be trusted. */
function buyer(asks: Levels, over: Parameters<typeof accountRecord>[0] = {}): TapeDesk {
  return desk([testBuyer])
    .act({
      kind: 'account',
      account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 }, ...over }),
    })
    .market(A)
    .act({
      kind: 'workflow',
      workflow: workflowRecord({ plugin: 'test-buyer' as PluginId, config: { minEdge: 0, size: 10_000 } }),
    })
    .book(A, [[0.38, 100]], asks);
}
const only = (d: TapeDesk) => d.heard.of('order').map((order) => order.state);

describe('the paper broker', () => {
  it('fills after the latency, against the book that is there then', () => {
    const d = buyer([[0.4, 200]]).trust(A);
    d.wait(99).add({ kind: 'probe', market: d.ref(A) });
    expect(d.heard.of('fill')).toEqual([]);
    // The ask falls to 39¢ before the order is there: it gets the better price, and no more than stands there.
    d.change(
      A,
      [],
      [
        [0.39, 60],
        [0.4, 10],
      ],
    );
    d.heard.clear();
    d.pass(1);
    expect(d.heard.of('fill')).toMatchObject([
      {
        outcome: 'yes',
        action: 'buy',
        parts: [
          { price: 390_000, size: 6_000 },
          { price: 400_000, size: 1_000 },
        ],
        size: 7_000,
        notional: 27_400_000,
      },
    ]);
    expect(d.heard.last('order')).toMatchObject({ state: 'partial', filled: 7_000 });
  });

  it("pays the venue's true fee and rounds the balance as the account does", () => {
    for (const [kalshiPrecision, cash] of [
      ['direct', -41_680_000],
      ['cent', -41_680_000],
    ] as const) {
      const d = buyer([[0.4, 100]], { kalshiPrecision })
        .trust(A)
        .pass(100);
      expect(d.heard.last('fill').cashDelta).toBe(cash);
    }
    const asks: Levels = [
      [0.4, 33],
      [0.41, 67],
    ];
    const odd = (kalshiPrecision: 'direct' | 'cent') => {
      const d = buyer([[0.41, 100]], { kalshiPrecision })
        .trust(A)
        .wait(50)
        .change(A, [], [...asks])
        .pass(50);
      return d.heard.of('fill')[0];
    };
    const [direct, cent] = [odd('direct'), odd('cent')];
    expect(direct.fee).toBeLessThan(cent.fee);
    expect(Math.abs(cent.cashDelta) % 10_000).toBe(0);
    expect(direct.cashDelta).toBe(-(direct.notional + direct.fee));
  });

  it('never takes the same depth twice, until the venue restates it', () => {
    const d = buyer([[0.4, 150]])
      .trust(A)
      .pass(100);
    expect(d.heard.last('fill').size).toBe(10_000);
    // 50 are left at the level: the next order for 100 at the same price is refused for the depth.
    d.change(A, [[0.38, 99]], []);
    expect(d.heard.last('denial').refusals[0]).toMatchObject({ rule: 'depth-share', limit: 5_000, asked: 10_000 });
    d.change(A, [], [[0.4, 150]]);
    expect(d.heard.last('order').state).toBe('sent');
    d.pass(100);
    d.book(A, [[0.38, 100]], [[0.4, 160]]).pass(100);
    expect(d.heard.of('fill')).toHaveLength(3);
  });

  it('does not find its own consumption again in a snapshot that says the same', () => {
    const d = buyer([[0.4, 150]])
      .trust(A)
      .pass(100);
    const again = (): TapeDesk => d.book(A, [[0.38, 100]], [[0.4, 150]]);
    // A resync, a reconnect or a poll restates the level as it was recorded: that is no new depth.
    again();
    expect(d.heard.last('denial').refusals[0]).toMatchObject({ rule: 'depth-share', limit: 5_000 });
    again().book(A, [[0.37, 100]], [[0.4, 150]]);
    expect(d.heard.of('signal')).toHaveLength(1);
    // Another size is news of the level.
    d.book(A, [[0.38, 100]], [[0.4, 151]]);
    expect(d.heard.of('signal')).toHaveLength(2);
    d.pass(100)
      .book(A, [[0.38, 100]], [])
      .book(A, [[0.38, 100]], [[0.4, 151]]);
    expect(d.heard.of('signal')).toHaveLength(3);
  });

  it('cancels what is not there at the limit', () => {
    const d = buyer([[0.4, 200]])
      .trust(A)
      .wait(50)
      .change(
        A,
        [],
        [
          [0.4, 0],
          [0.42, 500],
        ],
      );
    d.heard.clear();
    d.act({ kind: 'workflow-archived', workflow: workflowRecord().id });
    expect(only(d)).toEqual(['cancelled']);
    const late = buyer([[0.4, 200]])
      .trust(A)
      .distrust(A)
      .wait(50)
      .book(A, [], [[0.42, 500]])
      .trust(A);
    late.act({ kind: 'kill-switch', on: true, account: null, reason: 'end' });
    expect(late.heard.last('order').state).toBe('cancelled');
    const missed = buyer([[0.4, 200]])
      .trust(A)
      .wait(50)
      .change(
        A,
        [],
        [
          [0.4, 0],
          [0.42, 500],
        ],
      )
      .pass(50);
    expect(missed.heard.of('order').find((order) => order.state === 'unfilled')).toBeDefined();
    expect(missed.heard.of('fill')).toEqual([]);
  });

  it.each<[string, (d: TapeDesk) => TapeDesk, RegExp]>([
    ['an untrusted book', (d) => d.distrust(A), /cannot be trusted: gap/],
    ['a crossed book', (d) => d.change(A, [[0.41, 10]], []), /crossed/],
    ['an unknown fee', (d) => d.market(A, { fees: null }), /fee .* not known/],
  ])('rejects an order that arrives at %s', (_what, happen, reason) => {
    const d = happen(
      buyer([[0.4, 200]])
        .trust(A)
        .wait(50),
    ).pass(50);
    expect(d.heard.of('fill')).toEqual([]);
    const rejected = d.heard.of('order').find((order) => order.state === 'rejected');
    expect(rejected?.reason).toMatch(reason);
    expect(d.heard.of('group-state').find((entry) => entry.state === 'failed')).toBeDefined();
    expect(d.kernel!.look.accounts()[0].cash).toBe(10_000_000_000);
  });

  it('rejects an order that finds a stale book', () => {
    const d = buyer([[0.4, 200]])
      .add({ kind: 'latency', venue: 'kalshi' as VenueId, orderMs: 60_000 })
      .trust(A)
      .pass(60_000);
    expect(d.heard.of('order').find((order) => order.state === 'rejected')?.reason).toMatch(
      /last confirmed 60.0 s ago/,
    );
  });

  it('cancels the orders of a market that has its result', () => {
    const d = buyer([[0.4, 200]])
      .trust(A)
      .wait(50)
      .yes(A);
    expect(d.heard.last('group-state')).toMatchObject({ state: 'failed', reason: 'kalshi:x has its result.' });
    d.pass(50);
    expect(d.heard.of('fill')).toEqual([]);
    expect(d.kernel!.look.accounts()[0]).toMatchObject({ reserved: 0, cash: 10_000_000_000 });
  });

  it('cancels the orders of a market that closes', () => {
    const d = buyer([[0.4, 200]])
      .trust(A)
      .wait(50)
      .market(A, { status: 'closed' });
    expect(d.heard.last('order')).toMatchObject({ state: 'cancelled', reason: 'kalshi:x is closed.' });
    expect(d.kernel!.look.accounts()[0].reserved).toBe(0);
  });

  it('charges nothing where nothing is charged', () => {
    const d = buyer([[0.4, 100]]).market(A, {
      fees: [
        { from: 0, rule: KALSHI_FEE },
        { from: START, rule: { kind: 'none' } },
      ],
    });
    d.trust(A).pass(100);
    expect(d.heard.last('fill')).toMatchObject({ fee: 0, cashDelta: -40_000_000 });
  });
});
