import { release, reserve, type GroupStateEntry, type Size } from '#core';
import type { Account } from './accounts.js';
import { keepDeal, moneyOf } from './deals.js';
import { noteMoved } from './risk-view.js';
import { causesOf, marketsOf, ownerOf, requestOf, type Order, type OrderGroup, type World } from './world.js';

/** Decision → arrival where nobody measured or configured it. */
const DEFAULT_LATENCY_MS = 250;

/** Makes an order of a group and promises it its cash. The caller knows that the cash is free. */
export function makeOrder(
  world: World,
  account: Account,
  group: OrderGroup,
  of: Pick<Order, 'leg' | 'purpose' | 'action' | 'size' | 'limit' | 'reserved'> & { readonly restMs?: number },
): Order {
  const { ref, outcome } = group.legs[of.leg];
  const order: Order = {
    id: `${group.id}/${group.nextOrder++}`,
    group: group.id,
    ref,
    outcome,
    restMs: of.restMs ?? 0,
    fills: 0,
    owed: 0,
    leg: of.leg,
    purpose: of.purpose,
    action: of.action,
    size: of.size,
    limit: of.limit,
    reserved: of.reserved,
    state: 'reserved',
  };
  reserve(account.ledger, order.reserved);
  noteMoved(account, order.ref);
  group.orders.push(order);
  world.orders.set(order.id, order);
  tell(world, group, order, 0, '');
  return order;
}

/** Sends an order: it arrives at its venue after that venue's latency. */
export function sendOrder(world: World, group: OrderGroup, order: Order): void {
  order.state = 'sent';
  tell(world, group, order, 0, '');
  const { venue } = world.markets.get(order.ref);
  const { at } = world.journal;
  const latency =
    world.latencyOf?.(venue) ?? world.latency.get(venue) ?? world.configuredLatency[venue] ?? DEFAULT_LATENCY_MS;
  world.timers.add(at + Math.max(0, latency), 'arrival', order.id);
}

/** Gives back what an order no longer needs, down to `keep`. */
export function shrinkReservation(account: Account, order: Order, keep: number): void {
  if (!(keep < order.reserved)) return;
  release(account.ledger, order.reserved - keep);
  order.reserved = keep;
  noteMoved(account, order.ref);
}

/** The order is over: its reservation ends and it leaves the group. */
export function endOrder(
  world: World,
  account: Account,
  group: OrderGroup,
  order: Order,
  state: Order['state'],
  filled: number,
  reason: string,
): void {
  dropOrder(world, account, group, order);
  order.state = state;
  tell(world, group, order, filled, reason);
}

/** Takes the order off the books and frees its cash; the caller says what became of it. */
export function dropOrder(world: World, account: Account, group: OrderGroup, order: Order): void {
  shrinkReservation(account, order, 0);
  world.orders.delete(order.id);
  const at = group.orders.indexOf(order);
  if (at >= 0) group.orders.splice(at, 1);
  noteMoved(account, order.ref);
}

export function tell(world: World, group: OrderGroup, order: Order, filled: number, reason: string): void {
  world.journal.write(ownerOf(group), [...group.causes, ...causesOf(world, [order.ref])], {
    kind: 'order',
    orderId: order.id,
    signalId: group.id,
    leg: requestOf(world, order, order.size),
    state: order.state,
    filled: filled as Size,
    reason,
  });
}

/** Contracts of every leg beyond what all legs have: the naked part. Only buys can stand naked. */
export function nakedSizes(group: OrderGroup): readonly number[] {
  if (group.legs.length < 2 || group.legs[0].action !== 'buy') return group.legs.map(() => 0);
  const matched = Math.min(...group.legs.map((leg) => leg.filled));
  return group.legs.map((leg) => leg.filled - matched);
}

export function tellState(
  world: World,
  group: OrderGroup,
  state: GroupStateEntry['state'],
  reason: string,
  over = false,
): void {
  const naked = nakedSizes(group);
  world.journal.write(ownerOf(group), [...group.causes, ...causesOf(world, [])], {
    kind: 'group-state',
    signalId: group.id,
    opportunityId: group.opportunity,
    markets: marketsOf(world, group),
    state,
    naked: group.legs.flatMap((leg, i) =>
      naked[i] > 0
        ? [{ market: world.markets.get(leg.ref).info.id, outcome: leg.outcome, size: naked[i] as Size }]
        : [],
    ),
    reason,
    ...moneyOf(group, over),
  });
}

/** Ends a group for good: what has not left is cancelled, what is held is held to settlement. */
export function endGroup(
  world: World,
  account: Account,
  group: OrderGroup,
  state: 'complete' | 'holding' | 'failed',
  reason: string,
): void {
  for (const order of group.orders.slice()) endOrder(world, account, group, order, 'cancelled', 0, reason);
  world.groups.delete(group.id);
  account.version++;
  const holds = group.legs.some((leg) => leg.filled > 0 && leg.action === 'buy');
  tellState(world, group, state, reason, !holds && group.legs[0].action === 'buy');
  keepDeal(world, account, group);
  world.accounts.observe(account);
}
