import type { GroupId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Outcome } from '../journal.js';
import { notional } from '../money.js';
import { PRICE_ONE, type Money, type Price } from '../units.js';

/** Contracts held, or promised to a working order, with what they cost at most. */
export interface Holding {
  readonly ref: MarketRef;
  readonly market: MarketId;
  readonly venue: VenueId;
  readonly group: GroupId | null;
  readonly outcome: Outcome;
  readonly size: number;
  readonly cost: number;
}

/** What is known of how the markets of one group exclude each other. */
export interface GroupShape {
  readonly exclusive: boolean;
  readonly exhaustive: boolean;
  readonly markets: readonly MarketId[];
}

interface Sides {
  yes: number;
  no: number;
}

/**
 * Least that these holdings of one group pay, over the states of its event. In an exclusive group at most one market
 * pays YES (exactly one when the group is exhaustive and wholly held); otherwise every market goes its own worst way.
 * Voids are left out: they refund. Linear in the holdings.
 */
export function worstPayout(holdings: readonly Holding[], shape: GroupShape | null): Money {
  const sides = new Map<MarketRef, Sides>();
  for (const holding of holdings) {
    let side = sides.get(holding.ref);
    if (side === undefined) sides.set(holding.ref, (side = { yes: 0, no: 0 }));
    side[holding.outcome] += holding.size;
  }
  if (shape === null || !shape.exclusive) {
    let size = 0;
    for (const side of sides.values()) size += Math.min(side.yes, side.no);
    return notional(PRICE_ONE, size);
  }
  let allNo = 0;
  for (const side of sides.values()) allNo += side.no;
  const anotherMayWin = !shape.exhaustive || sides.size < shape.markets.length;
  let least = anotherMayWin ? allNo : Infinity;
  for (const side of sides.values()) least = Math.min(least, allNo - side.no + side.yes);
  return notional(PRICE_ONE, least === Infinity ? 0 : least);
}

/** Worst-case loss of the holdings of one group: what they cost less the least they pay, never below zero. */
export function worstLoss(holdings: readonly Holding[], shape: GroupShape | null): Money {
  let cost = 0;
  for (const holding of holdings) cost += holding.cost;
  return Math.max(0, cost - worstPayout(holdings, shape)) as Money;
}

/** A group's own id, or the market's when it stands alone. */
export const eventOf = (holding: Pick<Holding, 'group' | 'market'>): string => holding.group ?? holding.market;

/** Sums of what an account has at risk, each by its own key. */
export interface Exposure {
  gross: number;
  readonly byVenue: Map<VenueId, number>;
  readonly byMarket: Map<MarketId, { size: number; cost: number }>;
  readonly byEvent: Map<string, Holding[]>;
}

export function exposureOf(holdings: Iterable<Holding>): Exposure {
  const exposure: Exposure = { gross: 0, byVenue: new Map(), byMarket: new Map(), byEvent: new Map() };
  for (const holding of holdings) {
    exposure.gross += holding.cost;
    exposure.byVenue.set(holding.venue, (exposure.byVenue.get(holding.venue) ?? 0) + holding.cost);
    let market = exposure.byMarket.get(holding.market);
    if (market === undefined) exposure.byMarket.set(holding.market, (market = { size: 0, cost: 0 }));
    market.size += holding.size;
    market.cost += holding.cost;
    const key = eventOf(holding);
    const event = exposure.byEvent.get(key);
    if (event === undefined) exposure.byEvent.set(key, [holding]);
    else event.push(holding);
  }
  return exposure;
}

/** Price of an outcome from the price of YES, and back. -1 (none) stays. */
export const priceOf = (outcome: Outcome, yes: number): Price =>
  (yes < 0 ? -1 : outcome === 'yes' ? yes : PRICE_ONE - yes) as Price;
