import type pg from 'pg';
import { OrderBook, type MarketRef } from '#core';
import { decodeLevels, NO_LEVEL, SNAPSHOT } from './stream-rows.js';

export interface PastBook {
  readonly book: OrderBook;
  /** `seq` and `at` of the last change in it; 0 when nothing was recorded before. */
  readonly seq: number;
  readonly at: number;
}

/** Beats come every second; of a lane that was down longer than this the head is the bound. */
const QUIET_MS = 60_000;

/**
 * The book of a market as it was right after `seq`, or at the end of the millisecond `at`: the newest checkpoint before
 * it plus the changes since.
 */
export async function bookAt(
  pool: pg.Pool,
  lane: number,
  market: MarketRef,
  moment: { readonly seq: number } | { readonly at: number },
): Promise<PastBook> {
  const until = 'at' in moment ? moment.at : Number.MAX_SAFE_INTEGER;
  const upTo = 'seq' in moment ? moment.seq : await seqBound(pool, lane, moment.at);
  const found = await pool.query<{ seq: number; at: number; levels: Buffer }>({
    name: 'checkpoint-before',
    text: `SELECT seq, at, levels FROM book_checkpoint
      WHERE lane = $1 AND market = $2 AND seq <= $3 AND at <= $4 ORDER BY seq DESC LIMIT 1`,
    values: [lane, market, upTo, until],
  });
  const checkpoint = found.rows[0];
  const book = checkpoint ? OrderBook.fromLevels(decodeLevels(checkpoint.levels)) : new OrderBook();
  let seq = Number(checkpoint?.seq ?? 0);
  let at = Number(checkpoint?.at ?? 0);
  const changes = await pool.query<{
    seq: number;
    at: number;
    flags: number;
    side: 0 | 1;
    price: number;
    size: number;
  }>({
    name: 'changes-since',
    text: `SELECT seq, at, flags, side, price, size FROM book_change
      WHERE lane = $1 AND market = $2 AND seq > $3 AND seq <= $4 AND at BETWEEN $5 AND $6 ORDER BY seq, ord`,
    values: [lane, market, seq, upTo, at, until],
  });
  for (const row of changes.rows) {
    if ((row.flags & SNAPSHOT) !== 0) book.clear();
    if ((row.flags & NO_LEVEL) === 0) book.set(row.side, row.price, Number(row.size));
    seq = Number(row.seq);
    at = Number(row.at);
  }
  return { book, seq, at };
}

/** A `seq` not before the last one of the moment, and close to it: that of the next beat. `at` never falls as `seq` grows. */
async function seqBound(pool: pg.Pool, lane: number, at: number): Promise<number> {
  const next = await pool.query<{ seq: number | null }>({
    name: 'beat-after',
    text: 'SELECT min(seq) AS seq FROM pulse WHERE lane = $1 AND at > $2 AND at <= $3 AND market IS NULL',
    values: [lane, at, at + QUIET_MS],
  });
  const seq = next.rows[0]?.seq ?? null;
  if (seq !== null) return Number(seq);
  const head = await pool.query<{ seq: number }>('SELECT head_seq AS seq FROM lane WHERE id = $1', [lane]);
  return Number(head.rows[0]?.seq ?? 0);
}
