import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, UserProblem, type MarketId, type PluginId, type Price, type Size } from '#core';
import { defineStrategy, type SignalLeg } from '#plugin-sdk';
import { Type } from 'typebox';
import { accountRecord, ACCOUNT, desk, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';
import type { OrderQuestion, OrderVerdict } from './kernel.types.js';

const A = 'kalshi:x';
const B = 'polymarket:x';

interface Wish {
  readonly legs: readonly (Omit<SignalLeg, 'market'> & { readonly at: string })[];
}

/** Asks first what it would be told, in the same breath in which it then sends the order. */
function asker(wish: Wish, workflow: string | null, heard: OrderVerdict[]) {
  let d: TapeDesk | null = null;
  const strategy = defineStrategy({
    manifest: { id: 'asker', version: '1.0.0', title: 'Asker', summary: 'For tests.', sdk: '^1.0.0' },
    configSchema: Type.Object({}),
    scope: 'markets',
    initialState: () => ({ sent: false }),
    onQuote({ state }, quote) {
      const { look } = d!.kernel!;
      const legs = wish.legs.map(({ at, ...leg }) => ({ ...leg, market: look.ref(at as MarketId)! }));
      if (state.sent || quote.market !== legs[legs.length - 1].market || quote.ask < 0) return undefined;
      state.sent = true;
      const question: OrderQuestion = {
        account: ACCOUNT,
        workflow,
        legs: wish.legs.map(({ at, ...leg }) => ({ ...leg, market: at })),
        as: 'opening',
      };
      heard.push(look.verdict(question));
      return { kind: 'order', legs, reason: 'asked before' };
    },
  });
  return (made: (strategies: readonly (typeof strategy)[]) => TapeDesk): TapeDesk => (d = made([strategy]));
}

/** What the outcome can be had for: the books below. */
const BEST = { [A]: { yes: 400_000, no: 620_000 }, [B]: { yes: 600_000, no: 450_000 } } as const;
const legOf = fc
  .record({
    at: fc.constantFrom(A, B),
    outcome: fc.constantFrom('yes' as const, 'no' as const),
    action: fc.constantFrom(...Array.from({ length: 9 }, () => 'buy' as const), 'sell' as const),
    size: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(500, 600, 1_000) }, { weight: 1, arbitrary: fc.nat(2_000) }),
    off: fc.constantFrom(0, 0, 0, 10_000, -10_000, 5_500, 300_000, -700_000),
  })
  .map(({ off, at, outcome, action, size }) => {
    const limit = (BEST[at][outcome] + off) as Price;
    return { at, outcome, action, size: size as Size, limit };
  });
/** Now and then a limit that bites. */
const tight = (most: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: most }) },
  );
const seldom = fc.integer({ min: 0, max: 7 }).map((n) => n === 0);
const worlds = fc.record({
  legs: fc.array(legOf, { minLength: 1, maxLength: 2 }),
  limits: fc.record({
    maxPositionSize: tight(3_000),
    maxMarketCost: tight(9_000_000),
    maxGroupLoss: tight(9_000_000),
    maxGross: tight(9_000_000),
    maxVenue: tight(9_000_000),
    maxNaked: tight(9_000_000),
    maxOpenOrders: tight(3),
    orderBurst: tight(3),
    maxDepthShare: tight(1_000_000),
    maxThroughAsk: tight(100_000),
    maxQuoteAgeMs: tight(60_000),
  }),
  own: fc.record({ maxVenue: tight(4_000_000) }),
  killed: seldom,
  untrusted: seldom,
  linked: fc.constantFrom(null, 'reviewed' as const, 'proposed' as const),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000 })),
});

const given = (limits: Record<string, number | undefined>) =>
  Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));

