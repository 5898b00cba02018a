import type {
  AccountId,
  AccountRecord,
  Action,
  Estimate,
  GroupInfo,
  Instant,
  JournalEntry,
  LinkId,
  Link,
  MarketId,
  MarketInfo,
  MarketRef,
  Mode,
  Money,
  Outcome,
  PluginId,
  Price,
  RuleVerdict,
  SessionId,
  Size,
  TapeEvent,
  Unstamped,
  VenueId,
  WorkflowId,
  WorkflowRecord,
} from '#core';
import type { ModelPlugin, Quote, StrategyPlugin } from '#plugin-sdk';
import type { BookRows } from './book-rows.js';

/** Plugins a kernel may run, by id. Pinned: a kernel never loads anything itself. */
export interface KernelPlugins {
  readonly strategies: ReadonlyMap<string, StrategyPlugin>;
  readonly models: ReadonlyMap<string, ModelPlugin>;
}

export interface KernelOptions {
  readonly lane: number;
  readonly plugins: KernelPlugins;
  /** Decision → arrival of an order at the venue, ms, until a `latency` event says otherwise. */
  readonly orderLatencyMs: Readonly<Record<string, number>>;
  /** Backtest only: decision → arrival of the next order to a venue, ms, whatever was configured or measured. */
  readonly latencyMs?: (venue: VenueId) => number;
  /**
   * Called when a hook throws or, live only, is measured too slow. The worker puts a `paused` event on the tape; in
   * a replay nobody listens, because the recorded event comes anyway. The kernel drops the rest of that workflow's
   * hooks for this event in both cases.
   */
  onHookFailure?(failure: { readonly workflow: string; readonly seq: number; readonly reason: string }): void;
  /** Live only: measures a hook, returns ms. Absent in replay and backtest. */
  readonly stopwatch?: () => number;
  /** Live only: a hook slower than this fails. */
  readonly hookBudgetMs?: number;
}

/** Where the kernel's output goes. Called synchronously, in order, during `apply`. */
export interface KernelOutput {
  journal(entry: JournalEntry): void;
  estimate(estimate: Estimate): void;
  /** Top of book changed (or its trust did). The quote is the kernel's own and goes on changing: read it at once. */
  quote?(quote: Quote, seq: number): void;
}

/**
 * The one kernel of live, replay, recovery and backtest: events in by `seq`, journal out. No I/O, no clock. State is
 * one value: `snapshot` and `restore` carry it between processes of the same build.
 */
export interface Kernel {
  /** Applies the next event. Throws `Defect` when `seq` is not the successor of the last one or `at` goes back. */
  apply(event: TapeEvent, output: KernelOutput): void;
  /**
   * Applies the next event as another build did: no plugin is asked, nothing is written, and `stored` (what the journal
   * holds of this event) is booked as it stands. Positions and cash are then those of the stored journal; orders under
   * way and what strategies remembered are not there. Only on a kernel without orders.
   */
  follow(event: TapeEvent, stored: readonly JournalEntry[]): void;
  /** Passes over the next event: only time moves. What a backtest does not use of a recorded tape, such as acts. */
  skip(event: TapeEvent, output: KernelOutput): void;
  /**
   * Applies what is on no tape, after the last event and under its `seq`, at `at` or the last event's time if that is later:
   * how a backtest's header and its pauses come in.
   */
  interject(event: Unstamped<TapeEvent>, at: Instant, output: KernelOutput): void;
  /**
   * Applies successive book events from row `from` on, up to before event `untilSeq`: what `apply` does with each, without
   * making it; no further than an event during which a hook failed. Returns the first row that is left.
   */
  applyRows(rows: BookRows, from: number, untilSeq: number, output: KernelOutput): number;
  readonly seq: number;
  readonly at: number;
  /** `v8.serialize` of the whole state, plugins' states included. */
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
  /** Read access for recorder, checks and screens; never changes anything. */
  readonly look: KernelLook;
}

