import type { Pool } from 'pg';
import { firstQuoteAt, quoteBefore, type QuoteRow } from './quote-at.query.js';

/** What was recorded of one market's top of book, oldest first; -1 is an absent side. */
export interface QuoteRecord {
  readonly at: readonly number[];
  readonly bid: readonly number[];
  readonly ask: readonly number[];
  readonly bidSize: readonly number[];
  readonly askSize: readonly number[];
  readonly trusted: readonly boolean[];
}

export interface TradeRecord {
  readonly at: readonly number[];
  readonly size: readonly number[];
}

interface Span {
  readonly lane: number;
  readonly ref: number;
  readonly from: number;
  readonly to: number;
}

/** Every top of book that stood between `from` and, without it, `to`, the one in force at `from` first. */
export async function quoteRecord(pool: Pool, { lane, ref, from, to }: Span): Promise<QuoteRecord> {
  const [stood, { rows }] = await Promise.all([
    quoteBefore(pool, { lane, ref }, from),
    pool.query<QuoteRow>(
      `select at, seq, bid, ask, bid_size as "bidSize", ask_size as "askSize", trusted from quote
       where lane = $1 and market = $2 and at >= $3 and at < $4 order by at, seq`,
      [lane, ref, from, to],
    ),
  ]);
  const all = stood === null ? rows : [stood, ...rows];
  return {
    at: all.map((row) => row.at),
    bid: all.map((row) => row.bid),
    ask: all.map((row) => row.ask),
    bidSize: all.map((row) => row.bidSize),
    askSize: all.map((row) => row.askSize),
    trusted: all.map((row) => row.trusted),
  };
}

/** Trades between `from` and, without it, `to`. */
export async function tradeRecord(pool: Pool, { lane, ref, from, to }: Span): Promise<TradeRecord> {
  const { rows } = await pool.query<{ at: number; size: number }>(
    'select at, size from trade where lane = $1 and market = $2 and at >= $3 and at < $4 order by at, seq',
    [lane, ref, from, to],
  );
  return { at: rows.map((row) => row.at), size: rows.map((row) => row.size) };
}

/** Since when a market's top of book is known, not before `from`; `null` when it is not. */
export async function quotesSince(pool: Pool, { lane, ref, from }: Omit<Span, 'to'>): Promise<number | null> {
  if ((await quoteBefore(pool, { lane, ref }, from)) !== null) return from;
  return firstQuoteAt(pool, { lane, ref }, from, Number.MAX_SAFE_INTEGER - 1);
}
