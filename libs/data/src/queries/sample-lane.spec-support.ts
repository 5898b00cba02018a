import type { Pool } from 'pg';
import { DEFAULT_LIMITS } from '#core';
import type { JournalEntry, MarketInfo, MarketRef, Price, Size, TapeEvent } from '#core';
import type { AccountLook, SessionLook } from '#engine';
import type { Quote } from '#plugin-sdk';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';

export const LANE = 7;
export const POLY = 'polymarket:0xaa';
export const KALSHI = 'kalshi:KXFED-26';
export const ACCOUNT = 'house';
export const WORKFLOW = 'fed-arb';

export const LIMITS = DEFAULT_LIMITS;

const info = (id: string, title: string): MarketInfo => ({
  id: id as MarketInfo['id'],
  group: null,
  title,
  rules: `Resolves YES if ${title}`,
  category: 'economics',
  status: 'open',
  grid: [{ start: 5_000 as Price, end: 995_000 as Price, step: 5_000 }],
  minSize: 100 as Size,
  sizeStep: 100 as Size,
  fees: [
    {
      from: 0,
      rule: id.startsWith('kalshi')
        ? { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 }
        : { kind: 'none' },
    },
  ],
  closesAt: null,
  paysAt: null,
  venueData: {},
});

export const quoteOf = (market: number, at: number, bid: number, ask: number): Quote => ({
  market: market as MarketRef,
  at,
  bid: bid as Price,
  bidSize: 1_000 as Size,
  ask: ask as Price,
  askSize: 2_000 as Size,
  trusted: true,
});

export const session = (
  more: { version?: number; mode?: 'off' | 'shadow' | 'paper'; state?: 'running' | 'paused' } = {},
): SessionLook =>
  ({
    id: `${WORKFLOW}#${more.version ?? 1}`,
    workflow: {
      id: WORKFLOW,
      version: more.version ?? 1,
      title: 'Fed arbitrage',
      plugin: 'cross-venue-arbitrage',
      pluginVersion: '1.0.0',
      config: { minEdge: 1 },
      scope: { venues: [], categories: [], groups: [], markets: [], links: [], text: '' },
      account: ACCOUNT,
      mode: more.mode ?? 'paper',
      limits: {},
      models: [],
    },
    mode: more.mode ?? 'paper',
    state: more.state ?? 'running',
    reason: '',
    startedAt: 1,
    signals: 2,
    denials: 1,
    fills: 1,
  }) as unknown as SessionLook;

const account = (equity: number): AccountLook =>
  ({
    record: { id: ACCOUNT, title: 'House', openingCash: 10_000_000_000, limits: LIMITS, kalshiPrecision: 'direct' },
    cash: 9_995_900_000,
    reserved: 0,
    equity,
    dayBase: 10_000_000_000,
    peak: 10_000_000_000,
    realised: 0,
    lockedIn: 0,
    lockedOverBids: 0,
    fees: 0,
    state: 'ACTIVE',
    stateReason: '',
    killed: false,
    killedBy: [],
    positions: [{ market: POLY, outcome: 'yes', size: 1_000, cost: 410_000, mark: 400_000, value: 4_000_000 }],
    limits: [{ rule: 'maxGross', limit: 6_000_000_000, use: 4_100_000, unit: 'micro-dollars', at: '' }],
  }) as unknown as AccountLook;

export interface SampleLane {
  readonly epoch: number;
  /** Time of the first event. */
  readonly from: number;
  readonly headSeq: number;
}

