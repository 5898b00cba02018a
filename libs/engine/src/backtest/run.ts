import { Defect, type Instant, type JournalEntry, type PluginPausedEvent, type TapeEvent, type Unstamped } from '#core';
import type { BookRows } from '../book-rows.js';
import { createKernel } from '../kernel.js';
import type { Kernel, KernelOutput, KernelPlugins } from '../kernel.types.js';
import { packState, unpackState, type Checkpoint, type Known } from './checkpoint.js';
import { Coverage, type CoverageFacts } from './coverage.js';
import { withFees } from './fees.js';
import type { BacktestHeader } from './header.types.js';
import { latencyOf } from './latency.js';
import type { TapeChunk } from './source.types.js';

/** Who listens to a run, synchronously, in order. */
export interface BacktestListener extends KernelOutput {
  /** The run's own beginning: accounts and workflows are there. */
  started?(kernel: Kernel, at: Instant): void;
  /** About to apply the first event at or after the time last asked for; returns the next one. */
  tick?(kernel: Kernel, at: Instant): Instant;
  /** The last event is applied. */
  ended?(kernel: Kernel, at: Instant): void;
  /** Before a tape event other than a book change is applied. */
  heard?(event: TapeEvent): void;
  /** Goes on from a checkpoint: what was heard before it. */
  knows?(known: Known): void;
}

export interface RunFacts {
  readonly events: number;
  /** Played before the run's own beginning. */
  readonly warmUp: number;
  /** Of those, how many a checkpoint stood for. */
  readonly spared: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly coverage: CoverageFacts;
}

export interface RunStart {
  /** Goes on from there instead of from the tape's beginning; the first chunk must begin with the event after it. */
  readonly from?: Checkpoint | null;
  /**
   * The run's own beginning, before anything of its own is there: what others may go on from, `null` without an event before
   * it. `whole`: it holds every entry of the journal before it.
   */
  begins?(checkpoint: Checkpoint | null, whole: boolean): void;
}

/** Entries before a run's beginning are few: a venue's crossed books. With more than this nothing is kept for others. */
const MOST_WARM_ENTRIES = 10_000;

/**
 * One pass of a tape through a kernel under a header. The kernel, its gate, broker, groups and ledger are those that run
 * live; only operators' acts are the header's instead of the tape's.
 */
export class BacktestRun {
  readonly kernel: Kernel;
  private readonly coverage = new Coverage();
  private readonly failures: Unstamped<PluginPausedEvent>[] = [];
  private readonly placed: ReadonlyMap<number, BacktestHeader['placed'][number]>;
  private readonly own: ReadonlySet<string>;
  private readonly measured = new Map<string, number>();
  private wake: Instant;
  private started = false;
  private over = false;
  private startedAt: Instant = 0;
  private warmUp = 0;
  /** Events that a checkpoint stood for. */
  readonly spared: number;
  /** Of the time before the beginning. */
  private readonly warmEntries: JournalEntry[] = [];
  /** Where the kernel's words go now. */
  private heardBy: KernelOutput;

  constructor(
    private readonly header: BacktestHeader,
    plugins: KernelPlugins,
    private readonly output: BacktestListener,
    private readonly start: RunStart = {},
  ) {
    this.placed = new Map(header.placed.map((one) => [one.seq, one]));
    this.own = new Set(header.placed.flatMap(({ act }) => (act.kind === 'workflow' ? [act.workflow.id] : [])));
    this.kernel = createKernel({
      lane: header.lane,
      plugins,
      orderLatencyMs: {},
      latencyMs: latencyOf(header, this.measured),
      // Of a workflow whose acts are placed the tape holds the pauses, too.
      onHookFailure: ({ workflow, seq, reason }) => {
        if (!this.own.has(workflow))
          this.failures.push({
            kind: 'paused',
            workflow: workflow as PluginPausedEvent['workflow'],
            cause: seq,
            reason,
          });
      },
    });
    this.wake = header.fromAt ?? -Infinity;
    this.heardBy = start.begins === undefined ? output : this.remembering();
    this.spared = start.from?.seq ?? 0;
    if (start.from) this.goOn(start.from);
  }

  /** Whether the header's end is reached: nothing more needs to be read. */
  get isOver(): boolean {
    return this.over;
  }

  get events(): number {
    return this.kernel.seq;
  }

  play(chunk: TapeChunk): void {
    const { rows, events } = chunk;
    let row = 0;
    for (const event of events) {
      if (rows !== null) row = this.rowsUntil(rows, row, event.seq);
      if (!this.reach(event.at)) return;
      this.event(event);
      if (this.failures.length > 0) this.pause();
    }
    if (rows !== null) this.rowsUntil(rows, row, Infinity);
  }

  end(): RunFacts {
    if (!this.started) this.begin(this.kernel.at);
    const endedAt = this.kernel.at;
    this.output.ended?.(this.kernel, endedAt);
    return {
      events: this.events,
      warmUp: this.warmUp,
      spared: this.spared,
      startedAt: this.startedAt,
      endedAt,
      coverage: this.coverage.end(endedAt),
    };
  }

