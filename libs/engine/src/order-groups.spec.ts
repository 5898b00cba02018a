import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Price, type RiskLimits } from '#core';
import { A, account, B, holds, sent, states } from './order-groups.spec-support.js';
import { accountRecord, type TapeDesk } from './tape.spec-support.js';

describe('an order group', () => {
  it('sends the second leg when the first is filled, and is complete with both', () => {
    const d = sent().pass(100);
    expect(d.heard.of('fill')).toHaveLength(1);
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: B, outcome: 'no', size: 10_000 } });
    d.pass(300);
    expect(states(d)).toEqual(['working', 'complete']);
    expect(holds(d)).toEqual([
      [A, 'yes', 10_000],
      [B, 'no', 10_000],
    ]);
    expect(account(d).reserved).toBe(0);
    // Each fill reached the strategy.
    expect(d.kernel!.look.sessions()[0].fills).toBe(2);
  });

  it('sizes the second leg to what the first really got and gives the rest of its cash back', () => {
    const d = sent()
      .wait(50)
      .change(A, [], [[0.4, 37]])
      .pass(50);
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: B, size: 3_700 } });
    expect(account(d).reserved).toBe(3_700 * 4_500 + 37 * 9_900);
    d.pass(300);
    expect(states(d)).toEqual(['working', 'complete']);
    expect(holds(d)).toEqual([
      [A, 'yes', 3_700],
      [B, 'no', 3_700],
    ]);
  });

  it('ends when the first leg gets nothing', () => {
    const d = sent()
      .wait(50)
      .change(A, [], [[0.4, 0]])
      .pass(50);
    expect(states(d)).toEqual(['working', 'failed']);
    expect(d.heard.of('order').map((order) => order.state)).toEqual([
      'reserved',
      'reserved',
      'sent',
      'unfilled',
      'cancelled',
    ]);
    expect(account(d)).toMatchObject({ reserved: 0, cash: 10_000_000_000 });
  });

  it('hedges a naked leg at a worse price while the whole still earns', () => {
    // NO at B is gone at 45¢ when the order arrives; 50¢ are asked: 40 + 50 + fees are below 1.
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 0],
          [0.5, 200],
        ],
        [],
      )
      .pass(100);
    expect(states(d)).toEqual(['working', 'hedging']);
    expect(d.heard.last('group-state').naked).toEqual([{ market: A, outcome: 'yes', size: 10_000 }]);
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: B, outcome: 'no', limit: 500_000 } });
    d.pass(300);
    expect(states(d)).toEqual(['working', 'hedging', 'complete']);
    expect(holds(d)).toEqual([
      [A, 'yes', 10_000],
      [B, 'no', 10_000],
    ]);
    expect(account(d).reserved).toBe(0);
  });

  it('hedges only what is missing', () => {
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 40],
          [0.5, 200],
        ],
        [],
      )
      .pass(100);
    expect(d.heard.last('group-state').naked).toEqual([{ market: A, outcome: 'yes', size: 6_000 }]);
    expect(d.heard.last('order').leg).toMatchObject({ market: B, size: 6_000 });
    d.pass(300);
    expect(states(d).at(-1)).toBe('complete');
    expect(holds(d)[1]).toEqual([B, 'no', 10_000]);
  });

  it.each<[string, Partial<RiskLimits>, number, RegExp]>([
    [
      'the capital at its venue',
      { maxVenue: 49_500_000 },
      10_000_000_000,
      /refused: \$6\d\.\d\d more would bring capital at polymarket/,
    ],
    ['the cost in its market', { maxMarketCost: 49_500_000 }, 10_000_000_000, /refused: .* the cost in polymarket:x/],
    ['the capital at risk', { maxGross: 95_000_000 }, 10_000_000_000, /refused: .* capital at risk/],
    ['the cash there is', {}, 96_000_000, /refused: The order may cost \$\d\d\.\d\d; \$\d\d\.\d\d are free/],
  ])('asks again before a dearer hedge: %s binds it too', (_what, over, cash, reason) => {
    // 40 + 62 + fees lose less than selling at 30, so a hedge is wanted; but it costs a third more than the leg gated.
    const d = sent(0.55, over, cash);
    const worse = (): TapeDesk =>
      d
        .change(
          B,
          [
            [0.55, 0],
            [0.38, 200],
          ],
          [],
        )
        .change(
          A,
          [
            [0.38, 0],
            [0.3, 500],
          ],
          [],
        );
    d.pass(100).wait(200);
    worse().pass(100);
    expect(states(d)).toEqual(['working', 'hedging']);
    expect(d.heard.last('group-state').reason).toMatch(reason);
    for (let i = 0; i < 8; i++) d.pass(250);
    expect(states(d).at(-1)).toBe('unwinding');
    for (const fill of d.heard.of('fill')) expect(fill.cashDelta).toBeGreaterThan(-50_000_000);
    d.pass(100);
    expect(holds(d)).toEqual([]);
    expect(account(d).cash).toBeGreaterThanOrEqual(0);
  });

  it('asks by the limits as they are now, though no quote came since they were saved', () => {
    const d = sent().pass(100).wait(200);
    d.change(
      B,
      [
        [0.55, 0],
        [0.5, 200],
      ],
      [],
    );
    const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxVenue: 50_000_000 };
    d.act({ kind: 'account', account: accountRecord({ limits }) }).pass(100);
    expect(d.heard.last('group-state').reason).toMatch(/refused: \$51.00 more would bring capital at polymarket/);
  });

  it('says in the journal what it weighed', () => {
    const d = sent().pass(100).wait(200);
    d.change(
      B,
      [
        [0.55, 0],
        [0.5, 200],
      ],
      [],
    ).pass(100);
    // 100 sets pay $100; 41.68 were paid, 51.00 are asked; selling at 38 brings 36.35.
    expect(d.heard.last('group-state').reason).toBe(
      'A leg filled without its others. Buying what is missing for $51.00 earns $7.32 on the whole; selling what is naked loses $5.33.',
    );
  });

  it.each<[string, number, string]>([
    ['holds the leg that the result of the other says will win', 1_000_000, 'holding'],
    ['sells the leg that the result of the other says will lose', 0, 'unwinding'],
  ])('buys no hedge in a market that has its result, and %s', (_what, yesPays, state) => {
    const d = sent().pass(100).wait(200);
    d.resolve(B, { kind: 'value', yesPays: yesPays as Price }, false).pass(100);
    expect(states(d).at(-1)).toBe(state);
    expect(d.heard.of('order').filter((order) => order.leg.market === B && order.state === 'sent')).toHaveLength(1);
  });

  it('buys no hedge for a leg that has its own result already', () => {
    const d = sent().pass(100).wait(200);
    d.change(
      B,
      [
        [0.55, 0],
        [0.5, 200],
      ],
      [],
    );
    d.yes(A).pass(100);
    expect(d.heard.of('group-state').slice(-2)).toMatchObject([
      { state: 'holding', reason: `${A} has its result.`, realised: null },
      { state: 'settled', realised: 100_000_000 - 41_680_000 },
    ]);
    expect(holds(d)).toEqual([]);
    expect(account(d).reserved).toBe(0);
  });

  it('is cancelled by a result while nothing has filled', () => {
    const d = sent().resolve(B, { kind: 'value', yesPays: 0 as Price }, false);
    expect(states(d)).toEqual(['working', 'failed']);
    expect(d.heard.last('group-state').reason).toBe(`${B} has its result.`);
    expect(account(d).reserved).toBe(0);
  });

  it('loses less by hedging than by selling, and then hedges at once', () => {
    // 40 + 62 + fees lose about 5¢; selling at 30 would lose about 13¢.
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 0],
          [0.38, 200],
        ],
        [],
      );
    d.change(
      A,
      [
        [0.38, 0],
        [0.3, 500],
      ],
      [],
    ).pass(100);
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: B, outcome: 'no', limit: 620_000 } });
  });

  it('waits two seconds for a hedge, then sells the naked leg at the bid', () => {
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 0],
          [0.3, 200],
        ],
        [],
      )
      .pass(100);
    expect(states(d)).toEqual(['working', 'hedging']);
    for (let i = 0; i < 7; i++) d.pass(250);
    expect(states(d)).toEqual(['working', 'hedging']);
    d.pass(250);
    expect(states(d)).toEqual(['working', 'hedging', 'unwinding']);
    expect(d.heard.last('order')).toMatchObject({
      state: 'sent',
      leg: { market: A, outcome: 'yes', action: 'sell', limit: 380_000 },
    });
    d.pass(100);
    expect(states(d).at(-1)).toBe('failed');
    expect(holds(d)).toEqual([]);
    expect(account(d).reserved).toBe(0);
    expect(account(d).realised).toBe(account(d).cash - 10_000_000_000);
    expect(account(d).realised).toBeLessThan(0);
  });

  it('takes a hedge that appears while it waits', () => {
    const d = sent()
      .pass(100)
      .wait(200)
      .change(
        B,
        [
          [0.55, 0],
          [0.3, 200],
        ],
        [],
      )
      .pass(100)
      .pass(500);
    d.change(B, [[0.52, 300]], []).pass(250);
    expect(d.heard.last('order')).toMatchObject({ state: 'sent', leg: { market: B, outcome: 'no', limit: 480_000 } });
    d.pass(300);
    expect(states(d).at(-1)).toBe('complete');
  });

  it('holds the naked leg when the other market prices it above its cost and nobody sells the hedge', () => {
    // B shows 55¢ for YES in five contracts: too few to hedge a hundred, but a price above the 41.7¢ paid at A.
    const d = sent()
      .pass(100)
      .wait(200)
      .change(B, [[0.55, 5]], []);
    d.pass(100).pass(2_500);
    expect(d.heard.last('group-state')).toMatchObject({ state: 'holding' });
    expect(holds(d)[0]).toEqual([A, 'yes', 10_000]);
    expect(account(d).reserved).toBe(0);
  });

  it('holds what it cannot sell', () => {
    const d = sent()
      .pass(100)
      .distrust(A)
      .wait(200)
      .change(B, [[0.55, 0]], []);
    for (let i = 0; i < 12; i++) d.pass(1_000);
    expect(d.heard.last('group-state').state).toBe('holding');
    expect(d.heard.last('group-state').naked).toEqual([{ market: A, outcome: 'yes', size: 10_000 }]);
  });
});
