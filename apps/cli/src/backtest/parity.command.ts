import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dollars, UserProblem, type JournalEntry } from '#core';
import {
  actsOfFile,
  createPool,
  createTapeStore,
  fileTape,
  journalOfFile,
  lanes,
  laneTape,
  migrate,
  recordedActs,
  type PlayableTape,
} from '#data';
import {
  HEADER_DEFAULTS,
  journalLine,
  parityOf,
  runBacktest,
  type BacktestHeader,
  type KernelPlugins,
  type ParityReport,
} from '#engine';
import { kernelPlugins, loadPlugins, ORDER_LATENCY_MS, pluginConfig } from '#host';
import { withStoredDatabase } from '../launch/stored-database.js';
import { openReplay } from './lent-tape.js';
import { ProgressBar } from './progress-bar.js';

/** What made the paper sessions what they were; what operators did besides stays out. */
const OF_THE_SESSION: readonly string[] = ['account', 'workflow', 'workflow-archived', 'enablement'];

/** A tape with what its paper sessions were and wrote. */
interface Recorded {
  readonly tape: PlayableTape;
  readonly acts: Awaited<ReturnType<typeof recordedActs>>;
  readonly journal: AsyncIterable<JournalEntry>;
}

/**
 * `npm run backtest -- --parity`: what was traded on paper against a backtest of the same tape with the sessions' own
 * header, out of a lane or of a file that it was exported to. Exit code 0 when every micro-dollar of a difference is explained.
 */
export async function parity(
  path: string | undefined,
  folder: string | undefined,
  lane: number,
  json: string | undefined,
): Promise<number> {
  const plugins = kernelPlugins(await loadPlugins(pluginConfig(process.env)));
  const report = await (path === undefined
    ? withStoredDatabase(folder, (url) => ofLane(url, lane, plugins))
    : ofFile(resolve(path), plugins));
  if (json !== undefined) writeFileSync(resolve(json), `${JSON.stringify(report, null, 2)}\n`);
  for (const line of sentences(report)) process.stdout.write(`${line}\n`);
  return report.residual === 0 ? 0 : 1;
}

async function ofLane(url: string, lane: number, plugins: KernelPlugins): Promise<ParityReport> {
  await migrate(url);
  const pool = createPool(url, 4);
  try {
    const found = (await lanes(pool)).find(({ id, headSeq }) => headSeq > 0 && (lane < 0 || id === lane));
    if (found === undefined) throw new UserProblem('there is no tape yet');
    const { id, headSeq: toSeq } = found;
    return await compared(plugins, {
      tape: laneTape(pool, { lane: id, toSeq, fromAt: 0, toAt: 0 }),
      acts: await recordedActs(pool, id, toSeq),
      journal: createTapeStore(pool).readJournal(id, 1, toSeq),
    });
  } finally {
    await pool.end();
  }
}

async function ofFile(path: string, plugins: KernelPlugins): Promise<ParityReport> {
  const file = await openReplay(path);
  try {
    return await compared(plugins, {
      tape: fileTape(file),
      acts: await actsOfFile(file),
      journal: journalOfFile(file),
    });
  } finally {
    await file.close();
  }
}

async function compared(plugins: KernelPlugins, { tape, acts, journal }: Recorded): Promise<ParityReport> {
  const placed = acts.filter(({ act }) => OF_THE_SESSION.includes(act.kind));
  if (!placed.some(({ act }) => act.kind === 'workflow'))
    throw new UserProblem('no workflow was ever saved on this tape: there is no paper session to compare with');
  const header: BacktestHeader = {
    ...HEADER_DEFAULTS,
    title: 'Parity',
    lane: tape.lane,
    fromAt: null,
    toAt: null,
    accounts: [],
    workflows: [],
    placed,
    latency: { kind: 'recorded', ms: ORDER_LATENCY_MS },
  };
  const bar = new ProgressBar(process.stderr, tape.toSeq);
  const entries: JournalEntry[] = [];
  await runBacktest(header, tape, {
    plugins,
    journal: (entry) => void entries.push(entry),
    progress: (events) => bar.show(events),
    peekEvents: 0,
  });
  bar.end();
  const paper: JournalEntry[] = [];
  for await (const entry of journal) paper.push(entry);
  return parityOf(paper, entries, journalLine);
}

const sentences = ({ parts, signals, ...report }: ParityReport): readonly string[] => [
  `${report.same} journal lines are the same, ${report.onlyPaper} only on paper, ${report.onlyBacktest} only in the backtest`,
  `${signals.both} signals in both, ${signals.onlyPaper} only on paper, ${signals.onlyBacktest} only in the backtest`,
  `cash moved: paper ${dollars(report.paper)}, backtest ${dollars(report.backtest)}, difference ${dollars(report.difference)}`,
  ...Object.entries(parts).map(([name, amount]) => `  ${name.padEnd(11)} ${dollars(amount)}`),
  `  ${'residual'.padEnd(11)} ${dollars(report.residual)}`,
];
