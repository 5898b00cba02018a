import type { GroupInfo, Link, MarketInfo } from './market.js';
import type { AccountId, GroupId, MarketId, MarketRef, PluginId, VenueId, WorkflowId } from './ids.js';
import type { Instant, Price, Size } from './units.js';
import type { RiskLimits } from './risk/limits.js';

/**
 * The tape. An event is something that happened outside; whatever can change a decision is one of these.
 * Key: `(lane, seq)`, gapless from 1. `at` never decreases.
 */
export interface Stamp {
  readonly lane: number;
  readonly seq: number;
  /** Receive time in ms: max(previous `at`, receive clock). Time in the kernel is this and nothing else. */
  readonly at: Instant;
}

/** Where a market-data event came from. `connection` counts sockets since the lane began; 0 is not a socket. */
export interface Source {
  readonly venueAt: Instant | null;
  readonly connection: number;
  /** The venue's own sequence number, `null` where it has none (Polymarket). */
  readonly venueSeq: number | null;
}

export const BID = 0;
export const ASK = 1;
export type BookSide = typeof BID | typeof ASK;

/**
 * A flat run of triples `side (0 bid, 1 ask), price (micro-dollars), size (hundredths, absolute; 0 removes)` of the
 * canonical YES book. Typed where there are many; of a level or two a plain array, which is cheaper to
 * make and to collect.
 */
export type Levels = readonly number[] | Float64Array;

/**
 * Book changes of one market in one frame, applied together; hooks run once per event. A `snapshot` replaces the whole
 * book (and may be empty).
 */
export interface BookEvent extends Stamp, Source {
  readonly kind: 'book';
  readonly market: MarketRef;
  readonly snapshot: boolean;
  readonly levels: Levels;
  /** How many frames were merged into this one because storage was slow; 1 is the ordinary case. */
  readonly merged: number;
}

export interface TradeEvent extends Stamp, Source {
  readonly kind: 'trade';
  readonly market: MarketRef;
  /** Venue's id, or a stable derived one; de-duplicated by intake. */
  readonly tradeId: string;
  /** Price of YES. */
  readonly price: Price;
  readonly size: Size;
  /** What the taker did in terms of YES; `null` unknown. */
  readonly taker: 'buy' | 'sell' | null;
}

/** First sight of a market gives it its `ref`; later ones restate it whole. Status, rules, fees, grid travel here. */
export interface MarketEvent extends Stamp {
  readonly kind: 'market';
  readonly ref: MarketRef;
  readonly info: MarketInfo;
}

export interface GroupEvent extends Stamp {
  readonly kind: 'group';
  readonly group: GroupInfo;
}

/** What YES pays, in micro-dollars: 1_000_000, 0, 500_000 (50-50) or any value between; `void` refunds the cost. */
export interface ResolutionEvent extends Stamp {
  readonly kind: 'resolution';
  readonly market: MarketRef;
  readonly outcome: { readonly kind: 'value'; readonly yesPays: Price } | { readonly kind: 'void' };
  /** `false` while the venue may still change it: nothing is paid then. */
  readonly final: boolean;
}

export type TrustLoss =
  | 'not-connected'
  | 'gap'
  | 'hash-mismatch'
  | 'top-mismatch'
  | 'crossed'
  | 'negative-level'
  | 'off-grid'
  | 'silence'
  | 'clock-skew'
  | 'resync'
  | 'recovery'
  | 'closed';

/** From here on the market's book can be trusted, or cannot, and why. */
export interface ContinuityEvent extends Stamp {
  readonly kind: 'continuity';
  readonly market: MarketRef;
  readonly trusted: boolean;
  readonly reason: TrustLoss | 'snapshot' | 'verified' | 'restated';
  readonly detail: string;
}

/** The venue confirmed this market's book without a change (a successful probe): the quote is fresh again. */
export interface ProbeEvent extends Stamp {
  readonly kind: 'probe';
  readonly market: MarketRef;
}

export interface LinkEvent extends Stamp {
  readonly kind: 'link';
  readonly link: Link;
}

export interface NewsEvent extends Stamp {
  readonly kind: 'news';
  readonly item: {
    readonly id: string;
    readonly source: string;
    readonly publishedAt: Instant | null;
    readonly title: string;
    readonly url: string | null;
    readonly novelty: number;
    readonly touches: readonly {
      readonly market: MarketId;
      readonly relevance: number;
      readonly stance: number;
      readonly confidence: number;
    }[];
  };
}

