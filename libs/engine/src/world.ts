import type {
  AccountId,
  Action,
  DenialEntry,
  FillEntry,
  GroupId,
  Instant,
  JournalStamp,
  LegRequest,
  LinkId,
  MarketId,
  MarketRef,
  OrderEntry,
  Outcome,
  Price,
  SessionId,
  Size,
  VenueId,
  WaterfallStep,
  WorkflowId,
  OpportunityEntry,
} from '#core';
import type { Accounts } from './accounts.js';
import type { Consumption } from './depth.js';
import type { Enablement } from './enablement.js';
import type { JournalWriter, Owner } from './journal-writer.js';
import type { MarketTable } from './market-table.js';
import type { QueuePlace } from './queue.js';
import type { Session } from './sessions.js';
import type { Timers } from './timers.js';

/** An order of an order group: a leg, or what mends a naked one. */
export interface Order {
  readonly id: string;
  readonly group: string;
  readonly leg: number;
  readonly purpose: 'leg' | 'hedge' | 'unwind';
  readonly ref: MarketRef;
  readonly outcome: Outcome;
  readonly action: Action;
  size: number;
  readonly limit: number;
  /** Cash promised to it, micro-dollars. */
  reserved: number;
  state: OrderEntry['state'];
  /** How long what is left of it stands in the book, ms; 0 takes what is there and is gone. */
  readonly restMs: number;
  fills: number;
  /** What rounding has taken beyond the exact amounts of its fills so far, see `furtherCost`. */
  owed: number;
}

/** What one leg of a group has become: contracts it holds from this group and what they cost. */
export interface LegState {
  readonly ref: MarketRef;
  readonly outcome: Outcome;
  readonly action: Action;
  readonly limit: number;
  readonly restMs?: number;
  filled: number;
  cost: number;
  /** Its market has paid, this much. */
  settled: boolean;
  proceeds: number;
}

export interface OrderGroup {
  readonly id: string;
  readonly session: SessionId;
  readonly workflow: WorkflowId;
  readonly account: AccountId;
  /** Events the decision rests on. */
  readonly causes: readonly number[];
  readonly legs: LegState[];
  /** Orders made at the gate, one per leg, then hedges and unwinds. Only those that still live. */
  readonly orders: Order[];
  /** Leg being worked on. */
  current: number;
  /** Contracts the next leg is to have: the gate's size, then the least filled so far. */
  target: number;
  state: 'working' | 'hedging' | 'unwinding';
  /** Episode of the opportunity it takes; `null` where the signal told of none. */
  readonly opportunity: string | null;
  /** The link the legs rely on; `null` for legs of one group or a single leg. */
  readonly link: LinkId | null;
  /** What one complete set pays at least, micro-dollars per contract; 0 unknown, or no longer so. */
  setPays: number;
  /** Why the legs no longer make a set that pays: then nothing more is bought for it. `''` while they do. */
  broken: string;
  /** When the group first stood naked with nothing on its way. */
  nakedSince: Instant;
  /** State and reason last journalled while naked, so that an unchanged look says nothing. */
  told: string;
  tries: number;
  nextOrder: number;
  /** Of what was bought and sold again: proceeds less cost. */
  realised: number;
}

/** What an order group holds after its work, until its markets pay. */
export interface Deal {
  readonly id: string;
  readonly session: SessionId;
  readonly workflow: WorkflowId;
  readonly account: AccountId;
  readonly causes: readonly number[];
  opportunity: string | null;
  link: LinkId | null;
  /** As of its group, and of what the markets promise now. */
  setPays: number;
  broken: string;
  realised: number;
  readonly legs: LegState[];
  /** Contracts of every leg: complete sets. */
  matched: number;
}

/** An opportunity while it lasts. */
export interface Episode {
  readonly id: string;
  readonly key: string;
  readonly owner: Owner;
  readonly link: LinkId | null;
  readonly group: GroupId | null;
  readonly direction: string;
  readonly refs: readonly MarketRef[];
  readonly markets: readonly MarketId[];
  readonly openedAt: Instant;
  verdict: OpportunityEntry['verdict'];
  bestGross: Price;
  bestNet: Price;
  size: Size;
  waterfall: readonly WaterfallStep[];
  signalId: string | null;
  reason: string;
  /** Refusals of the gate so far, whatever the verdict became. */
  denials: number;
}

/** Equal consecutive denials of one session on the same legs. */
export interface DenialRun {
  readonly session: SessionId;
  readonly rule: string;
  readonly firstAt: Instant;
  lastAt: Instant;
  journalledAt: Instant;
  count: number;
  journalled: number;
  last: Omit<DenialEntry, keyof JournalStamp> & { readonly causes: readonly number[] };
}

/** All parts of one kernel. Modules of functions take it; nobody else holds state. */
export interface World {
  readonly lane: number;
  readonly journal: JournalWriter;
  readonly markets: MarketTable;
  readonly depth: Consumption;
  readonly timers: Timers;
  readonly accounts: Accounts;
  readonly enablement: Enablement;
  readonly sessions: Map<SessionId, Session>;
  /** Measured order latency per venue, over the configured one. */
  readonly latency: Map<VenueId, number>;
  readonly configuredLatency: Readonly<Record<string, number>>;
  /** A backtest's own; over both. */
  readonly latencyOf: ((venue: VenueId) => number) | null;
  readonly parameters: Map<string, unknown>;
  readonly groups: Map<string, OrderGroup>;
  /** Order groups after their work, by signal. */
  readonly deals: Map<string, Deal>;
  readonly orders: Map<string, Order>;
  /** Places of resting orders in the books' queues, by market, first come first. */
  readonly queues: Map<MarketRef, QueuePlace[]>;
  readonly episodes: Map<string, Episode>;
  readonly denials: Map<string, DenialRun>;
  /** Tells the session of a fill, and takes its signals to the gate. */
  onFill(session: SessionId, fill: FillEntry): void;
}

export const causesOf = (world: World, refs: readonly MarketRef[]): readonly number[] => [
  ...refs.map((ref) => world.markets.get(ref).bookSeq),
  world.journal.reached ? world.journal.seq : 0,
];

/** Markets of the legs, in their order. */
export const marketsOf = (world: World, { legs }: Pick<OrderGroup, 'legs'>): readonly MarketId[] =>
  legs.map((leg) => world.markets.get(leg.ref).info.id);

export const requestOf = (
  world: World,
  leg: { readonly ref: MarketRef; readonly outcome: Outcome; readonly action: Action; readonly limit: number },
  size: number,
): LegRequest => ({
  market: world.markets.get(leg.ref).info.id,
  outcome: leg.outcome,
  action: leg.action,
  size: size as Size,
  limit: leg.limit as Price,
});

export const ownerOf = (of: {
  readonly session: SessionId;
  readonly workflow: WorkflowId;
  readonly account: AccountId;
}): Owner => ({
  session: of.session,
  workflow: of.workflow,
  account: of.account,
});
