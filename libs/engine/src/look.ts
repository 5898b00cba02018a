import { ASK, averageCost, BID, limitUses, lossPpm, type BookSide, type Money, type Price, type Size } from '#core';
import { markOf, valueOf, type Account } from './accounts.js';
import { lockedInOf, lockedOverBids } from './deals.js';
import type { AccountLook, Balance, KernelLook, PositionLook, SessionLook } from './kernel.types.js';
import type { MarketState } from './market-table.js';
import { riskState } from './risk-view.js';
import type { Session } from './sessions.js';
import { verdictOf } from './verdict.js';
import type { World } from './world.js';

/** Read access for recorder, checks and screens. Answers are copies: they do not change with the kernel. */
export function createLook(world: World): KernelLook {
  const { markets } = world;
  return {
    ref: (id) => markets.refs.get(id),
    info: (ref) => markets.get(ref).info,
    markets: () => markets.states.map((state) => state.ref),
    quote: (ref) => ({ ...markets.get(ref).quote }),
    levels: (ref) => {
      const state = markets.get(ref);
      return { bids: levelsOf(state, BID), asks: levelsOf(state, ASK) };
    },
    links: () => [...markets.links.values()],
    groups: () => [...markets.groups.values()],
    accounts: () => [...world.accounts.all.values()].map((account) => accountLook(world, account)),
    verdict: (question) => verdictOf(world, question),
    balances: () => [...world.accounts.all.values()].map((account) => balance(world, account)),
    sessions: () => [...world.sessions.values()].map(sessionLook),
  };
}

function levelsOf(state: MarketState, side: BookSide): readonly (readonly [Price, Size])[] {
  const levels: (readonly [Price, Size])[] = [];
  for (let level = 0; level < state.book.count(side); level++)
    levels.push([state.book.price(side, level), state.book.size(side, level)]);
  return levels;
}

function balance(world: World, account: Account): Balance {
  const { ledger, record } = account;
  let cost = 0;
  for (const position of ledger.positions.values()) cost += position.cost;
  return {
    account: record.id,
    openingCash: record.openingCash,
    cash: ledger.cash,
    reserved: ledger.reserved,
    equity: world.accounts.equityOf(account),
    realised: ledger.realised,
    fees: ledger.fees,
    cost: cost as Money,
  };
}

function accountLook(world: World, account: Account): AccountLook {
  const { ledger, watch, record } = account;
  const equity = world.accounts.equityOf(account);
  const positions = [...ledger.positions.values()].map((position): PositionLook => {
    const market = world.markets.get(position.market);
    const mark = markOf(market, position.outcome, world.journal.at);
    return {
      market: market.info.id,
      outcome: position.outcome,
      size: position.size,
      cost: averageCost(position),
      mark,
      value: valueOf(position, mark),
    };
  });
  return {
    record,
    cash: ledger.cash,
    reserved: ledger.reserved,
    equity,
    lockedOverBids: lockedOverBids(world, account),
    lockedIn: lockedInOf(world, account),
    dayBase: watch.base,
    peak: watch.peak,
    realised: ledger.realised,
    fees: ledger.fees,
    state: account.state,
    stateReason: account.stateReason,
    killed: world.accounts.killReason(account) !== null,
    killedBy: world.accounts.killedBy(account),
    positions,
    limits: limitUses(riskState(world, account, record.limits, null), {
      daily: lossPpm(watch.base, equity),
      drawdown: lossPpm(watch.peak, equity),
    }),
  };
}

const sessionLook = (session: Session): SessionLook => ({
  id: session.id,
  workflow: session.workflow,
  mode: session.mode,
  state: session.state,
  reason: session.reason,
  startedAt: session.startedAt,
  signals: session.signals,
  denials: session.denials,
  fills: session.fills,
});
