import type {
  Action,
  BookSide,
  Estimate,
  FeeRule,
  FillEntry,
  GroupId,
  GroupInfo,
  Instant,
  Link,
  LinkId,
  MarketInfo,
  MarketRef,
  Money,
  NewsEvent,
  Outcome,
  Price,
  RiskLimits,
  Size,
  TradeEvent,
  VenueId,
  WaterfallStep,
} from '#core';
import type { Static, TSchema } from 'typebox';
import type { Manifest } from './manifest.js';

/** Top of a market's canonical YES book after an event. `bid` or `ask` is -1 where the side is empty. */
export interface Quote {
  readonly market: MarketRef;
  readonly at: Instant;
  readonly bid: Price;
  readonly bidSize: Size;
  readonly ask: Price;
  readonly askSize: Size;
  /** Continuous and not crossed: may be traded on. */
  readonly trusted: boolean;
}

export interface BookView {
  count(side: BookSide): number;
  price(side: BookSide, level: number): Price;
  size(side: BookSide, level: number): Size;
  /** Best bid (0) or ask (1) of YES; -1 when empty. */
  best(side: BookSide): Price;
}

/** Levels one may buy at, price ascending, of one outcome. Depth our own earlier fills consumed is already gone. */
export interface LadderLevel {
  readonly price: Price;
  readonly size: Size;
}

export interface LinkView {
  readonly link: Link;
  readonly a: MarketRef;
  readonly b: MarketRef;
}

export interface GroupView {
  readonly group: GroupInfo;
  /** Refs of the group's markets, in the group's order; -1 for a market this lane does not carry. */
  readonly markets: readonly MarketRef[];
}

/** What a hook sees. Everything is read-only but `state`, which the hook changes in place. */
export interface StrategyView<C = unknown, S = unknown> {
  readonly now: Instant;
  readonly config: C;
  readonly state: S;
  readonly limits: RiskLimits;
  /** Cash not reserved, micro-dollars. */
  readonly cash: Money;
  readonly kalshiPrecision: 'direct' | 'cent';
  info(market: MarketRef): MarketInfo;
  venue(market: MarketRef): VenueId;
  quote(market: MarketRef): Quote;
  book(market: MarketRef): BookView;
  trusted(market: MarketRef): boolean;
  /** When the market's book was last confirmed by data or probe. */
  freshAt(market: MarketRef): Instant;
  /** Fee rule in force now; `null` unknown: do not trade. */
  fee(market: MarketRef): FeeRule | null;
  /** Depth for buying `outcome`, best first, capped by the limits (depth share) and at most `levels` long. */
  ladder(market: MarketRef, outcome: Outcome, levels?: number): readonly LadderLevel[];
  held(market: MarketRef, outcome: Outcome): Size;
  /** Reviewed links in the workflow's scope that touch this market. */
  links(market: MarketRef): readonly LinkView[];
  /** The market's group, when the workflow's scope holds it. */
  group(market: MarketRef): GroupView | null;
  /** Latest estimate of that name: of one model of this workflow, or of whichever spoke last. */
  estimate(market: MarketRef, name: string, model?: string): Estimate | null;
  /** Whether an order or group of this session on this market is still working. */
  working(market: MarketRef): boolean;
}

export interface SignalLeg {
  readonly market: MarketRef;
  readonly outcome: Outcome;
  readonly action: Action;
  readonly size: Size;
  /** Worst price of the outcome to accept. */
  readonly limit: Price;
  /**
   * Only for a single leg: what is not there on arrival stands in the book at the limit for so long, ms of the tape, behind
   * everything that stands there. Without it the rest is gone.
   */
  readonly restMs?: number;
}

/** What was seen, whether or not it was worth trading. Prices are per contract. */
export interface Sighting {
  /** With the workflow and direction, the identity of the episode. */
  readonly link: LinkId | null;
  readonly group: GroupId | null;
  readonly direction: string;
  readonly markets: readonly MarketRef[];
  readonly gross: Price;
  /** After fees, mismatch and fixed costs; may be negative. */
  readonly net: Price;
  readonly size: Size;
  readonly waterfall: readonly WaterfallStep[];
  /** Why it is not worth trading, or `''`. */
  readonly reason: string;
}

export type Signal =
  /** One leg, or several that must go together in equal numbers (an order group: legs in sending order). */
  | {
      readonly kind: 'order';
      readonly legs: readonly SignalLeg[];
      readonly reason: string;
      readonly sighting?: Sighting;
    }
  /** Takes back what this session has resting in a market's book. */
  | { readonly kind: 'cancel'; readonly market: MarketRef }
  /** Gross positive, not worth trading: kept as a net-negative opportunity. */
  | { readonly kind: 'sighting'; readonly sighting: Sighting }
  /** The gross edge is gone: closes the episode, if one is open. */
  | { readonly kind: 'gone'; readonly link: LinkId | null; readonly group: GroupId | null; readonly direction: string };

export type Signals = Signal | readonly Signal[] | undefined | void;

export interface StrategyHooks<C, S> {
  onQuote?(view: StrategyView<C, S>, quote: Quote): Signals;
  onTrade?(view: StrategyView<C, S>, trade: TradeEvent): Signals;
  onNews?(view: StrategyView<C, S>, news: NewsEvent): Signals;
  onEstimate?(view: StrategyView<C, S>, estimate: Estimate): Signals;
  onFill?(view: StrategyView<C, S>, fill: FillEntry): Signals;
  onBeat?(view: StrategyView<C, S>): Signals;
}

/**
 * A strategy: pure hooks over one structured-cloneable state that the runner owns, snapshots and restores. No clock, no
 * chance, no network: so live, replay and backtest are the same code.
 */
export interface StrategyPlugin<T extends TSchema = TSchema, S = unknown> extends StrategyHooks<Static<T>, S> {
  readonly kind: 'strategy';
  readonly manifest: Manifest;
  readonly configSchema: T;
  /** What a workflow's scope selects: single markets, links between two, or whole groups. */
  readonly scope: 'markets' | 'links' | 'groups';
  initialState(config: Static<T>): S;
  /** Ids of models this config needs beyond those of the manifest: a workflow that is saved gets them. */
  needsModels?(config: Static<T>): readonly string[];
  /** Turns the config of an older version into one of this version. */
  migrateConfig?(from: { readonly version: string; readonly config: unknown }): unknown;
}

export function defineStrategy<T extends TSchema, S>(plugin: Omit<StrategyPlugin<T, S>, 'kind'>): StrategyPlugin<T, S> {
  return Object.freeze({ kind: 'strategy' as const, ...plugin });
}
