import { describe, expect, it } from 'vitest';
import type { GroupId, LinkId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Link } from '../market.js';
import { price } from '../units.js';
import { assess, assessAtSend, assessHedge } from './assess.js';
import { worstLoss, type GroupShape, type Holding } from './exposure.js';
import { DEFAULT_LIMITS } from './limit-info.js';
import type { RiskLeg, RiskOrder, RiskState } from './order.js';
import { fullBucket, takeTokens, tokensAt } from './token-bucket.js';
import { limitUses } from './usage.js';

const KALSHI = 'kalshi' as VenueId;
const POLYMARKET = 'polymarket' as VenueId;

const leg = (over: Partial<RiskLeg> = {}): RiskLeg => ({
  ref: 0 as MarketRef,
  market: 'kalshi:A' as MarketId,
  venue: KALSHI,
  group: null,
  category: 'politics',
  outcome: 'yes',
  action: 'buy',
  size: 10_000,
  limit: 400_000,
  debit: 41_680_000,
  status: 'open',
  grid: [{ start: price(0), end: price(1_000_000), step: 10_000 }],
  minSize: 100,
  sizeStep: 100,
  feeKnown: true,
  trusted: true,
  trustReason: '',
  crossed: false,
  quoteAgeMs: 50,
  best: 400_000,
  depth: 100_000,
  fair: null,
  free: 0,
  ...over,
});
const other = (over: Partial<RiskLeg> = {}): RiskLeg =>
  leg({
    ref: 1 as MarketRef,
    market: 'polymarket:A' as MarketId,
    venue: POLYMARKET,
    outcome: 'no',
    limit: 500_000,
    best: 500_000,
    debit: 51_000_000,
    ...over,
  });

const link = (over: Partial<Link> = {}): Link => ({
  id: 'L' as LinkId,
  version: 1,
  a: 'kalshi:A' as MarketId,
  b: 'polymarket:A' as MarketId,
  polarity: 'same',
  state: 'reviewed',
  mismatch: 0.01,
  differences: [],
  reviewedBy: 'someone',
  ...over,
});
const state = (over: Partial<RiskState> = {}): RiskState => ({
  limits: DEFAULT_LIMITS,
  freeCash: 10_000_000_000,
  state: 'ACTIVE',
  stateReason: '',
  killed: null,
  dailyTrip: '',
  drawdownTrip: '',
  cooling: '',
  holdings: [],
  naked: 0,
  openOrders: 0,
  tokens: new Map(),
  misses: new Map(),
  shape: () => null,
  links: () => [],
  ...over,
});
const order = (...legs: RiskLeg[]): RiskOrder => ({ legs, link: legs.length > 1 ? link() : 'none' });
const rules = (s: RiskState, o: RiskOrder): string[] => assess(s, o).map((refusal) => refusal.rule);
const held = (over: Partial<Holding> = {}): Holding => ({
  ref: 0 as MarketRef,
  market: 'kalshi:A' as MarketId,
  venue: KALSHI,
  group: null,
  category: 'politics',
  outcome: 'yes',
  size: 10_000,
  cost: 40_000_000,
  ...over,
});

