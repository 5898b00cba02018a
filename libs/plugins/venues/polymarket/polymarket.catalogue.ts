import {
  groupId,
  marketId,
  parseDecimal,
  parsePrice,
  price,
  PRICE_ONE,
  size,
  type FeeSchedule,
  type GroupInfo,
  type MarketInfo,
  type MarketStatus,
} from '#core';
import type { CataloguePage, LifecycleMessage } from '#plugin-sdk';
import { embeddedList, instantOf, isObject, list, numeric, spelling, text, type Json } from '../json.js';

export const POLYMARKET = 'polymarket';
const RATE_DECIMALS = 6;

/** One page of Gamma's events, with the sentence for each market that cannot be listed. */
export function readEvents(events: readonly unknown[]): CataloguePage {
  const groups: GroupInfo[] = [];
  const markets: MarketInfo[] = [];
  const refused: string[] = [];
  for (const event of events) {
    if (!isObject(event)) continue;
    const members: MarketInfo[] = [];
    const raw = list(event['markets']);
    for (const one of raw) {
      const read = readMarket(one, event, raw.length > 1);
      if (typeof read === 'string') refused.push(read);
      else members.push(read);
    }
    markets.push(...members);
    const group = raw.length > 1 ? readGroup(event, raw) : null;
    if (group) groups.push(group);
  }
  return { groups, markets, refused };
}

function readGroup(event: Json, raw: readonly unknown[]): GroupInfo {
  const negRisk = event['negRisk'] === true || event['enableNegRisk'] === true;
  const augmented = event['negRiskAugmented'] === true;
  const members = raw
    .filter(isObject)
    .map((market) => text(market['conditionId']))
    .filter((id) => id !== '');
  return {
    id: groupId(POLYMARKET, spelling(event['id'])),
    title: text(event['title']),
    markets: members.map((id) => marketId(POLYMARKET, id)),
    exclusive: negRisk,
    // A plain neg-risk set resolves to exactly one of its members; an augmented one may still grow.
    exhaustive: negRisk && !augmented && members.length === raw.length,
    augmented,
  };
}

/** A market, or the sentence why it is not listed. */
export function readMarket(raw: unknown, event: Json | null, grouped: boolean): MarketInfo | string {
  if (!isObject(raw)) return 'a market that is not an object';
  const name = text(raw['slug']) || text(raw['question']) || 'a market';
  const native = text(raw['conditionId']);
  if (!/^0x[0-9a-fA-F]{64}$/.test(native)) return `${name}: no condition id`;
  const tokens = embeddedList(raw['clobTokenIds']).map(text);
  if (tokens.length !== 2 || !tokens.every((token) => /^\d{1,80}$/.test(token)))
    return `${name}: it has ${tokens.length} outcome tokens, two are needed`;
  const tickSize = spelling(raw['orderPriceMinTickSize']);
  const step = parsePrice(tickSize);
  if (!(step > 0)) return `${name}: the tick ${JSON.stringify(tickSize)} is not readable`;
  const minSize = spelling(raw['orderMinSize']);
  const smallest = parseDecimal(minSize, 2);
  if (Number.isNaN(smallest)) return `${name}: the smallest order ${JSON.stringify(minSize)} is not readable`;
  const outcomes = embeddedList(raw['outcomes']).map(text);
  const closesAt = instantOf(raw['endDate']) ?? instantOf(event?.['endDate']);
  return {
    id: marketId(POLYMARKET, native),
    group: grouped && event ? groupId(POLYMARKET, spelling(event['id'])) : null,
    title: text(raw['question']),
    rules: text(raw['description']),
    category: text(event?.['category']) || firstTag(event) || text(raw['category']),
    status: statusOf(raw),
    grid: [{ start: price(0), end: PRICE_ONE, step }],
    minSize: size(smallest),
    sizeStep: size(1),
    fees: feesOf(raw),
    closesAt,
    paysAt: closesAt,
    venueData: {
      yesToken: tokens[0],
      noToken: tokens[1],
      yesOutcome: outcomes[0] ?? '',
      noOutcome: outcomes[1] ?? '',
      negRisk: String(raw['negRisk'] === true),
      minSize,
      tickSize,
      slug: text(raw['slug']),
      gammaId: spelling(raw['id']),
      ...strikeOf(raw, outcomes[0] ?? ''),
    },
  };
}

