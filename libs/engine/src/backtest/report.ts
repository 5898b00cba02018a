import { venueOf, type GroupId, type Instant, type MarketId } from '#core';
import {
  meanStatistic,
  mulberry32,
  percentileInterval,
  performanceOf,
  probabilisticSharpe,
  resample,
  sharpeStatistic,
  usualBlockLength,
} from '#quant';
import type { Kernel } from '../kernel.types.js';
import { calibrationOf, type Calibration } from './calibration.js';
import type { Collector, EquityPoint } from './collector.js';
import type { BacktestHeader } from './header.types.js';
import type { MarkOut } from './mark-outs.js';
import type { EquitySeries } from './equity-series.js';
import { LEAST_RETURNS, periodOf, returnsOn } from './returns.js';
import type { RunFacts } from './run.js';
import type { TradeFacts } from './trades.js';

/** Profit of a part, micro-dollars: realised, and what is still held at its mark. */
export interface ProfitLine {
  readonly key: string;
  readonly title: string;
  readonly profit: number;
  readonly fees: number;
  readonly trades: number;
}

export interface Interval {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface BacktestReport {
  readonly title: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly events: number;
  /** Events before the beginning. */
  readonly warmUp: number;
  /** Of those, how many a checkpoint stood for instead of the tape. */
  readonly spared: number;
  readonly openingCash: number;
  readonly equity: number;
  readonly profit: number;
  /** What the locked cash could have earned elsewhere. */
  readonly capitalCost: number;
  readonly fees: number;
  readonly slippage: number;
  readonly drawdown: { readonly share: number; readonly amount: number };
  readonly curve: readonly EquityPoint[];
  readonly returns: {
    readonly period: string;
    readonly count: number;
    readonly sharpeAnnual: Interval;
    readonly sortinoAnnual: number | null;
    /** Probability that the true Sharpe ratio is above 0. */
    readonly psr: number | null;
    readonly hitRate: number | null;
    readonly profitFactor: number | null;
    /** Of the returns by period, for those that have enough of them. */
    readonly moments: ReturnType<EquitySeries['moments']>;
  };
  readonly trades: {
    readonly count: number;
    readonly filled: number;
    /** Contracts filled over contracts asked for. */
    readonly fillShare: number | null;
    /** Decision → last fill, ms of the tape, median. */
    readonly medianFillMs: number | null;
    /** What fills were worth some time later. */
    readonly markOuts: readonly MarkOut[];
    /** Mean profit of a finished trade with an interval, by event. */
    readonly meanProfit: Interval;
    readonly hitRate: number | null;
    readonly list: readonly TradeFacts[];
    /** How many more there were than are listed. */
    readonly leftOut: number;
  };
  readonly byVenue: readonly ProfitLine[];
  readonly byMarket: readonly ProfitLine[];
  readonly byEvent: readonly ProfitLine[];
  readonly byReason: readonly ProfitLine[];
  readonly denials: readonly {
    readonly rule: string;
    readonly count: number;
  }[];
  readonly journal: Readonly<Record<string, number>>;
  readonly calibration: Calibration | null;
  readonly coverage: RunFacts['coverage'];
  /** Of every market that is named above, what it asks; runs of older builds have none. */
  readonly titles?: Readonly<Record<string, string>>;
}

const YEAR_MS = 365 * 86_400_000;
const HOUR_MS = 3_600_000;
const LISTED = 2_000;
const RESAMPLES = 1_000;
const LISTED_MARKETS = 200;

/** Everything a report says, from what a run left. Deterministic: intervals are drawn with the header's seed. */
export function reportOf(header: BacktestHeader, facts: RunFacts, seen: Collector, kernel: Kernel): BacktestReport {
  const { trades, equity: curve } = seen;
  const last = curve.at(-1) ?? { equity: seen.openingCash, fees: 0 };
  const lines = profitLines(seen, kernel);
  const filled = trades.all.filter((trade) => trade.filled > 0);
  const asked = trades.all.reduce((sum, trade) => sum + trade.asked, 0);
  const list = filled.length > LISTED ? filled.slice(-LISTED) : filled;
  const coverage = { ...facts.coverage, markets: facts.coverage.markets.slice(0, LISTED_MARKETS) };
  const named = [
    ...list.flatMap(({ legs }) => legs.map(({ market }) => market)),
    ...coverage.markets.map((one) => one.market),
  ];
  return {
    title: header.title,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    events: facts.events,
    warmUp: facts.warmUp,
    spared: facts.spared,
    openingCash: seen.openingCash,
    equity: last.equity,
    profit: last.equity - seen.openingCash,
    capitalCost: Math.round((seen.lockedTime / YEAR_MS) * (header.capitalRatePpm / 1_000_000)),
    fees: last.fees,
    slippage: trades.all.reduce((sum, trade) => sum + trade.slippage, 0),
    drawdown: seen.series.fall,
    curve,
    returns: returnsOf(seen.series, header.seed),
    trades: {
      count: trades.all.length,
      filled: filled.length,
      fillShare: asked === 0 ? null : trades.all.reduce((sum, trade) => sum + trade.filled, 0) / asked,
      medianFillMs: median(filled.map((trade) => (trade.lastFillAt ?? trade.at) - trade.at)),
      markOuts: seen.markOuts.told(),
      ...tradeResults(seen, header.seed),
      list,
      leftOut: filled.length - list.length,
    },
    ...lines,
    denials: [...seen.denials].map(([rule, count]) => ({ rule, count })).sort((a, b) => b.count - a.count),
    journal: seen.counts,
    calibration: calibrationOf(seen.forecasts, seen.eventNames(), header.seed),
    coverage,
    titles: {
      ...Object.fromEntries(lines.byMarket.map(({ key, title }) => [key, title])),
      ...Object.fromEntries(named.map((market) => [market, seen.infos.get(market)?.title || market])),
    },
  };
}

/** Profit by part: what flowed, and what is still held less its cost at the mark. */
function profitLines(
  seen: Collector,
  kernel: Kernel,
): Pick<BacktestReport, 'byVenue' | 'byMarket' | 'byEvent' | 'byReason'> {
  const venue = new Tally();
  const market = new Tally();
  const event = new Tally();
  const reason = new Tally();
  const title = (id: MarketId): string => seen.infos.get(id)?.title || id;
  const eventOf = seen.eventNames();
  const titles = new Map<string, string>();
  const titleOf = (id: string): string => {
    let known = titles.get(id);
    if (known === undefined) titles.set(id, (known = eventTitle(seen, id)));
    return known;
  };
  const add = (id: MarketId, trade: TradeFacts | null, profit: number): void => {
    venue.add(venueOf(id), venueOf(id), profit);
    market.add(id, title(id), profit);
    event.add(eventOf(id), titleOf(eventOf(id)), profit);
    const why = trade === null ? 'other' : reasonOf(trade);
    reason.add(why, why, profit);
  };
  for (const flow of seen.trades.flows) add(flow.market, flow.trade, flow.realised);
  const marks = new Map<string, number>();
  for (const account of kernel.look.accounts())
    for (const position of account.positions) marks.set(`${position.market}|${position.outcome}`, position.mark ?? 0);
  for (const { market: id, outcome, trade, size, cost } of seen.trades.open())
    add(id, trade, Math.floor(((marks.get(`${id}|${outcome}`) ?? 0) * size) / 100) - cost);
  // Bids alone would show every complete set at the spread it crossed.
  const over = kernel.look.accounts().reduce((sum, { lockedOverBids }) => sum + lockedOverBids, 0);
  if (over !== 0)
    for (const tally of [venue, market, event, reason]) tally.add('locked', 'Complete sets over their bids', over);
  for (const trade of seen.trades.all) {
    if (trade.filled === 0) continue;
    reason.count(reasonOf(trade));
    const markets = new Set(trade.legs.map((leg) => leg.market));
    for (const id of markets) market.count(id);
    for (const id of new Set([...markets].map(eventOf))) event.count(id);
    for (const id of new Set([...markets].map(venueOf))) venue.count(id);
  }
  for (const { market: id, trade, fee } of seen.trades.charges) {
    market.charge(id, fee);
    event.charge(eventOf(id), fee);
    venue.charge(venueOf(id), fee);
    reason.charge(reasonOf(trade), fee);
  }
  return {
    byVenue: venue.lines(),
    byMarket: market.lines(LISTED_MARKETS),
    byEvent: event.lines(LISTED_MARKETS),
    byReason: reason.lines(),
  };
}

/** What the venue calls the event, else what its markets ask: an id says nothing to a person. */
function eventTitle(seen: Collector, event: string): string {
  const said = seen.events.get(event as GroupId)?.trim() ?? '';
  if (said !== '') return said;
  const alone = seen.infos.get(event as MarketId);
  if (alone !== undefined) return alone.title.trim() || event;
  const titles: string[] = [];
  for (const info of seen.infos.values())
    if (info.group === event && info.title.trim() !== '') titles.push(info.title.trim());
  return titles.length === 0 ? event : titles.length === 1 ? titles[0] : `${titles[0]} and ${titles.length - 1} more`;
}

/** A trade's workflow and the words of its reason up to the first number. */
const reasonOf = (trade: TradeFacts): string => {
  const words = trade.reason.split(/[-$]?\d/, 1)[0].trim();
  return words === '' ? trade.workflow : `${trade.workflow}: ${words}`;
};

class Tally {
  private readonly map = new Map<string, { title: string; profit: number; fees: number; trades: number }>();

