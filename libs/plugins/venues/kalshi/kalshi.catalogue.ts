import {
  groupId,
  marketId,
  parseDecimal,
  parsePrice,
  price,
  SIZE_ONE,
  size,
  type FeeRule,
  type FeeSchedule,
  type GroupInfo,
  type MarketInfo,
  type MarketStatus,
  type PriceGrid,
} from '#core';
import { instantOf, isObject, list, spelling, text, type Json } from '../json.js';

export const KALSHI = 'kalshi';
/** Parts per million of C × P × (1 − P). */
const TAKER_RATE = 70_000;
const MAKER_RATE = 17_500;
const MULTIPLIER_DECIMALS = 6;

/** A series' or an override's fee; `null` while its type is one we do not know. */
export function feesFrom(type: unknown, multiplier: unknown): FeeSchedule | null {
  const ppm = parseDecimal(spelling(multiplier ?? 1), MULTIPLIER_DECIMALS);
  if (Number.isNaN(ppm)) return null;
  const rule = ruleOf(type, ppm);
  return rule ? [{ from: 0, rule }] : null;
}

function ruleOf(type: unknown, multiplier: number): FeeRule | null {
  switch (type) {
    case 'quadratic':
    // Makers pay in combinations only, and those are not listed here.
    case 'quadratic_with_combo_maker_fees':
      return { kind: 'kalshi', takerRate: TAKER_RATE, makerRate: 0, multiplier };
    case 'quadratic_with_maker_fees':
      return { kind: 'kalshi', takerRate: TAKER_RATE, makerRate: MAKER_RATE, multiplier };
    default:
      return null;
  }
}

/** `price_ranges` is the truth about prices; the structure's name is a label from an open list. */
export function gridFrom(value: unknown): PriceGrid | null {
  const ranges = list(value).map((range) => {
    if (!isObject(range)) return null;
    const [start, end, step] = ['start', 'end', 'step'].map((name) => parsePrice(spelling(range[name])));
    return step > 0 && start < end ? { start: price(start), end: price(end), step } : null;
  });
  const grid = ranges.filter((range) => range !== null).sort((a, b) => a.start - b.start);
  return grid.length === ranges.length && grid.length > 0 ? grid : null;
}

/** Answers use another vocabulary than filters (venues: 7). */
export function statusOf(value: unknown): MarketStatus | null {
  switch (value) {
    case 'initialized':
    case 'unopened':
      return 'unopened';
    case 'active':
    case 'open':
      return 'open';
    case 'inactive':
    case 'paused':
      return 'paused';
    case 'closed':
      return 'closed';
    case 'determined':
    case 'disputed':
    case 'amended':
      return 'determined';
    case 'finalized':
    case 'settled':
      return 'settled';
    default:
      return null;
  }
}

/** Combinations of other markets: thousands, thin, and without rules of their own. */
export const isCombination = (market: Json): boolean =>
  text(market['ticker']).startsWith('KXMVE') || text(market['mve_collection_ticker']) !== '';

/** A market of an event, or the sentence why it is not listed. */
export function readMarket(raw: Json, event: Json, fees: FeeSchedule | null, grouped: boolean): MarketInfo | string {
  const native = text(raw['ticker']);
  if (!native) return 'a market without ticker';
  const kind = text(raw['market_type']) || 'binary';
  if (kind !== 'binary') return `${native}: it is ${kind}, not binary`;
  const status = statusOf(raw['status']);
  if (!status) return `${native}: the status ${JSON.stringify(raw['status'])} is not known`;
  const grid = gridFrom(raw['price_ranges']);
  if (!grid) return `${native}: its price ranges are not readable`;
  const step = raw['fractional_trading_enabled'] === true ? size(1) : SIZE_ONE;
  const closesAt = instantOf(raw['close_time']);
  const timer = Number(raw['settlement_timer_seconds'] ?? 0);
  const expectedAt = instantOf(raw['expected_expiration_time']) ?? closesAt;
  const side = text(raw['yes_sub_title']);
  const title = text(raw['title']) || text(event['title']);
  return {
    id: marketId(KALSHI, native),
    group: grouped ? groupId(KALSHI, text(raw['event_ticker'])) : null,
    title: side && !title.includes(side) ? `${title}: ${side}` : title,
    rules: [text(raw['rules_primary']), text(raw['rules_secondary'])].filter((one) => one !== '').join('\n\n'),
    category: text(event['category']),
    status,
    grid,
    minSize: step,
    sizeStep: step,
    fees,
    closesAt,
    paysAt: expectedAt === null ? null : expectedAt + (Number.isFinite(timer) ? timer * 1000 : 0),
    venueData: {
      event: text(raw['event_ticker']),
      series: text(event['series_ticker']),
      yesOutcome: side,
      strikeType: text(raw['strike_type']),
    },
  };
}

export function readGroup(event: Json, members: readonly Json[]): GroupInfo {
  return {
    id: groupId(KALSHI, text(event['event_ticker'])),
    title: text(event['title']),
    markets: members.map((market) => marketId(KALSHI, text(market['ticker']))),
    exclusive: event['mutually_exclusive'] === true,
    // Nothing the venue states says that one of the listed outcomes must come true (a tie, another name).
    exhaustive: false,
    augmented: false,
  };
}
