import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type AccountRecord, type Price, type Size } from '#core';
import { defineStrategy, type StrategyView } from '#plugin-sdk';
import { Type } from 'typebox';
import { accountRecord, desk, testKernel, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const configSchema = Type.Object({ limit: Type.Integer(), size: Type.Integer(), restMs: Type.Integer() });

/** Puts one order into the book of the first market it hears of, and takes it back at the word of a trade at 1 cent. */
const rester = defineStrategy({
  manifest: { id: 'rester', version: '1.0.0', title: 'Rester', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema,
  scope: 'markets',
  initialState: () => ({ sent: false }),
  onQuote({ state, config }: StrategyView<{ limit: number; size: number; restMs: number }, { sent: boolean }>, quote) {
    if (state.sent || quote.ask < 0 || !quote.trusted) return undefined;
    state.sent = true;
    const limit = config.limit as Price;
    const leg = { market: quote.market, outcome: 'yes', action: 'buy', limit } as const;
    return { kind: 'order', legs: [{ ...leg, size: config.size as Size, restMs: config.restMs }], reason: 'waits' };
  },
  onTrade: (_view, trade) => (trade.price === 10_000 ? { kind: 'cancel', market: trade.market } : undefined),
});

/** Buys ten contracts at once, and puts them up for 45¢ when the ask has risen. */
const seller = defineStrategy({
  ...rester,
  onQuote(view: StrategyView<{ limit: number; size: number; restMs: number }, { sent: boolean }>, quote) {
    if (!quote.trusted) return undefined;
    const leg = { market: quote.market, outcome: 'yes', size: 1_000 as Size } as const;
    if (!view.state.sent) {
      view.state.sent = true;
      return { kind: 'order', legs: [{ ...leg, action: 'buy', limit: quote.ask }], reason: 'in' };
    }
    if (quote.ask <= 400_000 || view.held(quote.market, 'yes') === 0 || view.working(quote.market)) return undefined;
    const legs = [{ ...leg, action: 'sell', limit: 450_000 as Price, restMs: 60_000 } as const];
    return { kind: 'order', legs, reason: 'out' };
  },
});

const PLAN = { limit: 400_000, size: 1_000, restMs: 60_000 };

/** An order of ten contracts at 40¢ that has come to a book with a hundred there. */
function standing(config: Partial<typeof PLAN> = {}, over: Partial<AccountRecord> = {}): TapeDesk {
  const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 };
  return desk([rester])
    .act({ kind: 'account', account: accountRecord({ limits, ...over }) })
    .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'rester' as never, config: { ...PLAN, ...config } }) })
    .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]])
    .pass(200);
}

const trade = (d: TapeDesk, price: number, contracts: number, taker: 'buy' | 'sell' | null = 'sell'): TapeDesk =>
  d.add({
    kind: 'trade',
    market: d.ref('kalshi:x'),
    venueAt: null,
    connection: 1,
    venueSeq: null,
    tradeId: String(d.tape.length),
    price: Math.round(price * 1e6) as Price,
    size: (contracts * 100) as Size,
    taker,
  });
const filled = (d: TapeDesk): number => d.heard.of('fill').reduce((sum, fill) => sum + fill.size, 0);
const states = (d: TapeDesk): readonly string[] => d.heard.of('order').map((entry) => entry.state);

