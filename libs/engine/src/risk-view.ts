import {
  cooling,
  exposureOf,
  freeCash,
  KeptExposure,
  lossesOf,
  positionOf,
  strikeMeasure,
  strikeSpan,
  type AccountId,
  type Exposure,
  type GroupShape,
  type GroupId,
  type Holding,
  type KeptRisk,
  type Losses,
  type Link,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type Outcome,
  type RiskLimits,
  type RiskState,
  type Strike,
} from '#core';
import type { Account } from './accounts.js';
import type { Session } from './sessions.js';
import type { Order, OrderGroup, World } from './world.js';

interface Kept {
  version: number;
  /** Of `Accounts.assessed`: after that everything is added up anew. */
  readonly assessed: number;
  readonly exposure: KeptExposure;
  readonly risk: KeptRisk;
  /** Markets of which what is held or ordered is not added up as it is now. */
  readonly moved: Set<MarketRef>;
  /** Made when first asked for. */
  holdings: readonly Holding[] | null;
  naked: number;
  openOrders: number;
}

/** Computed from accounts and orders, so it is no state: a snapshot leaves it out. */
const kept = new WeakMap<Account, Kept>();

/** What the account holds of a market, or has ordered there, is another now. */
export function noteMoved(account: Account, ref: MarketRef): void {
  account.version++;
  kept.get(account)?.moved.add(ref);
}

function keep(world: World, account: Account): Kept {
  let known = kept.get(account);
  if (known !== undefined && known.version === account.version) return known;
  const { assessed } = world.accounts;
  if (known === undefined || known.assessed !== assessed) {
    known = begin(world, account, assessed);
    kept.set(account, known);
  }
  addUp(world, account, known);
  return known;
}

function begin(world: World, account: Account, assessed: number): Kept {
  const exposure = new KeptExposure(
    (market) => world.markets.linksOf(market),
    (group) => measuredShape(world, group),
  );
  const sum = (): Exposure => exposureOf(holdingsNow(world, account), (market) => world.markets.linksOf(market));
  const risk: KeptRisk = {
    exposure,
    losses: () => exposure.losses() ?? lossesOf(sum(), (group) => measuredShape(world, group)),
    after: (legs) => exposure.after(legs),
  };
  const moved = new Set<MarketRef>();
  for (const position of account.ledger.positions.values()) moved.add(position.market);
  for (const group of world.groups.values())
    if (group.account === account.record.id) for (const order of group.orders) moved.add(order.ref);
  return { version: -1, assessed, exposure, risk, moved, holdings: null, naked: 0, openOrders: 0 };
}

/** Brings what is kept to the account's version. */
function addUp(world: World, account: Account, known: Kept): void {
  const { moved, exposure } = known;
  const ordered: Order[] = [];
  known.naked = 0;
  known.openOrders = 0;
  for (const group of world.groups.values()) {
    if (group.account !== account.record.id) continue;
    known.naked += nakedCostOf(group);
    known.openOrders += group.orders.length;
    if (moved.size > 0)
      for (const order of group.orders) if (order.action === 'buy' && moved.has(order.ref)) ordered.push(order);
  }
  for (const ref of moved) {
    const sides: Holding[] = [];
    for (const outcome of OUTCOMES) {
      const position = positionOf(account.ledger, ref, outcome);
      let size: number = position?.size ?? 0;
      let cost: number = position?.cost ?? 0;
      for (const order of ordered)
        if (order.ref === ref && order.outcome === outcome) {
          size += order.size;
          cost += order.reserved;
        }
      if (size !== 0 || cost !== 0) sides.push(holdingOf(world, ref, outcome, size, cost));
    }
    exposure.hold(world.markets.get(ref).info.id, sides);
  }
  moved.clear();
  known.holdings = null;
  known.version = account.version;
}

const OUTCOMES = ['yes', 'no'] as const;

