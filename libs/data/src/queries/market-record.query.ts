import type { Pool } from 'pg';

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
  const { rows } = await pool.query<
    Record<'at' | 'bid' | 'ask' | 'bid_size' | 'ask_size', number> & { trusted: boolean }
  >(
    `select at, bid, ask, bid_size, ask_size, trusted from (
       (select * from quote where lane = $1 and market = $2 and at < $3 order by at desc, seq desc limit 1)
       union all
       (select * from quote where lane = $1 and market = $2 and at >= $3 and at < $4)
     ) stood order by at, seq`,
    [lane, ref, from, to],
  );
  return {
    at: rows.map((row) => row.at),
    bid: rows.map((row) => row.bid),
    ask: rows.map((row) => row.ask),
    bidSize: rows.map((row) => row.bid_size),
    askSize: rows.map((row) => row.ask_size),
    trusted: rows.map((row) => row.trusted),
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
  const { rows } = await pool.query<{ at: number }>(
    `(select $3::bigint as at from quote where lane = $1 and market = $2 and at < $3 limit 1)
     union all
     (select at from quote where lane = $1 and market = $2 and at >= $3 order by at limit 1)
     order by at limit 1`,
    [lane, ref, from],
  );
  return rows[0]?.at ?? null;
}
