import {
  freeCash,
  furtherCost,
  recordBuy,
  recordSell,
  type FillEntry,
  type MarketRef,
  type Money,
  type Price,
  type Size,
  type TradeEvent,
} from '#core';
import type { Account } from './accounts.js';
import { sellFromDeals, unwindLeg } from './deals.js';
import { totalSize } from './depth.js';
import {
  dropOrder,
  endGroup,
  endOrder,
  makeOrder,
  nakedSizes,
  sendOrder,
  shrinkReservation,
  tell,
  tellState,
} from './orders.js';
import { mendOrphan } from './orphans.js';
import { debitAt, meet, type Arrival } from './paper-broker.js';
import { leaveQueue, queueUp, reached } from './queue.js';
import { noteMoved } from './risk-view.js';
import { refusalAtSend } from './send-check.js';
import type { Session } from './sessions.js';
import { causesOf, ownerOf, type LegState, type Order, type OrderGroup, type World } from './world.js';

export interface Accepted {
  readonly legs: LegState[];
  readonly size: number;
  readonly debits: readonly number[];
  readonly causes: readonly number[];
  readonly opportunity: OrderGroup['opportunity'];
  readonly link: OrderGroup['link'];
  readonly setPays: number;
}

/** Opens an accepted order group: every leg's debit is reserved and every order token taken at once, then the first leg goes. */
export function openGroup(world: World, account: Account, session: Session, id: string, accepted: Accepted): void {
  const group: OrderGroup = {
    id,
    session: session.id,
    workflow: session.workflow.id,
    account: account.record.id,
    causes: accepted.causes,
    legs: accepted.legs,
    orders: [],
    current: 0,
    target: accepted.size,
    state: 'working',
    opportunity: accepted.opportunity,
    link: accepted.link,
    setPays: accepted.setPays,
    broken: '',
    nakedSince: 0,
    told: '',
    tries: 0,
    nextOrder: 1,
    realised: 0,
  };
  world.groups.set(id, group);
  for (const [leg, { action, limit, ref, restMs }] of group.legs.entries()) {
    world.accounts.takeToken(account, world.markets.get(ref).venue, session.limits, session.buckets);
    makeOrder(world, account, group, {
      leg,
      purpose: 'leg',
      action,
      size: accepted.size,
      limit,
      reserved: accepted.debits[leg],
      restMs: restMs ?? 0,
    });
  }
  tellState(world, group, 'working', '');
  sendLeg(world, account, group);
}

/** Sends the current leg, sized to what the legs before it really got. */
function sendLeg(world: World, account: Account, group: OrderGroup): void {
  const order = group.orders.find((one) => one.leg === group.current && one.purpose === 'leg');
  if (order === undefined) return settleLegs(world, account, group);
  if (group.broken !== '') {
    endOrder(world, account, group, order, 'cancelled', 0, group.broken);
    return settleLegs(world, account, group);
  }
  const { info } = world.markets.get(order.ref);
  const step = Math.max(1, info.sizeStep);
  const size = Math.min(order.size, group.target - (group.target % step));
  if (size < Math.max(1, info.minSize)) {
    endOrder(
      world,
      account,
      group,
      order,
      'cancelled',
      0,
      'What the leg before it got is below the smallest order here.',
    );
    return settleLegs(world, account, group);
  }
  if (size < order.size) {
    const fee = world.markets.fee(world.markets.get(order.ref), world.journal.at);
    const debit = order.action === 'buy' ? debitAt(fee, order.limit, size, account.record.kalshiPrecision) : 0;
    order.size = size;
    noteMoved(account, order.ref);
    shrinkReservation(account, order, debit);
  }
  const refusal = refusalAtSend(world, account, group, order, group.current > 0);
  if (refusal !== '') {
    endOrder(world, account, group, order, 'cancelled', 0, refusal);
    return settleLegs(world, account, group);
  }
  sendOrder(world, group, order);
}

