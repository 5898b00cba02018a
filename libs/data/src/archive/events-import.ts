import type pg from 'pg';
import { ASK, BID, OrderBook, type MarketRef, type TapeEvent } from '#core';
import type { BatchParts, QuoteChange } from '../contracts.js';
import { ensureSpan, rollUpCandles } from '../layout/storage-layout.js';
import { BookBlocks } from '../tape/book-blocks.js';
import { tapeBatch } from '../tape/tape-rows.js';
import { createTapeStore } from '../tape/tape.store.js';
import { claimLane } from './import-lane.js';

export interface EventsImport {
  readonly lane: number;
  /** Names the source: the same events always have the same one. */
  readonly digest: string;
  /** Gapless from 1, `at` never falling, lane as above. */
  readonly events: readonly TapeEvent[];
  readonly now: number;
  /** From 0 to 1. */
  readonly progress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

const EVENTS_PER_COMMIT = 5_000;

/**
 * Puts events made elsewhere (from captured frames) into a lane of their own, with the quotes and checkpoints a recorder
 * would have written. Goes on where it was interrupted; a second time it writes nothing. Returns the events written.
 *
 * @throws UserProblem when the lane holds something else.
 */
export async function importEvents(pool: pg.Pool, options: EventsImport): Promise<number> {
  const { lane, digest, events, now, progress, signal } = options;
  if (events.length === 0) return 0;
  const last = events[events.length - 1];
  const { epoch, headSeq } = await claimLane(pool, lane, { digest, fromSeq: 1, toSeq: last.seq }, now);
  const span = { from: events[0].at, to: last.at };
  await ensureSpan(pool, span.from, span.to);
  const store = createTapeStore(pool);
  const books = new Books();
  let written = 0;
  for (let from = 0; from < events.length; from += EVENTS_PER_COMMIT) {
    signal?.throwIfAborted();
    const part = events.slice(from, from + EVENTS_PER_COMMIT);
    // Also of what is there already: the books must be right for what follows.
    const { quotes, checkpoints } = books.take(part);
    const { seq: toSeq } = part[part.length - 1];
    if (toSeq <= headSeq) continue;
    await store.append(
      tapeBatch({
        lane,
        epoch,
        events: part,
        quotes,
        checkpoints,
      }),
    );
    written += part.length;
    progress?.((from + part.length) / events.length);
  }
  await rollUpCandles(pool, now, span);
  await pool.query('UPDATE tape_import SET finished_at = coalesce(finished_at, $2) WHERE lane = $1', [lane, now]);
  return written;
}

class Books {
  private readonly books = new Map<MarketRef, OrderBook>();
  private readonly trusted = new Map<MarketRef, boolean>();
  private readonly tops = new Map<MarketRef, string>();
  private readonly blocks = new BookBlocks();

  take(events: readonly TapeEvent[]): Pick<BatchParts, 'quotes' | 'checkpoints'> {
    const quotes: QuoteChange[] = [];
    for (const event of events) {
      if (event.kind !== 'book' && event.kind !== 'continuity') continue;
      const { market, at, seq } = event;
      const book = this.of(market);
      this.blocks.take(event);
      if (event.kind === 'book') book.apply(event.levels, event.snapshot);
      else this.trusted.set(market, event.trusted);
      const bid = book.count(BID) > 0;
      const ask = book.count(ASK) > 0;
      const quote = {
        market,
        at,
        bid: bid ? book.price(BID, 0) : -1,
        bidSize: bid ? book.size(BID, 0) : 0,
        ask: ask ? book.price(ASK, 0) : -1,
        askSize: ask ? book.size(ASK, 0) : 0,
        trusted: this.trusted.get(market) ?? false,
      } as QuoteChange['quote'];
      const top = [quote.bid, quote.bidSize, quote.ask, quote.askSize, quote.trusted].join(' ');
      if (this.tops.get(market) === top) continue;
      this.tops.set(market, top);
      quotes.push({ quote, seq });
    }
    const { seq, at } = events[events.length - 1];
    return { quotes, checkpoints: this.blocks.cut(seq, at, (market) => this.of(market).toLevels()) };
  }

  private of(market: MarketRef): OrderBook {
    let book = this.books.get(market);
    if (book === undefined) this.books.set(market, (book = new OrderBook()));
    return book;
  }
}