function holdingOf(world: World, ref: MarketRef, outcome: Outcome, size: number, cost: number): Holding {
  const { info, venue } = world.markets.get(ref);
  return { ref, market: info.id, venue, group: info.group, category: info.category, outcome, size, cost };
}

/** Positions first bought first, then orders: where it matters whose turn it is, this is the order. */
function holdingsNow(world: World, account: Account): readonly Holding[] {
  const known = keep(world, account);
  if (known.holdings !== null) return known.holdings;
  const holdings: Holding[] = [];
  for (const { market, outcome, size, cost } of account.ledger.positions.values())
    holdings.push(holdingOf(world, market, outcome, size, cost));
  for (const group of world.groups.values()) {
    if (group.account !== account.record.id) continue;
    for (const { action, ref, outcome, size, reserved } of group.orders)
      if (action === 'buy') holdings.push(holdingOf(world, ref, outcome, size, reserved));
  }
  known.holdings = holdings;
  return holdings;
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

export const exposureNow = (world: World, account: Account): KeptRisk['exposure'] => keep(world, account).exposure;
export const lossesNow = (world: World, account: Account): Losses => keep(world, account).risk.losses();
export const nakedNow = (world: World, account: Account): number => keep(world, account).naked;

export function shapeOf(world: World, group: GroupId): GroupShape | null {
  return world.markets.groups.get(group) ?? null;
}

/** The same with what its markets say of one number, so that nested thresholds are counted together. */
export function measuredShape(world: World, group: GroupId): GroupShape | null {
  const shape = shapeOf(world, group);
  return shape === null || shape.exclusive ? shape : { ...shape, strike: (market) => strikeOf(world, market) };
}

const strikes = new WeakMap<MarketInfo, Strike | null>();

/** Read once from what a venue says of a market: its words are parsed for it. */
function strikeOf(world: World, market: MarketRef): Strike | null {
  const { info } = world.markets.get(market);
  let strike = strikes.get(info);
  if (strike === undefined) {
    const measure = strikeMeasure(info);
    const span = strikeSpan(info);
    strike = measure === null || span === null ? null : { measure, span };
    strikes.set(info, strike);
  }
  return strike;
}

/** The account as the risk rules see it now, under these limits. */
export const riskState = (
  world: World,
  account: Account,
  limits: RiskLimits,
  session: Pick<Session, 'buckets'> | null,
): RiskState => new RiskNow(world, account, limits, session);

/** An order about to leave asks for none of what is added up. */
class RiskNow implements RiskState {
  readonly freeCash: number;
  readonly state: RiskState['state'];
  readonly stateReason: string;
  readonly killed: string | null;
  readonly dailyTrip: string;
  readonly drawdownTrip: string;
  readonly cooling: string;
  readonly tokens: RiskState['tokens'];
  readonly misses: RiskState['misses'];
  readonly shape = (group: GroupId): GroupShape | null => measuredShape(this.world, group);
  readonly links = (market: MarketId): readonly Link[] => this.world.markets.linksOf(market);

  constructor(
    private readonly world: World,
    private readonly account: Account,
    readonly limits: RiskLimits,
    session: Pick<Session, 'buckets'> | null,
  ) {
    const { watch } = account;
    this.freeCash = freeCash(account.ledger);
    this.state = account.state;
    this.stateReason = account.stateReason;
    this.killed = world.accounts.killReason(account);
    this.dailyTrip = watch.dailyTrip;
    this.drawdownTrip = watch.drawdownTrip;
    this.cooling = cooling(watch, world.journal.at);
    this.tokens = world.accounts.tokens(account, limits, session?.buckets ?? null);
    this.misses = world.accounts.misses(account);
  }

  get holdings(): readonly Holding[] {
    return holdingsNow(this.world, this.account);
  }
  get kept(): KeptRisk {
    return keep(this.world, this.account).risk;
  }
  get naked(): number {
    return keep(this.world, this.account).naked;
  }
  get openOrders(): number {
    return keep(this.world, this.account).openOrders;
  }
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
