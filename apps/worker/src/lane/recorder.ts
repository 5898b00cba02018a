import { Defect, type Estimate, type Instant, type JournalEntry, type TapeEvent } from '#core';
import { StaleEpoch, TapeRows, type TapeBatch, type TapeStore } from '#data';
import type { Kernel, KernelOutput } from '#engine';
import type { Log } from '#host';
import type { Quote } from '#plugin-sdk';
import { BackOff } from '../venues/back-off.js';
import { Projection } from './projection.js';
import { Quantiles } from './quantiles.js';

export interface RecorderPace {
  /** One group commit about this often, ms. */
  readonly commitMs: number;
  /** So many events do not wait for that. */
  readonly commitEvents: number;
  /** More uncommitted events than this: nothing more is stamped until storage has caught up. */
  readonly mostUncommitted: number;
  /** The oldest uncommitted event may be this old, ms, before new ones wait. */
  readonly mostLagMs: number;
  readonly snapshotMs: number;
  readonly snapshotEvents: number;
}

export const RECORDER_PACE: RecorderPace = {
  commitMs: 100,
  commitEvents: 4000,
  // About 10 MB of rows: a pause of the disk of half a second at the busiest of times.
  mostUncommitted: 60_000,
  mostLagMs: 2000,
  snapshotMs: 30_000,
  snapshotEvents: 200_000,
};

/** A sample of the ages is enough, and the oldest event of a batch is always in it. */
const AGE_OF_EVERY = 8;

export interface RecorderHouse {
  readonly lane: number;
  readonly epoch: number;
  readonly build: string;
  readonly store: TapeStore;
  readonly kernel: Kernel;
  readonly now: () => Instant;
  readonly random: () => number;
  readonly log: Log;
  /** After the commit, in order, once per batch: only now may anybody hear of it. */
  committed(batch: TapeBatch): void;
  /** Another worker holds the lane. */
  stale(error: StaleEpoch): void;
  /** A batch the database will never take. */
  broken(error: unknown): void;
}

/** What waits for the next commit: all but a few things as rows already. */
interface Waiting {
  readonly rows: TapeRows;
  journal: JournalEntry[];
  inbox: Map<string, number>;
  /** Stamps of every `AGE_OF_EVERY`th event. */
  ages: Instant[];
}

const waitingIn = (rows: TapeRows): Waiting => ({ rows, journal: [], inbox: new Map(), ages: [] });

/**
 * Group commit: what the kernel has applied is written about every `commitMs`, one batch in flight, always a prefix of
 * the tape. While the database does not take a batch, the batch is tried again and nothing overtakes it.
 */
export class Recorder implements KernelOutput {
  /** Age at their commit of every `AGE_OF_EVERY`th event, ms. */
  readonly commitAge = new Quantiles();
  private waiting: Waiting;
  private readonly projection: Projection;
  private inFlight: Waiting | null = null;
  /** The buffers of the batch before the last, free again. */
  private spare: TapeRows;
  private inFlightSince: Instant | null = null;
  private oldestAt: Instant | null = null;
  private newestAt: Instant = 0;
  private failing: { readonly since: Instant; readonly problem: string } | null = null;
  private snapshotAt: Instant;
  private snapshotSeq: number;
  private readonly stopping = new AbortController();
  private loop: Promise<void> | null = null;
  private ended = false;
  /** Ends the rest between two commits. */
  private wake: (() => void) | null = null;
  private counted = { events: 0, rows: 0, journal: 0, batches: 0 };

  constructor(
    private readonly house: RecorderHouse,
    private readonly pace: RecorderPace = RECORDER_PACE,
  ) {
    this.waiting = waitingIn(new TapeRows(house.lane));
    this.spare = new TapeRows(house.lane);
    this.projection = new Projection(house.kernel.look);
    this.snapshotAt = house.now();
    this.snapshotSeq = house.kernel.seq;
  }

  journal(entry: JournalEntry): void {
    this.waiting.rows.journal(entry);
    this.waiting.journal.push(entry);
  }

  estimate(estimate: Estimate): void {
    this.waiting.rows.estimate(estimate);
  }

  quote(quote: Quote, seq: number): void {
    this.waiting.rows.quote(quote, seq);
    this.projection.quoteChanged(quote.market, seq);
  }

  /** An event the kernel has just applied. */
  take(event: TapeEvent): void {
    const { rows, ages } = this.waiting;
    if (this.oldestAt === null) this.oldestAt = event.at;
    this.newestAt = event.at;
    this.projection.take(event);
    if (rows.events % AGE_OF_EVERY === 0) ages.push(event.at);
    rows.event(event);
    if (rows.events >= this.pace.commitEvents) this.wake?.();
  }

  answer(row: string, seq: number): void {
    this.waiting.inbox.set(row, seq);
  }

