import { beforeAll, describe, expect, it } from 'vitest';
import { groupId, venueOf, type JournalEntry, type Price, type WorkflowId } from '#core';
import { deepestDrawdown, mulberry32 } from '#quant';
import { testBuyer, testPairs } from '../strategies.spec-support.js';
import { link, TapeDesk, workflowRecord } from '../tape.spec-support.js';
import { runBacktest } from './backtest.js';
import { EquitySeries } from './equity-series.js';
import { plainHeader } from './header.spec-support.js';
import type { BacktestReport } from './report.js';
import { gridOf, returnsOn } from './returns.js';
import { tapeOf } from './source.types.js';
import { stressCases } from './stress.js';

const DAYS = 14;
const DAY = 86_400_000;
const plugins = {
  strategies: new Map([testPairs, testBuyer].map((one) => [one.manifest.id, one])),
  models: new Map(),
};
const header = plainHeader({
  workflows: [
    workflowRecord(),
    workflowRecord({
      id: 'lone' as WorkflowId,
      plugin: testBuyer.manifest.id as never,
      config: { minEdge: 0, size: 2_000 },
      scope: { venues: [], categories: ['sports'], groups: [], markets: [], links: [], text: '' },
    }),
  ],
  capitalRatePpm: 50_000,
});

/** Every day a pair of linked markets with an edge and a lone market that wins one day in three; all are paid that evening. */
function tape(): TapeDesk {
  const d = new TapeDesk();
  for (let day = 0; day < DAYS; day++) {
    const [k, p, lone] = [`kalshi:d${day}`, `polymarket:d${day}`, `kalshi:lone${day}`];
    const more = { category: 'other', group: groupId('kalshi', `e${day}`) };
    d.ready(k, [[0.4, 100]], [[0.42, 100]], more)
      .ready(p, [[0.5, 100 + day]], [[0.57, 100]], { category: 'other' })
      .add({ kind: 'link', link: link(k, p) })
      .ready(lone, [[0.3, 50]], [[0.33 + (day % 5) / 100, 600 + day]], { category: 'sports' });
    for (let i = 0; i < 4; i++) d.pass(1_000).change(k, [], [[0.42, 100 + i]]);
    d.pass(1_000).change(lone, [[0.3 - (day % 4) / 100, 70]], []);
    d.pass(DAY / 2)
      .yes(k)
      .yes(p);
    d.resolve(lone, { kind: 'value', yesPays: (day % 3 === 0 ? 1_000_000 : 0) as Price }).pass(DAY / 2);
  }
  return d;
}