  add(key: string, title: string, profit: number): void {
    this.of(key, title).profit += profit;
  }

  count(key: string): void {
    this.of(key, key).trades++;
  }

  charge(key: string, fee: number): void {
    this.of(key, key).fees += fee;
  }

  /** The weightiest first. What is beyond `most` stands in one last line, so that they add up whatever is shown. */
  lines(most = Infinity): readonly ProfitLine[] {
    const all = [...this.map].map(([key, line]): ProfitLine => ({ key, ...line }));
    all.sort((a, b) => Math.abs(b.profit) - Math.abs(a.profit) || (a.key < b.key ? -1 : 1));
    if (all.length <= most) return all;
    const rest = { key: 'rest', title: `${all.length - most} more`, profit: 0, fees: 0, trades: 0 };
    for (const { profit, fees, trades } of all.slice(most)) {
      rest.profit += profit;
      rest.fees += fees;
      rest.trades += trades;
    }
    return [...all.slice(0, most), rest];
  }

  private of(key: string, title: string) {
    let line = this.map.get(key);
    if (line === undefined) this.map.set(key, (line = { title, profit: 0, fees: 0, trades: 0 }));
    return line;
  }
}

function returnsOf(series: EquitySeries, seed: number): BacktestReport['returns'] {
  const period = periodOf(series.span);
  const equity = series.by(period.name);
  const returns = returnsOn(equity);
  const moments = series.moments();
  const perYear = YEAR_MS / period.ms;
  const nothing = { value: null, low: null, high: null };
  if (returns.length < LEAST_RETURNS || equity.some((value) => !(value > 0)))
    return {
      period: period.name,
      count: returns.length,
      sharpeAnnual: nothing,
      sortinoAnnual: null,
      psr: null,
      hitRate: null,
      profitFactor: null,
      moments,
    };
  const figures = performanceOf(returns, perYear, equity[0]);
  // A year made of minutes would be a figure of nothing.
  const long = period.ms >= HOUR_MS;
  const draws =
    figures.sharpePerPeriod === null || !long
      ? null
      : percentileInterval(
          resample(returns, sharpeStatistic, {
            random: mulberry32(seed),
            by: { kind: 'blocks', length: usualBlockLength(returns.length) },
            resamples: RESAMPLES,
          }),
        );
  const yearly = (value: number): number => value * Math.sqrt(perYear);
  return {
    period: period.name,
    count: returns.length,
    sharpeAnnual:
      draws === null
        ? nothing
        : {
            value: figures.sharpeAnnual,
            low: yearly(draws.low),
            high: yearly(draws.high),
          },
    sortinoAnnual: long ? figures.sortinoAnnual : null,
    psr: probabilisticSharpe(figures.moments),
    hitRate: figures.hitRate,
    profitFactor: figures.profitFactor,
    moments,
  };
}

function tradeResults(
  seen: Collector,
  seed: number,
): { readonly meanProfit: Interval; readonly hitRate: number | null } {
  const eventOf = seen.eventNames();
  const profits = new Map<TradeFacts, number>();
  for (const { trade, realised } of seen.trades.flows)
    if (trade !== null) profits.set(trade, (profits.get(trade) ?? 0) + realised);
  // Trades on one event rise and fall together: they are drawn together.
  const byEvent = new Map<string, number[]>();
  for (const [trade, profit] of profits) {
    const event = eventOf(trade.legs[0].market);
    const known = byEvent.get(event);
    if (known === undefined) byEvent.set(event, [profit]);
    else known.push(profit);
  }
  const values = [...byEvent.values()].flat();
  if (values.length === 0)
    return {
      meanProfit: { value: null, low: null, high: null },
      hitRate: null,
    };
  const starts: number[] = [];
  let at = 0;
  for (const group of byEvent.values()) {
    starts.push(at);
    at += group.length;
  }
  // One event drawn again and again is always itself: that would be a certainty nobody has.
  const { low, high } =
    byEvent.size < 2
      ? { low: null, high: null }
      : percentileInterval(
          resample(values, meanStatistic, {
            random: mulberry32(seed),
            by: { kind: 'events', starts },
            resamples: RESAMPLES,
          }),
        );
  const decided = values.filter((one) => one !== 0);
  return {
    meanProfit: { value: meanStatistic(Float64Array.from(values)), low, high },
    hitRate: decided.length === 0 ? null : decided.filter((one) => one > 0).length / decided.length,
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
