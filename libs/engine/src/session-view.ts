import {
  ASK,
  BID,
  Defect,
  type BookSide,
  type Estimate,
  type FeeRule,
  type Instant,
  type MarketInfo,
  type MarketRef,
  type Money,
  type Outcome,
  type Price,
  type RiskLimits,
  type Size,
  type VenueId,
} from '#core';
import type { BookView, GroupView, LadderLevel, LinkView, ModelView, Quote, StrategyView } from '#plugin-sdk';
import type { Account } from './accounts.js';
import { cappedLadder, spendable } from './ladder.js';
import type { Session } from './sessions.js';
import type { World } from './world.js';

const NO_LINKS: readonly LinkView[] = [];
const DEFAULT_LEVELS = 64;

/** The one mutable view of a session's hooks; getters read the kernel as it stands, nothing is copied. */
export class SessionView implements StrategyView {
  constructor(
    private readonly world: World,
    private readonly session: Session,
    private readonly account: Account,
  ) {}

  get now(): Instant {
    return this.world.journal.at;
  }
  get config(): unknown {
    return this.session.workflow.config;
  }
  get state(): unknown {
    return this.session.strategyState;
  }
  get limits(): RiskLimits {
    if (this.session.limits === null) throw new Defect(`session ${this.session.id} has no account`);
    return this.session.limits;
  }
  get cash(): Money {
    return spendable(this.world, this.account, this.limits);
  }
  get kalshiPrecision(): 'direct' | 'cent' {
    return this.account.record.kalshiPrecision;
  }
  info(market: MarketRef): MarketInfo {
    return this.world.markets.get(market).info;
  }
  venue(market: MarketRef): VenueId {
    return this.world.markets.get(market).venue;
  }
  quote(market: MarketRef): Quote {
    return this.world.markets.get(market).quote;
  }
  book(market: MarketRef): BookView {
    return this.world.markets.get(market).book;
  }
  trusted(market: MarketRef): boolean {
    return this.world.markets.get(market).quote.trusted;
  }
  freshAt(market: MarketRef): Instant {
    return this.world.markets.get(market).freshAt;
  }
  fee(market: MarketRef): FeeRule | null {
    const { markets } = this.world;
    return markets.fee(markets.get(market), this.now);
  }
  ladder(market: MarketRef, outcome: Outcome, levels: number = DEFAULT_LEVELS): readonly LadderLevel[] {
    return cappedLadder(this.world, this.account, this.session, this.limits, market, outcome, levels);
  }
  held(market: MarketRef, outcome: Outcome): Size {
    return (this.account.ledger.positions.get(market * 2 + (outcome === 'no' ? 1 : 0))?.size ?? 0) as Size;
  }
  links(market: MarketRef): readonly LinkView[] {
    return this.session.linksOf.get(market) ?? NO_LINKS;
  }
  group(market: MarketRef): GroupView | null {
    return this.session.groupOf.get(market) ?? null;
  }
  estimate(market: MarketRef, name: string, model?: string): Estimate | null {
    return this.session.estimates.get(market, name, model);
  }
  working(market: MarketRef): boolean {
    if (this.world.groups.size === 0) return false;
    for (const group of this.world.groups.values())
      if (group.session === this.session.id && group.legs.some((leg) => leg.ref === market)) return true;
    return false;
  }
}

/** The same for one model of a session. */
export class SessionModelView implements ModelView {
  constructor(
    private readonly world: World,
    private readonly session: Session,
    private readonly index: number,
  ) {}

  get now(): Instant {
    return this.world.journal.at;
  }
  get config(): unknown {
    return this.session.workflow.models[this.index].config;
  }
  get state(): unknown {
    return this.session.modelStates[this.index];
  }
  info(market: MarketRef): MarketInfo {
    return this.world.markets.get(market).info;
  }
  book(market: MarketRef): BookView {
    return this.world.markets.get(market).book;
  }
  best(market: MarketRef, side: BookSide): Price {
    return this.world.markets.get(market).book.best(side === BID ? BID : ASK);
  }
  links(market: MarketRef): readonly LinkView[] {
    return this.session.heardLinks.get(market) ?? NO_LINKS;
  }
  estimate(market: MarketRef, name: string, model?: string): Estimate | null {
    return this.session.estimates.get(market, name, model);
  }
  parameters(key: string): unknown {
    const { parameters } = this.world;
    return parameters.size === 0
      ? undefined
      : parameters.get(`${this.session.workflow.models[this.index].plugin}|${key}`);
  }
}