/** Fitted parameters or source weights: the result of a job. */
export interface ParametersEvent extends Stamp {
  readonly kind: 'parameters';
  readonly plugin: PluginId;
  readonly key: string;
  readonly value: unknown;
}

/** Measured latency of a venue, ms: decision → order accepted. Replaces the configured one. */
export interface LatencyEvent extends Stamp {
  readonly kind: 'latency';
  readonly venue: VenueId;
  readonly orderMs: number;
}

/** A hook threw or was too slow; its workflow rests until a person resumes it. */
export interface PluginPausedEvent extends Stamp {
  readonly kind: 'paused';
  readonly workflow: WorkflowId;
  readonly cause: number;
  readonly reason: string;
}

/** One second passed. Moves timers and quiet markets. */
export interface BeatEvent extends Stamp {
  readonly kind: 'beat';
}

export type Mode = 'off' | 'shadow' | 'paper';

/** A workflow as saved; `version` counts its saves. Config was validated against the plugin's schema before. */
export interface WorkflowRecord {
  readonly id: WorkflowId;
  readonly version: number;
  readonly title: string;
  readonly plugin: PluginId;
  readonly pluginVersion: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly scope: WorkflowScope;
  readonly account: AccountId;
  readonly mode: Mode;
  /** Limits tighter than the account's; never wider. */
  readonly limits: Partial<RiskLimits>;
  readonly models: readonly {
    readonly plugin: PluginId;
    readonly version: string;
    readonly config: Readonly<Record<string, unknown>>;
  }[];
}

/** Empty lists mean "all". */
export interface WorkflowScope {
  readonly venues: readonly VenueId[];
  readonly categories: readonly string[];
  readonly groups: readonly GroupId[];
  readonly markets: readonly MarketId[];
  readonly links: readonly string[];
  readonly text: string;
}

export interface AccountRecord {
  readonly id: AccountId;
  readonly title: string;
  /** Cash the account begins with. Only the first record of an account moves cash; later ones keep it. */
  readonly openingCash: number;
  readonly limits: RiskLimits;
  /** Rounding of Kalshi's balance changes: direct members $0.0001, broker accounts $0.01. */
  readonly kalshiPrecision: 'direct' | 'cent';
}

/** Enablement at a point of the tree; the most specific setting wins, the effective mode is the lowest of all that apply. */
export interface EnablementRecord {
  readonly plugin: PluginId;
  readonly target:
    | { readonly kind: 'venue'; readonly id: VenueId }
    | { readonly kind: 'category'; readonly id: string }
    | { readonly kind: 'group'; readonly id: GroupId }
    | { readonly kind: 'market'; readonly id: MarketId };
  /** `null` removes the setting: inherit again. */
  readonly mode: Mode | null;
}

export type Act =
  | { readonly kind: 'account'; readonly account: AccountRecord }
  | { readonly kind: 'workflow'; readonly workflow: WorkflowRecord }
  | { readonly kind: 'workflow-archived'; readonly workflow: WorkflowId }
  | { readonly kind: 'workflow-resumed'; readonly workflow: WorkflowId }
  | { readonly kind: 'enablement'; readonly settings: readonly EnablementRecord[] }
  /** `account: null` is house-wide. */
  | { readonly kind: 'kill-switch'; readonly on: boolean; readonly account: AccountId | null; readonly reason: string }
  | { readonly kind: 'reset-halt'; readonly account: AccountId }
  | { readonly kind: 'deposit'; readonly account: AccountId; readonly amount: number };

/** What an operator did. `id` is the inbox row's: an act enters the tape once. */
export interface ActEvent extends Stamp {
  readonly kind: 'act';
  readonly id: string;
  readonly by: string;
  readonly act: Act;
}

export type TapeEvent =
  | BookEvent
  | TradeEvent
  | MarketEvent
  | GroupEvent
  | ResolutionEvent
  | ContinuityEvent
  | ProbeEvent
  | LinkEvent
  | NewsEvent
  | ParametersEvent
  | LatencyEvent
  | PluginPausedEvent
  | BeatEvent
  | ActEvent;

export type EventKind = TapeEvent['kind'];

/** An event before intake stamped it. */
export type Unstamped<E extends TapeEvent = TapeEvent> = E extends TapeEvent ? Omit<E, keyof Stamp> : never;
