import { UserProblem, type JournalEntry } from '#core';
import { mulberry32 } from '#quant';
import { journalLine } from '../journal-line.js';
import type { KernelPlugins } from '../kernel.types.js';
import { Collector } from './collector.js';
import { delaysAny, heardLater } from './feed-delay.js';
import type { BacktestHeader } from './header.types.js';
import { reportOf, type BacktestReport } from './report.js';
import { BacktestRun, type RunFacts } from './run.js';
import type { TapeSource } from './source.types.js';
import type { Traces } from './traces.js';

export interface BacktestOptions {
  readonly plugins: KernelPlugins;
  /** Journal entries as they come, in order. */
  journal?(entry: JournalEntry): void;
  /** After every chunk: events played so far. */
  progress?(events: number): void;
  readonly signal?: AbortSignal;
  /** Events of the prefix that is played a second time to see whether anything peeks; 0 leaves that out. */
  readonly peekEvents?: number;
  /** Keeps the trace of every decision; what is decided is the same without. */
  readonly traces?: Traces;
}

/** What the second look at the tape's beginning found. */
export interface PeekFacts {
  /** Events played twice: the second time the tape ended there. */
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

/** Plays a tape under a header and reports. The tape is read a second time up to a drawn place: nothing there may change. */
export async function runBacktest(
  header: BacktestHeader,
  tape: TapeSource,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const { plugins, signal, progress } = options;
  checkHeader(header);
  const source = delaysAny(header.feedMs) ? heardLater(tape, header.feedMs, header.lane) : tape;
  const most = options.peekEvents ?? PEEK_EVENTS;
  const early: string[] = [];
  const collector = new Collector((entry) => {
    if (entry.seq <= most) early.push(`${entry.seq} ${journalLine(entry)}`);
    options.journal?.(entry);
  }, options.traces);
  const run = new BacktestRun(header, plugins, collector);
  for await (const chunk of source.chunks()) {
    signal?.throwIfAborted();
    run.play(chunk);
    progress?.(run.events);
    if (run.isOver) break;
  }
  const facts = run.end();
  // Somewhere in the second half of what may be played twice, so that long and short tapes are both cut within.
  const events = Math.floor(Math.min(most, facts.events) * (0.5 + mulberry32(header.seed)() / 2));
  const peek = await lookAgain(header, source, plugins, events, early, signal);
  const report = reportOf(header, facts, collector, run.kernel);
  return { facts, peek, report, refused: refusalOf(header, facts, peek) };
}

function refusalOf(header: BacktestHeader, facts: RunFacts, peek: PeekFacts): string {
  if (peek.difference !== null)
    return `Cutting the tape after event ${peek.events} changes what was decided before: something looks into the future.`;
  const { share } = facts.coverage;
  if (share < header.minCoverage)
    return `Books could be trusted ${(share * 100).toFixed(1)} % of the time; at least ${(header.minCoverage * 100).toFixed(1)} % is asked for.`;
  return '';
}

async function lookAgain(
  header: BacktestHeader,
  source: TapeSource,
  plugins: KernelPlugins,
  events: number,
  early: readonly string[],
  signal: AbortSignal | undefined,
): Promise<PeekFacts> {
  if (events <= 0) return { events: 0, lines: 0, difference: null };
  const again: string[] = [];
  const run = new BacktestRun(header, plugins, {
    journal: (entry) => void again.push(`${entry.seq} ${journalLine(entry)}`),
    estimate: () => undefined,
  });
  for await (const { rows, events: others } of source.chunks()) {
    signal?.throwIfAborted();
    run.play({
      rows: rows === null ? null : cutRows(rows, events),
      events: others.filter(({ seq }) => seq <= events),
    });
    if (run.isOver || run.events >= events) break;
  }
  const lines = early.filter((line) => Number(line.slice(0, line.indexOf(' '))) <= events);
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
