import type pg from 'pg';
import {
  Defect,
  type MarketRef,
  type Price,
  type Size,
  type TapeEvent,
  type TradeEvent,
  type ContinuityEvent,
} from '#core';
import type { TapeChunk } from '#engine';
import { BookColumns } from './book-columns.js';
import { copyOut } from './copy-connection.js';
import type { RowReader } from './row-reader.js';
import { TapeTimes, type TimeBounds } from './tape-times.js';
import { MERGED_SHIFT, SNAPSHOT, NO_LEVEL } from './stream-rows.js';
import { withClient } from '../lend-client.js';

const TWO_32 = 2 ** 32;
const FIRST_WINDOW = 2_048;
const LARGEST_WINDOW = 65_536;
/** Of a few markets only, among the events of all. */
const LARGEST_SPARSE_WINDOW = 4_194_304;
/** Rows aimed at per window: of a compressed part each window unpacks the same batches of the markets that rest again. */
const WINDOW_ROWS = 150_000;
/** Windows under way beside the one that is used: the server sends one while we still put another together. */
const AHEAD = 2;

export interface TapeSpan {
  readonly lane: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  /**
   * Only what these markets' books, trades, trust and description did; beats, acts, links and news are left out, and
   * numbers are missing between. Without it: every event, and a hole is a `Defect`.
   */
  readonly markets?: readonly MarketRef[];
}

/**
 * Events of a lane in `seq` order, one by one. Throws `Defect` when the tape has a hole. Memory: three windows of about
 * 150,000 rows, whatever the span.
 */
