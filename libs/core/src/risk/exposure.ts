import type { GroupId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Outcome } from '../journal.js';
import type { Link } from '../market.js';
import { mulDiv, notional } from '../money.js';
import type { StrikeSpan } from '../strike-span.js';
import { PRICE_ONE, type Money, type Price } from '../units.js';

/** Contracts held, or promised to a working order, with what they cost at most. */
export interface Holding {
  readonly ref: MarketRef;
  readonly market: MarketId;
  readonly venue: VenueId;
  readonly group: GroupId | null;
  readonly category: string;
  readonly outcome: Outcome;
  readonly size: number;
  readonly cost: number;
}

/** Links that touch a market. Only reviewed ones whose mismatch is known pair anything. */
export type LinksOf = (market: MarketId) => readonly Link[];

/** What is known of how the markets of one group exclude each other. */
export interface GroupShape {
  readonly exclusive: boolean;
  readonly exhaustive: boolean;
  readonly markets: readonly MarketId[];
  /** What YES of a market says of one number, and which number; `null` or absent where that is not certain. */
  readonly strike?: (market: MarketRef) => Strike | null;
}

/** Markets with one `measure` are answered by one number. */
export interface Strike {
  readonly measure: string;
  readonly span: StrikeSpan;
}

interface Sides {
  yes: number;
  no: number;
}

/**
 * Least that these holdings of one group pay, over the states of its event. In an exclusive group at most one market
 * pays YES (exactly one when the group is exhaustive and wholly held). Otherwise thresholds of one number go the way of that
 * number which pays least, and every other market goes its own worst way. Voids are left out: they refund. Linear in the holdings.
 */
export function worstPayout(holdings: readonly Holding[], shape: GroupShape | null): Money {
  // One outcome alone may lose whatever else there is.
  if (holdings.length === 1 && (shape === null || !shape.exclusive)) return 0 as Money;
  const sides = new Map<MarketRef, Sides>();
  for (const holding of holdings) {
    let side = sides.get(holding.ref);
    if (side === undefined) sides.set(holding.ref, (side = { yes: 0, no: 0 }));
    side[holding.outcome] += holding.size;
  }
  if (shape === null || !shape.exclusive) {
    let size = 0;
    const ladders = new Map<string, Rung[]>();
    for (const [ref, side] of sides) {
      const strike = shape?.strike?.(ref) ?? null;
      if (strike === null) size += Math.min(side.yes, side.no);
      else ladders.set(strike.measure, [...(ladders.get(strike.measure) ?? []), { span: strike.span, side }]);
    }
    for (const rungs of ladders.values()) size += leastOfLadder(rungs);
    return notional(PRICE_ONE, size);
  }
  let allNo = 0;
  for (const side of sides.values()) allNo += side.no;
  const anotherMayWin = !shape.exhaustive || sides.size < shape.markets.length;
  let least = anotherMayWin ? allNo : Infinity;
  for (const side of sides.values()) least = Math.min(least, allNo - side.no + side.yes);
  return notional(PRICE_ONE, least === Infinity ? 0 : least);
}

interface Rung {
  readonly span: StrikeSpan;
  readonly side: Sides;
}

/** Fewest contracts that pay, over every number there may be: at each end of a span, between two of them, and beyond all. */
function leastOfLadder(rungs: readonly Rung[]): number {
  const ends = [...new Set(rungs.flatMap(({ span }) => [span.low, span.high]))]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const numbers = [ends[0] - 1, ends[ends.length - 1] + 1];
  for (let i = 0; i < ends.length; i++) {
    numbers.push(ends[i]);
    if (i > 0) numbers.push((ends[i - 1] + ends[i]) / 2);
  }
  let least = Infinity;
  for (const number of numbers) {
    let pays = 0;
    for (const { span, side } of rungs) pays += paysAt(number, span, side);
    least = Math.min(least, pays);
  }
  return least;
}

function paysAt(number: number, { low, lowIn, high, highIn, endsKnown }: StrikeSpan, { yes, no }: Sides): number {
  if (!endsKnown && (number === low || number === high)) return Math.min(yes, no);
  const within = (number > low || (lowIn && number === low)) && (number < high || (highIn && number === high));
  return within ? yes : no;
}

/** Worst-case loss of the holdings of one group: what they cost less the least they pay, never below zero. */
export function worstLoss(holdings: readonly Holding[], shape: GroupShape | null): Money {
  let cost = 0;
  for (const holding of holdings) cost += holding.cost;
  return Math.max(0, cost - worstPayout(holdings, shape)) as Money;
}

/** A group's own id, or the market's when it stands alone. */
export const eventOf = (holding: Pick<Holding, 'group' | 'market'>): string => holding.group ?? holding.market;

/** One event as the limits see it: what stands alone in it, and what its locked pairs may lose nevertheless. */
export interface EventRisk {
  readonly group: GroupId | null;
  readonly category: string;
  readonly free: Holding[];
  /** Cost of locked pairs beyond what they pay, see `RiskLimits.maxGroupLoss`. */
  short: number;
}