/** An order reached its venue. */
export function arrive(world: World, id: string): void {
  const order = world.orders.get(id);
  if (order === undefined) return;
  const group = world.groups.get(order.group);
  const account = group === undefined ? undefined : world.accounts.all.get(group.account);
  if (group === undefined || account === undefined) return;
  const arrival = meet(world, account, order);
  const { venue } = world.markets.get(order.ref);
  if (arrival.kind === 'rejected') {
    world.accounts.tally(account, venue, false);
    endOrder(world, account, group, order, 'rejected', 0, arrival.reason);
    return proceed(world, account, group, order, 0);
  }
  const filled = totalSize(arrival.parts);
  world.accounts.tally(account, venue, filled > 0);
  if (filled === 0 && order.restMs > 0) return rest(world, account, group, order, 0);
  if (filled === 0) {
    endOrder(world, account, group, order, 'unfilled', 0, 'Nothing was left at the limit.');
    return proceed(world, account, group, order, 0);
  }
  const fill = book(world, account, group, order, arrival);
  if (order.state !== 'resting') proceed(world, account, group, order, filled);
  const session = world.sessions.get(group.session);
  if (session !== undefined) session.fills++;
  world.accounts.observe(account);
  world.onFill(group.session, fill);
}

/** Books a fill: the reservation ends and the ledger moves in one step. */
function book(
  world: World,
  account: Account,
  group: OrderGroup,
  order: Order,
  arrival: Extract<Arrival, { readonly kind: 'taken' }>,
): FillEntry {
  const { ref, outcome, action } = order;
  const { parts, notional, fee, cash } = arrival;
  const filled = totalSize(parts);
  const leg = group.legs[order.leg];
  const stays = order.restMs > 0 && filled < order.size;
  order.owed = arrival.owed;
  if (!stays) dropOrder(world, account, group, order);
  if (action === 'buy') {
    recordBuy(account.ledger, ref, outcome, filled, cash, fee);
    leg.filled += filled;
    leg.cost += cash;
  } else {
    recordSell(account.ledger, ref, outcome, filled, cash, fee);
    if (order.purpose === 'unwind') unwindLeg(group, leg, filled, cash);
    else {
      leg.filled += filled;
      sellFromDeals(world, account, ref, outcome, filled, cash);
    }
  }
  noteMoved(account, ref);
  if (!stays) order.state = filled === order.size ? 'filled' : 'partial';
  const fill = world.journal.write(ownerOf(group), [...group.causes, ...causesOf(world, [ref])], {
    kind: 'fill',
    fillId: order.fills++ === 0 ? `${order.id}f` : `${order.id}f${order.fills}`,
    orderId: order.id,
    signalId: group.id,
    market: world.markets.get(ref).info.id,
    outcome,
    action,
    parts,
    size: filled,
    notional,
    fee,
    cashDelta: (action === 'buy' ? 0 - cash : cash) as Money,
  });
  if (stays) rest(world, account, group, order, filled);
  else tell(world, group, order, filled, order.state === 'partial' ? 'The rest was not there at the limit.' : '');
  return fill as FillEntry;
}

/** What of an order is left stands in the book from now on, or goes on standing there. */
function rest(world: World, account: Account, group: OrderGroup, order: Order, filled: number): void {
  const first = order.state !== 'resting';
  order.size -= filled;
  noteMoved(account, order.ref);
  if (order.action === 'buy') {
    const fee = world.markets.fee(world.markets.get(order.ref), world.journal.at);
    shrinkReservation(account, order, debitAt(fee, order.limit, order.size, account.record.kalshiPrecision));
    // Fees of many small fills may have passed what was promised for them: no more is promised than there is.
    const short = 0 - freeCash(account.ledger);
    if (short > 0) shrinkReservation(account, order, Math.max(0, order.reserved - short));
  }
  order.state = 'resting';
  tell(world, group, order, filled, '');
  if (!first) return;
  queueUp(world, order);
  world.timers.add(world.journal.at + order.restMs, 'expiry', order.id);
}

