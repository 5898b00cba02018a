import { dollars, type Instant } from '#core';
import type { Account } from './accounts.js';
import { endGroup, makeOrder, nakedSizes, sendOrder, tellState } from './orders.js';
import {
  costOfNaked,
  couldHedge,
  orderable,
  payout,
  planHedge,
  planSale,
  planUnwind,
  shareOf,
  sum,
  worthOfHolding,
  type Plan,
} from './orphan-plans.js';
import { refusalAtSend, refusalOfHedge } from './send-check.js';
import { limitsOf } from './sessions.js';
import type { OrderGroup, World } from './world.js';

/** math.md 8.6 and 11: a leg stands naked for at most so long before it is unwound or held. */
const NAKED_MS = 2_000;
const HEDGE_EVERY_MS = 250;
const UNWIND_EVERY_MS = 1_000;
const UNWIND_TRIES = 5;

/**
 * A leg stands without its others. First it is hedged: the missing leg is bought at a worse price if the whole still earns,
 * or loses less than selling. When that is not to be had within two seconds, the naked leg is held if the other market
 * still prices it above its cost, else sold at the bid. Each change of state is journalled.
 */
export function mendOrphan(world: World, account: Account, group: OrderGroup): void {
  if (group.state === 'working') {
    group.state = 'hedging';
    group.nakedSince = world.journal.at;
  }
  const killed = world.accounts.killReason(account);
  if (killed !== null) return endGroup(world, account, group, 'holding', `The kill switch is on: ${killed}`);
  const over = resultOfNaked(world, group);
  if (over !== '') return endGroup(world, account, group, 'holding', over);
  if (group.state === 'hedging' && keepHedging(world, account, group)) return;
  unwind(world, account, group);
}

/** A naked leg whose market has its result is neither hedged nor sold: the result decides. */
function resultOfNaked(world: World, group: OrderGroup): string {
  const naked = nakedSizes(group);
  for (const [i, leg] of group.legs.entries()) {
    const { info, resolution } = world.markets.get(leg.ref);
    if (naked[i] > 0 && resolution !== null) return `${info.id} has its result.`;
  }
  return '';
}

/** True when a hedge is on its way, will be tried again, or the group ended as held. */
function keepHedging(world: World, account: Account, group: OrderGroup): boolean {
  const nakedCost = costOfNaked(group);
  const sales = planUnwind(world, account, group);
  const unwound = sales === null ? null : sum(sales) - nakedCost;
  const selling = unwound === null ? 'what is naked cannot be sold now' : `selling what is naked ${gain(unwound)}`;
  const hedges = planHedge(world, account, group);
  let weighed: string;
  if (typeof hedges === 'string') weighed = `${hedges} As for the rest, ${selling}.`;
  else {
    const earned = Math.floor((payout(group) - nakedCost) * shareOf(hedges)) - sum(hedges);
    weighed = `Buying what is missing for ${dollars(sum(hedges))} ${gain(earned)} on the whole; ${selling}.`;
    if (earned >= 0 || (unwound !== null && earned > unwound)) {
      const refusal = sendHedge(world, account, group, hedges[0], weighed);
      if (refusal === '') return true;
      weighed += ` The hedge is refused: ${refusal}`;
    }
  }
  const at = world.journal.at;
  if (at < group.nakedSince + NAKED_MS && couldHedge(world, group)) {
    tellNaked(world, group, weighed);
    wake(world, group, Math.min(at + HEDGE_EVERY_MS, group.nakedSince + NAKED_MS));
    return true;
  }
  const held = worthOfHolding(world, group);
  if (held !== null && held >= 0 && (unwound === null || held >= unwound)) {
    const why = `${weighed} The other market still prices the naked leg above its cost: held, it ${gain(held)}.`;
    endGroup(world, account, group, 'holding', why);
    return true;
  }
  group.state = 'unwinding';
  group.tries = 0;
  tellState(world, group, 'unwinding', `No hedge was to be had at a better price than selling. ${weighed}`);
  return false;
}

const gain = (money: number): string => (money < 0 ? `loses ${dollars(0 - money)}` : `earns ${dollars(money)}`);

/** Journals what was weighed, once as long as it stays the same. */
function tellNaked(world: World, group: OrderGroup, weighed: string): void {
  if (group.told === weighed) return;
  const opening = group.told === '' ? 'A leg filled without its others. ' : '';
  group.told = weighed;
  tellState(world, group, 'hedging', `${opening}${weighed}`);
}

/** Sends a hedge, or says why the limits are against it. Its cost was never gated, so it is asked about anew. */
function sendHedge(world: World, account: Account, group: OrderGroup, plan: Plan, weighed: string): string {
  const { ref, outcome } = group.legs[plan.leg];
  const refusal = refusalOfHedge(world, account, group, { ref, outcome, action: 'buy', ...plan });
  if (refusal !== '') return refusal;
  tellNaked(world, group, weighed);
  dispatch(world, account, group, plan, 'hedge');
  return '';
}

function unwind(world: World, account: Account, group: OrderGroup): void {
  if (group.tries >= UNWIND_TRIES)
    return endGroup(world, account, group, 'holding', `The naked leg could not be sold in ${UNWIND_TRIES} tries.`);
  group.tries++;
  const naked = nakedSizes(group);
  for (const [leg, size] of naked.entries()) {
    const sale = size > 0 ? planSale(world, account, group, leg, size) : null;
    if (sale === null) continue;
    const { ref, outcome } = group.legs[leg];
    if (refusalAtSend(world, account, group, { ref, outcome, action: 'sell', ...sale }, true) !== '') continue;
    return dispatch(world, account, group, sale, 'unwind');
  }
  if (naked.every((size, leg) => size === 0 || orderable(world, group.legs[leg], size) === 0))
    return endGroup(world, account, group, 'holding', 'What is naked is below the smallest order.');
  wake(world, group, world.journal.at + UNWIND_EVERY_MS);
}

function dispatch(world: World, account: Account, group: OrderGroup, plan: Plan, purpose: 'hedge' | 'unwind'): void {
  const order = makeOrder(world, account, group, {
    leg: plan.leg,
    purpose,
    action: purpose === 'hedge' ? 'buy' : 'sell',
    size: plan.size,
    limit: plan.limit,
    reserved: purpose === 'hedge' ? plan.cash : 0,
  });
  const session = world.sessions.get(group.session);
  world.accounts.takeToken(
    account,
    world.markets.get(order.ref).venue,
    session === undefined ? null : limitsOf(world, session),
    session?.buckets ?? null,
  );
  sendOrder(world, group, order);
}

const wake = (world: World, group: OrderGroup, at: Instant): void => world.timers.add(at, 'group', group.id);
