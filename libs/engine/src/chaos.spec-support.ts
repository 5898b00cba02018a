import {
  DEFAULT_LIMITS,
  PRICE_ONE,
  type FeeRule,
  type MarketInfo,
  type MarketRef,
  type Outcome,
  type PluginId,
  type Price,
  type RiskLimits,
  type Size,
  type TapeEvent,
  type TrustLoss,
  type VenueId,
  type WorkflowId,
} from '#core';
import { defineStrategy, type Signal, type SignalLeg, type StrategyView } from '#plugin-sdk';
import { Type } from 'typebox';
import { seeded } from './rng.spec-support.js';
import { ACCOUNT, accountRecord, groupInfo, link, TapeDesk, workflowRecord } from './tape.spec-support.js';

const configSchema = Type.Object({ seed: Type.Integer(), absurd: Type.Boolean() });
type Config = { readonly seed: number; readonly absurd: boolean };
interface State {
  turn: number;
}
type View = StrategyView<Config, State>;

const ABSURD = [NaN, Infinity, -Infinity, -1, 0, 0.5, 1e15, 2 ** 53, 2 ** 53 + 2, 1e300] as const;

/**
 * Says whatever comes to its mind: orders of any legs, sizes and limits, sensible half of the time, in the name of any link;
 * takes back, sees what is not there, and answers fills with more of it.
 */
export const chaotic = defineStrategy({
  manifest: { id: 'chaotic', version: '1.0.0', title: 'Chaos', summary: 'For tests.', sdk: '^1.0.0' },
  configSchema,
  scope: 'markets',
  initialState: (): State => ({ turn: 0 }),
  onQuote: (view: View, quote) => utter(view, quote.market),
  onTrade: (view: View, trade) => utter(view, trade.market),
  onFill: (view: View, fill) => (view.state.turn % 3 === 0 ? utter(view, refOf(view, fill.market)) : undefined),
  onBeat: (view: View) => utter(view, 0 as MarketRef),
});

const MARKETS = ['kalshi:x', 'polymarket:x', 'polymarket:red', 'polymarket:green', 'polymarket:blue', 'kalshi:tiny'];
const refOf = (view: View, id: string): MarketRef => {
  const found = MARKETS.findIndex((_, ref) => view.info(ref as MarketRef).id === id);
  return Math.max(0, found) as MarketRef;
};

function utter(view: View, heard: MarketRef): readonly Signal[] {
  const random = seeded(view.config.seed * 7_919 + ++view.state.turn);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  if (random() < 0.35) return [];
  if (random() < 0.1) return [{ kind: 'cancel', market: heard }];
  const places: readonly (readonly [MarketRef, Outcome])[] = pick([
    [[heard, pick(['yes', 'no'])]],
    [[heard, pick(['yes', 'no'])]],
    [
      [0 as MarketRef, 'yes'],
      [1 as MarketRef, 'no'],
    ],
    [
      [1 as MarketRef, 'yes'],
      [0 as MarketRef, 'no'],
    ],
    [
      [2 as MarketRef, 'no'],
      [3 as MarketRef, 'no'],
      [4 as MarketRef, 'no'],
    ],
    [
      [2 as MarketRef, 'yes'],
      [3 as MarketRef, 'yes'],
      [4 as MarketRef, 'yes'],
    ],
    [
      [heard, 'yes'],
      [heard, 'no'],
    ],
  ]);
  const action = random() < 0.7 ? 'buy' : 'sell';
  const wild = view.config.absurd && random() < 0.03;
  const held = view.held(places[0][0], places[0][1]);
  const size = wild
    ? pick(ABSURD)
    : action === 'sell' && held > 0
      ? pick([held, Math.ceil(held / 2), 1])
      : pick([1, 7, 100, 500, 700, 1_000, 5_000, 20_000]);
  const legs = places.map(([market, outcome]): SignalLeg => {
    const { bid, ask } = view.quote(market);
    const best = (outcome === 'yes') === (action === 'buy') ? ask : bid;
    const own = outcome === 'yes' ? best : PRICE_ONE - best;
    const step = view.info(market).grid[0].step;
    const limit = wild ? pick(ABSURD) : own + step * Math.floor(random() * 5 - 2);
    const restMs = places.length === 1 && random() < 0.3 ? pick([50, 1_000, 20_000, 1e9]) : undefined;
    const leg = { market, outcome, action, size: size as Size, limit: limit as Price } as const;
    return restMs === undefined ? leg : { ...leg, restMs };
  });
  return [{ kind: 'order', legs, reason: 'why not' }];
}