export async function* readTape(
  pool: pg.Pool,
  lane: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<TapeEvent> {
  for await (const block of readTapeBlocks(pool, lane, fromSeq, toSeq)) yield* block;
}

/** The same in blocks of successive events: quicker to consume than one promise per event. */
export function readTapeBlocks(
  pool: pg.Pool,
  lane: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<TapeEvent[]> {
  return readSpan(pool, { lane, fromSeq, toSeq });
}

/** Events of a span, of all markets or some, in `seq` order, in blocks. Memory as `readTape`. */
export async function* readSpan(pool: pg.Pool, span: TapeSpan): AsyncGenerator<TapeEvent[]> {
  if (span.markets?.length === 0) return;
  for await (const { events } of readWindows(pool, span, loadEvents)) if (events.length > 0) yield events;
}

/** Every event of a span of numbers as kernels take them: book changes as rows, everything else as events. */
export async function* readTapeChunks(
  pool: pg.Pool,
  lane: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<TapeChunk> {
  for await (const { chunk } of readWindows(pool, { lane, fromSeq, toSeq }, loadChunk)) yield chunk;
}

/** A span window by window, the next ones under way while one is used. */
async function* readWindows<W extends Window>(
  pool: pg.Pool,
  span: TapeSpan,
  load: (pool: pg.Pool, bounds: TimeBounds, span: TapeSpan, from: number, to: number) => Promise<W>,
): AsyncGenerator<W> {
  const { lane, fromSeq, toSeq, markets = null } = span;
  for (const value of [lane, fromSeq, toSeq, ...(markets ?? [])])
    if (!Number.isSafeInteger(value)) throw new Defect(`a span of the tape is given by integers, not ${value}`);
  const largest = markets === null ? LARGEST_WINDOW : LARGEST_SPARSE_WINDOW;
  const times = new TapeTimes(pool, lane);
  let window = FIRST_WINDOW;
  let from = fromSeq;
  // They remember the page of marks they stand on: asked one after another.
  let asked: Promise<unknown> = Promise.resolve();
  const ahead: Promise<W>[] = [];
  const loadAhead = (): void => {
    while (from <= toSeq && ahead.length < AHEAD) {
      const first = from;
      const last = Math.min(first + window - 1, toSeq);
      const bounds = asked.then(() => times.of(first, last));
      asked = bounds.catch(() => undefined);
      const loading = bounds.then((known) => load(pool, known, span, first, last));
      // The consumer may leave before it looks at this one.
      loading.catch(() => undefined);
      ahead.push(loading);
      from = last + 1;
    }
  };
  try {
    for (loadAhead(); ahead.length > 0; loadAhead()) {
      const loaded = await ahead[0];
      const { rows, span: seqs } = loaded;
      void ahead.shift();
      // What was asked for with another window says nothing of this one.
      if (rows > WINDOW_ROWS * 2 && seqs >= window && window > 64) window >>= 1;
      else if (rows < WINDOW_ROWS / 2 && seqs <= window && window < largest) window <<= 1;
      loadAhead();
      yield loaded;
    }
  } finally {
    await Promise.allSettled(ahead);
  }
}

interface Window {
  readonly rows: number;
  /** Numbers asked for. */
  readonly span: number;
}

async function loadEvents(
  pool: pg.Pool,
  bounds: TimeBounds,
  span: TapeSpan,
  from: number,
  to: number,
): Promise<Window & { readonly events: TapeEvent[] }> {
  const { lane, markets } = span;
  const books = new BookRows(lane);
  const { rows, streams } = await copyWindow(pool, bounds, span, from, to, BookRows.select, (row) => books.row(row));
  const events = merge([...streams, books.end()]);
  if (markets === undefined) {
    for (let i = 0; i <= to - from; i++) if (events[i]?.seq !== from + i) throw hole(lane, from + i);
  }
  return { events, rows, span: to - from + 1 };
}

async function loadChunk(
  pool: pg.Pool,
  bounds: TimeBounds,
  span: TapeSpan,
  from: number,
  to: number,
): Promise<Window & { readonly chunk: TapeChunk }> {
  const books = new BookColumns(Math.ceil((to - from + 1) * 1.5));
  const take = (row: RowReader): void => books.row(row);
  const { rows, streams } = await copyWindow(pool, bounds, span, from, to, BookColumns.select, take);
  const chunk = { rows: books.end(), events: merge(streams) };
  whole(chunk, span.lane, from, to);
  return { chunk, rows, span: to - from + 1 };
}

const hole = (lane: number, seq: number): Defect => new Defect(`the tape of lane ${lane} has no event ${seq}`);

/** Rows and events together are every number from `from` to `to`. */
function whole({ rows, events }: TapeChunk, lane: number, from: number, to: number): void {
  const count = rows?.rows ?? 0;
  let seq = from;
  let row = 0;
  for (let i = 0; i <= events.length; i++) {
    const until = i < events.length ? events[i].seq : to + 1;
    while (rows !== null && row < count && rows.seq[row] < until) {
      if (rows.seq[row] !== seq) throw hole(lane, seq);
      while (row < count && rows.seq[row] === seq) row++;
      seq++;
    }
    if (until !== seq) throw hole(lane, seq);
    seq++;
  }
}

/** Rows of all streams of a window; those of books go to `book` as they come, of the others events are made. */
async function copyWindow(
  pool: pg.Pool,
  { low, high }: TimeBounds,
  { lane, markets }: TapeSpan,
  from: number,
  to: number,
  books: string,
  book: (row: RowReader) => void,
): Promise<{ readonly rows: number; readonly streams: readonly TapeEvent[][] }> {
  // By time too: without it every part of every table would be looked into.
  const where = [
    `WHERE lane = ${lane} AND seq BETWEEN ${from} AND ${to}`,
    ...(low === null ? [] : [`at >= ${low}`]),
    ...(high === null ? [] : [`at <= ${high}`]),
    ...(markets === undefined ? [] : [`market IN (${markets.join(', ')})`]),
  ].join(' AND ');
  let rows = 0;
  const streams: TapeEvent[][] = [[], [], [], []];
  const read = (stream: TapeEvent[], event: (row: RowReader) => TapeEvent) => (row: RowReader) => {
    rows++;
    stream.push(event(row));
  };
  const copy = (select: string): string => `COPY (SELECT ${select} ${where} ORDER BY seq) TO STDOUT (FORMAT binary)`;
  await withClient(pool, 'the tape could not be read', (client) =>
    copyOut(
      client,
      [
        // In the order of the index the first row comes at once; sorted, only after the last one was found. A compressed
        // part has an index of its batches.
        'BEGIN READ ONLY; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off',
        copy(books),
        copy('seq, at, market, venue_at, conn, venue_seq, price, size, taker, trade_id FROM trade'),
        copy('seq, at, market FROM pulse'),
        copy('seq, at, market, trusted, reason, detail FROM continuity'),
        copy('seq, at, body FROM event'),
        'COMMIT',
      ].join('; '),
      (row) => {
        rows++;
        book(row);
      },
      read(streams[0], (row) => trade(lane, row)),
      read(streams[1], (row) => pulse(lane, row)),
      read(streams[2], (row) => continuity(lane, row)),
      read(streams[3], (row) => {
        const seq = row.int64();
        const at = row.int64();
        return { ...(JSON.parse(row.text()) as object), lane, seq, at } as TapeEvent;
      }),
    ),
  );
  return { rows, streams };
}

/** Streams in `seq` order become one. */
function merge(streams: readonly TapeEvent[][]): TapeEvent[] {
  const present = streams.filter((events) => events.length > 0);
  if (present.length <= 1) return present[0] ?? [];
  const places = present.map(() => 0);
  const merged: TapeEvent[] = [];
  for (;;) {
    let first = -1;
    let seq = Infinity;
    for (let i = 0; i < present.length; i++) {
      const event = present[i][places[i]] as TapeEvent | undefined;
      if (event !== undefined && event.seq < seq) {
        seq = event.seq;
        first = i;
      }
    }
    if (first < 0) break;
    merged.push(present[first][places[first]++]);
  }
  for (let i = 1; i < merged.length; i++) {
    const { seq, lane, kind } = merged[i];
    if (seq === merged[i - 1].seq)
      throw new Defect(`lane ${lane} holds seq ${seq} twice (${merged[i - 1].kind}, ${kind})`);
  }
  return merged;
}

/** Puts the level rows of one event together again. Rows of a `seq` come together; `ord` says where each belongs. */
class BookRows {
  static readonly select = 'seq, at, market, ord, flags, side, price, size, venue_at, conn, venue_seq FROM book_change';
  private readonly events: TapeEvent[] = [];
  private levels = new Float64Array(3 * 256);
  private count = 0;
  private seq = -1;
  private at = 0;
  private market = 0;
  private flags = 0;
  private venueAt: number | null = null;
  private connection = 0;
  private venueSeq: number | null = null;

  constructor(private readonly lane: number) {}

  /**
   * By far the most rows, so read by place: seq, at, market, ord, flags, side, price, size are never NULL and always as
   * long; each stands behind the four bytes of its length.
   */
  row(row: RowReader): void {
    const { view, n } = row;
    const seq = view.getInt32(n + 4) * TWO_32 + view.getUint32(n + 8);
    if (seq !== this.seq) {
      this.finish();
      this.seq = seq;
      this.count = 0;
      this.flags = 0;
      this.at = view.getInt32(n + 16) * TWO_32 + view.getUint32(n + 20);
      this.market = view.getInt32(n + 28);
      row.n = n + 74;
      this.venueAt = row.int64OrNull();
      this.connection = row.int32();
      this.venueSeq = row.int64OrNull();
    }
    const ord = view.getInt32(n + 36);
    // Snapshot and marker bits stand on the first row only.
    this.flags |= view.getInt32(n + 44);
    const side = view.getInt16(n + 52);
    const price = view.getInt32(n + 58);
    const size = view.getInt32(n + 66) * TWO_32 + view.getUint32(n + 70);
    if ((this.flags & NO_LEVEL) !== 0) return;
    const i = ord * 3;
    if (i + 3 > this.levels.length) {
      const grown = new Float64Array(Math.max(this.levels.length * 2, i + 3));
      grown.set(this.levels);
      this.levels = grown;
    }
    this.levels[i] = side;
    this.levels[i + 1] = price;
    this.levels[i + 2] = size;
    this.count++;
  }

  /** All events, oldest first. */
  end(): TapeEvent[] {
    this.finish();
    return this.events;
  }

  private finish(): void {
    if (this.seq < 0) return;
    const length = this.count * 3;
    const levels = new Float64Array(length);
    // Most frames change a level or two: a loop is quicker than a slice then.
    if (length > 48) levels.set(this.levels.subarray(0, length));
    else for (let i = 0; i < length; i++) levels[i] = this.levels[i];
    this.events.push({
      kind: 'book',
      lane: this.lane,
      seq: this.seq,
      at: this.at,
      market: this.market as MarketRef,
      venueAt: this.venueAt,
      connection: this.connection,
      venueSeq: this.venueSeq,
      snapshot: (this.flags & SNAPSHOT) !== 0,
      levels,
      merged: this.flags >> MERGED_SHIFT,
    });
    this.seq = -1;
  }
}

function trade(lane: number, row: RowReader): TradeEvent {
  return {
    kind: 'trade',
    lane,
    seq: row.int64(),
    at: row.int64(),
    market: row.int32() as MarketRef,
    venueAt: row.int64OrNull(),
    connection: row.int32(),
    venueSeq: row.int64OrNull(),
    price: row.int32() as Price,
    size: row.int64() as Size,
    taker: row.textOrNull() as TradeEvent['taker'],
    tradeId: row.text(),
  };
}

function pulse(lane: number, row: RowReader): TapeEvent {
  const seq = row.int64();
  const at = row.int64();
  const market = row.int32OrNull();
  return market === null
    ? { kind: 'beat', lane, seq, at }
    : { kind: 'probe', lane, seq, at, market: market as MarketRef };
}

function continuity(lane: number, row: RowReader): ContinuityEvent {
  return {
    kind: 'continuity',
    lane,
    seq: row.int64(),
    at: row.int64(),
    market: row.int32() as MarketRef,
    trusted: row.bool(),
    reason: row.text() as ContinuityEvent['reason'],
    detail: row.text(),
  };
}
