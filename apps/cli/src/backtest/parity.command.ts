import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { dollars, UserProblem, type JournalEntry } from '#core';
import { createPool, createTapeStore, lanes, laneTape, migrate, recordedActs } from '#data';
import { HEADER_DEFAULTS, journalLine, parityOf, runBacktest, type BacktestHeader, type ParityReport } from '#engine';
import { kernelPlugins, loadPlugins, ORDER_LATENCY_MS, pluginConfig } from '#host';
import { withStoredDatabase } from '../launch/stored-database.js';
import { ProgressBar } from './progress-bar.js';

/** What made the paper sessions what they were; what operators did besides stays out. */
const OF_THE_SESSION: readonly string[] = ['account', 'workflow', 'workflow-archived', 'enablement'];

/**
 * `npm run backtest -- --parity`: what was traded on paper against a backtest of the same tape with the sessions' own
 * header. Exit code 0 when every micro-dollar of a difference is explained.
 */
export async function parity(folder: string | undefined, lane: number, json: string | undefined): Promise<number> {
  const plugins = await loadPlugins(pluginConfig(process.env));
  const report = await withStoredDatabase(folder, async (url) => {
    await migrate(url);
    const pool = createPool(url, 4);
    try {
      const found = (await lanes(pool)).find(({ id, headSeq }) => headSeq > 0 && (lane < 0 || id === lane));
      if (found === undefined) throw new UserProblem('there is no tape yet');
      const { id, headSeq } = found;
      const acts = await recordedActs(pool, id, headSeq);
      const header: BacktestHeader = {
        ...HEADER_DEFAULTS,
        title: 'Parity',
        lane: id,
        fromAt: null,
        toAt: null,
        accounts: [],
        workflows: [],
        placed: acts.filter(({ act }) => OF_THE_SESSION.includes(act.kind)),
        latency: { kind: 'recorded', ms: ORDER_LATENCY_MS },
      };
      const bar = new ProgressBar(process.stderr, headSeq);
      const entries: JournalEntry[] = [];
      await runBacktest(header, laneTape(pool, { lane: id, toSeq: headSeq, fromAt: 0, toAt: 0 }), {
        plugins: kernelPlugins(plugins),
        journal: (entry) => void entries.push(entry),
        progress: (events) => bar.show(events),
        peekEvents: 0,
      });
      bar.end();
      const paper: JournalEntry[] = [];
      for await (const entry of createTapeStore(pool).readJournal(id, 1, headSeq)) paper.push(entry);
      return parityOf(paper, entries, journalLine);
    } finally {
      await pool.end();
    }
  });
  if (json !== undefined) writeFileSync(resolve(json), `${JSON.stringify(report, null, 2)}\n`);
  for (const line of sentences(report)) process.stdout.write(`${line}\n`);
  return report.residual === 0 ? 0 : 1;
}

const sentences = ({ parts, signals, ...report }: ParityReport): readonly string[] => [
  `${report.same} journal lines are the same, ${report.onlyPaper} only on paper, ${report.onlyBacktest} only in the backtest`,
  `${signals.both} signals in both, ${signals.onlyPaper} only on paper, ${signals.onlyBacktest} only in the backtest`,
  `cash moved: paper ${dollars(report.paper)}, backtest ${dollars(report.backtest)}, difference ${dollars(report.difference)}`,
  ...Object.entries(parts).map(([name, amount]) => `  ${name.padEnd(11)} ${dollars(amount)}`),
  `  ${'residual'.padEnd(11)} ${dollars(report.residual)}`,
];
