import { PRICE_ONE, priceOf, type Instant } from '#core';
import type { Account } from './accounts.js';
import { totalSize, type Part } from './depth.js';
import { endGroup, endOrder, makeOrder, nakedSizes, sendOrder, tellState } from './orders.js';
import { costOf } from './paper-broker.js';
import { freeHolding } from './risk-view.js';
import type { LegState, Order, OrderGroup, World } from './world.js';

/** math.md 8.6 and 11: a leg stands naked for at most so long before it is unwound or held. */
const NAKED_MS = 2_000;
const HEDGE_EVERY_MS = 250;
const UNWIND_EVERY_MS = 1_000;
const UNWIND_TRIES = 5;

type Check = (world: World, account: Account, group: OrderGroup, order: Order, hedging: boolean) => string;

interface Plan {
  readonly leg: number;
  readonly size: number;
  /** What would have to be bought or sold; `size` is what the venue's step allows of it. */
  readonly wanted: number;
  readonly limit: number;
  /** Debit of a hedge, credit of an unwinding sale. */
  readonly cash: number;
}

/**
 * A leg stands without its others. First it is hedged: the missing leg is bought at a worse price if the whole still earns,
 * or loses less than selling. When that is not to be had within two seconds, the naked leg is held if the other market
 * still prices it above its cost, else sold at the bid. Each change of state is journalled.
 */
export function mendOrphan(world: World, account: Account, group: OrderGroup, check: Check): void {
  const at = world.journal.at;
  if (group.state === 'working') {
    group.state = 'hedging';
    group.nakedSince = at;
    tellState(world, group, 'hedging', 'A leg filled without its others.');
  }
  const killed = world.accounts.killReason(account);
  if (killed !== null) return endGroup(world, account, group, 'holding', `The kill switch is on: ${killed}`);
  if (group.state === 'hedging' && keepHedging(world, account, group, check)) return;
  unwind(world, account, group, check);
}

/** True when a hedge is on its way, will be tried again, or the group ended as held. */
function keepHedging(world: World, account: Account, group: OrderGroup, check: Check): boolean {
  const nakedCost = costOfNaked(group);
  const sales = planUnwind(world, account, group);
  const unwound = sales === null ? null : sum(sales) - nakedCost;
  const hedges = planHedge(world, account, group);
  if (hedges !== null) {
    const earned = Math.floor((payout(group) - nakedCost) * shareOf(hedges)) - sum(hedges);
    if (earned >= 0 || (unwound !== null && earned > unwound)) {
      if (sendMending(world, account, group, hedges[0], 'hedge', check)) return true;
    }
  }
  const at = world.journal.at;
  if (at < group.nakedSince + NAKED_MS && couldHedge(world, group)) {
    wake(world, group, Math.min(at + HEDGE_EVERY_MS, group.nakedSince + NAKED_MS));
    return true;
  }
  const held = worthOfHolding(world, group);
  if (held !== null && held >= 0 && (unwound === null || held >= unwound)) {
    endGroup(world, account, group, 'holding', 'The other market still prices the naked leg above its cost.');
    return true;
  }
  group.state = 'unwinding';
  group.tries = 0;
  tellState(world, group, 'unwinding', 'No hedge was to be had at a better price than selling.');
  return false;
}

function unwind(world: World, account: Account, group: OrderGroup, check: Check): void {
  if (group.tries >= UNWIND_TRIES)
    return endGroup(world, account, group, 'holding', `The naked leg could not be sold in ${UNWIND_TRIES} tries.`);
  group.tries++;
  const naked = nakedSizes(group);
  for (const [leg, size] of naked.entries()) {
    const sale = size > 0 ? planSale(world, account, group, leg, size) : null;
    if (sale !== null && sendMending(world, account, group, sale, 'unwind', check)) return;
  }
  if (naked.every((size, leg) => size === 0 || orderable(world, group.legs[leg], size) === 0))
    return endGroup(world, account, group, 'holding', 'What is naked is below the smallest order.');
  wake(world, group, world.journal.at + UNWIND_EVERY_MS);
}

function sendMending(
  world: World,
  account: Account,
  group: OrderGroup,
  plan: Plan,
  purpose: 'hedge' | 'unwind',
  check: Check,
): boolean {
  const reserved = purpose === 'hedge' ? plan.cash : 0;
  if (reserved > account.ledger.cash - account.ledger.reserved) return false;
  const order = makeOrder(world, account, group, {
    leg: plan.leg,
    purpose,
    action: purpose === 'hedge' ? 'buy' : 'sell',
    size: plan.size,
    limit: plan.limit,
    reserved,
  });
  const refusal = check(world, account, group, order, true);
  if (refusal !== '') {
    endOrder(world, account, group, order, 'cancelled', 0, refusal);
    return false;
  }
  world.accounts.takeToken(account, world.markets.get(order.ref).venue);
  sendOrder(world, group, order);
  return true;
}

const wake = (world: World, group: OrderGroup, at: Instant): void => world.timers.add(at, 'group', group.id);

