import type { Estimate, Instant, JournalEntry, MarketRef, TapeEvent } from '#core';
import type { Quote } from '#plugin-sdk';

/** Everything of one group commit. Always a prefix of the tape by `seq`; journal and estimates are what it caused. */
export interface TapeBatch {
  readonly lane: number;
  readonly epoch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly events: readonly TapeEvent[];
  readonly journal: readonly JournalEntry[];
  readonly estimates: readonly Estimate[];
  /** Changed tops of book with the `seq` that changed them. */
  readonly quotes: readonly { readonly quote: Quote; readonly seq: number }[];
  /** Inbox rows that entered the tape in this batch. */
  readonly inbox: readonly { readonly id: string; readonly seq: number }[];
  /** Rows the screens read, replaced whole in the same commit (see `LaneProjection`). */
  readonly projection: LaneProjection;
  /** A kernel snapshot at `toSeq`, when one is due. */
  readonly snapshot: { readonly build: string; readonly bytes: Uint8Array } | null;
  /** Book checkpoints (full levels) so that a book at any past moment is cheap. */
  readonly checkpoints: readonly {
    readonly market: MarketRef;
    readonly seq: number;
    readonly at: Instant;
    readonly levels: Float64Array;
  }[];
}

/** Current state for screens; upserted by key, only what changed since the last batch. JSON values. */
export interface LaneProjection {
  readonly markets: readonly {
    readonly ref: MarketRef;
    readonly id: string;
    readonly info: unknown;
    readonly quote: Quote | null;
    /** `seq` of the event that made the quote what it is, when it may be older than this batch. */
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