describe('the gate', () => {
  it('lets a good order and a good pair go', () => {
    expect(assess(state(), order(leg()))).toEqual([]);
    expect(assess(state(), order(leg(), other()))).toEqual([]);
  });

  it.each<[string, Partial<RiskLeg>, string]>([
    ['closed market', { status: 'closed' }, 'market-not-open'],
    ['untrusted book', { trusted: false, trustReason: 'gap' }, 'untrusted'],
    ['crossed book', { crossed: true }, 'crossed-book'],
    ['unknown fee', { feeKnown: false, debit: NaN }, 'unknown-fee'],
    ['stale quote', { quoteAgeMs: 30_001 }, 'stale-quote'],
    ['quote that was never there', { quoteAgeMs: Infinity }, 'stale-quote'],
    ['limit off the grid', { limit: 405_000 }, 'off-grid'],
    ['size below the minimum', { minSize: 10_001 }, 'below-minimum'],
    ['size between steps', { size: 10_050 }, 'size-step'],
    ['empty side', { best: -1, depth: 0 }, 'no-quote'],
    ['limit through the ask', { best: 370_000 }, 'price-sanity'],
    ['limit above what a model holds for fair', { fair: 349_999 }, 'fair-value'],
    ['fair value that is no number', { fair: NaN }, 'fair-value'],
    ['bite too big for the depth', { depth: 49_999 }, 'depth-share'],
    ['size that is no number', { size: NaN }, 'not-a-number'],
    ['infinite size', { size: Infinity }, 'not-a-number'],
    ['limit that is no number', { limit: NaN }, 'not-a-number'],
    ['cost that is no number', { debit: NaN }, 'not-a-number'],
    ['sale of what is not held', { action: 'sell', free: 9_999 }, 'not-held'],
  ])('refuses a %s', (_what, over, rule) => {
    expect(rules(state(), order(leg(over)))).toEqual([rule]);
  });

  it.each<[string, Partial<RiskState>, string]>([
    ['a kill switch', { killed: 'drill' }, 'kill-switch'],
    ['a daily loss', { dailyTrip: 'Lost.', state: 'HALTED' }, 'daily-loss'],
    ['a drawdown', { drawdownTrip: 'Fell.', state: 'REDUCING' }, 'drawdown'],
    ['a rest after a trip', { cooling: 'Resting 30 min after a daily loss.', state: 'HALTED' }, 'cool-down'],
    ['an account that may only reduce', { state: 'REDUCING' }, 'account-state'],
    ['too little cash', { freeCash: 41_679_999 }, 'insufficient-cash'],
    ['cash that is no number', { freeCash: NaN }, 'not-a-number'],
    ['a missing limit', { limits: { ...DEFAULT_LIMITS, maxGross: undefined as unknown as number } }, 'missing-limit'],
    ['a limit that is no number', { limits: { ...DEFAULT_LIMITS, maxDepthShare: NaN } }, 'missing-limit'],
    ['a limit below nothing', { limits: { ...DEFAULT_LIMITS, maxThroughAsk: -1 } }, 'missing-limit'],
    ['a full market', { limits: { ...DEFAULT_LIMITS, maxPositionSize: 9_999 } }, 'market-position'],
    ['a market that cost enough', { limits: { ...DEFAULT_LIMITS, maxMarketCost: 41_679_999 } }, 'market-cost'],
    ['an event that may lose enough', { limits: { ...DEFAULT_LIMITS, maxGroupLoss: 41_679_999 } }, 'event-loss'],
    ['a category that may lose enough', { limits: { ...DEFAULT_LIMITS, maxClusterLoss: 41_679_999 } }, 'cluster-loss'],
    ['capital at risk', { limits: { ...DEFAULT_LIMITS, maxGross: 41_679_999 } }, 'gross'],
    ['capital at a venue', { limits: { ...DEFAULT_LIMITS, maxVenue: 41_679_999 } }, 'venue'],
    ['the throttle of a venue', { tokens: new Map([[KALSHI, 0]]) }, 'order-throttle'],
    ['orders that all came back unfilled', { misses: new Map([[KALSHI, { filled: 0, missed: 20 }]]) }, 'cancel-ratio'],
    ['more misses than a fill earns', { misses: new Map([[KALSHI, { filled: 2, missed: 40 }]]) }, 'cancel-ratio'],
    ['the count of open orders', { openOrders: 50 }, 'open-orders'],
  ])('refuses for %s', (_what, over, rule) => {
    expect(rules(state(over), order(leg()))).toContain(rule);
  });

  it('says limit, use, asked and headroom in numbers and in a sentence', () => {
    const [refusal] = assess(state({ holdings: [held({ size: 45_000, cost: 1 })] }), order(leg()));
    expect(refusal).toEqual({
      rule: 'market-position',
      message: '100 contracts more in kalshi:A would make 550 contracts; the limit is 500 contracts.',
      limit: 50_000,
      use: 45_000,
      asked: 10_000,
      headroom: 5_000,
      unit: 'hundredths',
    });
  });

  it('gives all reasons, not only the first', () => {
    expect(rules(state({ killed: '', freeCash: 0 }), order(leg({ crossed: true, quoteAgeMs: 99_999 })))).toEqual([
      'kill-switch',
      'crossed-book',
      'stale-quote',
      'insufficient-cash',
    ]);
  });

  it('asks for a reviewed link with a known mismatch', () => {
    const legs = [leg(), other()];
    expect(rules(state(), { legs, link: 'missing' })).toEqual(['unreviewed-link']);
    expect(rules(state(), { legs, link: link({ state: 'proposed' }) })).toEqual(['unreviewed-link']);
    expect(rules(state(), { legs, link: link({ mismatch: null }) })).toEqual(['unknown-mismatch']);
    expect(rules(state(), { legs, link: link({ mismatch: NaN }) })).toEqual(['unknown-mismatch']);
  });

  it('wants legs equal in contracts', () => {
    expect(rules(state(), order(leg(), other({ size: 9_900 })))).toEqual(['unequal-legs']);
  });

  it('limits what may stand naked: every leg but the last', () => {
    const limits = { ...DEFAULT_LIMITS, maxNaked: 41_680_000 };
    expect(rules(state({ limits }), order(leg(), other()))).toEqual([]);
    expect(rules(state({ limits, naked: 1 }), order(leg(), other()))).toEqual(['naked-leg']);
    expect(rules(state({ limits, naked: 1 }), order(leg()))).toEqual([]);
  });

  it('asks no fair value of the legs of a group, and of a single buy only where a model says one', () => {
    expect(rules(state(), order(leg({ fair: 100_000 }), other({ fair: 100_000 })))).toEqual([]);
    expect(rules(state(), order(leg({ fair: 350_000 })))).toEqual([]);
    expect(rules(state({ misses: new Map([[KALSHI, { filled: 2, missed: 39 }]]) }), order(leg()))).toEqual([]);
  });

  it('lets a halted account reduce what it holds', () => {
    const sale = order(leg({ action: 'sell', debit: 0, free: 10_000 }));
    expect(rules(state({ state: 'HALTED', dailyTrip: 'Lost.' }), sale)).toEqual([]);
    expect(rules(state({ killed: 'drill' }), sale)).toEqual(['kill-switch']);
  });

  it('asks again at send time about the switch, the account and the market', () => {
    expect(assessAtSend(state({ freeCash: 0 }), leg(), false)).toEqual([]);
    expect(assessAtSend(state({ killed: 'drill' }), leg(), true)[0].rule).toBe('kill-switch');
    expect(assessAtSend(state({ state: 'HALTED', dailyTrip: 'Lost.' }), leg(), true)).toEqual([]);
    expect(assessAtSend(state({ state: 'HALTED', dailyTrip: 'Lost.' }), leg(), false)[0].rule).toBe('daily-loss');
    expect(assessAtSend(state(), leg({ trusted: false }), true)[0].rule).toBe('untrusted');
  });
});