  private rowsUntil(rows: BookRows, from: number, untilSeq: number): number {
    let row = from;
    while (row < rows.rows && rows.seq[row] < untilSeq) {
      if (!this.reach(rows.at[row])) return rows.rows;
      const next = rows.at[rows.rows - 1] < this.wake ? rows.rows : firstAt(rows, row, this.wake);
      const until = next < rows.rows ? Math.min(untilSeq, rows.seq[next]) : untilSeq;
      row = this.kernel.applyRows(rows, row, until, this.heardBy);
      if (this.failures.length > 0) this.pause();
    }
    return row;
  }

  /** Time has come to `at`: begins, samples, ends. False when it is over. */
  private reach(at: Instant): boolean {
    if (this.over) return false;
    if (at < this.wake) return true;
    const { toAt } = this.header;
    if (toAt !== null && at >= toAt) {
      this.over = true;
      return false;
    }
    if (!this.started) this.begin(at);
    const asked = this.output.tick?.(this.kernel, at) ?? Infinity;
    this.wake = Math.max(at + 1, Math.min(asked, toAt ?? Infinity));
    return true;
  }

  private remembering(): KernelOutput {
    const { output, warmEntries } = this;
    return {
      journal: (entry) => {
        if (warmEntries.length <= MOST_WARM_ENTRIES) warmEntries.push(entry);
        output.journal(entry);
      },
      estimate: (estimate) => output.estimate(estimate),
    };
  }

  private goOn({ seq, state }: Checkpoint): void {
    const { kernel, output } = this;
    const { kernel: bytes, coverage, measured, entries } = unpackState(state);
    kernel.restore(bytes);
    if (kernel.seq !== seq) throw new Defect(`the checkpoint of event ${seq} holds a kernel at ${kernel.seq}`);
    this.coverage.load(coverage);
    for (const [venue, ms] of measured) this.measured.set(venue, ms);
    const { look } = kernel;
    const markets = look.markets().map((ref) => ({ ref, info: look.info(ref) }));
    output.knows?.({ markets, groups: look.groups(), links: look.links() });
    for (const entry of entries) this.heardBy.journal(entry);
  }

  /** Tells what stands here, for others to go on from. */
  private tellCheckpoint(): void {
    const { kernel, coverage, measured, warmEntries, start } = this;
    if (start.begins === undefined) return;
    if (kernel.seq === 0) return start.begins(null, true);
    const state = packState({ kernel: kernel.snapshot(), coverage: coverage.save(), measured, entries: warmEntries });
    start.begins({ seq: kernel.seq, at: kernel.at, state }, warmEntries.length <= MOST_WARM_ENTRIES);
  }

  private begin(at: Instant): void {
    const { kernel, output } = this;
    this.tellCheckpoint();
    this.heardBy = output;
    this.started = true;
    this.startedAt = at;
    this.warmUp = this.events;
    this.coverage.start(at);
    const { accounts, workflows } = this.header;
    const by = 'backtest';
    for (const account of accounts)
      kernel.interject({ kind: 'act', id: account.id, by, act: { kind: 'account', account } }, at, output);
    for (const workflow of workflows)
      kernel.interject(
        {
          kind: 'act',
          id: workflow.id,
          by,
          act: { kind: 'workflow', workflow },
        },
        at,
        output,
      );
    output.started?.(kernel, at);
  }

  private event(event: TapeEvent): void {
    const { kernel, output, heardBy } = this;
    output.heard?.(event);
    switch (event.kind) {
      case 'act': {
        const placed = this.placed.get(event.seq);
        return placed === undefined
          ? kernel.skip(event, heardBy)
          : kernel.apply({ ...event, act: placed.act }, heardBy);
      }
      case 'paused':
        return this.own.has(event.workflow) ? kernel.apply(event, heardBy) : kernel.skip(event, heardBy);
      case 'latency':
        this.measured.set(event.venue, event.orderMs);
        return kernel.apply(event, heardBy);
      case 'market':
        this.coverage.market(event);
        return kernel.apply({ ...event, info: withFees(event.info, this.header.feesPpm) }, heardBy);
      case 'continuity':
        this.coverage.continuity(event);
        return kernel.apply(event, heardBy);
      default:
        kernel.apply(event, heardBy);
    }
  }

  /** A hook that failed costs its workflow the rest of the run. */
  private pause(): void {
    for (const failure of this.failures.splice(0)) this.kernel.interject(failure, this.kernel.at, this.output);
  }
}

/** First row at or after a time; `at` ascends. */
function firstAt(rows: BookRows, from: number, at: Instant): number {
  let low = from;
  let high = rows.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.at[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A journal entry may rest on nothing later than itself. */
export function checkCauses(entry: JournalEntry): void {
  const last = entry.causes.at(-1);
  if (last !== undefined && last > entry.seq)
    throw new Defect(`journal entry ${entry.seq}.${entry.ordinal} rests on event ${last}, which came later`);
}