/** Contracts went by at the price of resting orders: what reached them is filled. */
export function fillResting(world: World, event: TradeEvent): void {
  for (const { order: id, size } of reached(world, event)) {
    const order = world.orders.get(id);
    const group = order === undefined ? undefined : world.groups.get(order.group);
    const account = group === undefined ? undefined : world.accounts.all.get(group.account);
    const rule = world.markets.fee(world.markets.get(event.market), world.journal.at);
    if (order === undefined || group === undefined || account === undefined || rule === null) continue;
    const parts = [{ price: order.limit as Price, size: Math.min(size, order.size) as Size }];
    const cost = furtherCost(rule, parts, account.record.kalshiPrecision, order.action, 'maker', order.owed);
    const buys = order.action === 'buy';
    if (buys ? cost.cash > order.reserved + freeCash(account.ledger) : cost.cash < 0) {
      const why = buys ? 'What it would pay is not there for it.' : 'What it would bring does not pay its fee.';
      takeBack(world, account, group, order, why);
      settleLegs(world, account, group);
      continue;
    }
    const fill = book(world, account, group, order, { kind: 'taken', parts, ...cost });
    if (order.state !== 'resting') leaveQueue(world, order);
    if (order.state !== 'resting') settleLegs(world, account, group);
    const session = world.sessions.get(group.session);
    if (session !== undefined) session.fills++;
    world.accounts.observe(account);
    world.onFill(group.session, fill);
  }
}

/** A resting order's time is up. */
export function expire(world: World, id: string): void {
  const order = world.orders.get(id);
  if (order?.state !== 'resting') return;
  const group = world.groups.get(order.group);
  const account = group === undefined ? undefined : world.accounts.all.get(group.account);
  if (group === undefined || account === undefined) return;
  takeBack(world, account, group, order, 'It stood in the book for as long as it was to.');
  settleLegs(world, account, group);
}

/** A strategy wants what its session has resting on a market no longer. */
export function cancelResting(world: World, session: Session, market: MarketRef): void {
  for (const group of world.groups.values()) {
    const account = world.accounts.all.get(group.account);
    const order = group.orders.find((one) => one.state === 'resting' && one.ref === market);
    if (group.session !== session.id || account === undefined || order === undefined) continue;
    takeBack(world, account, group, order, 'The strategy took it back.');
    settleLegs(world, account, group);
  }
}

function takeBack(world: World, account: Account, group: OrderGroup, order: Order, reason: string): void {
  leaveQueue(world, order);
  endOrder(world, account, group, order, 'cancelled', 0, reason);
}

function proceed(world: World, account: Account, group: OrderGroup, order: Order, filled: number): void {
  if (order.purpose !== 'leg') return settleLegs(world, account, group);
  group.target = Math.min(group.target, filled);
  group.current++;
  if (group.current < group.legs.length && group.target > 0) sendLeg(world, account, group);
  else settleLegs(world, account, group);
}

/** No leg is on its way: the group is complete, has failed, or stands naked. */
export function settleLegs(world: World, account: Account, group: OrderGroup): void {
  for (const order of group.orders.slice())
    endOrder(world, account, group, order, 'cancelled', 0, 'The leg before it did not fill.');
  if (nakedSizes(group).some((size) => size > 0)) return mendOrphan(world, account, group);
  const filled = group.legs.map((leg) => leg.filled);
  const matched = group.legs[0].action === 'buy' ? Math.min(...filled) : Math.max(...filled);
  if (matched > 0) return endGroup(world, account, group, 'complete', mended(group, 'Every leg is filled alike.'));
  endGroup(world, account, group, 'failed', mended(group, 'Nothing was filled.'));
}

const mended = (group: OrderGroup, otherwise: string): string =>
  group.state === 'hedging'
    ? 'The naked leg was hedged.'
    : group.state === 'unwinding'
      ? 'The naked leg was unwound.'
      : otherwise;

/** A naked group looks again. */
export function lookAgain(world: World, id: string): void {
  const group = world.groups.get(id);
  const account = group === undefined ? undefined : world.accounts.all.get(group.account);
  if (group === undefined || account === undefined || group.orders.length > 0) return;
  settleLegs(world, account, group);
}

/** Cancels what has filled nothing yet; hedges in progress go on. */
export function withdraw(world: World, which: (group: OrderGroup) => boolean, reason: string): void {
  for (const group of world.groups.values()) {
    const rests = group.orders.some((order) => order.state === 'resting');
    const filled = group.legs.some((leg) => leg.filled > 0);
    if (!which(group) || (filled && !rests)) continue;
    const account = world.accounts.all.get(group.account);
    if (account === undefined) continue;
    for (const order of group.orders) if (order.state === 'resting') leaveQueue(world, order);
    endGroup(world, account, group, filled ? 'complete' : 'failed', reason);
  }
}
