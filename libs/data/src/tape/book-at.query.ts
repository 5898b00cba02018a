import type pg from 'pg';
import { Defect, OrderBook, type MarketRef } from '#core';
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

const DAY = 86_400_000;
/** A book that changed lately has a checkpoint nearby; through the parts of years only one is looked for that rested. */
const LOOK_BACK_MS = [DAY, 30 * DAY, Number.MAX_SAFE_INTEGER];

interface Checkpoint {
  readonly seq: number;
  readonly at: number;
  readonly levels: Buffer;
}

interface Around {
  /** The market's own newest one. */
  readonly checkpoint: Checkpoint | null;
  /** The last end of a block before the moment, not looked for further back than the checkpoint. */
  readonly block: Checkpoint | null;
  /** The first end of a block behind it, if it came within a day. */
  readonly end: Checkpoint | null;
}

async function checkpointsAround(
  pool: pg.Pool,
  lane: number,
  market: MarketRef,
  upTo: number,
  until: number,
): Promise<Around> {
  for (const value of [lane, market, upTo, until])
    if (!Number.isSafeInteger(value)) throw new Defect(`a past book is asked for by integers, not ${value}`);
  const select = 'SELECT seq, at, levels FROM book_checkpoint WHERE lane =';
  let block: Checkpoint | null = null;
  let end: Checkpoint | null = null;
  for (const back of LOOK_BACK_MS) {
    // In the text: only of values that stand there are parts left out before they are planned for. By time first: the parts
    // are ordered by it, and the first row found is the answer.
    const newest = (of: number): string =>
      `${select} ${lane} AND market = ${of} AND seq <= ${upTo} AND at <= ${until} AND at > ${Math.max(-1, until - back)} ORDER BY at DESC, seq DESC LIMIT 1`;
    const next = `${select} ${lane} AND market = ${BLOCK_END} AND at > ${until} AND at <= ${Math.min(until + DAY, Number.MAX_SAFE_INTEGER)} ORDER BY at, seq LIMIT 1`;
    const found: { readonly rows: readonly (Checkpoint & { readonly of: string })[] } = await pool.query(
      `SELECT 'book' AS of, * FROM (${newest(market)}) AS book UNION ALL SELECT 'block', * FROM (${newest(BLOCK_END)}) AS block
       ${back === LOOK_BACK_MS[0] ? `UNION ALL SELECT 'end', * FROM (${next}) AS ending` : ''}`,
    );
    const row = (of: string): Checkpoint | null => found.rows.find((each) => each.of === of) ?? null;
    block ??= row('block');
    end ??= row('end');
    const checkpoint = row('book');
    if (checkpoint !== null) return { checkpoint, block, end };
    // That was everything.
    if (until - back < 0) break;
  }
  return { checkpoint: null, block, end };
}

/** No row of a lane is later than its last commit. */
async function headAt(pool: pg.Pool, lane: number): Promise<number> {
  const { rows } = await pool.query<{ at: number }>('SELECT head_at AS at FROM lane WHERE id = $1', [lane]);
  return rows[0]?.at ?? 0;
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
  const until = 'at' in moment ? moment.at : await headAt(pool, lane);
  const upTo = 'seq' in moment ? moment.seq : Number.MAX_SAFE_INTEGER;
  const [{ checkpoint, block, end }, after] = await Promise.all([
    checkpointsAround(pool, lane, market, upTo, until),
    'at' in moment ? seqNotBefore(pool, lane, until) : null,
  ]);
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
