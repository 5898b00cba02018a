import { UserProblem, type JournalEntry } from '#core';
import { mulberry32 } from '#quant';
import { journalLine } from '../journal-line.js';
import type { KernelPlugins } from '../kernel.types.js';
import { checkpointWorld, type Checkpoint, type Checkpoints } from './checkpoint.js';
import { Collector } from './collector.js';
import { delaysAny, heardLater } from './feed-delay.js';
import type { BacktestHeader } from './header.types.js';
import { reportOf, type BacktestReport } from './report.js';
import { BacktestRun, type BacktestListener, type RunFacts } from './run.js';
import { chunksFrom, type TapeSource } from './source.types.js';
import type { Traces } from './traces.js';

export interface BacktestOptions {
  readonly plugins: KernelPlugins;
  /** Journal entries as they come, in order. */
  journal?(entry: JournalEntry): void;
  /** After every chunk: how far it is on the tape, and where it began to play. */
  progress?(events: number, spared: number): void;
  readonly signal?: AbortSignal;
  /** Events after the run's beginning that are played a second time to see whether anything peeks; 0 leaves that out. */
  readonly peekEvents?: number;
  /** Where the markets' state before the header's beginning may be had from, and is kept for others. */
  readonly checkpoints?: Checkpoints;
  /** Keeps the trace of every decision; what is decided is the same without. */
  readonly traces?: Traces;
}

/** What the second look at the run's beginning found. */
export interface PeekFacts {
  /** Events after the beginning that were played twice: the second time the tape ended there. */
  readonly events: number;
  readonly lines: number;
  readonly difference: {
    readonly whole: string | null;
    readonly cut: string | null;
  } | null;
}

export interface BacktestResult {
  readonly facts: RunFacts;
  readonly peek: PeekFacts;
  readonly report: BacktestReport;
  /** Why nothing here may be believed; `''` when it may. */
  readonly refused: string;
}

const PEEK_EVENTS = 100_000;

/**
 * Plays a tape under a header and reports. What comes after the run's beginning is played a second time, from the state that
 * the markets had there up to a drawn place: nothing before it may change.
 */
export async function runBacktest(
  header: BacktestHeader,
  tape: TapeSource,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const { plugins, signal, progress, checkpoints } = options;
  checkHeader(header);
  const source = delaysAny(header.feedMs) ? heardLater(tape, header.feedMs) : tape;
  const world = header.fromAt === null ? null : checkpointWorld(header);
  const most = options.peekEvents ?? PEEK_EVENTS;
  const early: string[] = [];
  let begun = world === null;
  let first = 0;
  const collector = new Collector((entry) => {
    if (begun && entry.seq <= first + most) early.push(`${entry.seq} ${journalLine(entry)}`);
    options.journal?.(entry);
  }, options.traces);
  let own: Checkpoint | null = null;
  let unkept: Checkpoint | null = null;
  const begins = (checkpoint: Checkpoint | null, whole: boolean): void => {
    begun = true;
    first = checkpoint?.seq ?? 0;
    own = checkpoint;
    if (whole && first > run.spared) unkept = checkpoint;
  };
  const from = world === null ? null : ((await checkpoints?.newest(world, header.fromAt!)) ?? null);
  const run = new BacktestRun(header, plugins, collector, world === null ? {} : { from, begins });
  for await (const chunk of chunksFrom(source, run.events + 1)) {
    signal?.throwIfAborted();
    run.play(chunk);
    progress?.(run.events, run.spared);
    if (unkept !== null && world !== null) await checkpoints?.keep(world, unkept);
    unkept = null;
    if (run.isOver) break;
  }
  const facts = run.end();
  // Somewhere in the second half of what may be played twice, so that long and short tapes are both cut within.
  const events = Math.floor(Math.min(most, facts.events - first) * (0.5 + mulberry32(header.seed)() / 2));
  const peek = await lookAgain({ header, source, plugins, events, early, from: own, signal });
  const report = reportOf(header, facts, collector, run.kernel);
  return { facts, peek, report, refused: refusalOf(header, facts, peek) };
}

