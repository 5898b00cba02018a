import { marketsOf, UserProblem, type JournalEntry } from '#core';
import { BacktestRepo, type BacktestRow, type BacktestWhole as StoredBacktest, type Person } from '#data';
import { reportHtml, titlesOf, tracedBy, type BacktestReport as StoredReport } from '#engine';
import { headerFor, madeOf, type PluginRegistry } from '#host';
import { Injectable } from '@nestjs/common';
import { House } from '../house.js';
import { JournalService } from '../journal/journal.service.js';
import { backtestAsked } from './backtest-asked.js';
import { shownDecision, tracesOf } from './backtest-traces.js';
import type {
  Backtest,
  BacktestComparison,
  BacktestInput,
  BacktestReport,
  BacktestSaved,
  BacktestTrace,
  BacktestWhole,
} from './backtest.types.js';

const MOST_DIFFERENCES = 200;
const TRADES_SHOWN = 500;
const unfinished = (): UserProblem =>
  wrong('/id', 'This backtest has no report yet; it comes when the run is through.');
const wrong = (path: string, message: string): UserProblem => new UserProblem(message, [{ path, message }]);

/** Backtests that people ask for. A row is all it takes: the jobs worker finds it. */
@Injectable()
export class BacktestService {
  readonly #repo: BacktestRepo;

  constructor(
    private readonly house: House,
    private readonly journal: JournalService,
  ) {
    this.#repo = new BacktestRepo(house.pool);
  }

