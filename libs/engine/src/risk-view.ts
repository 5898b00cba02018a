import {
  exposureOf,
  cooling,
  freeCash,
  lossesOf,
  strikeMeasure,
  strikeSpan,
  type AccountId,
  type Exposure,
  type GroupShape,
  type GroupId,
  type Holding,
  type Losses,
  type MarketRef,
  type Outcome,
  type RiskLimits,
  type RiskState,
  type Strike,
} from '#core';
import type { Account } from './accounts.js';
import type { Session } from './sessions.js';
import type { OrderGroup, World } from './world.js';

interface Kept {
  version: number;
  holdings: readonly Holding[];
  exposure: Exposure;
  /** Made when first asked for. */
  losses: Losses | null;
  naked: number;
  openOrders: number;
}

/** Computed from accounts and orders, so it is no state: a snapshot leaves it out. */
const kept = new WeakMap<Account, Kept>();

function keep(world: World, account: Account): Kept {
  const known = kept.get(account);
  if (known !== undefined && known.version === account.version) return known;
  const holdings: Holding[] = [];
  const add = (ref: MarketRef, outcome: Outcome, size: number, cost: number): void => {
    const { info, venue } = world.markets.get(ref);
    holdings.push({ ref, market: info.id, venue, group: info.group, category: info.category, outcome, size, cost });
  };
  for (const position of account.ledger.positions.values())
    add(position.market, position.outcome, position.size, position.cost);
  let naked = 0;
  let openOrders = 0;
  for (const group of world.groups.values()) {
    if (group.account !== account.record.id) continue;
    naked += nakedCostOf(group);
    for (const order of group.orders) {
      openOrders++;
      if (order.action === 'buy') add(order.ref, order.outcome, order.size, order.reserved);
    }
  }
  const exposure = exposureOf(holdings, (market) => world.markets.linksOf(market));
  const fresh: Kept = { version: account.version, holdings, exposure, losses: null, naked, openOrders };
  kept.set(account, fresh);
  return fresh;
}

/** Most of a group's cost that may stand without its last leg. */
function nakedCostOf(group: OrderGroup): number {
  let cost = 0;
  for (let i = 0; i < group.legs.length - 1; i++) {
    if (group.legs[i].action !== 'buy') return 0;
    cost += group.legs[i].cost;
    for (const order of group.orders) if (order.leg === i && order.purpose === 'leg') cost += order.reserved;
  }
  return cost;
}

export const exposureNow = (world: World, account: Account): Exposure => keep(world, account).exposure;
export function lossesNow(world: World, account: Account): Losses {
  const now = keep(world, account);
  return (now.losses ??= lossesOf(now.exposure, (group) => measuredShape(world, group)));
}
export const nakedNow = (world: World, account: Account): number => keep(world, account).naked;

export function shapeOf(world: World, group: GroupId): GroupShape | null {
  return world.markets.groups.get(group) ?? null;
}

/** The same with what its markets say of one number, so that nested thresholds are counted together. */
export function measuredShape(world: World, group: GroupId): GroupShape | null {
  const shape = shapeOf(world, group);
  return shape === null || shape.exclusive ? shape : { ...shape, strike: (market) => strikeOf(world, market) };
}

function strikeOf(world: World, market: MarketRef): Strike | null {
  const { info } = world.markets.get(market);
  const measure = strikeMeasure(info);
  const span = strikeSpan(info);
  return measure === null || span === null ? null : { measure, span };
}

/** The account as the risk rules see it now, under these limits. An order about to leave asks for none of what is added up. */
export function riskState(
  world: World,
  account: Account,
  limits: RiskLimits,
  session: Pick<Session, 'buckets'> | null,
): RiskState {
  return {
    limits,
    freeCash: freeCash(account.ledger),
    state: account.state,
    stateReason: account.stateReason,
    killed: world.accounts.killReason(account),
    dailyTrip: account.watch.dailyTrip,
    drawdownTrip: account.watch.drawdownTrip,
    cooling: cooling(account.watch, world.journal.at),
    get holdings() {
      return keep(world, account).holdings;
    },
    get kept() {
      return { exposure: keep(world, account).exposure, losses: () => lossesNow(world, account) };
    },
    get naked() {
      return keep(world, account).naked;
    },
    get openOrders() {
      return keep(world, account).openOrders;
    },
    tokens: world.accounts.tokens(account, limits, session?.buckets ?? null),
    misses: world.accounts.misses(account),
    shape: (group) => measuredShape(world, group),
    links: (market) => world.markets.linksOf(market),
  };
}

/** Contracts of a position that no working sale has a claim on. */
export function freeHolding(world: World, account: AccountId, ref: MarketRef, outcome: Outcome): number {
  const ledger = world.accounts.all.get(account)?.ledger;
  let free = ledger?.positions.get(ref * 2 + (outcome === 'no' ? 1 : 0))?.size ?? 0;
  for (const order of world.orders.values())
    if (
      order.action === 'sell' &&
      order.ref === ref &&
      order.outcome === outcome &&
      world.groups.get(order.group)?.account === account
    )
      free -= order.size;
  return Math.max(0, free);
}