describe('a resting order', () => {
  it('stands in the book and is filled only when what was there before it is gone', () => {
    const d = standing();
    expect(states(d)).toEqual(['reserved', 'sent', 'resting']);
    trade(d, 0.4, 60);
    expect(filled(d)).toBe(0);
    trade(d, 0.4, 45);
    expect(filled(d)).toBe(500);
    trade(d, 0.4, 45);
    expect(filled(d)).toBe(1_000);
    expect(states(d)).toEqual(['reserved', 'sent', 'resting', 'resting', 'filled']);
    expect(d.heard.of('group-state').at(-1)).toMatchObject({ state: 'complete' });
    const [account] = d.kernel!.look.accounts();
    expect(account).toMatchObject({ reserved: 0, positions: [{ size: 1_000, outcome: 'yes' }] });
    // Makers pay nothing on this market.
    expect(d.heard.of('fill').map(({ fee }) => fee)).toEqual([0, 0]);
  });

  it('moves up when depth before it disappears, and never by a touch of its price', () => {
    const d = standing().change('kalshi:x', [[0.4, 10]], []);
    d.change('kalshi:x', [], [[0.42, 0]]).change('kalshi:x', [], [[0.41, 50]]);
    expect(filled(d)).toBe(0);
    // More that comes later stands behind it.
    d.change('kalshi:x', [[0.4, 300]], []);
    trade(d, 0.4, 12);
    expect(filled(d)).toBe(200);
  });

  it('was met first when a trade printed beyond its price, and by nothing of the other side', () => {
    const d = standing();
    trade(d, 0.4, 500, 'buy');
    trade(d, 0.42, 500, 'buy');
    trade(d, 0.4, 500, null);
    expect(filled(d)).toBe(0);
    trade(d, 0.39, 4);
    expect(filled(d)).toBe(400);
  });

  it('takes what is there on arrival, pays for it as a taker, and rests with what is left', () => {
    const d = standing({ limit: 420_000, size: 15_000 });
    expect(d.heard.of('fill')).toMatchObject([{ size: 10_000 }]);
    expect(d.heard.of('fill')[0].fee).toBeGreaterThan(0);
    expect(states(d)).toEqual(['reserved', 'sent', 'resting']);
    trade(d, 0.42, 50);
    expect(filled(d)).toBe(15_000);
    expect(new Set(d.heard.of('fill').map(({ fillId }) => fillId)).size).toBe(2);
  });

  it('ends with its time, at the word of its strategy, with its workflow and with its market', () => {
    const ended = (d: TapeDesk) => [states(d).at(-1), d.kernel!.look.accounts()[0].reserved];
    expect(ended(standing().pass(60_000))).toEqual(['cancelled', 0]);
    expect(ended(trade(standing(), 0.01, 1, 'buy'))).toEqual(['cancelled', 0]);
    expect(ended(standing().act({ kind: 'workflow-archived', workflow: 'w' as never }))).toEqual(['cancelled', 0]);
    const d = standing();
    trade(d, 0.4, 104);
    expect(ended(d.yes('kalshi:x'))).toEqual(['cancelled', 0]);
    expect(d.heard.of('settlement')).toMatchObject([{ size: 400 }]);
    trade(d, 0.4, 500);
    expect(filled(d)).toBe(400);
  });

  it('is rounded once, however small the parts it is filled in', () => {
    const d = standing({ size: 300 }, { kalshiPrecision: 'cent' }).change('kalshi:x', [[0.4, 0]], []);
    const cash = () => d.kernel!.look.accounts()[0].cash;
    const before = cash();
    for (let part = 0; part < 300; part++) trade(d, 0.4, 0.01);
    expect(filled(d)).toBe(300);
    // Three contracts at 40¢; 300 fills of 0.4¢ rounded one by one would have taken three dollars.
    expect(before - cash()).toBe(1_200_000);
    expect(d.heard.of('fill').reduce((sum, fill) => sum + fill.cashDelta, 0)).toBe(-1_200_000);
    expect(d.heard.of('fill').reduce((sum, fill) => sum + fill.fee, 0)).toBe(0);
  });

  it('costs no more than there is: what cannot be paid is taken back, and the books go on adding up', () => {
    const fees = [
      { from: 0, rule: { kind: 'kalshi', takerRate: 0, makerRate: 70_000, multiplier: 1_000_000 } as const },
    ];
    const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxDailyLoss: 1_000_000, maxDrawdown: 1_000_000 };
    const d = standing({ size: 300 }, { openingCash: 1_250_400, limits })
      .market('kalshi:x', { fees })
      .change('kalshi:x', [[0.4, 0]], []);
    expect(d.kernel!.look.accounts()[0].reserved).toBe(1_250_400);
    for (let part = 0; part < 300; part++) trade(d, 0.4, 0.01);
    const [account] = d.kernel!.look.accounts();
    expect(account.stateReason).toBe('');
    expect(account).toMatchObject({ state: 'ACTIVE', reserved: 0 });
    expect(account.cash).toBeGreaterThanOrEqual(0);
    expect(d.heard.last('order')).toMatchObject({
      state: 'cancelled',
      reason: 'What it would pay is not there for it.',
    });
  });

  it('is taken back by the kill switch in an account that was halted before and may only sell', () => {
    const d = desk([seller])
      .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
      .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'rester' as never, config: PLAN }) })
      .ready('kalshi:x', [[0.38, 100]], [[0.4, 100]])
      .pass(200);
    expect(filled(d)).toBe(1_000);
    const halted = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxDailyLoss: 1 };
    d.act({ kind: 'account', account: accountRecord({ limits: halted }) }).pass(1_000);
    expect(d.kernel!.look.accounts()[0].state).toBe('HALTED');
    d.change(
      'kalshi:x',
      [],
      [
        [0.4, 0],
        [0.41, 5],
      ],
    ).pass(200);
    expect(d.heard.last('order')).toMatchObject({ state: 'resting', leg: { action: 'sell', limit: 450_000 } });
    d.act({ kind: 'kill-switch', on: true, account: null, reason: 'drill' });
    expect(d.heard.last('order')).toMatchObject({ state: 'cancelled', reason: 'Kill switch: drill.' });
    trade(d, 0.5, 100, 'buy');
    expect(filled(d)).toBe(1_000);
  });

  it('survives a snapshot in its place', () => {
    const d = standing();
    trade(d, 0.4, 60);
    const kernel = testKernel([rester]);
    kernel.restore(d.kernel!.snapshot());
    const event = trade(d, 0.4, 45).tape.at(-1)!;
    const sizes: number[] = [];
    kernel.apply(event, {
      journal: (entry) => entry.kind === 'fill' && sizes.push(entry.size),
      estimate: () => undefined,
    });
    expect(sizes).toEqual([500]);
  });

  it('is refused as one leg of several', () => {
    const pair = defineStrategy({
      ...rester,
      onQuote: (view, quote) => {
        const leg = {
          market: quote.market,
          outcome: 'yes',
          action: 'buy',
          size: 1_000 as Size,
          limit: quote.ask,
        } as const;
        return { kind: 'order', legs: [{ ...leg, restMs: 1 }, leg], reason: 'two' };
      },
    });
    const d = desk([pair])
      .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
      .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'rester' as never, config: PLAN }) })
      .ready('kalshi:x', [[0.4, 100]], [[0.42, 100]]);
    expect(d.heard.of('signal')).toEqual([]);
  });

  it('never fills earlier from a later place in the queue', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant('trade' as const),
          price: fc.integer({ min: 38, max: 42 }),
          size: fc.integer({ min: 1, max: 60 }),
        }),
        fc.record({
          kind: fc.constant('depth' as const),
          price: fc.constant(40),
          size: fc.integer({ min: 0, max: 150 }),
        }),
      ),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 100 }), (moves, ahead, more) => {
        const played = (before: number): number[] => {
          const d = desk([rester])
            .act({
              kind: 'account',
              account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }),
            })
            .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'rester' as never, config: PLAN }) })
            .ready('kalshi:x', [[0.4, before]], [[0.45, 100]])
            .pass(200);
          return moves.map((move) => {
            if (move.kind === 'trade') trade(d, move.price / 100, move.size);
            // What is shown includes who came before us: never more of them than stand there in the other world.
            else d.change('kalshi:x', [[0.4, move.size]], []);
            return filled(d);
          });
        };
        const [front, back] = [played(ahead), played(ahead + more)];
        front.forEach((size, i) => expect(back[i]).toBeLessThanOrEqual(size));
      }),
      { numRuns: 40 },
    );
  });
});