  /** Storage is slow: events must wait for their stamp. */
  isBehind(): boolean {
    const oldest = this.inFlightSince ?? this.oldestAt;
    // Asked before every event: the newest stamp is as good as the clock.
    const lag = oldest === null ? 0 : this.newestAt - oldest;
    return lag > this.pace.mostLagMs || this.uncommitted > this.pace.mostUncommitted;
  }

  get uncommitted(): number {
    return this.waiting.rows.events + (this.inFlight?.rows.events ?? 0);
  }

  /** Age of the oldest uncommitted event, ms. */
  lagMs(): number {
    const oldest = this.inFlightSince ?? this.oldestAt;
    return oldest === null ? 0 : Math.max(0, this.house.now() - oldest);
  }

  /** `null` while the database takes batches. */
  get failure(): { readonly since: Instant; readonly problem: string } | null {
    return this.failing;
  }

  get totals(): { readonly events: number; readonly rows: number; readonly journal: number; readonly batches: number } {
    return this.counted;
  }

  start(): void {
    this.loop = this.run();
  }

  /** Commits what is left, for at most `limitMs`, then ends. */
  async stop(limitMs = 5000): Promise<void> {
    this.stopping.abort();
    this.wake?.();
    await Promise.race([this.loop, new Promise((resolve) => setTimeout(resolve, limitMs).unref())]);
    this.ended = true;
  }

  /** Ends without another commit. */
  abandon(): void {
    this.ended = true;
    this.stopping.abort();
    this.wake?.();
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      const started = this.house.now();
      if (this.waiting.rows.events > 0) await this.commit(this.cut());
      else if (this.stopping.signal.aborted) return;
      const wait = started + this.pace.commitMs - this.house.now();
      if (wait > 0) await this.rest(wait);
      else await new Promise(setImmediate);
    }
  }

  /** A pause that an orderly stop, or enough to commit, cuts short. */
  private rest(ms: number): Promise<void> {
    if (this.stopping.signal.aborted || this.waiting.rows.events >= this.pace.commitEvents) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }

  private cut(): TapeBatch {
    const { rows, journal, inbox, ages } = this.waiting;
    const { kernel, lane, epoch, build } = this.house;
    const now = this.house.now();
    const { fromSeq, toSeq, at, settings } = rows;
    const stopping = this.stopping.signal.aborted;
    const snapshotDue =
      stopping || now - this.snapshotAt >= this.pace.snapshotMs || toSeq - this.snapshotSeq >= this.pace.snapshotEvents;
    for (const checkpoint of this.projection.checkpoints(toSeq, kernel.at)) rows.checkpoint(checkpoint);
    const batch: TapeBatch = {
      lane,
      epoch,
      fromSeq,
      toSeq,
      at,
      streams: rows.end(),
      settings,
      journal,
      inbox: [...inbox].map(([id, seq]) => ({ id, seq })),
      projection: this.projection.cut(now, journal, stopping),
      snapshot: snapshotDue ? { build, bytes: kernel.snapshot() } : null,
    };
    if (snapshotDue) {
      this.snapshotAt = now;
      this.snapshotSeq = toSeq;
    }
    this.inFlight = this.waiting;
    this.inFlightSince = ages[0];
    this.spare.begin();
    this.waiting = waitingIn(this.spare);
    this.oldestAt = null;
    return batch;
  }

  private async commit(batch: TapeBatch): Promise<void> {
    const { store, log, now, random } = this.house;
    const backOff = new BackOff(random, 100, 5000);
    while (!this.ended) {
      try {
        await store.append(batch);
        if (this.failing) log.info('recording goes on', { afterMs: now() - this.failing.since });
        this.failing = null;
        this.done(batch);
        return;
      } catch (error) {
        if (error instanceof StaleEpoch) {
          this.ended = true;
          this.house.stale(error);
          return;
        }
        const problem = error instanceof Error ? error.message : String(error);
        if (!this.failing)
          log.error('the database does not take a batch; recording pauses', {
            fromSeq: batch.fromSeq,
            toSeq: batch.toSeq,
            error,
          });
        this.failing ??= { since: now(), problem };
        // The database refuses this very batch: trying again cannot help.
        if (error instanceof Defect) {
          this.ended = true;
          this.house.broken(
            new Defect(`batch ${batch.fromSeq}…${batch.toSeq} cannot be stored: ${problem}`, { cause: error }),
          );
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, backOff.next()));
      }
    }
  }

  private done(batch: TapeBatch): void {
    const { inFlight } = this;
    if (inFlight === null) throw new Defect('a commit has ended that was not under way');
    const at = this.house.now();
    for (const age of inFlight.ages) this.commitAge.add(at - age);
    this.counted = {
      events: this.counted.events + inFlight.rows.events,
      rows: this.counted.rows + inFlight.rows.rows,
      journal: this.counted.journal + batch.journal.length,
      batches: this.counted.batches + 1,
    };
    this.spare = inFlight.rows;
    this.inFlight = null;
    this.inFlightSince = null;
    this.house.committed(batch);
  }
}