describe('a hedge', () => {
  const hedge = (over: Partial<RiskState>): string[] => assessHedge(state(over), other()).map(({ rule }) => rule);

  it('may go although the account is halted, its event full and its naked limit used up', () => {
    const limits = { ...DEFAULT_LIMITS, maxGroupLoss: 0, maxClusterLoss: 0, maxNaked: 0 };
    expect(hedge({ limits, state: 'HALTED', dailyTrip: 'Lost.', cooling: 'Resting.', naked: 41_680_000 })).toEqual([]);
  });

  it.each<[string, Partial<RiskState>]>([
    ['kill-switch', { killed: 'drill' }],
    ['insufficient-cash', { freeCash: 50_999_999 }],
    ['market-cost', { limits: { ...DEFAULT_LIMITS, maxMarketCost: 50_999_999 } }],
    ['market-position', { limits: { ...DEFAULT_LIMITS, maxPositionSize: 9_999 } }],
    ['gross', { limits: { ...DEFAULT_LIMITS, maxGross: 50_999_999 } }],
    ['venue', { limits: { ...DEFAULT_LIMITS, maxVenue: 50_999_999 } }],
    ['missing-limit', { limits: { ...DEFAULT_LIMITS, maxVenue: NaN } }],
  ])('is stopped by %s', (rule, over) => {
    expect(hedge(over)).toContain(rule);
  });

  it('is asked nothing more where its cost is no number', () => {
    expect(assessHedge(state(), other({ debit: NaN })).map(({ rule }) => rule)).toEqual(['not-a-number']);
  });
});

describe('the worst case of an event', () => {
  const group = 'polymarket:G' as GroupId;
  const ids = ['polymarket:a', 'polymarket:b', 'polymarket:c'] as MarketId[];
  const shape = (over: Partial<GroupShape> = {}): GroupShape => ({
    exclusive: true,
    exhaustive: true,
    markets: ids,
    ...over,
  });
  const of = (i: number, outcome: 'yes' | 'no', cost: number, size = 100): Holding =>
    held({ ref: i as MarketRef, market: ids[i], group, outcome, size, cost });

  it('knows that of NO on all of an exclusive group only one is lost', () => {
    const bundle = [of(0, 'no', 700_000), of(1, 'no', 650_000), of(2, 'no', 700_000)];
    expect(worstLoss(bundle, shape())).toBe(50_000);
    expect(worstLoss(bundle, null)).toBe(2_050_000);
  });

  it('counts on YES of all only when one of them must win', () => {
    const bundle = [of(0, 'yes', 300_000), of(1, 'yes', 300_000), of(2, 'yes', 300_000)];
    expect(worstLoss(bundle, shape())).toBe(0);
    expect(worstLoss(bundle, shape({ exhaustive: false }))).toBe(900_000);
    expect(worstLoss(bundle.slice(0, 2), shape())).toBe(600_000);
  });

  it('nets YES and NO of one market', () => {
    expect(worstLoss([of(0, 'yes', 400_000), of(0, 'no', 500_000)], null)).toBe(0);
  });
});