/** Sums of what an account has at risk, each by its own key. */
export interface Exposure {
  gross: number;
  readonly byVenue: Map<VenueId, number>;
  readonly byMarket: Map<MarketId, { size: number; cost: number }>;
  readonly byEvent: Map<string, EventRisk>;
}

/** Contracts of one outcome that no pair has taken. */
interface Side {
  readonly holding: Holding;
  size: number;
  cost: number;
}

type MarketSides = Record<Outcome, Side | undefined>;

export function exposureOf(holdings: Iterable<Holding>, linksOf: LinksOf): Exposure {
  const exposure: Exposure = { gross: 0, byVenue: new Map(), byMarket: new Map(), byEvent: new Map() };
  const markets = new Map<MarketId, MarketSides>();
  const sides: Side[] = [];
  for (const holding of holdings) {
    const { size, cost } = holding;
    exposure.gross += cost;
    exposure.byVenue.set(holding.venue, (exposure.byVenue.get(holding.venue) ?? 0) + cost);
    const market = exposure.byMarket.get(holding.market);
    if (market === undefined) exposure.byMarket.set(holding.market, { size, cost });
    else {
      market.size += size;
      market.cost += cost;
    }
    let known = markets.get(holding.market);
    if (known === undefined) markets.set(holding.market, (known = { yes: undefined, no: undefined }));
    const side = known[holding.outcome];
    if (side === undefined) sides.push((known[holding.outcome] = { holding, size, cost }));
    else {
      side.size += size;
      side.cost += cost;
    }
  }
  pairUp(markets, linksOf, exposure.byEvent);
  for (const { holding, size, cost } of sides)
    if (size > 0)
      eventRisk(exposure.byEvent, holding).free.push(
        size === holding.size && cost === holding.cost ? holding : { ...holding, size, cost },
      );
  return exposure;
}

/** Takes locked pairs out of what is held, links in the order of their ids, and notes what a pair may lose in its events. */
function pairUp(markets: ReadonlyMap<MarketId, MarketSides>, linksOf: LinksOf, events: Map<string, EventRisk>): void {
  const links: Link[] = [];
  // A link that pairs anything is met twice; it is taken where it begins.
  let rivals = false;
  for (const market of markets.keys()) {
    const all = linksOf(market);
    // Only where a market has several links does it matter which of them takes first.
    rivals ||= all.length > 1;
    for (const link of all) if (link.a === market && markets.has(link.b)) links.push(link);
  }
  if (rivals) links.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { state, mismatch, polarity, a, b } of links) {
    if (state !== 'reviewed' || mismatch === null || !(mismatch >= 0 && mismatch <= 1)) continue;
    const pays = PRICE_ONE - Math.ceil(mismatch * PRICE_ONE);
    for (const outcome of OUTCOMES) {
      const one = markets.get(a)?.[outcome];
      const other = markets.get(b)?.[polarity === 'inverse' ? outcome : opposite(outcome)];
      if (one === undefined || other === undefined) continue;
      const size = Math.min(one.size, other.size);
      if (size <= 0) continue;
      const cost = take(one, size) + take(other, size);
      const short = Math.max(0, cost - notional(pays, size));
      eventRisk(events, one.holding).short += short;
      eventRisk(events, other.holding).short += short;
    }
  }
}

/** Takes contracts off a side with their share of its cost, rounded up, and says how much that was. */
function take(side: Side, size: number): number {
  const cost = mulDiv(side.cost, size, side.size, 'ceil');
  side.size -= size;
  side.cost -= cost;
  return cost;
}

function eventRisk(events: Map<string, EventRisk>, holding: Holding): EventRisk {
  const key = eventOf(holding);
  let event = events.get(key);
  if (event === undefined)
    events.set(key, (event = { group: holding.group, category: holding.category, free: [], short: 0 }));
  return event;
}

/** Worst cases of an exposure: by event, and summed by category. An event without a category falls with all such. */
export interface Losses {
  readonly byEvent: Map<string, number>;
  readonly byCluster: Map<string, number>;
}

export function lossesOf(exposure: Exposure, shape: (group: GroupId) => GroupShape | null): Losses {
  const losses: Losses = { byEvent: new Map(), byCluster: new Map() };
  for (const [key, { group, category, free, short }] of exposure.byEvent) {
    const loss = worstLoss(free, group === null ? null : shape(group)) + short;
    losses.byEvent.set(key, loss);
    const cluster = clusterOf(category);
    losses.byCluster.set(cluster, (losses.byCluster.get(cluster) ?? 0) + loss);
  }
  return losses;
}

/** Venues spell their categories each in their own way. */
export const clusterOf = (category: string): string => category.trim().toLowerCase();

const OUTCOMES: readonly Outcome[] = ['yes', 'no'];
const opposite = (outcome: Outcome): Outcome => (outcome === 'yes' ? 'no' : 'yes');

/** Price of an outcome from the price of YES, and back. -1 (none) stays. */
export const priceOf = (outcome: Outcome, yes: number): Price =>
  (yes < 0 ? -1 : outcome === 'yes' ? yes : PRICE_ONE - yes) as Price;
