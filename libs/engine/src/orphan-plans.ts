import { PRICE_ONE, priceOf, type Payout } from '#core';
import type { Account } from './accounts.js';
import { totalSize, type Part } from './depth.js';
import { nakedSizes } from './orders.js';
import { costOf } from './paper-broker.js';
import { freeHolding } from './risk-view.js';
import type { LegState, OrderGroup, World } from './world.js';

/** One order that would mend a naked group, or a part of it. */
export interface Plan {
  readonly leg: number;
  readonly size: number;
  /** What would have to be bought or sold; `size` is what the venue's step allows of it. */
  readonly wanted: number;
  readonly limit: number;
  /** Debit of a hedge, credit of an unwinding sale. */
  readonly cash: number;
}

/** Buying what the other legs lack, all of it, or the sentence why that cannot be had now. */
export function planHedge(world: World, account: Account, group: OrderGroup): readonly Plan[] | string {
  if (group.setPays <= 0) return group.broken || 'Nobody knows what the legs pay together.';
  const most = Math.max(...group.legs.map((leg) => leg.filled));
  const plans: Plan[] = [];
  for (const [index, leg] of group.legs.entries()) {
    const wanted = most - leg.filled;
    if (wanted === 0) continue;
    const size = orderable(world, leg, wanted);
    const { book, info } = world.markets.get(leg.ref);
    if (size === 0) return `What is missing is below the smallest order at ${info.id}.`;
    if (!isUsable(world, leg)) return unusable(world, leg);
    const parts = world.depth.walk(book, leg.ref, leg.outcome, 'buy', PRICE_ONE - 1, size);
    if (totalSize(parts) < size) return `Too little of what is missing is offered at ${info.id}.`;
    const limit = parts[parts.length - 1].price;
    const cash = cashOf(world, account, leg, [{ price: limit, size: size as Part['size'] }], 'buy');
    if (cash === null) return `The fee of ${info.id} is not known.`;
    plans.push({ leg: index, size, wanted, limit, cash });
  }
  return plans;
}

/** Selling all that is naked at the bids there are; `null` when that cannot be done now. */
export function planUnwind(world: World, account: Account, group: OrderGroup): readonly Plan[] | null {
  const plans: Plan[] = [];
  for (const [leg, size] of nakedSizes(group).entries()) {
    if (size === 0) continue;
    const plan = planSale(world, account, group, leg, size);
    if (plan === null) return null;
    plans.push(plan);
  }
  return plans;
}

export function planSale(world: World, account: Account, group: OrderGroup, index: number, naked: number): Plan | null {
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
  return market.quote.trusted && world.markets.shutReason(market, world.journal.at) === '';
}

function unusable(world: World, leg: LegState): string {
  const market = world.markets.get(leg.ref);
  const shut = world.markets.shutReason(market, world.journal.at);
  return shut !== ''
    ? `No order is taken at ${market.info.id}: ${shut}.`
    : `The book of ${market.info.id} cannot be trusted now.`;
}

/** The part of a size that the venue takes as an order; 0 when it takes none. */
export function orderable(world: World, leg: LegState, size: number): number {
  const { info } = world.markets.get(leg.ref);
  const whole = size - (size % Math.max(1, info.sizeStep));
  return whole < Math.max(1, info.minSize) ? 0 : whole;
}

/** Whether waiting can bring a hedge: the missing legs are orders their venues would take. */
export function couldHedge(world: World, group: OrderGroup): boolean {
  if (group.setPays <= 0) return false;
  const most = Math.max(...group.legs.map((leg) => leg.filled));
  return group.legs.every(
    (leg) =>
      leg.filled === most ||
      (world.markets.get(leg.ref).resolution === null && orderable(world, leg, most - leg.filled) > 0),
  );
}

/**
 * What a naked leg of a pair is worth held, less its cost: one minus the other leg's ask is what that market says it is worth
 * at the least, and its result, once there is one, what it is worth. `null` where no other market says so.
 */
export function worthOfHolding(world: World, group: OrderGroup): number | null {
  if (group.legs.length !== 2 || group.setPays <= 0) return null;
  const naked = nakedSizes(group);
  const index = naked[0] > 0 ? 0 : 1;
  const other = group.legs[1 - index];
  const { quote, resolution } = world.markets.get(other.ref);
  if (resolution === null && !isUsable(world, other)) return null;
  const ask =
    resolution === null
      ? priceOf(other.outcome, other.outcome === 'yes' ? quote.ask : quote.bid)
      : payOf(resolution, other);
  return ask < 0 ? null : Math.floor(((group.setPays - ask) * naked[index]) / 100) - costOfNaked(group);
}

/** What a result pays the outcome of a leg; -1 where it refunds instead. */
const payOf = (resolution: Payout, leg: LegState): number =>
  resolution.kind === 'void' ? -1 : leg.outcome === 'yes' ? resolution.yesPays : PRICE_ONE - resolution.yesPays;

/** What complete sets of all that is naked would pay. */
export function payout(group: OrderGroup): number {
  const filled = group.legs.map((leg) => leg.filled);
  return Math.floor((group.setPays * (Math.max(...filled) - Math.min(...filled))) / 100);
}

export function costOfNaked(group: OrderGroup): number {
  const naked = nakedSizes(group);
  let cost = 0;
  for (const [i, leg] of group.legs.entries())
    if (leg.filled > 0) cost += Math.floor((leg.cost * naked[i]) / leg.filled);
  return cost;
}

/** Part of the naked contracts that these orders would mend. */
export const shareOf = (plans: readonly Plan[]): number => Math.min(...plans.map((plan) => plan.size / plan.wanted));

export const sum = (plans: readonly Plan[]): number => plans.reduce((total, plan) => total + plan.cash, 0);
