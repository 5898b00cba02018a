import type { AccountId, GroupId, LinkId, MarketId, SessionId, WorkflowId } from './ids.js';
import type { Instant, Money, Price, Size } from './units.js';

/**
 * The journal: what we decided and what came of it, in order. One committed tape gives one journal, byte for byte:
 * entries are plain JSON values, built with a fixed key order, numbers only integers or finite doubles.
 */
export interface JournalStamp {
  readonly lane: number;
  /** `seq` of the event during whose application the entry was written. */
  readonly seq: number;
  /** 0, 1, 2 … within `seq`. */
  readonly ordinal: number;
  readonly at: Instant;
  /** `''` for entries of the house itself (settlement of an account without a session, halts). */
  readonly session: SessionId | '';
  readonly workflow: WorkflowId | '';
  readonly account: AccountId | '';
  /** `seq`s of the events that caused it, ascending, at most 8. */
  readonly causes: readonly number[];
}

/** Side in terms of the YES contract's two outcomes: `yes` buys YES, `no` buys NO. `close` sells what is held. */
export type Outcome = 'yes' | 'no';
export type Action = 'buy' | 'sell';

/** `price` is always the price of the *outcome* bought or sold (NO at 0.45 is 450_000). */
export interface LegRequest {
  readonly market: MarketId;
  readonly outcome: Outcome;
  readonly action: Action;
  readonly size: Size;
  readonly limit: Price;
}

/** One line of a gross → net waterfall, money for the whole size. Lines add up to the last one. */
export interface WaterfallStep {
  readonly label: string;
  readonly amount: Money;
}

export interface SignalEntry extends JournalStamp {
  readonly kind: 'signal';
  /** `S<seq>.<ordinal>` — also the id of its order group. */
  readonly signalId: string;
  readonly legs: readonly LegRequest[];
  readonly reason: string;
  readonly mode: 'shadow' | 'paper';
}

/** One failed check. `use` + what the order asks for exceeded `limit`; `headroom` is what was left before it. */
export interface Refusal {
  readonly rule: string;
  /** One sentence with the numbers in it. */
  readonly message: string;
  readonly limit: number | null;
  readonly use: number | null;
  readonly asked: number | null;
  readonly headroom: number | null;
  readonly unit: 'micro-dollars' | 'hundredths' | 'ms' | 'count' | 'ppm' | '';
}

export interface DenialEntry extends JournalStamp {
  readonly kind: 'denial';
  readonly signalId: string;
  readonly legs: readonly LegRequest[];
  /** All reasons, most important first. */
  readonly refusals: readonly Refusal[];
  /** Equal consecutive denials of a session coalesce; `count` of them since `firstAt`. */
  readonly count: number;
  readonly firstAt: Instant;
}

export interface OrderEntry extends JournalStamp {
  readonly kind: 'order';
  readonly orderId: string;
  readonly signalId: string;
  readonly leg: LegRequest;
  /** `reserved` at the gate, `sent` to the broker, perhaps `resting` in the book (what is left of it), then one of the others. */
  readonly state: 'reserved' | 'sent' | 'resting' | 'filled' | 'partial' | 'unfilled' | 'rejected' | 'cancelled';
  readonly filled: Size;
  readonly reason: string;
}

export interface FillEntry extends JournalStamp {
  readonly kind: 'fill';
  readonly fillId: string;
  readonly orderId: string;
  readonly signalId: string;
  readonly market: MarketId;
  readonly outcome: Outcome;
  readonly action: Action;
  /** Levels taken, best first: price of the outcome and size. */
  readonly parts: readonly { readonly price: Price; readonly size: Size }[];
  readonly size: Size;
  readonly notional: Money;
  readonly fee: Money;
  /** Change of the account's cash, fee included: negative on a buy. */
  readonly cashDelta: Money;
}

/**
 * The life of an order group: where its legs stand, what is done about an orphan, and what came of it. After its work
 * (`complete`, `holding`) it is held until its markets pay: `settled` is the end of it. One that ends with nothing is `failed`.
 */
