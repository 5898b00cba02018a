import type pg from 'pg';
import { UserProblem, type MarketRef } from '#core';
import {
  CANDLE_COLUMNS,
  fromCandles,
  fromStream,
  packedFirstLast,
  PACKED_AT,
  plainFirstLast,
  RESOLUTIONS,
  type CandleSource,
  type CandlesPiece,
  type Resolution,
} from '../layout/candle-tables.js';
import { withClient } from '../lend-client.js';
import { layoutOf } from '../layout/storage-layout.js';
import { copyOut } from './copy-connection.js';
import type { RowReader } from './row-reader.js';

/** Prices in micro-dollars; `null` where nothing of it was heard. */
export interface Ohlc {
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
}

/** Of quotes whose book was trusted. A span without a change has no candle: the last close goes on. */
export interface QuoteCandle {
  /** Start, ms; the candle covers `at … at + stepMs`. */
  readonly at: number;
  readonly bid: Ohlc;
  readonly ask: Ohlc;
  /** (bid + ask) / 2, rounded down. */
  readonly mid: Ohlc;
  readonly spread: Ohlc;
  /** Mean of `ask - bid` over the quotes with both sides; `null` without one. */
  readonly meanSpread: number | null;
  readonly quotes: number;
  readonly untrusted: number;
}

export interface TradeCandle {
  readonly at: number;
  readonly price: Ohlc;
  /** Hundredths of a contract; `bought` is what takers bought of YES. */
  readonly volume: number;
  readonly bought: number;
  /** Mean price weighted by size, micro-dollars. */
  readonly meanPrice: number | null;
  readonly trades: number;
}

export interface Candles<C> {
  /** Which candles it was made of. */
  readonly resolution: Resolution;
  /** Length of each candle, ms: a multiple of the resolution's. */
  readonly stepMs: number;
  /** Oldest first. */
  readonly candles: readonly C[];
}

export interface CandleSpan {
  readonly lane: number;
  readonly market: MarketRef;
  /** ms, inclusive. */
  readonly from: number;
  readonly to: number;
  /** Candles wanted at most, as a chart is wide. */
  readonly pixels: number;
}

const MOST_PIXELS = 10_000;

/** The coarsest resolution that still gives a candle per pixel, and the step that gives no more than that. */
export function candleStep(from: number, to: number, pixels: number): { resolution: Resolution; stepMs: number } {
  const wanted = (to - from + 1) / pixels;
  let [resolution, ms] = RESOLUTIONS[0];
  for (const [name, length] of RESOLUTIONS) if (length <= wanted) [resolution, ms] = [name, length];
  let stepMs = Math.max(1, Math.ceil(wanted / ms)) * ms;
  // Steps begin at multiples of themselves: one more than fits may be cut at both ends.
  while (Math.floor(to / stepMs) - Math.floor(from / stepMs) + 1 > pixels) stepMs += ms;
  return { resolution, stepMs };
}

export async function quoteCandles(pool: pg.Pool, span: CandleSpan): Promise<Candles<QuoteCandle>> {
  const [bid, ask, mid, spread] = (['bid', 'ask', 'mid', 'spread'] as const).map((name) => ohlcOf('quote', name));
  const [spreadSum, twoSided, quotes, untrusted] = places('quote', 'spread_sum', 'two_sided', 'quotes', 'untrusted');
  return candles(pool, 'quote', span, (at, values, base) => ({
    at,
    bid: bid(values, base),
    ask: ask(values, base),
    mid: mid(values, base),
    spread: spread(values, base),
    meanSpread: values[base + twoSided] === 0 ? null : values[base + spreadSum] / values[base + twoSided],
    quotes: values[base + quotes],
    untrusted: values[base + untrusted],
  }));
}

export async function tradeCandles(pool: pg.Pool, span: CandleSpan): Promise<Candles<TradeCandle>> {
  const price = ohlcOf('trade', 'price');
  const [volume, bought, notional, trades] = places('trade', 'volume', 'bought', 'notional', 'trades');
  return candles(pool, 'trade', span, (at, values, base) => ({
    at,
    price: price(values, base),
    volume: values[base + volume],
    bought: values[base + bought],
    meanPrice: values[base + volume] === 0 ? null : (values[base + notional] / values[base + volume]) * 100,
    trades: values[base + trades],
  }));
}

/** Places of columns within a step's numbers. */
const places = (source: CandleSource, ...names: readonly string[]): readonly number[] =>
  names.map((name) => CANDLE_COLUMNS[source].findIndex((column) => column.name === name));

function ohlcOf(source: CandleSource, name: string): (values: Float64Array, base: number) => Ohlc {
  const [open, high, low, close] = places(source, `${name}_open`, `${name}_high`, `${name}_low`, `${name}_close`);
  const of = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return (values, base) => ({
    open: of(values[base + open]),
    high: of(values[base + high]),
    low: of(values[base + low]),
    close: of(values[base + close]),
  });
}

