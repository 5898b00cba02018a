import { ASK, BID, type BookSide, type OrderBook, type MarketRef, type Price, type Size } from '#core';
import type { Pool } from 'pg';
import { bookAt } from '../tape/book-at.query.js';
import type { MarketPlace } from './price-history.query.js';
import { trustBefore } from './trust-at.query.js';

export interface DepthLevel {
  readonly price: Price;
  readonly size: Size;
}

/** A market's book as committed; `seq` and `at` are those of the change that made it so. */
export interface DepthRow {
  readonly market: string;
  readonly seq: number;
  readonly at: number;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly trusted: boolean;
}

/** The book at the committed head, best first, at most `levels` a side. */
export async function marketDepth(pool: Pool, place: MarketPlace, levels: number): Promise<DepthRow> {
  const [{ book, seq, at }, state] = await Promise.all([
    bookAt(pool, place.lane, place.ref as MarketRef, { seq: Number.MAX_SAFE_INTEGER }),
    pool.query<{ trusted: boolean }>('select trusted from market_state where lane = $1 and ref = $2', [
      place.lane,
      place.ref,
    ]),
  ]);
  return {
    market: place.id,
    seq,
    at: seq === 0 ? place.headAt : at,
    bids: sideOf(book, BID, levels),
    asks: sideOf(book, ASK, levels),
    trusted: state.rows[0]?.trusted ?? false,
  };
}

/** The book as it was at the end of the millisecond `at`, and whether it could be trusted then. */
export async function pastDepth(pool: Pool, place: MarketPlace, at: number, levels: number): Promise<DepthRow> {
  const [past, trust] = await Promise.all([
    bookAt(pool, place.lane, place.ref as MarketRef, { at }),
    trustBefore(pool, place, at + 1),
  ]);
  return {
    market: place.id,
    seq: past.seq,
    at: past.at,
    bids: sideOf(past.book, BID, levels),
    asks: sideOf(past.book, ASK, levels),
    trusted: trust?.trusted ?? false,
  };
}

const sideOf = (book: OrderBook, which: BookSide, levels: number): DepthLevel[] =>
  Array.from({ length: Math.min(levels, book.count(which)) }, (_, level) => ({
    price: book.price(which, level),
    size: book.size(which, level),
  }));

/** Which of these markets' books, or their trust, changed within a span of the tape. */
export async function changedBooks(
  pool: Pool,
  lane: number,
  markets: readonly number[],
  afterSeq: number,
  toSeq: number,
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ market: number }>(
    `select distinct market from book_change where lane = $1 and seq > $2 and seq <= $3 and market = any($4)
     union select market from continuity where lane = $1 and seq > $2 and seq <= $3 and market = any($4)`,
    [lane, afterSeq, toSeq, markets],
  );
  return rows.map(({ market }) => market);
}