export interface GroupStateEntry extends JournalStamp {
  readonly kind: 'group-state';
  readonly signalId: string;
  /** The opportunity it takes; `null` where the signal told of none. */
  readonly opportunityId: string | null;
  /** Markets of its legs. */
  readonly markets: readonly MarketId[];
  readonly state: 'working' | 'complete' | 'hedging' | 'unwinding' | 'holding' | 'failed' | 'settled';
  readonly naked: readonly { readonly market: MarketId; readonly outcome: Outcome; readonly size: Size }[];
  readonly reason: string;
  /** What the contracts it still holds cost, fees included. */
  readonly cost: Money;
  /** Profit of its complete sets that no result can change, as long as linked markets resolve alike; `null` without any. */
  readonly lockedIn: Money | null;
  /** What it has earned or lost in cash, recognised when the last of it is paid or sold; `null` until then. */
  readonly realised: Money | null;
}

export interface SettlementEntry extends JournalStamp {
  readonly kind: 'settlement';
  readonly market: MarketId;
  readonly outcome: Outcome;
  readonly size: Size;
  readonly payout: Money;
  readonly cost: Money;
  readonly realised: Money;
  readonly how: 'yes' | 'no' | 'value' | 'void';
}

export interface OpportunityEntry extends JournalStamp {
  readonly kind: 'opportunity';
  /** `workflow|link or group|direction|openedSeq`: one row per episode. */
  readonly opportunityId: string;
  readonly phase: 'opened' | 'changed' | 'closed';
  readonly verdict: 'accepted' | 'denied' | 'net-negative' | 'shadow';
  readonly link: LinkId | null;
  readonly group: GroupId | null;
  readonly direction: string;
  readonly markets: readonly MarketId[];
  readonly openedAt: Instant;
  /** Best gross and net of the episode so far, per contract. */
  readonly bestGross: Price;
  readonly bestNet: Price;
  readonly size: Size;
  readonly waterfall: readonly WaterfallStep[];
  readonly signalId: string | null;
  /** Why it was refused or not worth it; `''` when accepted. */
  readonly reason: string;
  /** How often the gate refused an order on it so far; stays when it is accepted after all. */
  readonly denials: number;
  /** Why it is over, a sentence; `''` while it lasts. */
  readonly ended: string;
}

export interface AccountStateEntry extends JournalStamp {
  readonly kind: 'account-state';
  readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  readonly reason: string;
  readonly equity: Money;
}

/** Paper money that a person paid in or took out. It is no profit, and no loss counts it. */
export interface CashEntry extends JournalStamp {
  readonly kind: 'cash';
  /** Negative was taken out. */
  readonly amount: Money;
  /** What the account has since. */
  readonly cash: Money;
  readonly equity: Money;
}

export interface SessionEntry extends JournalStamp {
  readonly kind: 'session';
  readonly state: 'started' | 'mode' | 'paused' | 'resumed' | 'ended';
  readonly reason: string;
}

/** A broken promise of a venue's book (YES ask + NO ask < 1 within one book, crossed quotes): watched, never traded. */
export interface IntegrityEntry extends JournalStamp {
  readonly kind: 'integrity';
  readonly market: MarketId;
  readonly message: string;
}

export type JournalEntry =
  | SignalEntry
  | DenialEntry
  | OrderEntry
  | FillEntry
  | GroupStateEntry
  | SettlementEntry
  | OpportunityEntry
  | AccountStateEntry
  | CashEntry
  | SessionEntry
  | IntegrityEntry;

export type JournalKind = JournalEntry['kind'];
/** Every kind, in the order of an order's life. */
export const JOURNAL_KINDS = [
  'signal',
  'denial',
  'order',
  'fill',
  'group-state',
  'settlement',
  'opportunity',
  'account-state',
  'cash',
  'session',
  'integrity',
] as const satisfies readonly JournalKind[];
/** What the kernel's parts write; the journal adds the stamp. */
export type Unjournaled<E extends JournalEntry = JournalEntry> = E extends JournalEntry
  ? Omit<E, 'lane' | 'seq' | 'ordinal' | 'at'>
  : never;

/** What a model believes, recorded and charted. */
export interface Estimate {
  readonly lane: number;
  readonly seq: number;
  readonly at: Instant;
  readonly model: string;
  readonly market: MarketId;
  /** `fair` is the probability of YES, 0…1: the gate holds single buys against it. Other names are the model's own. */
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}