export interface KernelLook {
  ref(market: MarketId): MarketRef | undefined;
  info(ref: MarketRef): MarketInfo;
  markets(): readonly MarketRef[];
  quote(ref: MarketRef): Quote;
  /** Levels of the canonical YES book, best first. */
  levels(ref: MarketRef): {
    readonly bids: readonly (readonly [Price, Size])[];
    readonly asks: readonly (readonly [Price, Size])[];
  };
  links(): readonly Link[];
  groups(): readonly GroupInfo[];
  accounts(): readonly AccountLook[];
  /** Only the money of each account: cheap enough to be asked often. */
  balances(): readonly Balance[];
  /** What the gate would say of an order now, rule by rule. Throws `UserProblem` for what is not known here. */
  verdict(question: OrderQuestion): OrderVerdict;
  sessions(): readonly SessionLook[];
}

/** An order that nobody sends: what would the gate say of it? */
export interface OrderQuestion {
  readonly account: AccountId | string;
  /** With its tightened limits, its models' fair values and its mode; `null` asks the account alone. */
  readonly workflow: WorkflowId | string | null;
  readonly legs: readonly {
    readonly market: MarketId | string;
    readonly outcome: Outcome;
    readonly action: Action;
    readonly size: Size | number;
    readonly limit: Price | number;
  }[];
  /** `hedge`: it would stand in for a leg that fell short, so the worst cases are not asked. */
  readonly as: 'opening' | 'hedge';
}

export interface LegCost {
  readonly market: MarketId;
  /** Fee when all of it trades at the limit; `null` where the fee is not known. */
  readonly fee: Money | null;
  /** What would be reserved, fee included; `null` where the fee is not known. */
  readonly debit: Money | null;
  readonly best: number;
  readonly depth: number;
}

export interface OrderVerdict {
  /** The last event that the answer knows of. */
  readonly seq: number;
  readonly at: Instant;
  readonly goes: boolean;
  /** What the workflow may do at these markets; `off`: the gate would not even be asked. `null` without a workflow. */
  readonly mode: Mode | null;
  readonly rules: readonly RuleVerdict[];
  readonly legs: readonly LegCost[];
}

export interface Balance {
  readonly account: AccountId;
  readonly openingCash: number;
  readonly cash: Money;
  readonly reserved: Money;
  readonly equity: Money;
  readonly realised: Money;
  readonly fees: Money;
  /** Of what is held. */
  readonly cost: Money;
}

export interface AccountLook {
  readonly record: AccountRecord;
  readonly cash: Money;
  readonly reserved: Money;
  /** Cash + positions marked at the held side's bid + `lockedOverBids` (math.md 11). */
  readonly equity: Money;
  /** What complete sets are worth beyond the bids of their legs: they pay at least so much, less the mismatch of a link. */
  readonly lockedOverBids: Money;
  /** Profit of complete sets that no result can change, as long as linked markets resolve alike. Not realised yet. */
  readonly lockedIn: Money;
  readonly dayBase: Money;
  readonly peak: Money;
  readonly realised: Money;
  readonly fees: Money;
  readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  readonly stateReason: string;
  readonly killed: boolean;
  /** Which switches are on: turning one off leaves the other. */
  readonly killedBy: readonly ('house' | 'account')[];
  readonly positions: readonly PositionLook[];
  /** Every limit with its use, for the risk page. */
  readonly limits: readonly {
    readonly rule: string;
    readonly limit: number;
    readonly use: number;
    readonly unit: string;
    readonly at: string;
  }[];
}

export interface PositionLook {
  readonly market: MarketId;
  readonly outcome: Outcome;
  readonly size: Size;
  /** Average cost per contract incl. fees. */
  readonly cost: Money;
  readonly mark: Price | null;
  readonly value: Money;
}

export interface SessionLook {
  readonly id: SessionId;
  readonly workflow: WorkflowRecord;
  readonly mode: Mode;
  readonly state: 'running' | 'paused' | 'ended';
  readonly reason: string;
  readonly startedAt: number;
  readonly signals: number;
  readonly denials: number;
  readonly fills: number;
}

export type { AccountId, LinkId, PluginId };