const FEES: readonly FeeRule[] = [
  { kind: 'none' },
  { kind: 'kalshi', takerRate: 70_000, makerRate: 17_500, multiplier: 1_000_000 },
  { kind: 'kalshi', takerRate: 70_000, makerRate: 17_500, multiplier: 2_000_000 },
  { kind: 'polymarket', rate: 70_000, exponent: 1, rounding: 'floor' },
];
const LOSSES: readonly TrustLoss[] = ['gap', 'silence', 'clock-skew', 'resync'];

/** A tape on which everything happens that may, at any moment and in any order. */
export function chaoticTape(seed: number, length: number, absurd: boolean): readonly TapeEvent[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const d = new TapeDesk();
  const step = (id: string): number => (id === 'kalshi:tiny' ? 1_000 : 10_000);
  const info = (id: string): Partial<MarketInfo> => ({
    grid: [{ start: 0 as Price, end: PRICE_ONE, step: step(id) }],
    minSize: (id === 'kalshi:tiny' ? 1 : id.startsWith('kalshi') ? 100 : 500) as Size,
    sizeStep: (id === 'kalshi:x' ? 100 : 1) as Size,
    group: /red|green|blue/.test(id) ? groupInfo('polymarket:set', []).id : null,
  });
  const wide: RiskLimits = {
    ...DEFAULT_LIMITS,
    maxDepthShare: 1_000_000,
    maxNaked: 10_000_000_000,
    maxThroughAsk: 60_000,
    maxDailyLoss: 900_000,
    maxDrawdown: 950_000,
    maxCancelRatio: 10_000,
    maxLosingCloses: 1_000,
    ordersPerSecond: 1_000,
    orderBurst: 1_000,
  };
  const limits = (): RiskLimits => ({
    ...wide,
    maxDailyLoss: random() < 0.07 ? 20_000 : 900_000,
    maxGroupLoss: pick([wide.maxGroupLoss, 5_000_000_000]),
    maxQuoteAgeMs: pick([30_000, 30_000, 30_000, 500]),
  });
  const record = (over: object = {}) =>
    accountRecord({ openingCash: pick([20_000_000, 500_000_000]), limits: limits(), ...over });
  d.act({ kind: 'account', account: record({ kalshiPrecision: pick(['direct', 'cent']) }) });
  for (const id of MARKETS) d.market(id, info(id));
  let version = 1;
  const linked = () =>
    d.add({
      kind: 'link',
      link: link('kalshi:x', 'polymarket:x', {
        version: version++,
        state: pick(['reviewed', 'reviewed', 'reviewed', 'reviewed', 'rejected']),
        polarity: pick(['same', 'same', 'inverse']),
        mismatch: pick([0, 0.01, 0.01, 0.01, null]),
      }),
    });
  const grouped = () =>
    d.add({
      kind: 'group',
      group: groupInfo('polymarket:set', MARKETS.slice(2, 5), {
        exclusive: random() < 0.8,
        exhaustive: random() < 0.5,
      }),
    });
  linked();
  grouped();
  let workflowVersion = 0;
  const workflow = () =>
    d.act({
      kind: 'workflow',
      workflow: workflowRecord({
        version: ++workflowVersion,
        plugin: 'chaotic' as PluginId,
        config: { seed: seed + workflowVersion, absurd },
        mode: pick(['paper', 'paper', 'paper', 'paper', 'paper', 'paper', 'shadow', 'off']),
      }),
    });
  workflow();
  const restate = (id: string): void => {
    const grain = step(id) / 1e6;
    const most = Math.round(1 / grain);
    const mid = random() < 0.2 ? pick([2, most - 2]) : between(3, most - 3);
    const size = (): number => between(1, random() < 0.7 ? 30_000 : 900) / 100;
    const rungs = [0, 1, 2].filter(() => random() < 0.9);
    d.book(
      id,
      rungs.filter((rung) => mid - 1 - rung > 0).map((rung) => [(mid - 1 - rung) * grain, size()] as const),
      rungs.filter((rung) => mid + rung < most).map((rung) => [(mid + rung) * grain, size()] as const),
    );
  };
  for (const id of MARKETS) {
    restate(id);
    d.trust(id);
  }
  while (d.tape.length < length) {
    d.wait(random() < 0.6 ? between(0, 60) : random() < 0.99 ? between(0, 400) : between(1_000, 4_000_000));
    const id = pick(MARKETS);
    const ref = d.ref(id);
    const roll = random();
    if (roll < 0.45) restate(id);
    else if (roll < 0.66)
      d.add({
        kind: 'trade',
        market: ref,
        venueAt: null,
        connection: 1,
        venueSeq: null,
        tradeId: String(d.tape.length),
        price: (between(1, PRICE_ONE / step(id) - 1) * step(id)) as Price,
        size: pick([0, 1, 1, 3, 100, 5_000]) as Size,
        taker: pick(['buy', 'sell', null]),
      });
    else if (roll < 0.78) d.add({ kind: 'beat' });
    else if (roll < 0.83) {
      if (random() < 0.08) d.distrust(id, pick(LOSSES));
      else d.trust(id);
    } else if (roll < 0.89) d.market(id, { status: random() < 0.94 ? 'open' : pick(['paused', 'closed']) });
    else if (roll < 0.91) {
      const rule = random() < 0.1 ? null : pick(FEES);
      d.market(id, { fees: rule === null ? null : [{ from: 0, rule }] });
    } else if (roll < 0.92) {
      const final = random() < (d.tape.length > length * 0.7 ? 0.6 : 0.04);
      const yesPays = pick([0, PRICE_ONE, 500_000, 333_333]) as Price;
      d.resolve(id, random() < 0.2 ? { kind: 'void' } : { kind: 'value', yesPays }, final);
      if (random() < 0.7) d.market(id, { status: 'open' });
    } else if (roll < 0.93) linked();
    else if (roll < 0.935) grouped();
    else if (roll < 0.955) {
      const account = random() < 0.5 ? ACCOUNT : null;
      d.act({ kind: 'kill-switch', on: random() < 0.2, account, reason: 'drill' });
      if (random() < 0.5)
        for (const one of [null, ACCOUNT]) d.act({ kind: 'kill-switch', on: false, account: one, reason: '' });
    } else if (roll < 0.965) d.act({ kind: 'reset-halt', account: ACCOUNT });
    else if (roll < 0.972) d.act({ kind: 'account', account: record({ kalshiPrecision: pick(['direct', 'cent']) }) });
    else if (roll < 0.984) d.act({ kind: 'deposit', account: ACCOUNT, amount: between(-10_000_000, 30_000_000) });
    else if (roll < 0.992) workflow();
    else if (roll < 0.998)
      d.act({
        kind: 'enablement',
        settings: [
          {
            plugin: 'chaotic' as PluginId,
            target: { kind: 'venue', id: pick(['kalshi', 'polymarket']) as VenueId },
            mode: pick([null, null, null, null, 'off', 'shadow']),
          },
        ],
      });
    else d.act({ kind: 'workflow-archived', workflow: 'w' as WorkflowId });
  }
  return d.tape;
}