/** A small lane as a worker would have committed it: two linked markets, a trade on them, an opportunity, a refusal. */
export async function writeSampleLane(pool: Pool, now: number): Promise<SampleLane> {
  const store = createTapeStore(pool);
  const { epoch } = await store.takeOver(LANE, 'sample');
  const from = now - 60_000;
  const at = (seq: number): number => from + seq * 1_000;
  const source = { venueAt: null, connection: 1, venueSeq: null };
  const stamp = (seq: number): { lane: number; seq: number; at: number } => ({ lane: LANE, seq, at: at(seq) });
  const poly = 0 as MarketRef;
  const kalshi = 1 as MarketRef;
  const link = {
    id: 'link-fed',
    version: 1,
    a: POLY,
    b: KALSHI,
    polarity: 'same',
    state: 'reviewed',
    mismatch: 0.01,
    differences: ['Kalshi names the upper bound'],
    reviewedBy: 'sample',
  };
  const events = [
    { kind: 'market', ...stamp(1), ref: poly, info: info(POLY, 'Fed cuts in December') },
    { kind: 'market', ...stamp(2), ref: kalshi, info: info(KALSHI, 'Fed cuts rates in December?') },
    { kind: 'link', ...stamp(3), link },
    {
      kind: 'book',
      ...stamp(4),
      ...source,
      market: poly,
      snapshot: true,
      merged: 1,
      levels: Float64Array.of(0, 400_000, 1_000, 0, 390_000, 500, 1, 410_000, 2_000),
    },
    { kind: 'continuity', ...stamp(5), market: poly, trusted: true, reason: 'snapshot', detail: '' },
    { kind: 'trade', ...stamp(6), ...source, market: poly, tradeId: 't1', price: 410_000, size: 300, taker: 'buy' },
    {
      kind: 'book',
      ...stamp(7),
      ...source,
      market: poly,
      snapshot: false,
      merged: 1,
      levels: Float64Array.of(0, 400_000, 0, 0, 395_000, 700),
    },
    { kind: 'continuity', ...stamp(8), market: poly, trusted: false, reason: 'gap', detail: 'seq 4 after 2' },
    { kind: 'continuity', ...stamp(9), market: poly, trusted: true, reason: 'restated', detail: '' },
    { kind: 'beat', ...stamp(10) },
  ] as unknown as TapeEvent[];
  const entry = (seq: number, ordinal: number, more: object): JournalEntry =>
    ({
      ...stamp(seq),
      ordinal,
      session: `${WORKFLOW}#1`,
      workflow: WORKFLOW,
      account: ACCOUNT,
      causes: [4, 6],
      ...more,
    }) as unknown as JournalEntry;
  const legs = [{ market: POLY, outcome: 'yes', action: 'buy', size: 1_000, limit: 410_000 }];
  const opportunity = {
    link: 'link-fed',
    group: null,
    direction: 'a-yes',
    markets: [POLY, KALSHI],
    bestGross: 30_000,
    bestNet: 12_000,
    size: 1_000,
    waterfall: [{ label: 'gross', amount: 300_000 }],
  };
  const journal = [
    entry(6, 0, {
      kind: 'opportunity',
      ...opportunity,
      opportunityId: 'o1',
      phase: 'opened',
      verdict: 'accepted',
      openedAt: at(6),
      signalId: 'S6.1',
      reason: '',
      denials: 0,
      ended: '',
    }),
    entry(6, 1, { kind: 'signal', signalId: 'S6.1', legs, reason: 'edge', mode: 'paper' }),
    entry(6, 2, {
      kind: 'fill',
      fillId: 'F1',
      orderId: 'O1',
      signalId: 'S6.1',
      market: POLY,
      outcome: 'yes',
      action: 'buy',
      parts: [{ price: 410_000, size: 1_000 }],
      size: 1_000,
      notional: 4_100_000,
      fee: 0,
      cashDelta: -4_100_000,
    }),
    entry(7, 0, {
      kind: 'opportunity',
      ...opportunity,
      opportunityId: 'o2',
      phase: 'opened',
      verdict: 'denied',
      openedAt: at(7),
      signalId: 'S7.1',
      reason: 'stale book',
      denials: 3,
      ended: '',
    }),
    entry(7, 1, {
      kind: 'denial',
      signalId: 'S7.1',
      legs,
      refusals: [
        {
          rule: 'maxQuoteAgeMs',
          message: 'The quote is 40 s old; at most 30 s is allowed.',
          limit: 30_000,
          use: 40_000,
          asked: null,
          headroom: null,
          unit: 'ms',
        },
      ],
      count: 3,
      firstAt: at(7),
    }),
  ];
  const state = (ref: MarketRef, id: string, title: string, quote: Quote, quoteSeq: number): object => ({
    ref,
    id,
    info: info(id, title),
    quote,
    quoteSeq,
    freshAt: at(9),
    trusted: true,
    trustReason: '',
  });
  const now9 = quoteOf(0, at(7), 395_000, 410_000);
  const other = quoteOf(1, at(2), 430_000, -1);
  await store.append(
    batchOf(events, {
      epoch,
      journal,
      quotes: [
        { quote: quoteOf(0, at(4), 400_000, 410_000), seq: 4 },
        { quote: now9, seq: 7 },
        { quote: other, seq: 2 },
      ],
      projection: {
        markets: [
          state(poly, POLY, 'Fed cuts in December', now9, 7),
          state(kalshi, KALSHI, 'Fed cuts rates in December?', other, 2),
        ],
        accounts: [{ id: ACCOUNT, state: account(9_999_900_000) }],
        sessions: [{ id: `${WORKFLOW}#1`, state: session() }],
      } as never,
    }),
  );
  return { epoch, from, headSeq: 10 };
}