/** Buying what the other legs lack, all of it; `null` when that cannot be had now. */
function planHedge(world: World, account: Account, group: OrderGroup): readonly Plan[] | null {
  if (group.setPays <= 0) return null;
  const most = Math.max(...group.legs.map((leg) => leg.filled));
  const plans: Plan[] = [];
  for (const [index, leg] of group.legs.entries()) {
    const wanted = most - leg.filled;
    if (wanted === 0) continue;
    const size = orderable(world, leg, wanted);
    if (!isUsable(world, leg) || size === 0) return null;
    const { book } = world.markets.get(leg.ref);
    const parts = world.depth.walk(book, leg.ref, leg.outcome, 'buy', PRICE_ONE - 1, size);
    if (totalSize(parts) < size) return null;
    const limit = parts[parts.length - 1].price;
    const cash = cashOf(world, account, leg, [{ price: limit, size: size as Part['size'] }], 'buy');
    if (cash === null) return null;
    plans.push({ leg: index, size, wanted, limit, cash });
  }
  return plans.length === 0 ? null : plans;
}

/** Selling all that is naked at the bids there are; `null` when that cannot be done now. */
function planUnwind(world: World, account: Account, group: OrderGroup): readonly Plan[] | null {
  const plans: Plan[] = [];
  for (const [leg, size] of nakedSizes(group).entries()) {
    if (size === 0) continue;
    const plan = planSale(world, account, group, leg, size);
    if (plan === null) return null;
    plans.push(plan);
  }
  return plans;
}

function planSale(world: World, account: Account, group: OrderGroup, index: number, naked: number): Plan | null {
  const leg = group.legs[index];
  const market = world.markets.get(leg.ref);
  const held = Math.min(naked, freeHolding(world, group.account, leg.ref, leg.outcome));
  const size = orderable(world, leg, held);
  if (!isUsable(world, leg) || size === 0) return null;
  const best = priceOf(leg.outcome, leg.outcome === 'yes' ? market.quote.bid : market.quote.ask);
  if (best <= 0) return null;
  const worst = Math.max(1, best - account.record.limits.maxThroughAsk);
  const parts = world.depth.walk(market.book, leg.ref, leg.outcome, 'sell', worst, size);
  if (parts.length === 0) return null;
  const cash = cashOf(world, account, leg, parts, 'sell');
  return cash === null || cash < 0
    ? null
    : { leg: index, size, wanted: naked, limit: parts[parts.length - 1].price, cash };
}

function cashOf(world: World, account: Account, leg: LegState, parts: readonly Part[], action: 'buy' | 'sell') {
  const rule = world.markets.fee(world.markets.get(leg.ref), world.journal.at);
  return rule === null ? null : costOf(rule, parts, account.record.kalshiPrecision, action).cash;
}

function isUsable(world: World, leg: LegState): boolean {
  const market = world.markets.get(leg.ref);
  return market.quote.trusted && world.markets.shutReason(market) === '';
}

/** The part of a size that the venue takes as an order; 0 when it takes none. */
function orderable(world: World, leg: LegState, size: number): number {
  const { info } = world.markets.get(leg.ref);
  const whole = size - (size % Math.max(1, info.sizeStep));
  return whole < Math.max(1, info.minSize) ? 0 : whole;
}

/** Whether waiting can bring a hedge: the missing legs are orders their venues would take. */
function couldHedge(world: World, group: OrderGroup): boolean {
  if (group.setPays <= 0) return false;
  const most = Math.max(...group.legs.map((leg) => leg.filled));
  return group.legs.every((leg) => leg.filled === most || orderable(world, leg, most - leg.filled) > 0);
}

/**
 * What a naked leg of a pair is worth held, less its cost: one minus the other leg's ask is what that market says it is worth
 * at the least. `null` where no other market says so.
 */
function worthOfHolding(world: World, group: OrderGroup): number | null {
  if (group.legs.length !== 2 || group.setPays <= 0) return null;
  const naked = nakedSizes(group);
  const index = naked[0] > 0 ? 0 : 1;
  const other = group.legs[1 - index];
  if (!isUsable(world, other)) return null;
  const { quote } = world.markets.get(other.ref);
  const ask = priceOf(other.outcome, other.outcome === 'yes' ? quote.ask : quote.bid);
  return ask < 0 ? null : Math.floor(((group.setPays - ask) * naked[index]) / 100) - costOfNaked(group);
}

/** What complete sets of all that is naked would pay. */
function payout(group: OrderGroup): number {
  const filled = group.legs.map((leg) => leg.filled);
  return Math.floor((group.setPays * (Math.max(...filled) - Math.min(...filled))) / 100);
}

function costOfNaked(group: OrderGroup): number {
  const naked = nakedSizes(group);
  let cost = 0;
  for (const [i, leg] of group.legs.entries())
    if (leg.filled > 0) cost += Math.floor((leg.cost * naked[i]) / leg.filled);
  return cost;
}

/** Part of the naked contracts that these orders would mend. */
const shareOf = (plans: readonly Plan[]): number => Math.min(...plans.map((plan) => plan.size / plan.wanted));

const sum = (plans: readonly Plan[]): number => plans.reduce((total, plan) => total + plan.cash, 0);