  async start(by: Person, input: BacktestInput): Promise<BacktestSaved> {
    const { plugins, now, people } = this.house;
    const { asked, toSeq, form } = await backtestAsked(this.house, input);
    const header = headerFor(asked, plugins);
    const id = await this.#repo.add({
      title: asked.title,
      lane: asked.lane,
      workflow: asked.id,
      asked: form,
      header,
      stressed: asked.settings.stress,
      askedBy: by.name,
      askedAt: now(),
      toSeq,
    });
    await people.audit({
      at: now(),
      by: by.name,
      action: 'backtest.start',
      target: id,
      detail: { workflow: asked.id },
    });
    return { id };
  }

  async cancel(by: Person, id: string): Promise<BacktestSaved> {
    if (!(await this.#repo.cancel(id, this.house.now())))
      throw wrong('/id', 'This backtest is over already; it can be run again, or removed.');
    await this.#audit(by, 'backtest.cancel', id);
    return { id };
  }

  async retry(by: Person, id: string): Promise<BacktestSaved> {
    if (!(await this.#repo.retry(id)))
      throw wrong('/id', 'This backtest has not ended yet, or belongs to a sweep, which can be gone on with.');
    await this.#audit(by, 'backtest.retry', id);
    return { id };
  }

  async remove(by: Person, id: string): Promise<BacktestSaved> {
    if (!(await this.#repo.remove(id)))
      throw wrong(
        '/id',
        'It cannot be removed: it still runs (cancel it first), belongs to a sweep (remove that), or is gone already.',
      );
    await this.#audit(by, 'backtest.remove', id);
    return { id };
  }

  async newest(first: number): Promise<readonly Backtest[]> {
    return (await this.#repo.newest(Math.min(500, Math.max(1, first)))).map((row) =>
      shownBacktest(row, this.house.plugins),
    );
  }

  async whole(id: string): Promise<BacktestWhole | null> {
    const found = await this.#repo.find(id);
    if (found === null) return null;
    return {
      run: shownBacktest(found, this.house.plugins),
      report: found.report === null ? null : shownReport(found.report),
      stress: found.stress,
    };
  }

  /** A trade from what it was decided by to what it was paid; `null` when the journal has no such signal. */
  async trace(id: string, signal: string): Promise<BacktestTrace | null> {
    const found = (await tracesOf(this.#repo, id, [signal])).get(signal);
    if (found === undefined || found.entries.length === 0) return null;
    const { decision, entries } = found;
    const titles = await this.#repo.titlesOf([id]);
    const title = await this.journal.titles(entries.flatMap(marketsOf), titles);
    return {
      decision: decision === null ? null : shownDecision(decision, title),
      trace: await this.journal.story(signal, entries, titles),
    };
  }

  async compare(a: string, b: string): Promise<BacktestComparison> {
    const [before, after] = [await this.#find(a), await this.#find(b)];
    const { list, ...counted } = await this.#repo.differences(a, b, MOST_DIFFERENCES);
    const read = (line: string): JournalEntry => JSON.parse(line) as JournalEntry;
    // Told all at once: their markets' titles are read in one go.
    const entries = list.flatMap((one) => [...one.before, ...one.after].map(read));
    const told = await this.journal.told(entries, await this.#repo.titlesOf([a, b]));
    let at = 0;
    return {
      before: shownBacktest(before, this.house.plugins),
      after: shownBacktest(after, this.house.plugins),
      ...counted,
      list: list.map(({ seq, before: was, after: is }) => ({
        seq,
        before: told.slice(at, (at += was.length)),
        after: told.slice(at, (at += is.length)),
      })),
    };
  }

  /** The report as one file for those who have no sign-in here. */
  async page(id: string): Promise<string> {
    const row = await this.#find(id);
    const { report, stress, note, state, build, header, askedBy, lane, toSeq, lines, digest } = row;
    if (report === null) throw unfinished();
    const traces = await tracesOf(this.#repo, id, tracedBy(report));
    return reportHtml({
      report,
      traceOf: (signal) => traces.get(signal) ?? null,
      stress,
      refused: state === 'refused' ? note : '',
      made: [
        ['Asked by', askedBy],
        ...madeOf(header, { lane, toSeq }, build, this.house.plugins),
        ['Journal', digest === null ? '' : `${lines.toLocaleString('en-US')} lines, SHA-256 ${digest}`],
      ],
    });
  }

  /** All there is of it as JSON, in the shape of the command line's. */
  async file(id: string): Promise<string> {
    const { report, stress, note, state, build, header, peek, lane, toSeq, digest, lines } = await this.#find(id);
    if (report === null) throw unfinished();
    const traces = await tracesOf(
      this.#repo,
      id,
      report.trades.list.map(({ signalId }) => signalId),
    );
    const refused = state === 'refused' ? note : '';
    const tape = { lane, toSeq };
    const whole = {
      build,
      tape,
      header,
      peek,
      report,
      refused,
      stress,
      digest,
      lines,
      traces: Object.fromEntries(traces),
    };
    return `${JSON.stringify(whole, null, 2)}\n`;
  }

  async #find(id: string): Promise<StoredBacktest> {
    const found = await this.#repo.find(id);
    if (found === null) throw wrong('/id', `There is no backtest ${id}.`);
    return found;
  }

  async #audit(by: Person, action: string, target: string): Promise<void> {
    await this.house.people.audit({ at: this.house.now(), by: by.name, action, target, detail: {} });
  }
}

export const shownBacktest = (row: BacktestRow, plugins: PluginRegistry): Backtest & BacktestRow => ({
  ...row,
  plugin: row.header.workflows[0]?.plugin ?? '',
  get made() {
    return madeOf(row.header, row, row.build, plugins).map(([name, value]) => ({ name, value }));
  },
});

function shownReport(report: StoredReport): BacktestReport {
  const { drawdown, returns, trades, coverage } = report;
  return {
    ...report,
    // Reports of older builds have none.
    spared: report.spared ?? 0,
    drawdownShare: drawdown.share,
    drawdownAmount: drawdown.amount,
    period: returns.period,
    periods: returns.count,
    sharpeAnnual: returns.sharpeAnnual,
    sortinoAnnual: returns.sortinoAnnual,
    psr: returns.psr,
    hitRate: trades.hitRate,
    fillShare: trades.fillShare,
    medianFillMs: trades.medianFillMs,
    // Reports of older builds have none.
    markOuts: trades.markOuts ?? [],
    meanProfit: trades.meanProfit,
    signals: trades.count,
    filled: trades.filled,
    trades: trades.list.slice(-TRADES_SHOWN).toReversed(),
    tradesLeftOut: trades.leftOut + Math.max(0, trades.list.length - TRADES_SHOWN),
    coverage: coverage.share,
    gaps: coverage.gaps,
    covered: coverage.markets,
    titles: [...titlesOf(report)].map(([id, title]) => ({ id, title })),
  };
}
