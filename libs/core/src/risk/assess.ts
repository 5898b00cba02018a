import type { Refusal } from '../journal.js';
import { checkCapital, checkThrottle } from './capital-rules.js';
import { NUMERIC_LIMITS } from './limit-info.js';
import { checkBook, checkMarkets } from './market-rules.js';
import { opens, type RiskLeg, type RiskOrder, type RiskState, type Refuse } from './order.js';

/**
 * The gate's question: everything that speaks against this order group, most important first; empty when it may go.
 * Pure. A number that is none (NaN, infinite, fractional where whole is meant) or a missing limit denies.
 */
export function assess(state: RiskState, order: RiskOrder): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = collector(refusals);
  checkStanding(state, order, refuse);
  checkNumbers(state, order, refuse);
  if (refusals.some((refusal) => refusal.rule === 'not-a-number')) return refusals;
  checkLink(order, refuse);
  checkMarkets(state, order, refuse);
  checkCapital(state, order, refuse);
  checkThrottle(state, order, refuse);
  return refusals;
}

/**
 * The same questions again when a leg of an accepted group is about to leave. Capital and throttle were taken at the gate;
 * what may have changed since is the switch, the account's state and the market. `hedging` legs finish what is begun, so
 * a halt does not stop them; a kill switch does.
 */
export function assessAtSend(state: RiskState, leg: RiskLeg, hedging: boolean): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = collector(refusals);
  if (hedging) checkKillSwitch(state, refuse);
  else checkStanding(state, { legs: [leg], link: 'none' }, refuse);
  checkNumbers(state, { legs: [leg], link: 'none' }, refuse);
  checkBook(state, leg, refuse);
  return refusals;
}

/**
 * A hedge that costs more than the leg it stands in for was gated at: the market, and what the account may have at risk in
 * all. It makes the worst case of its event smaller, so that and the naked limit are not asked; nor is a halt, which lets
 * hedges finish. A kill switch stops it.
 */
export function assessHedge(state: RiskState, leg: RiskLeg): readonly Refusal[] {
  const refusals: Refusal[] = [...assessAtSend(state, leg, true)];
  if (refusals.some((refusal) => refusal.rule === 'not-a-number')) return refusals;
  checkCapital(state, { legs: [leg], link: 'none' }, collector(refusals), true);
  return refusals;
}

function checkStanding(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  checkKillSwitch(state, refuse);
  // A sale of what is held reduces; `not-held` catches the one that does not.
  if (!order.legs.some(opens)) return;
  if (state.dailyTrip !== '') refuse('daily-loss', state.dailyTrip);
  if (state.drawdownTrip !== '') refuse('drawdown', state.drawdownTrip);
  if (state.cooling !== '') refuse('cool-down', state.cooling);
  const told = state.killed !== null || state.dailyTrip !== '' || state.drawdownTrip !== '' || state.cooling !== '';
  if (state.state !== 'ACTIVE' && !told)
    refuse('account-state', `The account is ${state.state} and may only reduce: ${state.stateReason}`);
}

function checkKillSwitch(state: RiskState, refuse: Refuse): void {
  if (state.killed !== null) refuse('kill-switch', `The kill switch is on: ${state.killed || 'no reason given'}.`);
}

function checkNumbers(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  for (const name of NUMERIC_LIMITS) {
    const limit: unknown = state.limits[name];
    if (typeof limit !== 'number' || !Number.isFinite(limit)) refuse('missing-limit', `The limit ${name} is missing.`);
    else if (limit < 0) refuse('missing-limit', `The limit ${name} is ${limit}: below nothing there is no limit.`);
  }
  if (order.legs.length === 0) refuse('not-a-number', 'The order has no legs.');
  for (const leg of order.legs) {
    if (!Number.isSafeInteger(leg.size) || leg.size <= 0)
      refuse('not-a-number', `A size of ${leg.size} is no number of contracts.`);
    if (!Number.isSafeInteger(leg.limit)) refuse('not-a-number', `A limit of ${leg.limit} is no price.`);
    // Without a fee rule there is no debit; `unknown-fee` says so.
    else if (leg.feeKnown && !(Number.isSafeInteger(leg.debit) && leg.debit >= 0))
      refuse('not-a-number', `The cost of the order at ${leg.market} cannot be computed.`);
  }
  if (!Number.isSafeInteger(state.freeCash)) refuse('not-a-number', `Free cash is ${state.freeCash}.`);
}

function checkLink(order: RiskOrder, refuse: Refuse): void {
  const { link, legs } = order;
  if (link !== 'none') {
    if (link === 'missing') refuse('unreviewed-link', 'No reviewed link joins the markets of this order.');
    else {
      if (link.state !== 'reviewed') refuse('unreviewed-link', `Link ${link.id} is ${link.state}, not reviewed.`);
      if (link.mismatch === null || !(link.mismatch >= 0 && link.mismatch <= 1))
        refuse('unknown-mismatch', `Nobody said how likely the two sides of link ${link.id} resolve differently.`);
    }
  }
  const places = legs.map((leg) => `${leg.ref}${leg.outcome}`);
  if (new Set(places).size < places.length)
    refuse('duplicate-leg', 'Two legs of the order are on the same outcome of the same market.');
  if (legs.length > 1 && legs.some((leg) => leg.size !== legs[0].size || leg.action !== legs[0].action))
    refuse('unequal-legs', 'The legs of an order group are not equal in contracts.');
}

function collector(into: Refusal[]): Refuse {
  return (rule, message, numbers) => {
    const known = numbers !== undefined;
    into.push({
      rule,
      message,
      limit: known ? finite(numbers.limit) : null,
      use: known ? finite(numbers.use) : null,
      asked: known ? finite(numbers.asked) : null,
      headroom: known ? finite(numbers.limit - numbers.use) : null,
      unit: known ? numbers.unit : '',
    });
  };
}

/** JSON has no NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
