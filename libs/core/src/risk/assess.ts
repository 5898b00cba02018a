import type { Refusal } from '../journal.js';
import { checkCapital, checkThrottle } from './capital-rules.js';
import { NUMERIC_LIMITS } from './limit-info.js';
import type { RiskLimits } from './limits.js';
import { checkBook, checkMarkets } from './market-rules.js';
import { opens, type RiskLeg, type RiskOrder, type RiskState, type Refuse, type Weighed } from './order.js';
import { roomSentence } from './words.js';

/**
 * The gate's question: everything that speaks against this order group, most important first; empty when it may go.
 * Pure. A number that is none (NaN, infinite, fractional where whole is meant) or a missing limit denies.
 */
export function assess(state: RiskState, order: RiskOrder): readonly Refusal[] {
  const refusals: Refusal[] = [];
  judge(state, order, refusals, collector(refusals));
  return refusals;
}

/** One rule's answer: a refusal, or the same numbers of a rule that has nothing against it. */
export interface RuleVerdict extends Refusal {
  readonly refuses: boolean;
}

/**
 * The very same questions with every answer: what refuses and what does not, in the order in which they were asked. As a `hedge`
 * each leg is asked about as `assessHedge` does.
 */
export function assessAloud(
  state: RiskState,
  order: RiskOrder,
  as: 'opening' | 'hedge' = 'opening',
): readonly RuleVerdict[] {
  const refusals: Refusal[] = [];
  const verdicts: RuleVerdict[] = [];
  const collect = collector(refusals);
  const refuse: Refuse = Object.assign(
    (...said: Parameters<Refuse>): void => {
      collect(...said);
      verdicts.push({ ...refusals[refusals.length - 1], refuses: true });
    },
    {
      passed: (rule: string, about: string, numbers?: Weighed): void => {
        const message = numbers === undefined ? about : roomSentence(about, numbers);
        verdicts.push({ ...refusalOf(rule, message, numbers), refuses: false });
      },
    },
  );
  if (as === 'opening') judge(state, order, refusals, refuse);
  else for (const leg of order.legs) judgeHedge(state, leg, refusals, refuse);
  return verdicts;
}

function judge(state: RiskState, order: RiskOrder, refusals: readonly Refusal[], refuse: Refuse): void {
  checkStanding(state, order, refuse);
  checkNumbers(state, order, refuse);
  if (refusals.some((refusal) => refusal.rule === 'not-a-number')) return;
  checkLink(order, refuse);
  checkMarkets(state, order, refuse);
  checkCapital(state, order, refuse);
  checkThrottle(state, order, refuse);
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
  const refusals: Refusal[] = [];
  judgeHedge(state, leg, refusals, collector(refusals));
  return refusals;
}

function judgeHedge(state: RiskState, leg: RiskLeg, refusals: readonly Refusal[], refuse: Refuse): void {
  const alone: RiskOrder = { legs: [leg], link: 'none' };
  checkKillSwitch(state, refuse);
  checkNumbers(state, alone, refuse);
  checkBook(state, leg, refuse);
  if (refusals.some((refusal) => refusal.rule === 'not-a-number')) return;
  checkCapital(state, alone, refuse, true);
}

function checkStanding(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  checkKillSwitch(state, refuse);
  // A sale of what is held reduces; `not-held` catches the one that does not.
  if (!order.legs.some(opens)) return;
  if (state.dailyTrip !== '') refuse('daily-loss', state.dailyTrip);
  else refuse.passed?.('daily-loss', 'The loss of the day is within its limit.');
  if (state.drawdownTrip !== '') refuse('drawdown', state.drawdownTrip);
  else refuse.passed?.('drawdown', 'The drawdown is within its limit.');
  if (state.cooling !== '') refuse('cool-down', state.cooling);
  else refuse.passed?.('cool-down', 'No cool-down is under way.');
  const told = state.killed !== null || state.dailyTrip !== '' || state.drawdownTrip !== '' || state.cooling !== '';
  if (state.state !== 'ACTIVE' && !told)
    refuse('account-state', `The account is ${state.state} and may only reduce: ${state.stateReason}`);
  else if (state.state === 'ACTIVE') refuse.passed?.('account-state', 'The account is active.');
}

function checkKillSwitch(state: RiskState, refuse: Refuse): void {
  if (state.killed !== null) refuse('kill-switch', `The kill switch is on: ${state.killed || 'no reason given'}.`);
  else refuse.passed?.('kill-switch', 'No kill switch is on.');
}

/** Limits found whole; they are never changed in place, and asked about with every order. */
const whole = new WeakSet<RiskLimits>();

function checkLimitsThere(limits: RiskLimits, refuse: Refuse): void {
  if (whole.has(limits)) return;
  let missing = false;
  for (const name of NUMERIC_LIMITS) {
    const limit: unknown = limits[name];
    const isNumber = typeof limit === 'number' && Number.isFinite(limit);
    if (isNumber && limit >= 0) continue;
    missing = true;
    if (!isNumber) refuse('missing-limit', `The limit ${name} is missing.`);
    else refuse('missing-limit', `The limit ${name} is ${limit}: below nothing there is no limit.`);
  }
  if (!missing) whole.add(limits);
}

function checkNumbers(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  checkLimitsThere(state.limits, refuse);
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
    into.push(refusalOf(rule, message, numbers));
  };
}

function refusalOf(rule: string, message: string, numbers?: Weighed): Refusal {
  const known = numbers !== undefined;
  return {
    rule,
    message,
    limit: known ? finite(numbers.limit) : null,
    use: known ? finite(numbers.use) : null,
    asked: known ? finite(numbers.asked) : null,
    headroom: known ? finite(numbers.limit - numbers.use) : null,
    unit: known ? numbers.unit : '',
  };
}

/** JSON has no NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