function refusalOf(header: BacktestHeader, facts: RunFacts, peek: PeekFacts): string {
  if (peek.difference !== null)
    return `Cutting the tape ${peek.events} events after the beginning changes what was decided before: something looks into the future.`;
  if (facts.events === facts.warmUp)
    return 'Nothing of the tape lies between the beginning and the end that were asked for.';
  const { share } = facts.coverage;
  if (share < header.minCoverage)
    return `Books could be trusted ${(share * 100).toFixed(1)} % of the time; at least ${(header.minCoverage * 100).toFixed(1)} % is asked for.`;
  return '';
}

async function lookAgain(of: {
  readonly header: BacktestHeader;
  readonly source: TapeSource;
  readonly plugins: KernelPlugins;
  readonly events: number;
  readonly early: readonly string[];
  readonly from: Checkpoint | null;
  readonly signal: AbortSignal | undefined;
}): Promise<PeekFacts> {
  const { header, source, plugins, events, early, from, signal } = of;
  if (events <= 0) return { events: 0, lines: 0, difference: null };
  const last = (from?.seq ?? 0) + events;
  const again: string[] = [];
  let begun = from === null;
  const listener: BacktestListener = {
    journal: (entry) => void (begun && again.push(`${entry.seq} ${journalLine(entry)}`)),
    estimate: () => undefined,
  };
  const run = new BacktestRun(header, plugins, listener, { from });
  begun = true;
  for await (const { rows, events: others } of chunksFrom(source, run.events + 1)) {
    signal?.throwIfAborted();
    run.play({
      rows: rows === null ? null : cutRows(rows, last),
      events: others.filter(({ seq }) => seq <= last),
    });
    if (run.isOver || run.events >= last) break;
  }
  const lines = early.filter((line) => Number(line.slice(0, line.indexOf(' '))) <= last);
  for (let i = 0; i < Math.max(lines.length, again.length); i++)
    if (lines[i] !== again[i])
      return {
        events,
        lines: i,
        difference: { whole: lines[i] ?? null, cut: again[i] ?? null },
      };
  return { events, lines: lines.length, difference: null };
}

function cutRows<R extends { readonly rows: number; readonly seq: Float64Array }>(rows: R, last: number): R {
  let count = rows.rows;
  while (count > 0 && rows.seq[count - 1] > last) count--;
  return count === rows.rows ? rows : { ...rows, rows: count };
}

/** @throws UserProblem with every complaint about a header. */
export function checkHeader(header: BacktestHeader): void {
  const fields: { path: string; message: string }[] = [];
  const say = (path: string, message: string): void => void fields.push({ path, message });
  const { fromAt, toAt, workflows, accounts, placed } = header;
  if (fromAt !== null && toAt !== null && !(toAt > fromAt)) say('/toAt', 'the end must be after the beginning');
  if (workflows.length === 0 && placed.length === 0) say('/workflows', 'a backtest needs a workflow');
  const known = new Set(accounts.map(({ id }) => id));
  for (const [i, workflow] of workflows.entries())
    if (!known.has(workflow.account))
      say(
        `/workflows/${i}/account`,
        `workflow ${workflow.id} trades on account ${workflow.account}, which is not here`,
      );
  if (!(header.decisionMs >= 0)) say('/decisionMs', 'the time to decide is at least 0 ms');
  for (const [path, by] of [
    ['/decisionMsOf', header.decisionMsOf],
    ['/feedMs', header.feedMs],
  ] as const)
    for (const [venue, ms] of Object.entries(by ?? {}))
      if (!(ms >= 0)) say(`${path}/${venue}`, 'a delay is at least 0 ms');
  if (delaysAny(header.feedMs) && placed.length > 0)
    say('/feedMs', 'the delay of a feed moves events: acts cannot be placed among them');
  if (!(header.feesPpm >= 0)) say('/feesPpm', 'fees are at least 0 ppm of the venues');
  if (!(header.minCoverage >= 0 && header.minCoverage <= 1)) say('/minCoverage', 'coverage is a share from 0 to 1');
  if (fields.length > 0) throw new UserProblem('the backtest cannot be started', fields);
}
