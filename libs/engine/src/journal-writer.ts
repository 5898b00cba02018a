import type { AccountId, Instant, JournalEntry, JournalStamp, SessionId, Unjournaled, WorkflowId } from '#core';
import type { KernelOutput } from './kernel.types.js';

const MOST_CAUSES = 8;

/** Whose entry it is; the house's own have none of them. */
export interface Owner {
  readonly session: SessionId | '';
  readonly workflow: WorkflowId | '';
  readonly account: AccountId | '';
}

export const HOUSE: Owner = Object.freeze({ session: '', workflow: '', account: '' });

type Body = Unjournaled extends infer E ? (E extends Unjournaled ? Omit<E, keyof JournalStamp> : never) : never;

/**
 * Where the kernel stands on the tape, and the journal's pen: stamps each entry with it. `at` moves to a timer's due time
 * while that fires.
 */
export class JournalWriter {
  seq = 0;
  at: Instant = 0;
  /** The event itself is being applied, not the timers due before it: only then can it be a cause. */
  reached = false;
  private ordinal = 0;
  /** The event that `ordinal` counts the entries of: events that nobody heard pass without a beginning. */
  private counted = 0;
  private output: KernelOutput | null = null;

  constructor(readonly lane: number) {}

  begin(seq: number, output: KernelOutput): void {
    this.seq = seq;
    this.counted = seq;
    this.ordinal = 0;
    this.reached = false;
    this.output = output;
  }

  /** How many entries the last event has had. */
  get written(): number {
    return this.counted === this.seq ? this.ordinal : 0;
  }

  /** Stands where another one stood between two events. */
  stand(seq: number, at: Instant, written: number): void {
    this.seq = seq;
    this.at = at;
    this.counted = seq;
    this.ordinal = written;
  }

  /** Goes on under the last event's `seq`. */
  resume(output: KernelOutput): void {
    this.ordinal = this.written;
    this.counted = this.seq;
    this.reached = false;
    this.output = output;
  }

  end(): void {
    this.output = null;
  }

  get sink(): KernelOutput | null {
    return this.output;
  }

  /** Ordinal the next entry will get; ids are made of it. */
  get nextOrdinal(): number {
    return this.ordinal;
  }

  write(owner: Owner, causes: readonly number[], body: Body): JournalEntry {
    // One literal: spreading the stamp, too, costs as much as all the rest of an entry.
    const entry = {
      lane: this.lane,
      seq: this.seq,
      ordinal: this.ordinal++,
      at: this.at,
      kind: body.kind,
      session: owner.session,
      workflow: owner.workflow,
      account: owner.account,
      causes: tidy(causes),
      ...(body as object),
    } as JournalEntry;
    this.output?.journal(entry);
    return entry;
  }
}

/** Ascending, each once, the latest eight. */
function tidy(causes: readonly number[]): readonly number[] {
  const sorted: number[] = [];
  for (const seq of causes) {
    let at = sorted.length;
    while (at > 0 && sorted[at - 1] > seq) at--;
    if (seq > 0 && (at === 0 || sorted[at - 1] !== seq)) sorted.splice(at, 0, seq);
  }
  return sorted.length > MOST_CAUSES ? sorted.slice(-MOST_CAUSES) : sorted;
}
