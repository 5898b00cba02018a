import type pg from 'pg';
import { OrderBook, type MarketRef } from '#core';
import { BLOCK_END } from './book-blocks.js';
import { decodeLevels } from './book-levels.js';
import { NO_LEVEL, SNAPSHOT } from './stream-rows.js';
import { seqNotBefore } from './tape-times.js';

export interface PastBook {
  readonly book: OrderBook;
  /** `seq` and `at` of the last change in it; 0 when nothing was recorded before. */
  readonly seq: number;
  readonly at: number;
}

/**
 * The book of a market as it was right after `seq`, or at the end of the millisecond `at`: the newest checkpoint before
 * it plus the changes since, of which there are none between the checkpoint and the last end of a block.
 */
export async function bookAt(
  pool: pg.Pool,
  lane: number,
  market: MarketRef,
  moment: { readonly seq: number } | { readonly at: number },
): Promise<PastBook> {
  const until = 'at' in moment ? moment.at : Number.MAX_SAFE_INTEGER;
  const upTo = 'seq' in moment ? moment.seq : Number.MAX_SAFE_INTEGER;
  // By time first: the parts are ordered by it, and the first row found is the answer.
  const newest = (column: string): string =>
    `(SELECT seq, at, levels FROM book_checkpoint
      WHERE lane = $1 AND market = ${column} AND seq <= $3 AND at <= $4 ORDER BY at DESC, seq DESC LIMIT 1)`;
  const asked = pool.query<{ of: 'book' | 'block' | 'end'; seq: number; at: number; levels: Buffer }>({
    name: 'checkpoint-before',
    text: `SELECT 'book' AS of, * FROM ${newest('$2')} AS book UNION ALL SELECT 'block', * FROM ${newest(String(BLOCK_END))} AS block
      UNION ALL SELECT 'end', * FROM (SELECT seq, at, levels FROM book_checkpoint
        WHERE lane = $1 AND market = ${BLOCK_END} AND at > $4 ORDER BY at, seq LIMIT 1) AS ending`,
    values: [lane, market, upTo, until],
  });
  const [found, after] = await Promise.all([asked, 'at' in moment ? seqNotBefore(pool, lane, until) : null]);
  const checkpoint = found.rows.find((row) => row.of === 'book');
  const block = found.rows.find((row) => row.of === 'block');
  // Nothing of the moment lies behind the end of its block, nor behind the next mark.
  const end = found.rows.find((row) => row.of === 'end');
  const book = checkpoint ? OrderBook.fromLevels(decodeLevels(checkpoint.levels)) : new OrderBook();
  let seq = Number(checkpoint?.seq ?? 0);
  let at = Number(checkpoint?.at ?? 0);
  const fromSeq = Math.max(seq, Number(block?.seq ?? 0));
  const fromAt = Math.max(at, Number(block?.at ?? 0));
  const changes = await pool.query<{
    seq: number;
    at: number;
    flags: number;
    side: 0 | 1;
    price: number;
    size: number;
  }>(
    // Not prepared: only the values tell which parts of the table need no look.
    `SELECT seq, at, flags, side, price, size FROM book_change
     WHERE lane = $1 AND market = $2 AND seq > $3 AND seq <= $4 AND at BETWEEN $5 AND $6 ORDER BY seq, ord`,
    [lane, market, fromSeq, Math.min(upTo, after ?? upTo, Number(end?.seq ?? upTo)), fromAt, until],
  );
  for (const row of changes.rows) {
    if ((row.flags & SNAPSHOT) !== 0) book.clear();
    if ((row.flags & NO_LEVEL) === 0) book.set(row.side, row.price, Number(row.size));
    seq = Number(row.seq);
    at = Number(row.at);
  }
  return { book, seq, at };
}