/** Cash that an entry moved. */
const cashOf = (entry: JournalEntry): number =>
  entry.kind === 'fill' ? entry.cashDelta : entry.kind === 'settlement' ? entry.payout : 0;
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Φ by its series around 0: none of the library's code. */
function normalCdf(z: number): number {
  let term = z;
  let all = z;
  for (let n = 1; n < 200; n++) {
    term *= (z * z) / (2 * n + 1);
    all += term;
  }
  return 0.5 + (all * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('the figures of a report, reckoned again from the journal alone', () => {
  let entries: JournalEntry[];
  let report: BacktestReport;
  beforeAll(async () => {
    entries = [];
    const options = { plugins, journal: (entry: JournalEntry) => void entries.push(entry) };
    report = (await runBacktest(header, tapeOf(tape().tape), options)).report;
  });
  const moved = (of: (market: string) => boolean): number =>
    sum(entries.map((entry) => ('market' in entry && of(entry.market) ? cashOf(entry) : 0)));

  it('end with the cash there was and what the journal moved, all of it being paid', () => {
    expect(report.trades.filled).toBeGreaterThan(DAYS * 2);
    expect(report.profit).toBe(moved(() => true));
    expect(report.equity).toBe(report.openingCash + report.profit);
    // Every look stands after some entry of the journal, and no later look after an earlier one.
    let cash = report.openingCash;
    const after = [cash, ...entries.map((entry) => (cash += cashOf(entry)))];
    let at = 0;
    for (const point of report.curve) {
      at = after.indexOf(point.cash, at);
      expect(at).toBeGreaterThanOrEqual(0);
    }
    expect(after.at(-1)).toBe(report.curve.at(-1)!.cash);
  });

  it('put the profit and the fees down to venues, markets, events and reasons, each adding up', () => {
    const fills = entries.filter((entry) => entry.kind === 'fill');
    expect(report.fees).toBe(sum(fills.map(({ fee }) => fee)));
    for (const lines of [report.byVenue, report.byMarket, report.byEvent, report.byReason]) {
      expect(sum(lines.map(({ profit }) => profit))).toBe(report.profit);
      expect(sum(lines.map(({ fees }) => fees))).toBe(report.fees);
    }
    for (const { key, profit, fees } of report.byVenue) {
      expect(profit).toBe(moved((market) => venueOf(market as never) === key));
      expect(fees).toBe(sum(fills.filter(({ market }) => venueOf(market) === key).map(({ fee }) => fee)));
    }
    for (const { key, profit } of report.byMarket) expect(profit).toBe(moved((market) => market === key));
    // A reviewed link makes one event of what two venues ask; the lone markets are events of their own.
    expect(report.byEvent).toHaveLength(DAYS * 2);
    for (let day = 0; day < DAYS; day++)
      expect(report.byEvent.find(({ key }) => key === `kalshi:e${day}`)?.profit).toBe(
        moved((market) => market === `kalshi:d${day}` || market === `polymarket:d${day}`),
      );
    const ofLone = report.byReason.filter(({ key }) => key.startsWith('lone'));
    expect(sum(ofLone.map(({ profit }) => profit))).toBe(moved((market) => market.includes(':lone')));
  });

  it('tell each trade by its own fills, and the mean and hit rate of them', () => {
    const profits = report.trades.list.map(({ paid, received }) => received - paid);
    for (const trade of report.trades.list) {
      const own = entries.filter((entry) => entry.kind === 'fill' && entry.signalId === trade.signalId);
      expect(trade.paid).toBe(-sum(own.map(cashOf)));
      expect(trade.fees).toBe(sum(own.map((entry) => (entry.kind === 'fill' ? entry.fee : 0))));
    }
    expect(sum(profits)).toBe(report.profit);
    expect(report.trades.meanProfit.value).toBeCloseTo(mean(profits), 6);
    expect(report.trades.hitRate).toBeCloseTo(profits.filter((one) => one > 0).length / profits.length, 12);
    expect(report.trades.meanProfit.low!).toBeLessThan(report.trades.meanProfit.value!);
    expect(report.trades.meanProfit.high!).toBeGreaterThan(report.trades.meanProfit.value!);
  });

  it('give the deepest fall of the curve, and the cost of the cash that waited', () => {
    let deepest = { share: 0, amount: 0 };
    report.curve.forEach(({ equity: high }, i) =>
      report.curve.slice(i).forEach(({ equity }) => {
        if (1 - equity / high > deepest.share) deepest = { share: 1 - equity / high, amount: high - equity };
      }),
    );
    expect(report.drawdown.share).toBeGreaterThan(0);
    expect(report.drawdown.share).toBeCloseTo(deepest.share, 14);
    expect(report.drawdown.amount).toBe(deepest.amount);
    const { curve } = report;
    const waited = sum(curve.slice(1).map(({ at }, i) => curve[i].locked * (at - curve[i].at)));
    expect(report.capitalCost).toBe(Math.round((waited / (365 * DAY)) * 0.05));
  });

  it('reckon Sharpe, Sortino, hit rate and PSR of daily returns as math.md 12.4 and 12.5 say', () => {
    const byDay = new Map(report.curve.map(({ at, equity }) => [Math.floor(at / DAY), equity]));
    const equity = [...byDay.values()];
    const r = equity.slice(1).map((value, i) => value / equity[i] - 1);
    const n = r.length;
    const m = mean(r);
    const central = (power: number): number => mean(r.map((one) => (one - m) ** power));
    const sharpe = m / Math.sqrt((central(2) * n) / (n - 1));
    const [skew, kurtosis] = [central(3) / central(2) ** 1.5, central(4) / central(2) ** 2];
    const { returns } = report;
    expect(returns).toMatchObject({ period: 'day', count: n });
    expect(returns.sharpeAnnual.value).toBeCloseTo(sharpe * Math.sqrt(365), 9);
    const down = Math.sqrt(mean(r.map((one) => Math.min(one, 0) ** 2)));
    expect(returns.sortinoAnnual).toBeCloseTo((m / down) * Math.sqrt(365), 9);
    const z = (sharpe * Math.sqrt(n - 1)) / Math.sqrt(1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe);
    expect(returns.psr).toBeCloseTo(normalCdf(z), 9);
    const decided = r.filter((one) => one !== 0);
    expect(returns.hitRate).toBeCloseTo(decided.filter((one) => one > 0).length / decided.length, 12);
    const [gains, losses] = [sum(r.filter((one) => one > 0)), -sum(r.filter((one) => one < 0))];
    expect(returns.profitFactor).toBeCloseTo(gains / losses, 9);
    expect(returns.sharpeAnnual.low!).toBeLessThan(returns.sharpeAnnual.value!);
    expect(returns.sharpeAnnual.high!).toBeGreaterThan(returns.sharpeAnnual.value!);
  });

  it('are put under stress by orders that travel 0, 1 and 5 s, and by fees half as much again', async () => {
    const waits: number[] = [];
    const fees: number[] = [];
    for (const one of stressCases(header)) {
      const own: JournalEntry[] = [];
      const { report: worse } = await runBacktest(one.header, tapeOf(tape().tape), {
        plugins,
        journal: (entry) => void own.push(entry),
        peekEvents: 0,
      });
      const sent = new Map(own.flatMap((entry) => (entry.kind === 'signal' ? [[entry.signalId, entry.at]] : [])));
      const filled = own.filter((entry) => entry.kind === 'fill');
      waits.push(Math.min(...filled.map(({ signalId, at }) => at - sent.get(signalId)!)));
      fees.push(worse.fees);
    }
    expect(waits).toEqual([0, 1_000, 5_000, 100]);
    // Each fee is rounded by its venue.
    expect(fees[3] / report.fees).toBeCloseTo(1.5, 2);
  });
});

describe('equity as figures are made of it', () => {
  it('is that of every look, however much is thinned out of what is drawn', () => {
    const random = mulberry32(5);
    const series = new EquitySeries();
    const points: { at: number; equity: number }[] = [];
    let equity = 1e10;
    for (let at = 1_000; at < 20 * DAY; at = series.next(at) + Math.floor(random() * 3) * 1_000) {
      equity = Math.round(equity * (1 + (random() - 0.5) / 500));
      series.add(at, equity);
      points.push({ at, equity });
    }
    const { share, amount } = deepestDrawdown(points.map((point) => point.equity));
    expect(series.fall).toEqual({ share, amount });
    for (const [name, ms] of [
      ['day', DAY],
      ['hour', 3_600_000],
      ['minute', 60_000],
    ] as const)
      expect(series.by(name)).toEqual(gridOf(points, ms));
    expect(returnsOn(series.by('minute')).filter((one) => one !== 0).length).toBeGreaterThan(15_000);
    // Of seconds there came to be too many.
    expect(series.by('second')).toEqual([]);
    expect(Object.keys(series.moments())).toEqual(['day', 'hour', 'minute']);
  });
});
