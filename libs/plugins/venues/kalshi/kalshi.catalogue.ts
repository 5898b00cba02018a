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
  type Instant,
  type MarketInfo,
  type MarketStatus,
  type PriceGrid,
} from '#core';
import { instantOf, isObject, list, numeric, spelling, text, type Json } from '../json.js';

export const KALSHI = 'kalshi';
/** Parts per million of C × P × (1 − P). */
const TAKER_RATE = 70_000;
const MAKER_RATE = 17_500;
const MULTIPLIER_DECIMALS = 6;

/** A fee of a series that comes into force later; `null` at a moment that cannot be read. */
export interface FeeChange {
  readonly from: Instant | null;
  readonly type: unknown;
  readonly multiplier: unknown;
}

/**
 * A series' or an override's fee; `null` while one of its types, multipliers or dates is one we do not know: a fee that is not
 * stated is no fee of one, and one that changes some day may have changed today.
 */
export function feesFrom(type: unknown, multiplier: unknown, changes: readonly FeeChange[] = []): FeeSchedule | null {
  const periods: { from: Instant; rule: FeeRule }[] = [];
  for (const change of [{ from: 0, type, multiplier }, ...changes]) {
    const ppm = parseDecimal(spelling(change.multiplier), MULTIPLIER_DECIMALS);
    const rule = Number.isNaN(ppm) ? null : ruleOf(change.type, ppm);
    if (!rule || change.from === null) return null;
    periods.push({ from: change.from, rule });
  }
  return periods.sort((a, b) => a.from - b.from);
}

/** `GET /series/fee_changes`: what is announced, by series. */
export function readFeeChanges(answer: unknown): Map<string, FeeChange[]> {
  const bySeries = new Map<string, FeeChange[]>();
  for (const raw of isObject(answer) ? list(answer['series_fee_change_arr']) : []) {
    if (!isObject(raw)) continue;
    const series = text(raw['series_ticker']);
    if (!series) continue;
    const change = { from: instantOf(raw['scheduled_ts']), type: raw['fee_type'], multiplier: raw['fee_multiplier'] };
    bySeries.set(series, [...(bySeries.get(series) ?? []), change]);
  }
  return bySeries;
}

/** Nothing is charged before the waiver ends. */
export function waived(fees: FeeSchedule | null, until: Instant | null): FeeSchedule | null {
  if (fees === null || until === null) return fees;
  const after = fees.filter((period) => period.from > until);
  const then = fees.filter((period) => period.from <= until).at(-1) ?? fees[0];
  return [{ from: 0, rule: { kind: 'none' } }, { from: until, rule: then.rule }, ...after];
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
  const adjoin = grid.every((range, i) => i === 0 || range.start === grid[i - 1].end);
  return grid.length === ranges.length && grid.length > 0 && adjoin ? grid : null;
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
  const timer = numeric(raw['settlement_timer_seconds'] ?? 0);
  const expectedAt = instantOf(raw['expected_expiration_time']) ?? closesAt;
  const side = text(raw['yes_sub_title']);
  const title = text(raw['title']) || text(event['title']);
  return {
    id: marketId(KALSHI, native),
    group: grouped ? groupId(KALSHI, text(raw['event_ticker'])) : null,
    title: titled(title, side),
    rules: [text(raw['rules_primary']), text(raw['rules_secondary'])].filter((one) => one !== '').join('\n\n'),
    category: text(event['category']),
    status,
    grid,
    minSize: step,
    sizeStep: step,
    fees: waived(fees, instantOf(raw['fee_waiver_expiration_time'])),
    closesAt,
    closesItself: true,
    paysAt: expectedAt === null ? null : expectedAt + (Number.isFinite(timer) ? timer * 1000 : 0),
    venueData: {
      event: text(raw['event_ticker']),
      series: text(event['series_ticker']),
      yesOutcome: side,
      ...strikeOf(raw),
    },
  };
}

/**
 * The numbers that YES stands for, as the venue states them: `greater` than the floor, `less` than the cap, `between` both.
 * Other types name a team or a date. A custom strike beside the numbers says what they are measured on (a player's points).
 */
function strikeOf(raw: Json): Record<string, string> {
  const custom = raw['custom_strike'];
  const measured = isObject(custom)
    ? Object.entries(custom)
        .map(([name, value]) => `${name}=${spelling(value)}`)
        .sort()
        .join(';')
    : '';
  const floorStrike = spelling(raw['floor_strike']);
  const capStrike = spelling(raw['cap_strike']);
  return {
    strikeType: text(raw['strike_type']),
    ...(floorStrike === '' ? {} : { floorStrike }),
    ...(capStrike === '' ? {} : { capStrike }),
    ...(measured === '' ? {} : { strikeOf: measured }),
  };
}

/** The question with what YES stands for, where the question does not end with it already. */
function titled(question: string, yes: string): string {
  const said = question.toLowerCase().replace(/[\s?.!]+$/, '');
  const adds = yes.toLowerCase().replace(/[\s?.!]+$/, '');
  return adds === '' || adds === 'yes' || question.includes(yes) || said.endsWith(adds)
    ? question
    : `${question}: ${yes}`;
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
