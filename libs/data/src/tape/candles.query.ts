import type pg from 'pg';
import { UserProblem, type MarketRef } from '#core';
import {
  CANDLE_COLUMNS,
  fromCandles,
  fromStream,
  packedFirstLast,
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
  return candles(pool, 'quote', span, (row) => ({
    at: row.at as number,
    bid: ohlc(row, 'bid'),
    ask: ohlc(row, 'ask'),
    mid: ohlc(row, 'mid'),
    spread: ohlc(row, 'spread'),
    meanSpread: row.two_sided === 0 ? null : (row.spread_sum as number) / (row.two_sided as number),
    quotes: row.quotes as number,
    untrusted: row.untrusted as number,
  }));
}

export async function tradeCandles(pool: pg.Pool, span: CandleSpan): Promise<Candles<TradeCandle>> {
  return candles(pool, 'trade', span, (row) => ({
    at: row.at as number,
    price: ohlc(row, 'price'),
    volume: row.volume as number,
    bought: row.bought as number,
    meanPrice: row.volume === 0 ? null : ((row.notional as number) / (row.volume as number)) * 100,
    trades: row.trades as number,
  }));
}

type MutableRow = Record<string, number | null>;
type Row = Readonly<MutableRow>;

const ohlc = (row: Row, name: string): Ohlc => ({
  open: row[`${name}_open`],
  high: row[`${name}_high`],
  low: row[`${name}_low`],
  close: row[`${name}_close`],
});

async function candles<C>(
  pool: pg.Pool,
  source: CandleSource,
  span: CandleSpan,
  candle: (row: Row) => C,
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
  const steps = new Steps(source, stepMs);
  const take = (row: RowReader): void => steps.take(row);
  if (selects.length > 0) {
    const sql = selects.map((select) => `COPY (${select}) TO STDOUT (FORMAT binary)`).join('; ');
    await withClient(pool, 'candles could not be read', (client) => copyOut(client, sql, ...selects.map(() => take)));
  }
  return { resolution, stepMs, candles: steps.rows().map(candle) };
}

/** One piece by steps, oldest first: a year of hours is ten thousand rows of twenty numbers, a chart shows a thousand. */
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
  const values = columns.map((column) =>
    piece.candles ? fromCandles(column, packedFirstLast) : fromStream(column, plainFirstLast),
  );
  return [`SELECT at / ${stepMs} * ${stepMs}, ${values.join(', ')} ${where} GROUP BY 1 ORDER BY 1`];
}

/** Steps of several pieces, as they come: where one ends within a step the next goes on with it. */
class Steps {
  private readonly columns;
  private readonly at: number[] = [];
  /** A step's numbers in the order of the columns; `NaN` is none. */
  private values = new Float64Array(0);
  private base = 0;

  constructor(
    source: CandleSource,
    private readonly stepMs: number,
  ) {
    this.columns = CANDLE_COLUMNS[source];
  }

  take(row: RowReader): void {
    const { columns, stepMs } = this;
    const at = Math.floor(row.int64() / stepMs) * stepMs;
    if (this.at[this.at.length - 1] !== at) this.begin(at);
    const { values } = this;
    for (let i = 0, place = this.base; i < columns.length; i++, place++) {
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

  rows(): Row[] {
    const { columns, values } = this;
    return this.at.map((at, step) => {
      const row: MutableRow = { at };
      columns.forEach(({ name }, i) => {
        const value = values[step * columns.length + i];
        row[name] = Number.isNaN(value) ? null : value;
      });
      return row;
    });
  }

  private begin(at: number): void {
    const { length } = this.columns;
    this.base = this.at.push(at) * length - length;
    if (this.base + length <= this.values.length) return;
    const grown = new Float64Array(Math.max(length * 512, this.values.length * 2)).fill(NaN);
    grown.set(this.values);
    this.values = grown;
  }
}
