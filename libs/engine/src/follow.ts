import {
  adoptHalt,
  Defect,
  mulDiv,
  PRICE_ONE,
  recordBuy,
  recordPayout,
  recordSell,
  type AccountStateEntry,
  type FillEntry,
  type GroupStateEntry,
  type JournalEntry,
  type MarketRef,
  type Payout,
  type Price,
  type SettlementEntry,
} from '#core';
import type { Account } from './accounts.js';
import { matchedOf, payDeals, sellFromDeals, unwindLeg } from './deals.js';
import { setPays } from './sets.js';
import type { Deal, World } from './world.js';

/**
 * Books what a stored journal entry says happened, whether or not this kernel would have decided it: fills and
 * settlements move the accounts, halts stop them, the rest is only counted.
 */
export function bookStored(world: World, entry: JournalEntry): void {
  const session = entry.session === '' ? undefined : world.sessions.get(entry.session);
  switch (entry.kind) {
    case 'fill': {
      const { ref } = world.markets.byId(entry.market) ?? missing(entry);
      const { ledger } = accountOf(world, entry);
      const { outcome, size, cashDelta, fee } = entry;
      if (entry.action === 'buy') recordBuy(ledger, ref, outcome, size, 0 - cashDelta, fee);
      else recordSell(ledger, ref, outcome, size, cashDelta, fee);
      followFill(world, accountOf(world, entry), ref, entry);
      if (session !== undefined) session.fills++;
      break;
    }
    case 'settlement': {
      const market = world.markets.byId(entry.market) ?? missing(entry);
      const { ref } = market;
      const account = accountOf(world, entry);
      const { outcome, size, cost, payout } = entry;
      recordPayout(account.ledger, ref, outcome, payout);
      market.payments = [...market.payments, { account: account.record.id, outcome, size, cost, payout }];
      payDeals(world, account, ref, entry.outcome, entry.payout, resultOf(entry));
      break;
    }
    case 'group-state':
      if (entry.state === 'complete' || entry.state === 'holding') followComplete(world, entry);
      return;
    case 'account-state':
      return followState(world, entry);
    case 'signal':
      if (session !== undefined) session.signals++;
      return;
    case 'denial':
      if (session !== undefined) session.denials += 1;
      return;
    default:
      return;
  }
  const account = accountOf(world, entry);
  world.accounts.reassess();
  world.accounts.observe(account);
}

/** A halt outlives the build that decided it. Kill switches come by acts, which are on the tape themselves. */
function followState(world: World, entry: AccountStateEntry): void {
  const account = accountOf(world, entry);
  // First the day, then what was decided on it.
  world.accounts.observe(account);
  if (entry.state === 'ACTIVE' || entry.reason.startsWith('Kill switch')) return;
  adoptHalt(account.watch, entry.reason);
  world.accounts.observe(account);
}

/** The order group a fill belongs to, as far as fills tell it: what it bought it holds until its markets pay. */
function followFill(world: World, account: Account, ref: MarketRef, entry: FillEntry): void {
  const { signalId: id, session, workflow, causes, outcome, size, cashDelta } = entry;
  const known = world.deals.get(id);
  const leg = known?.legs.find((one) => one.ref === ref && one.outcome === outcome);
  if (entry.action === 'sell') {
    if (known === undefined || leg === undefined) return sellFromDeals(world, account, ref, outcome, size, cashDelta);
    return unwindLeg(known, leg, size, cashDelta);
  }
  if (leg !== undefined) {
    leg.filled += size;
    leg.cost -= cashDelta;
    return;
  }
  const deal: Deal = known ?? {
    id,
    session: session as Deal['session'],
    workflow: workflow as Deal['workflow'],
    account: account.record.id,
    causes,
    opportunity: null,
    link: null,
    setPays: 0,
    broken: '',
    realised: 0,
    legs: [],
    matched: 0,
  };
  world.deals.set(id, deal);
  const limit = entry.parts[entry.parts.length - 1].price;
  deal.legs.push({
    ref,
    outcome,
    action: 'buy',
    limit,
    filled: size,
    cost: 0 - cashDelta,
    settled: false,
    proceeds: 0,
  });
}

/** Its legs are a set: what that pays is what link and group say now, as it was when the set was made. */
function followComplete(world: World, { signalId, opportunityId }: GroupStateEntry): void {
  const deal = world.deals.get(signalId);
  if (deal === undefined || deal.legs.length < 2) return;
  const infos = deal.legs.map((leg) => world.markets.get(leg.ref).info);
  const inGroup = infos[0].group !== null && infos.every((info) => info.group === infos[0].group);
  const link = inGroup || infos.length !== 2 ? null : world.markets.linkBetween(infos[0].id, infos[1].id);
  deal.opportunity = opportunityId ?? null;
  deal.link = link?.id ?? null;
  deal.setPays = setPays(world, deal.legs, link);
  deal.matched = matchedOf(deal);
  world.accounts.reassess();
}

/** What a settlement says the market paid. */
function resultOf({ how, outcome, payout, size }: SettlementEntry): Payout {
  if (how === 'void') return { kind: 'void' };
  if (how !== 'value') return { kind: 'value', yesPays: (how === 'yes' ? PRICE_ONE : 0) as Price };
  const each = mulDiv(payout, 100, size, 'half-up');
  return { kind: 'value', yesPays: (outcome === 'yes' ? each : PRICE_ONE - each) as Price };
}

/** Whether any account holds contracts of a market. */
export function isHeld(world: World, ref: number): boolean {
  for (const { ledger } of world.accounts.all.values())
    for (const position of ledger.positions.values()) if (position.market === ref) return true;
  return false;
}

const accountOf = (world: World, entry: JournalEntry) =>
  (entry.account === '' ? undefined : world.accounts.all.get(entry.account)) ?? missing(entry);

function missing(entry: JournalEntry): never {
  throw new Defect(
    `the stored ${entry.kind} ${entry.seq}.${entry.ordinal} is of a market or account the tape has not got`,
  );
}