describe('the order calculator', () => {
  it('never disagrees with the gate on the same state, whatever the order and the limits', () => {
    let refused = 0;
    let went = 0;
    fc.assert(
      fc.property(worlds, ({ legs, limits, own, killed, untrusted, linked, wait }) => {
        const heard: OrderVerdict[] = [];
        const d = asker(
          { legs },
          'w',
          heard,
        )((strategies) => {
          const made = desk(strategies as never)
            .act({
              kind: 'account',
              account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...given(limits) } }),
            })
            .market(A)
            .market(B);
          if (linked) made.add({ kind: 'link', link: link(A, B, { state: linked }) });
          return made;
        });
        d.act({
          kind: 'workflow',
          workflow: workflowRecord({ plugin: 'asker' as PluginId, config: {}, limits: given(own) }),
        });
        if (killed) d.act({ kind: 'kill-switch', on: true, account: null, reason: 'drill' });
        const [first, last] = legs[legs.length - 1].at === A ? [B, A] : [A, B];
        d.book(first, [[0.38, 100]], [[0.4, 100]]).trust(first);
        d.wait(wait);
        if (!untrusted) d.trust(last);
        d.book(last, [[0.55, 100]], [[0.6, 100]]);
        expect(heard.length).toBe(1);
        const [verdict] = heard;
        const refusals = verdict.rules.filter(({ refuses }) => refuses);
        const denial = d.heard.of('denial').at(-1);
        expect(refusals).toEqual((denial?.refusals ?? []).map((refusal) => ({ ...refusal, refuses: true })));
        expect(verdict.goes).toBe(!denial);
        expect(d.heard.of('order').some(({ state }) => state === 'reserved')).toBe(verdict.goes);
        if (verdict.goes) {
          went++;
          const debit = verdict.legs.reduce((sum, leg) => sum + leg.debit!, 0);
          expect(d.kernel!.look.accounts()[0].reserved).toBe(debit);
        } else refused++;
      }),
      { numRuns: 250, seed: 7 },
    );
    // Both answers were tried, or the property says little.
    expect(Math.min(refused, went)).toBeGreaterThan(5);
  });

  const standing = (): TapeDesk =>
    desk([])
      .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
      .market(A)
      .trust(A)
      .book(A, [[0.38, 100]], [[0.4, 100]]);
  const buy = (over: object = {}): OrderQuestion => ({
    account: ACCOUNT,
    workflow: null,
    legs: [{ market: A, outcome: 'yes', action: 'buy', size: 1_000, limit: 400_000 }],
    as: 'opening',
    ...over,
  });

  it('tells every rule with its numbers, the fee, and changes nothing', () => {
    const d = standing();
    const before = Buffer.from(d.kernel!.snapshot());
    const verdict = d.kernel!.look.verdict(buy());
    expect(Buffer.from(d.kernel!.snapshot()).equals(before)).toBe(true);
    expect(verdict).toMatchObject({
      goes: true,
      mode: null,
      seq: d.kernel!.seq,
      // 0.07 × 10 × 0.4 × 0.6
      legs: [{ market: A, fee: 168_000, debit: 4_168_000, best: 400_000, depth: 10_000 }],
    });
    const rules = new Map(verdict.rules.map((rule) => [rule.rule, rule]));
    expect(rules.get('kill-switch')).toMatchObject({ refuses: false, limit: null, message: 'No kill switch is on.' });
    expect(rules.get('depth-share')).toMatchObject({
      asked: 1_000,
      limit: 10_000,
      headroom: 10_000,
      unit: 'hundredths',
    });
    expect(rules.get('gross')).toMatchObject({ asked: 4_168_000, use: 0, unit: 'micro-dollars' });
    expect([...rules.keys()]).toEqual(
      expect.arrayContaining([
        'daily-loss',
        'stale-quote',
        'off-grid',
        'price-sanity',
        'insufficient-cash',
        'event-loss',
        'venue',
        'order-throttle',
        'open-orders',
      ]),
    );
    expect(verdict.rules.every(({ message }) => message.endsWith('.'))).toBe(true);
  });

  it('asks a hedge neither for a halt nor for the worst case of its event', () => {
    const d = standing().act({
      kind: 'account',
      account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, maxGroupLoss: 1 } }),
    });
    expect(
      d
        .kernel!.look.verdict(buy())
        .rules.filter(({ refuses }) => refuses)
        .map(({ rule }) => rule),
    ).toEqual(['event-loss']);
    const hedge = d.kernel!.look.verdict(buy({ as: 'hedge' }));
    expect(hedge.goes).toBe(true);
    expect(hedge.rules.map(({ rule }) => rule)).not.toContain('event-loss');
  });

  it('says what it does not know by field, and that an order that is none cannot go', () => {
    const { look } = standing().kernel!;
    for (const [over, path] of [
      [{ account: 'nobody' }, '/account'],
      [{ workflow: 'nobody' }, '/workflow'],
      [{ legs: [{ ...buy().legs[0], market: 'kalshi:nothing' }] }, '/legs/0/market'],
    ] as const) {
      let thrown: unknown;
      try {
        look.verdict(buy(over));
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(UserProblem);
      expect((thrown as UserProblem).fields[0].path).toBe(path);
    }
    expect(look.verdict(buy({ legs: [{ ...buy().legs[0], size: 0.5 }] })).goes).toBe(false);
    expect(look.verdict(buy({ legs: [] })).goes).toBe(false);
  });
});
