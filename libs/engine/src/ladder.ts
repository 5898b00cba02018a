import {
  clusterOf,
  eventOf,
  freeCash,
  notional,
  PRICE_ONE,
  type MarketRef,
  type Money,
  type Outcome,
  type RiskLimits,
  type Size,
} from '#core';
import type { LadderLevel } from '#plugin-sdk';
import type { Account } from './accounts.js';
import { outcomePrice, sideTaken } from './depth.js';
import { exposureNow, lossesNow, nakedNow } from './risk-view.js';
import type { Session } from './sessions.js';
import type { World } from './world.js';

/** Cost of a contract is its price and a fee of at most a few cents: so much of a limit is left for the fee. */
const FEE_MARGIN = 100_000;

/**
 * What an order group may spend in all: free cash, and no more than the room left for capital at risk. Where that room is
 * gone free cash is told, so that the refusal is the gate's and carries its reason.
 */
export function spendable(world: World, account: Account, limits: RiskLimits): Money {
  const cash = freeCash(account.ledger);
  const room = limits.maxGross - exposureNow(world, account).gross;
  return (room > 0 && room < cash ? room : cash) as Money;
}

/**
 * Depth for buying an outcome, best first, with our own earlier fills gone, no more than the account's share of the depth
 * at every level, and cut where a limit would be reached. A limit with less room than the smallest order leaves that
 * order in: then the gate refuses it and says why.
 */
export function cappedLadder(
  world: World,
  account: Account,
  session: Session,
  limits: RiskLimits,
  ref: MarketRef,
  outcome: Outcome,
  levels: number,
): readonly LadderLevel[] {
  const market = world.markets.get(ref);
  const { book } = market;
  const least = leastOrder(world, session, ref);
  const room = roomFor(world, account, session, limits, ref);
  const side = sideTaken(outcome, 'buy');
  const share = finite(limits.maxDepthShare);
  const count = Math.min(book.count(side), levels);
  const ladder: LadderLevel[] = [];
  let depth = 0;
  let given = 0;
  let cost = 0;
  for (let level = 0; level < count; level++) {
    const yes = book.price(side, level);
    depth += world.depth.left(ref, side, yes, book.size(side, level));
    const price = outcomePrice(outcome, yes);
    if (price <= 0 || price >= PRICE_ONE) continue;
    let size = Math.floor((depth * share) / 1_000_000) - given;
    if (size <= 0) continue;
    const unit = price + Math.floor((price * FEE_MARGIN) / 1_000_000);
    const affordable = Math.floor(((room.cost - cost) * 100) / unit);
    const most = Math.max(Math.min(room.size - given, affordable), least - given);
    if (most <= 0) break;
    const whole = size <= most;
    size = Math.min(size, most);
    ladder.push({ price, size: size as Size });
    given += size;
    cost += notional(unit, size);
    if (!whole) break;
  }
  return ladder;
}

function roomFor(world: World, account: Account, session: Session, limits: RiskLimits, ref: MarketRef) {
  const { info, venue } = world.markets.get(ref);
  const exposure = exposureNow(world, account);
  const market = exposure.byMarket.get(info.id) ?? { size: 0, cost: 0 };
  const losses = lossesNow(world, account);
  const loss = losses.byEvent.get(eventOf({ group: info.group, market: info.id })) ?? 0;
  const together = losses.byCluster.get(clusterOf(info.category)) ?? 0;
  let cost = Math.min(
    freeCash(account.ledger),
    limits.maxGross - exposure.gross,
    limits.maxMarketCost - market.cost,
    limits.maxVenue - (exposure.byVenue.get(venue) ?? 0),
    limits.maxGroupLoss - loss,
    limits.maxClusterLoss - together,
  );
  const others = otherLegs(session, ref);
  if (others > 0) cost = Math.min(cost, Math.floor(Math.max(0, limits.maxNaked - nakedNow(world, account)) / others));
  return { size: finite(limits.maxPositionSize - market.size), cost: finite(cost) };
}

/** Smallest order of all markets whose legs go together with this one's. */
function leastOrder(world: World, session: Session, ref: MarketRef): number {
  let least: number = world.markets.get(ref).info.minSize;
  for (const { a, b } of session.linksOf.get(ref) ?? [])
    least = Math.max(least, world.markets.get(a).info.minSize, world.markets.get(b).info.minSize);
  for (const other of session.groupOf.get(ref)?.markets ?? [])
    if (other >= 0) least = Math.max(least, world.markets.get(other).info.minSize);
  return least;
}

/** A missing limit leaves no room; the gate says which one is missing. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Legs that would stand naked before the last one of the kind of group this strategy sends. */
function otherLegs(session: Session, ref: MarketRef): number {
  if (session.strategy?.scope === 'links') return 1;
  if (session.strategy?.scope === 'groups') return (session.groupOf.get(ref)?.markets.length ?? 1) - 1;
  return 0;
}
