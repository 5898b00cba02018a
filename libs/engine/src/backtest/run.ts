import { Defect, type Instant, type JournalEntry, type PluginPausedEvent, type TapeEvent, type Unstamped } from '#core';
import type { BookRows } from '../book-rows.js';
import { createKernel } from '../kernel.js';
import type { Kernel, KernelOutput, KernelPlugins } from '../kernel.types.js';
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
}

export interface RunFacts {
  readonly events: number;
  /** Played before the run's own beginning. */
  readonly warmUp: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly coverage: CoverageFacts;
}

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

  constructor(
    private readonly header: BacktestHeader,
    plugins: KernelPlugins,
    private readonly output: BacktestListener,
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
      row = this.kernel.applyRows(rows, row, until, this.output);
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

  private begin(at: Instant): void {
    const { kernel, output } = this;
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
    const { kernel, output } = this;
    output.heard?.(event);
    switch (event.kind) {
      case 'act': {
        const placed = this.placed.get(event.seq);
        return placed === undefined ? kernel.skip(event, output) : kernel.apply({ ...event, act: placed.act }, output);
      }
      case 'paused':
        return this.own.has(event.workflow) ? kernel.apply(event, output) : kernel.skip(event, output);
      case 'latency':
        this.measured.set(event.venue, event.orderMs);
        return kernel.apply(event, output);
      case 'market':
        this.coverage.market(event);
        return kernel.apply({ ...event, info: withFees(event.info, this.header.feesPpm) }, output);
      case 'continuity':
        this.coverage.continuity(event);
        return kernel.apply(event, output);
      default:
        kernel.apply(event, output);
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