async function candles<C>(
  pool: pg.Pool,
  source: CandleSource,
  span: CandleSpan,
  candle: (at: number, values: Float64Array, base: number) => C,
): Promise<Candles<C>> {
  const { lane, market, from, to, pixels } = span;
  for (const value of [lane, market, from, to, pixels])
    if (!Number.isSafeInteger(value)) throw new UserProblem(`a span of candles is given by integers, not ${value}`);
  if (pixels < 1 || pixels > MOST_PIXELS || to < from)
    throw new UserProblem(`candles need 1 … ${MOST_PIXELS} pixels and a span that does not end before it begins`);
  const { resolution, stepMs } = candleStep(from, to, pixels);
  const layout = await layoutOf(pool);
  const pieces = await layout.candlePieces(pool, source, resolution, lane);
  const bounds = { from: Math.floor(from / stepMs) * stepMs, to: (Math.floor(to / stepMs) + 1) * stepMs };
  const selects = pieces.flatMap((piece) => pieceSql(source, piece, stepMs, lane, market, bounds));
  const steps = new Steps(source);
  const take = (row: RowReader): void => steps.take(row);
  if (selects.length > 0) {
    const sql = selects.map((select) => `COPY (${select}) TO STDOUT (FORMAT binary)`).join('; ');
    await withClient(pool, 'candles could not be read', (client) => copyOut(client, sql, ...selects.map(() => take)));
  }
  return { resolution, stepMs, candles: steps.all(candle) };
}

/**
 * One piece by steps, in any order: a year of hours is ten thousand rows of twenty numbers, a chart shows a thousand. What
 * every column needs of `at` is reckoned once a row, in a select of its own that `OFFSET` keeps the planner from dissolving.
 */
function pieceSql(
  source: CandleSource,
  piece: CandlesPiece,
  stepMs: number,
  lane: number,
  market: number,
  bounds: { readonly from: number; readonly to: number },
): string[] {
  const from = Math.max(bounds.from, piece.from ?? 0);
  const to = Math.min(bounds.to, piece.to ?? Number.MAX_SAFE_INTEGER);
  if (to <= from) return [];
  const where = `FROM ${piece.table} WHERE lane = ${lane} AND market = ${market} AND at >= ${from} AND at < ${to}`;
  const columns = CANDLE_COLUMNS[source];
  const step = `at / ${stepMs} * ${stepMs}`;
  if (!piece.candles) {
    const values = columns.map((column) => fromStream(column, plainFirstLast));
    return [`SELECT ${step}, ${values.join(', ')} ${where} GROUP BY 1`];
  }
  const names = columns.map(({ name }) => name).join(', ');
  const values = columns.map((column) => fromCandles(column, packedFirstLast));
  return [
    `SELECT step, ${values.join(', ')} FROM (SELECT ${step} AS step, ${PACKED_AT} AS packed_at, ${names} ${where} OFFSET 0) rows GROUP BY step`,
  ];
}

/** Steps of several pieces, piece after piece: where one ends within a step the next goes on with it. */
class Steps {
  private readonly columns;
  private readonly bases = new Map<number, number>();
  /** A step's numbers in the order of the columns; `NaN` is none. */
  private values = new Float64Array(0);

  constructor(source: CandleSource) {
    this.columns = CANDLE_COLUMNS[source];
  }

  take(row: RowReader): void {
    const { columns } = this;
    const at = row.int64();
    const base = this.bases.get(at) ?? this.begin(at);
    const { values } = this;
    for (let i = 0, place = base; i < columns.length; i++, place++) {
      const { type, how } = columns[i];
      const value =
        type === 'integer' ? row.int32OrNull() : type === 'bigint' ? row.int64OrNull() : row.float64OrNull();
      if (value === null) continue;
      const before = values[place];
      // NaN is not itself: nothing was there.
      if (before !== before || how === 'last') values[place] = value;
      else if (how === 'max') values[place] = Math.max(before, value);
      else if (how === 'min') values[place] = Math.min(before, value);
      else if (how !== 'first') values[place] = before + value;
    }
  }

  /** Oldest first. */
  all<C>(candle: (at: number, values: Float64Array, base: number) => C): C[] {
    return [...this.bases].sort((a, b) => a[0] - b[0]).map(([at, base]) => candle(at, this.values, base));
  }

  private begin(at: number): number {
    const { length } = this.columns;
    const base = this.bases.size * length;
    this.bases.set(at, base);
    if (base + length <= this.values.length) return base;
    const grown = new Float64Array(Math.max(length * 512, this.values.length * 2)).fill(NaN);
    grown.set(this.values);
    this.values = grown;
    return base;
  }
}
