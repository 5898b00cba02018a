import {
  groupId,
  marketId,
  price,
  PRICE_ONE,
  size,
  type FeeRule,
  type GroupInfo,
  type Link,
  type LinkId,
  type MarketId,
  type MarketInfo,
} from '#core';

/** Questions asked on both venues; as many as one Kalshi connection carries. */
export const PAIRS = 100;
const PER_GROUP = 5;
const YEAR_MS = 365 * 86_400_000;

export const tickerOf = (pair: number): string => `KXBENCH-${Math.floor(pair / PER_GROUP)}-T${pair}`;
export const conditionOf = (pair: number): string => `0x${pair.toString(16).padStart(64, '0')}`;
export const tokenOf = (pair: number, token: 0 | 1): string => `${9 - token}${String(pair).padStart(76, '0')}`;

export interface BenchWorld {
  readonly markets: readonly MarketInfo[];
  readonly groups: readonly GroupInfo[];
  readonly links: readonly Link[];
}

/** Kalshi's markets in exclusive sets of five, each linked to one of Polymarket's; fees as both venues charge them. */
export function benchWorld(now: number): BenchWorld {
  const kalshi: MarketInfo[] = [];
  const polymarket: MarketInfo[] = [];
  const links: Link[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const a = market(marketId('kalshi', tickerOf(pair)), pair, now, KALSHI_FEES, {});
    const b = market(marketId('polymarket', conditionOf(pair)), pair, now, POLYMARKET_FEES, {
      yesToken: tokenOf(pair, 0),
      noToken: tokenOf(pair, 1),
      minSize: '5',
      negRisk: 'false',
      tickSize: '0.01',
    });
    kalshi.push(a);
    polymarket.push(b);
    links.push({
      id: `bench-${pair}` as LinkId,
      version: 1,
      a: a.id,
      b: b.id,
      polarity: 'same',
      state: 'reviewed',
      mismatch: 0,
      differences: [],
      reviewedBy: 'bench',
    });
  }
  const groups = Array.from({ length: PAIRS / PER_GROUP }, (_, n): GroupInfo => ({
    id: groupId('kalshi', `KXBENCH-${n}`),
    title: `Set ${n}`,
    markets: kalshi.slice(n * PER_GROUP, (n + 1) * PER_GROUP).map((one) => one.id),
    exclusive: true,
    exhaustive: false,
    augmented: false,
  }));
  return { markets: [...kalshi, ...polymarket], groups, links };
}

const KALSHI_FEES: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const POLYMARKET_FEES: FeeRule = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'half-up' };

function market(
  id: MarketId,
  pair: number,
  now: number,
  rule: FeeRule,
  venueData: Readonly<Record<string, string>>,
): MarketInfo {
  return {
    id,
    group: id.startsWith('kalshi') ? groupId('kalshi', `KXBENCH-${Math.floor(pair / PER_GROUP)}`) : null,
    title: `Question ${pair}`,
    rules: '',
    category: 'bench',
    status: 'open',
    grid: [{ start: price(10_000), end: price(PRICE_ONE - 10_000), step: 10_000 }],
    minSize: size(500),
    sizeStep: size(100),
    fees: [{ from: 0, rule }],
    closesAt: now + YEAR_MS / 12,
    paysAt: now + YEAR_MS / 12,
    venueData,
  };
}