/**
 * A game's total is the only number Gamma states in fields of its own: "Over" is more than the line. With a whole line a game
 * may end on it and pay neither. Other lines are about one team or player, whom only the title names.
 */
function strikeOf(raw: Json, yes: string): Record<string, string> {
  const line = numeric(raw['line']);
  if (raw['sportsMarketType'] !== 'totals' || yes !== 'Over' || !Number.isFinite(line) || Number.isInteger(line))
    return {};
  return { strikeType: 'greater', floorStrike: String(line), strikeOf: 'totals' };
}

const firstTag = (event: Json | null): string => {
  const [first] = list(event?.['tags']);
  return isObject(first) ? text(first['label']) : '';
};

/** `active` stays true on many closed markets: it says nothing (venues: 2.2). */
function statusOf(raw: Json): MarketStatus {
  if (raw['closed'] === true) return 'closed';
  return raw['enableOrderBook'] === true && raw['acceptingOrders'] === true ? 'open' : 'paused';
}

/**
 * The schedule wins over every other fee field; a market that says fees are off, or whose type is the one without, has
 * none. Anything else is unknown: base fees and rates of trades are 1000 and 0 everywhere (venues: 4). The direction of
 * rounding is not in the schedule: see `FeeRule`.
 */
export function feesOf(raw: Json): FeeSchedule | null {
  const schedule = raw['feeSchedule'];
  if (isObject(schedule)) {
    const rate = parseDecimal(spelling(schedule['rate']), RATE_DECIMALS);
    const exponent = numeric(schedule['exponent'] ?? 1);
    // Makers have always been free. A schedule that says otherwise is one we cannot compute.
    if (Number.isNaN(rate) || !Number.isInteger(exponent) || exponent < 1 || exponent > 4) return null;
    if (schedule['takerOnly'] === false && rate > 0) return null;
    return [
      { from: 0, rule: rate === 0 ? { kind: 'none' } : { kind: 'polymarket', rate, exponent, rounding: 'floor' } },
    ];
  }
  const free = raw['feesEnabled'] === false || raw['feeType'] === 'zero_fees';
  return free ? [{ from: 0, rule: { kind: 'none' } }] : null;
}

/** What Gamma says became of a market. */
export function readLife(raw: unknown): LifecycleMessage | null {
  if (!isObject(raw) || !text(raw['conditionId'])) return null;
  const native = text(raw['conditionId']);
  const status = statusOf(raw);
  const closesAt = instantOf(raw['endDate']);
  const life = {
    kind: 'lifecycle' as const,
    native,
    venueAt: null,
    ...(closesAt === null ? {} : { closesAt, paysAt: closesAt }),
  };
  if (status !== 'closed') return { ...life, status };
  const uma = text(raw['umaResolutionStatus']);
  const final = uma === '' || uma === 'resolved' || uma === 'settled';
  const prices = embeddedList(raw['outcomePrices']).map((one) => parsePrice(spelling(one)));
  const [yes, no] = prices;
  if (prices.length !== 2 || Number.isNaN(yes) || Number.isNaN(no)) return { ...life, status };
  if (yes === 0 && no === 0) {
    // Markets of 2020 end so; on a later one it may be a moment before the prices: only a stated end is final.
    const stated = uma === 'resolved' || uma === 'settled';
    const resolution = { outcome: { kind: 'void' as const }, final: stated };
    return { ...life, status: stated ? 'settled' : 'determined', resolution };
  }
  // Anything but a whole unit shared between the two, in halves or whole, is still a price and no result. Halves are also
  // what a market is listed with that nobody ever traded: only with the oracle's word they are one.
  const decided = yes + no === PRICE_ONE && (yes === 0 || no === 0 || (yes === no && uma !== ''));
  if (!decided) return { ...life, status };
  return {
    ...life,
    status: final ? 'settled' : 'determined',
    resolution: { outcome: { kind: 'value', yesPays: yes }, final },
  };
}
