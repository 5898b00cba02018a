import type { Pool } from 'pg';
import type { MarketPlace } from './price-history.query.js';
import { quoteBefore, type QuoteRow } from './quote-at.query.js';

/** Columns of equal length, oldest first, of one name that one model publishes; `null` ends where it gives no band. */
export interface EstimateColumns {
  readonly model: string;
  readonly name: string;
  readonly at: number[];
  readonly value: number[];
  readonly low: (number | null)[];
  readonly high: (number | null)[];
}

interface Row {
  readonly model: string;
  readonly name: string;
  readonly seq: number;
  readonly at: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A quiet market is written down once a minute: older than this nothing may be in force. */
const IN_FORCE_MS = 150_000;
const MOST_POINTS = 5_000;
const MOST_ROWS = 100_000;

/** The last estimate of each of about `points` equal spans, by model and name, led by the one in force at `from`. */
export async function estimateSeries(
  pool: Pool,
  market: MarketPlace,
  span: { readonly from: number; readonly to: number; readonly points: number },
): Promise<readonly EstimateColumns[]> {
  const { to } = span;
  // A span that begins long before anything was said is as long as what was said: its points are spread over that.
  const from = (to - span.from) / MOST_POINTS < IN_FORCE_MS ? span.from : await firstSaidAt(pool, market, span);
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.min(MOST_POINTS, Math.max(2, span.points))));
  const { rows } = await pool.query<Row>(
    `(select distinct on (model, name) model, name, seq, greatest(at, $3::bigint) as at, value, low, high from estimate
        where lane = $1 and market = $2 and at >= $3::bigint - $6::bigint and at < $3 order by model, name, estimate.at desc, seq desc)
     union all
     (select model, name, seq, at, value, low, high from (
        select distinct on (model, name, (at - $3::bigint) / $5::bigint) model, name, seq, at, value, low, high from estimate
        where lane = $1 and market = $2 and at >= $3 and at <= $4
        order by model, name, (at - $3::bigint) / $5::bigint, seq desc) spans)
     order by model, name, seq limit ${MOST_ROWS}`,
    [market.lane, market.id, from, to, step, IN_FORCE_MS],
  );
  const series: EstimateColumns[] = [];
  for (const { model, name, at, value, low, high } of rows) {
    let last = series.at(-1);
    if (last === undefined || last.model !== model || last.name !== name)
      series.push((last = { model, name, at: [], value: [], low: [], high: [] }));
    last.at.push(at);
    last.value.push(value);
    last.low.push(low);
    last.high.push(high);
  }
  return series;
}

async function firstSaidAt(
  pool: Pool,
  market: MarketPlace,
  span: { readonly from: number; readonly to: number },
): Promise<number> {
  const { rows } = await pool.query<{ at: number }>(
    'select at from estimate where lane = $1 and market = $2 and at >= $3 and at <= $4 order by at limit 1',
    [market.lane, market.id, span.from, span.to],
  );
  return rows[0]?.at ?? span.from;
}

/** One estimate and where it stands on the tape. */
export type EstimateRow = Row;

/** What each model last said of each name, at a moment or before it. */
export async function estimatesAt(pool: Pool, market: MarketPlace, at: number): Promise<readonly EstimateRow[]> {
  const { rows } = await pool.query<EstimateRow>(
    `select distinct on (model, name) model, name, seq, at, value, low, high from estimate
     where lane = $1 and market = $2 and at <= $3 and at >= $3::bigint - 3600000
     order by model, name, at desc, seq desc`,
    [market.lane, market.id, at],
  );
  return rows;
}

export type QuoteAt = QuoteRow;

/** The quote in force after the event `seq` of a moment; `null` before the first. */
export const quoteAt = (pool: Pool, market: MarketPlace, at: number): Promise<QuoteAt | null> =>
  quoteBefore(pool, market, at + 1);