describe('the worst case of a linked pair', () => {
  const joined = (over: Partial<Link> = {}) => ({ links: () => [link(over)] });
  const kalshiYes = held({ cost: 41_000_000 });
  const polyNo = held({
    ref: 1 as MarketRef,
    market: 'polymarket:A' as MarketId,
    venue: POLYMARKET,
    outcome: 'no',
    cost: 50_000_000,
  });
  const use = (s: RiskState, rule: string) => limitUses(s, { daily: 0, drawdown: 0 }).find((one) => one.rule === rule)!;

  it('is nothing while it costs less than it pays: it cannot lose both its legs', () => {
    expect(use(state({ holdings: [kalshiYes, polyNo], ...joined() }), 'maxGroupLoss').use).toBe(0);
    expect(use(state({ holdings: [kalshiYes, polyNo] }), 'maxGroupLoss').use).toBe(50_000_000);
  });

  it('is what it cost beyond what it pays when the rules may differ, in both events', () => {
    const dear = { ...polyNo, cost: 60_000_000 };
    // 101 paid for what pays 99 with the mismatch taken off.
    const s = state({ holdings: [kalshiYes, dear], ...joined() });
    expect(use(s, 'maxGroupLoss').use).toBe(2_000_000);
    expect(use(s, 'maxClusterLoss')).toMatchObject({ use: 4_000_000, at: 'politics' });
  });

  it('leaves what is not paired with its share of the cost', () => {
    const more = { ...kalshiYes, size: 15_000, cost: 61_500_000 };
    const s = state({ holdings: [more, polyNo], ...joined() });
    expect(use(s, 'maxGroupLoss')).toMatchObject({ use: 20_500_000, at: 'kalshi:A' });
  });

  it.each<[string, Partial<Link>]>([
    ['turned over', { polarity: 'inverse' }],
    ['not reviewed', { state: 'proposed' }],
    ['of unknown mismatch', { mismatch: null }],
  ])('is that of both legs when the link is %s', (_what, over) => {
    expect(use(state({ holdings: [kalshiYes, polyNo], ...joined(over) }), 'maxClusterLoss').use).toBe(91_000_000);
  });

  it('counts the first leg alone while the second may still fail', () => {
    const limits = { ...DEFAULT_LIMITS, maxGroupLoss: 41_679_999 };
    expect(rules(state({ limits, ...joined() }), order(leg(), other()))).toEqual(['event-loss']);
    // In the other order the dearer leg would stand alone.
    const enough = { ...DEFAULT_LIMITS, maxGroupLoss: 41_680_000 };
    expect(rules(state({ limits: enough, ...joined() }), order(leg(), other()))).toEqual([]);
    expect(rules(state({ limits: enough, ...joined() }), order(other(), leg()))).toEqual(['event-loss']);
  });

  it('adds the events of one category, however it is spelled', () => {
    const limits = { ...DEFAULT_LIMITS, maxClusterLoss: 91_679_999 };
    const elsewhere = held({
      ref: 2 as MarketRef,
      market: 'kalshi:B' as MarketId,
      category: 'Politics ',
      cost: 50_000_000,
    });
    expect(rules(state({ limits, holdings: [elsewhere] }), order(leg()))).toEqual(['cluster-loss']);
    expect(rules(state({ limits, holdings: [{ ...elsewhere, category: 'weather' }] }), order(leg()))).toEqual([]);
  });
});

describe('an order throttle', () => {
  it('fills up again in tape time and never beyond the burst', () => {
    const bucket = fullBucket(2, 0);
    takeTokens(bucket, 2, 5, 2, 0);
    expect(tokensAt(bucket, 5, 2, 199)).toBe(0);
    expect(tokensAt(bucket, 5, 2, 200)).toBe(1);
    expect(tokensAt(bucket, 5, 2, 60_000)).toBe(2);
  });
});
