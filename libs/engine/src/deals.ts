import {
  mulDiv,
  positionKey,
  notional,
  PRICE_ONE,
  watchClose,
  type MarketRef,
  type Money,
  type Outcome,
  type Payout,
} from '#core';
import { markOf, type Account } from './accounts.js';
import { causesOf, marketsOf, ownerOf, type Deal, type LegState, type OrderGroup, type World } from './world.js';

/** What an order group or deal holds and what came of it, for its journal entry. */
export interface DealMoney {
  readonly cost: Money;
  readonly lockedIn: Money | null;
  readonly realised: Money | null;
}

type Held = Pick<OrderGroup, 'legs' | 'setPays' | 'broken' | 'realised'>;

/** Contracts that every leg has: complete sets. */
export function matchedOf({ legs }: Pick<Held, 'legs'>): number {
  return legs.length < 2 || legs[0].action !== 'buy' ? 0 : leastFilled(legs);
}

function leastFilled(legs: readonly LegState[]): number {
  let least = Infinity;
  for (const { filled } of legs) if (filled < least) least = filled;
  return least;
}

const isOver = ({ legs }: Pick<Held, 'legs'>): boolean => legs.every((leg) => leg.settled || leg.filled === 0);

export function moneyOf(held: Held, over: boolean): DealMoney {
  let cost = 0;
  let proceeds = 0;
  for (const leg of held.legs) {
    if (leg.settled) proceeds += leg.proceeds - leg.cost;
    else cost += leg.cost;
  }
  return {
    cost: cost as Money,
    lockedIn: lockedIn(held),
    realised: over ? ((held.realised + proceeds) as Money) : null,
  };
}

/** Profit of the complete sets whatever their markets say; `null` where there are none or nobody knows what they pay. */
function lockedIn(held: Held): Money | null {
  const matched = matchedOf(held);
  if (matched === 0 || held.setPays <= 0 || held.broken !== '') return null;
  let cost = 0;
  for (const leg of held.legs) cost += mulDiv(leg.cost, matched, leg.filled, 'ceil');
  return (notional(held.setPays, matched) - cost) as Money;
}

/** Keeps what a group holds after its work. One that holds nothing is over, and its result counts as a close. */
export function keepDeal(world: World, account: Account, group: OrderGroup): void {
  if (group.legs[0].action !== 'buy') return;
  const { id, session, workflow, causes, opportunity, link, setPays, broken, realised } = group;
  const legs = group.legs.filter((leg) => leg.filled > 0);
  if (legs.length === 0) {
    if (realised !== 0) watchClose(account.watch, world.journal.at, realised, account.record.limits);
    return;
  }
  const complete = legs.length === group.legs.length;
  const deal: Deal = {
    id,
    session,
    workflow,
    account: account.record.id,
    causes,
    opportunity,
    link,
    setPays,
    broken,
    realised,
    legs: complete ? group.legs : legs,
    matched: complete ? matchedOf(group) : 0,
  };
  world.deals.set(id, deal);
  noteChange(account, deal);
  close(world, account, deal);
}

/** What stood naked was sold again. */
export function unwindLeg(held: Pick<OrderGroup, 'realised'>, leg: LegState, size: number, cash: number): void {
  const cost = mulDiv(leg.cost, size, leg.filled, 'floor');
  held.realised += cash - cost;
  leg.cost -= cost;
  leg.filled -= size;
}

/** A deal all of whose contracts are paid or sold is over: what it earned is realised now, not leg by leg. */
function close(world: World, account: Account, deal: Deal): void {
  if (!isOver(deal)) return;
  world.deals.delete(deal.id);
  noteChange(account, deal);
  const money = moneyOf(deal, true);
  watchClose(account.watch, world.journal.at, money.realised ?? 0, account.record.limits);
  world.journal.write(
    ownerOf(deal),
    [
      ...deal.causes,
      ...causesOf(
        world,
        deal.legs.map((leg) => leg.ref),
      ),
    ],
    {
      kind: 'group-state',
      signalId: deal.id,
      opportunityId: deal.opportunity,
      markets: marketsOf(world, deal),
      state: 'settled',
      naked: [],
      reason: 'Everything it held was paid or sold.',
      ...money,
    },
  );
}

/**
 * A market paid an account for all it held of an outcome. Each deal, and each group still at work, gets what its own contracts
 * are due, whole micro-dollars; the last one gets the rest, so that together they get what the account got.
 */
export function payDeals(
  world: World,
  account: Account,
  market: MarketRef,
  outcome: Outcome,
  paid: number,
  result: Payout,
): void {
  const owners = [...ofAccount(world.deals, account), ...ofAccount(world.groups, account)];
  const due = owners.flatMap((owner) =>
    owner.legs
      .filter(
        (leg) =>
          leg.ref === market && leg.outcome === outcome && leg.filled > 0 && !leg.settled && leg.action === 'buy',
      )
      .map((leg) => ({ owner, leg })),
  );
  let left = paid;
  for (const [i, { owner, leg }] of due.entries()) {
    noteChange(account, owner);
    leg.proceeds = i === due.length - 1 ? left : Math.min(left, dueOf(leg, result));
    leg.settled = true;
    left -= leg.proceeds;
  }
  // A refund or a split says nothing of what the other markets will pay: the set is none any more.
  const splits = result.kind === 'void' || (result.yesPays !== 0 && result.yesPays !== PRICE_ONE);
  if (splits)
    for (const { owner } of due) owner.broken = `${world.markets.get(market).info.id} was not decided either way.`;
  for (const { owner } of due) {
    const deal = world.deals.get(owner.id);
    if (deal !== undefined) close(world, account, deal);
  }
}

