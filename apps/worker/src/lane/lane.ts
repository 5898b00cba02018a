import { Defect, type Instant, type PluginPausedEvent, type Stamp, type TapeEvent, type Unstamped } from '#core';
import type { Kernel } from '#engine';
import { HeldEvents } from './held-events.js';
import type { Recorder } from './recorder.js';

type Stampable = { -readonly [Field in keyof Stamp]: Stamp[Field] };

export interface LaneHouse {
  readonly lane: number;
  readonly kernel: Kernel;
  readonly recorder: Recorder;
  readonly now: () => Instant;
  /** The next hook failure of the event just applied: its workflow is paused by the very next event. */
  failed?(): Unstamped<PluginPausedEvent> | undefined;
  /** Called after each event the kernel has applied. */
  applied?(event: TapeEvent): void;
}

/**
 * The one place where events get `lane`, `seq` and `at`. What is stamped is applied by the kernel and handed to the
 * recorder in the same step; while storage is slow nothing is stamped, so kernel and tape see the same thing.
 */
export class Lane {
  readonly held = new HeldEvents();
  private inboxRow: string | null = null;
  private emittedForRow = false;
  private stopped = false;

  constructor(private readonly house: LaneHouse) {}

  /** Bound, so that intake can call it as a plain function. */
  readonly emit = (event: Unstamped<TapeEvent>): void => {
    if (this.stopped) return;
    const row = this.inboxRow;
    this.emittedForRow = true;
    if (this.held.size > 0 || this.house.recorder.isBehind()) this.held.push(event, row);
    else this.stamp(event, row);
  };

  /**
   * Runs `work` for an inbox row: the row is answered by the last event that `work` emits, or, when it emits none
   * (nothing has changed), by the tape's present end.
   */
  answering(row: string, work: () => void): void {
    if (this.stopped) return;
    this.inboxRow = row;
    this.emittedForRow = false;
    try {
      work();
    } finally {
      this.inboxRow = null;
    }
    if (this.emittedForRow) return;
    if (this.held.size > 0) this.held.push(null, row);
    else this.house.recorder.answer(row, this.house.kernel.seq);
  }

  /** Storage has caught up: stamps what was held, as much as the recorder takes. */
  drain(): void {
    while (!this.stopped && this.held.size > 0 && !this.house.recorder.isBehind()) {
      for (const entry of this.held.take(256)) {
        if (entry.event) this.stamp(entry.event, entry.inbox);
        else if (entry.inbox !== null) this.house.recorder.answer(entry.inbox, this.house.kernel.seq);
      }
    }
  }

  /** Nothing is stamped from here on. */
  stop(): void {
    this.stopped = true;
  }

  private stamp(unstamped: Unstamped<TapeEvent>, row: string | null): void {
    this.apply(unstamped, row);
    for (let paused = this.house.failed?.(); paused; paused = this.house.failed?.()) this.apply(paused, null);
  }

  private apply(unstamped: Unstamped<TapeEvent>, row: string | null): void {
    const { kernel, recorder, lane, now } = this.house;
    // The stamp is written onto intake's own object: this is the hottest line of the road.
    const event = unstamped as TapeEvent;
    const stamp = event as Stampable;
    stamp.lane = lane;
    stamp.seq = kernel.seq + 1;
    stamp.at = Math.max(kernel.at, now());
    kernel.apply(event, recorder);
    if (kernel.seq !== event.seq) throw new Defect(`the kernel stands at ${kernel.seq} after event ${event.seq}`);
    recorder.take(event);
    if (row !== null) recorder.answer(row, event.seq);
    this.house.applied?.(event);
  }
}
