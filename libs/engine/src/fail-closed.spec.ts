import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type MarketRef, type PluginId, type Price, type RiskLimits, type Size } from '#core';
import { defineStrategy, type Signal, type SignalLeg } from '#plugin-sdk';
import { Type } from 'typebox';
import { testPairs } from './strategies.spec-support.js';
import { accountRecord, desk, link, workflowRecord, type TapeDesk } from './tape.spec-support.js';

const A = 'kalshi:x';
const B = 'polymarket:x';

/** YES at A for 40¢ and NO at B for 45¢ wait for one more quote of B, and nothing speaks against them yet. */
function poised(over: Partial<Record<keyof RiskLimits, unknown>> = {}): TapeDesk {
  const limits = { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...over } as RiskLimits;
  return desk([testPairs])
    .act({ kind: 'account', account: accountRecord({ limits }) })
    .market(A)
    .market(B)
    .add({ kind: 'link', link: link(A, B) })
    .act({ kind: 'workflow', workflow: workflowRecord() })
    .book(A, [[0.38, 100]], [[0.4, 100]])
    .trust(A)
    .trust(B);
}
const go = (d: TapeDesk): TapeDesk => d.book(B, [[0.55, 100]], [[0.6, 100]]);

describe('whatever is not known is refused, and the refusal is kept', () => {
  it('goes when all is known', () => {
    expect(go(poised()).heard.of('denial')).toEqual([]);
    expect(go(poised()).heard.of('signal')).toHaveLength(1);
  });

  it.each<[string, string, (d: TapeDesk) => TapeDesk, RegExp]>([
    ['unknown fee', 'unknown-fee', (d) => d.market(B, { fees: null }), /fee of polymarket:x is not known/],
    [
      'fee that begins later',
      'unknown-fee',
      (d) => d.market(B, { fees: [{ from: d.at + 1, rule: { kind: 'none' } }] }),
      /fee of polymarket:x is not known/,
    ],
    ['stale book', 'stale-quote', (d) => d.wait(30_001), /quote of kalshi:x is 30.0 s old/],
    ['crossed book', 'crossed-book', (d) => d.change(A, [[0.41, 5]], []), /kalshi:x is crossed/],
    ['untrusted span', 'untrusted', (d) => d.distrust(A, 'gap'), /kalshi:x cannot be trusted: gap/],
    ['clock that is off', 'untrusted', (d) => d.distrust(A, 'clock-skew'), /kalshi:x cannot be trusted: clock-skew/],
    ['silence', 'untrusted', (d) => d.distrust(A, 'silence'), /kalshi:x cannot be trusted: silence/],
    [
      'market past its close, of which its venue says nothing',
      'market-not-open',
      (d) => d.market(A, { closesAt: d.at + 500, closesItself: true }).wait(500),
      /kalshi:x is closed/,
    ],
    ['paused market', 'market-not-open', (d) => d.market(A, { status: 'paused' }), /kalshi:x is paused/],
    [
      'result that may still change',
      'market-not-open',
      (d) => d.resolve(A, { kind: 'value', yesPays: 0 as Price }, false),
      /kalshi:x is determined/,
    ],
    [
      'link of unknown mismatch',
      'unknown-mismatch',
      (d) => d.add({ kind: 'link', link: link(A, B, { version: 2, mismatch: null }) }),
      /resolve differently/,
    ],
  ])('%s', (_what, rule, happen, message) => {
    const d = go(happen(poised()));
    const denial = d.heard.last('denial');
    expect(denial.refusals.map((refusal) => refusal.rule)).toContain(rule);
    expect(denial.refusals.find((refusal) => refusal.rule === rule)?.message).toMatch(message);
    // The inputs are kept with it, and nothing was promised or sent.
    expect(denial.legs).toMatchObject([
      { market: A, outcome: 'yes', limit: 400_000 },
      { market: B, outcome: 'no', limit: 450_000 },
    ]);
    expect(d.heard.of('order')).toEqual([]);
    expect(d.kernel!.look.accounts()[0].reserved).toBe(0);
  });

  it.each([
    ['missing', undefined],
    ['no number', NaN],
    ['text', '7'],
    ['negative', -1],
  ])('a limit that is %s', (_what, value) => {
    const d = go(poised({ maxDailyLoss: value }));
    // A loss limit that is none trips at once; either way nothing goes.
    expect(d.heard.of('order')).toEqual([]);
    const other = go(poised({ maxOpenOrders: value }));
    expect(other.heard.last('denial').refusals[0].rule).toBe('missing-limit');
    expect(other.heard.of('order')).toEqual([]);
  });
});