function dueOf(leg: LegState, result: Payout): number {
  if (result.kind === 'void') return leg.cost;
  return notional(leg.outcome === 'yes' ? result.yesPays : PRICE_ONE - result.yesPays, leg.filled);
}

/**
 * A workflow sold contracts: the oldest deals that hold them give them, then groups still at work, and share what they brought.
 */
export function sellFromDeals(
  world: World,
  account: Account,
  market: MarketRef,
  outcome: Outcome,
  size: number,
  cash: number,
): void {
  const rest = { size, cash };
  const give = (owner: Deal | OrderGroup): void => {
    for (const leg of owner.legs) {
      if (rest.size === 0 || leg.ref !== market || leg.outcome !== outcome) continue;
      if (leg.action !== 'buy' || leg.settled || leg.filled === 0) continue;
      const taken = Math.min(rest.size, leg.filled);
      const share = taken === rest.size ? rest.cash : mulDiv(cash, taken, size, 'floor');
      unwindLeg(owner, leg, taken, share);
      noteChange(account, owner);
      rest.size -= taken;
      rest.cash -= share;
    }
  };
  for (const deal of world.deals.values()) {
    if (deal.account !== account.record.id) continue;
    give(deal);
    const matched = Math.min(deal.matched, leastFilled(deal.legs));
    if (matched !== deal.matched) noteChange(account, deal);
    deal.matched = matched;
    close(world, account, deal);
  }
  for (const group of world.groups.values()) if (rest.size > 0 && group.account === account.record.id) give(group);
}

/** Contracts of complete sets that wait for their market. */
interface Waiting {
  readonly ref: MarketRef;
  readonly outcome: Outcome;
  size: number;
}

/** What one deal adds to its account's complete sets: what they pay at least, and how many contracts of which legs wait. */
interface Part {
  readonly pays: number;
  readonly matched: number;
  readonly waiting: readonly LegState[];
}

/** What complete sets come to, but for the bids of their legs, which change all the time. */
interface Kept {
  /** Of `Accounts.assessed`: after that everything is added up anew. */
  readonly assessed: number;
  pays: number;
  /** By market and outcome. */
  readonly open: Map<number, Waiting>;
  /** By deal. */
  readonly parts: Map<string, Part>;
  /** Deals that are not added up as they are now. */
  readonly changed: Set<string>;
}

/** Computed from the deals, so it is no state: a snapshot leaves it out. Thousands of deals may be held; a fill changes one. */
const kept = new WeakMap<Account, Kept>();

const noteChange = (account: Account, deal: Pick<Deal, 'id'>): void => void kept.get(account)?.changed.add(deal.id);

function keep(world: World, account: Account): Kept {
  let known = kept.get(account);
  const { assessed } = world.accounts;
  if (known === undefined || known.assessed !== assessed) {
    known = { assessed, pays: 0, open: new Map(), parts: new Map(), changed: new Set() };
    for (const deal of ofAccount(world.deals, account)) known.changed.add(deal.id);
    kept.set(account, known);
  }
  for (const id of known.changed) {
    const before = known.parts.get(id);
    if (before !== undefined) addPart(known, before, -1);
    const deal = world.deals.get(id);
    const part = deal === undefined ? null : partOf(world, deal);
    if (part === null) known.parts.delete(id);
    else {
      known.parts.set(id, part);
      addPart(known, part, 1);
    }
  }
  known.changed.clear();
  return known;
}

function partOf(world: World, deal: Deal): Part | null {
  const { matched } = deal;
  if (matched === 0 || deal.setPays <= 0 || deal.broken !== '') return null;
  const waiting = deal.legs.filter((leg) => !leg.settled);
  // Where every market left has its result, the marks say what it pays.
  if (waiting.every((leg) => world.markets.get(leg.ref).resolution !== null)) return null;
  let value: number = notional(deal.setPays - Math.ceil(mismatchOf(world, deal) * PRICE_ONE), matched);
  for (const leg of deal.legs) if (leg.settled) value -= mulDiv(leg.proceeds, matched, leg.filled, 'ceil');
  return { pays: Math.max(0, value), matched, waiting };
}

function addPart(to: Kept, { pays, matched, waiting }: Part, times: 1 | -1): void {
  to.pays += times * pays;
  for (const { ref, outcome } of waiting) {
    const key = positionKey(ref, outcome);
    const place = to.open.get(key);
    if (place === undefined) to.open.set(key, { ref, outcome, size: times * matched });
    else {
      place.size += times * matched;
      if (place.size === 0) to.open.delete(key);
    }
  }
}

/**
 * What the account's complete sets are worth beyond the bids of their legs (math.md 11): a set is worth what it pays at
 * least, less the probability that linked rules differ, never more; what its settled legs brought is cash already.
 */
export function lockedOverBids(world: World, account: Account): Money {
  const { pays, open } = keep(world, account);
  let bids = 0;
  for (const { ref, outcome, size } of open.values()) {
    const mark = markOf(world.markets.get(ref), outcome, world.journal.at);
    if (mark !== null) bids += notional(mark, size);
  }
  return (pays - bids) as Money;
}

/** Profit no result can change, of all deals that are held. */
export function lockedInOf(world: World, account: Account): Money {
  let sum = 0;
  for (const deal of world.deals.values()) if (deal.account === account.record.id) sum += lockedIn(deal) ?? 0;
  return sum as Money;
}

const mismatchOf = (world: World, deal: Deal): number =>
  deal.link === null ? 0 : (world.markets.links.get(deal.link)?.mismatch ?? 1);

const ofAccount = <T extends Pick<OrderGroup, 'account'>>(
  all: ReadonlyMap<string, T>,
  account: Account,
): readonly T[] => [...all.values()].filter((one) => one.account === account.record.id);
