import type { ActEvent, Estimate, GroupEvent, Instant, JournalEntry, LinkEvent, MarketRef, TapeEvent } from '#core';
import type { Quote } from '#plugin-sdk';
import type { StreamName } from './layout/stream-tables.js';

/** Rows of one table as the input of its COPY: CopyData messages and CopyDone, ready for the socket. */
export interface EncodedStream {
  readonly name: StreamName;
  readonly rows: number;
  readonly wire: Buffer;
}

/** What people, and venues of groups, have said: each has a row of its own beside the tape. */
export type SettingEvent = ActEvent | LinkEvent | GroupEvent;

/** Full levels of a book, so that a book at any past moment is cheap. */
export interface BookCheckpoint {
  readonly market: MarketRef;
  readonly seq: number;
  readonly at: Instant;
  readonly levels: Float64Array;
}

/** A changed top of book and the `seq` of the event that changed it. */
export interface QuoteChange {
  readonly quote: Quote;
  readonly seq: number;
}

interface CommitParts {
  readonly journal: readonly JournalEntry[];
  /** Inbox rows that entered the tape in this batch. */
  readonly inbox: readonly { readonly id: string; readonly seq: number }[];
  /** Rows the screens read, replaced whole in the same commit (see `LaneProjection`). */
  readonly projection: LaneProjection;
  /** A kernel snapshot at `toSeq`, when one is due. */
  readonly snapshot: { readonly build: string; readonly bytes: Uint8Array } | null;
}

/** Everything of one group commit. Always a prefix of the tape by `seq`; journal and estimates are what it caused. */
export interface TapeBatch extends CommitParts {
  readonly lane: number;
  readonly epoch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  /** Stamp of event `toSeq`. */
  readonly at: Instant;
  /** Rows of the tape, of `journal` and of everything else (see `TapeRows`). Untouched until `append` has settled. */
  readonly streams: readonly EncodedStream[];
  /** Those of the events that have rows of their own beside the tape. */
  readonly settings: readonly SettingEvent[];
}

/** A batch before its rows are bytes (see `tapeBatch`): gapless events and, when there is any, what came of them. */
export interface BatchParts extends Partial<CommitParts> {
  readonly lane: number;
  readonly epoch: number;
  readonly events: readonly TapeEvent[];
  readonly estimates?: readonly Estimate[];
  readonly quotes?: readonly QuoteChange[];
  readonly checkpoints?: readonly BookCheckpoint[];
}

/** Current state for screens; upserted by key, only what changed since the last batch. JSON values. */
export interface LaneProjection {
  readonly markets: readonly {
    readonly ref: MarketRef;
    readonly id: string;
    readonly info: unknown;
    readonly quote: Quote | null;
    /** `seq` of the event that made the quote what it is; without it the row keeps the one it has. */
    readonly quoteSeq?: number | null;
    readonly freshAt: Instant | null;
    readonly trusted: boolean;
    readonly trustReason: string;
  }[];
  readonly accounts: readonly { readonly id: string; readonly state: unknown }[];
  readonly sessions: readonly { readonly id: string; readonly state: unknown }[];
}

/** A commit refused because another worker holds the lane with a newer epoch. The loser stops at once. */
export class StaleEpoch extends Error {
  override readonly name = 'StaleEpoch';
}

export interface TapeStore {
  /** Raises the lane's epoch and returns it with the committed head: the fence every commit checks. */
  takeOver(
    lane: number,
    owner: string,
  ): Promise<{ readonly epoch: number; readonly headSeq: number; readonly headAt: Instant }>;
  /** One transaction: fence, binary COPY of all streams, projections, outbox, inbox answers, notify. Throws `StaleEpoch`. */
  append(batch: TapeBatch): Promise<void>;
  /** Events in `seq` order, bounded memory. */
  read(lane: number, fromSeq: number, toSeq: number): AsyncIterable<TapeEvent>;
  readJournal(lane: number, fromSeq: number, toSeq: number): AsyncIterable<JournalEntry>;
  newestSnapshot(lane: number, build: string): Promise<{ readonly seq: number; readonly bytes: Uint8Array } | null>;
}

/** An act or a job's result on its way to the tape. Idempotent by id. */
export interface InboxItem {
  readonly id: string;
  readonly lane: number;
  /**
   * `act`, `link`, `market`, `group`, `news`, `parameters`, `latency`: body is the event less its stamp, or what the event
   * carries (`Act`, `Link`, `MarketInfo`, `GroupInfo`). `lifecycle`: `{venue, messages}`, what a venue says became of markets.
   */
  readonly kind: string;
  readonly body: unknown;
  readonly by: string;
}

export interface Inbox {
  /** All of them or none, in this order; one that is there already stays as it was. */
  put(...items: readonly InboxItem[]): Promise<void>;
  /** Unanswered rows in arrival order. */
  pending(lane: number, after: number, limit: number): Promise<readonly (InboxItem & { readonly position: number })[]>;
  /** Resolves with the `seq` once the act is committed; rejects with `OutsideProblem` after `timeoutMs`. */
  committed(id: string, timeoutMs: number): Promise<number>;
}