describe('an order that makes no sense', () => {
  const asking = (legs: (market: MarketRef) => readonly SignalLeg[]) =>
    defineStrategy({
      manifest: { id: 'odd', version: '1.0.0', title: 'Odd', summary: 'For tests.', sdk: '^1.0.0' },
      configSchema: Type.Object({ minEdge: Type.Integer(), size: Type.Integer() }),
      scope: 'markets',
      initialState: () => ({}),
      onQuote: (view, quote): Signal | undefined =>
        view.working(quote.market) ? undefined : { kind: 'order', legs: legs(quote.market), reason: 'odd' },
    });
  const leg = (market: MarketRef, over: Partial<SignalLeg> = {}): SignalLeg => ({
    market,
    outcome: 'yes',
    action: 'buy',
    size: 1_000 as Size,
    limit: 400_000 as Price,
    ...over,
  });
  function play(legs: (market: MarketRef) => readonly SignalLeg[], failures: string[] = []): TapeDesk {
    return desk([asking(legs)], { onHookFailure: ({ reason }) => failures.push(reason) })
      .act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 1_000_000 } }) })
      .market(A)
      .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'odd' as PluginId }) })
      .book(A, [[0.38, 100]], [[0.4, 100]])
      .trust(A);
  }

  it.each<[string, Partial<SignalLeg>]>([
    ['a size that is no number', { size: NaN as Size }],
    ['no size', { size: 0 as Size }],
    ['a negative size', { size: -100 as Size }],
    ['a limit that is no number', { limit: NaN as Price }],
    ['an endless limit', { limit: Infinity as Price }],
  ])('of %s is refused', (_what, over) => {
    const d = play((market) => [leg(market, over)]);
    expect(d.heard.last('denial').refusals[0].rule).toBe('not-a-number');
    expect(d.heard.of('order')).toEqual([]);
  });

  it('of no legs is refused', () => {
    expect(play(() => []).heard.last('denial').refusals[0].rule).toBe('not-a-number');
  });

  it('that names a leg twice is refused: each would count on the same depth', () => {
    const d = play((market) => [leg(market), leg(market)]);
    expect(d.heard.last('denial').refusals[0].rule).toBe('duplicate-leg');
    expect(d.heard.of('order')).toEqual([]);
  });

  const SEEN = { link: null, group: null, direction: 'up', markets: [0], waterfall: [], gross: 1, net: 1, size: 1 };
  it.each<[string, unknown]>([
    ['on a market nobody announced', { kind: 'order', legs: [leg(99 as MarketRef)], reason: '' }],
    ['of an unknown kind', { kind: 'shout' }],
    ['without legs at all', { kind: 'order', reason: '' }],
    ['that is nothing', null],
    ['of a sighting that is worth half a micro-dollar', { kind: 'sighting', sighting: { ...SEEN, net: 0.5 } }],
    ['of a sighting of no size', { kind: 'sighting', sighting: { ...SEEN, size: NaN } }],
    ['of a sighting on a market nobody announced', { kind: 'sighting', sighting: { markets: [99], waterfall: [] } }],
  ])('%s costs its workflow the event and nobody else anything', (_what, signal) => {
    const failures: string[] = [];
    const odd = defineStrategy({
      ...asking(() => []),
      onQuote: () => signal as Signal,
    });
    const d = desk([odd], { onHookFailure: ({ reason }) => failures.push(reason) })
      .act({ kind: 'account', account: accountRecord() })
      .market(A)
      .act({ kind: 'workflow', workflow: workflowRecord({ plugin: 'odd' as PluginId }) })
      .book(A, [[0.38, 100]], [[0.4, 100]])
      .trust(A);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^onQuote gave no sound signal: /);
    expect(d.heard.of('denial')).toEqual([]);
  });
});
