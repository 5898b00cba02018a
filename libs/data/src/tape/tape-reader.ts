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
import { copyOut } from './copy-connection.js';
import { RowReader } from './row-reader.js';
import { MERGED_SHIFT, SNAPSHOT, NO_LEVEL } from './stream-rows.js';

const FIRST_WINDOW = 2_048;
const LARGEST_WINDOW = 65_536;
/** Rows aimed at per window: what is held in memory at a time, twice (one is read while the other is used). */
const WINDOW_ROWS = 60_000;

/**
 * Events of a lane in `seq` order, one by one. Throws `Defect` when the tape has a hole. Memory: two windows of about
 * 60,000 rows, whatever the span.
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
export async function* readTapeBlocks(
  pool: pg.Pool,
  lane: number,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<TapeEvent[]> {
  for (const value of [lane, fromSeq, toSeq])
    if (!Number.isSafeInteger(value)) throw new Defect(`a span of the tape is given by integers, not ${value}`);
  let window = FIRST_WINDOW;
  const load = (from: number): Promise<Window> | null => {
    if (from > toSeq) return null;
    const loading = loadWindow(pool, lane, from, Math.min(from + window - 1, toSeq));
    // The consumer may leave before it looks at this one.
    loading.catch(() => undefined);
    return loading;
  };
  let next = load(fromSeq);
  try {
    while (next !== null) {
      const { events, rows, to } = await next;
      if (rows > WINDOW_ROWS * 2 && window > 64) window >>= 1;
      else if (rows < WINDOW_ROWS / 2 && window < LARGEST_WINDOW) window <<= 1;
      next = load(to + 1);
      yield events;
    }
  } finally {
    await next?.catch(() => undefined);
  }
}

interface Window {
  readonly events: TapeEvent[];
  readonly rows: number;
  readonly to: number;
}

async function loadWindow(pool: pg.Pool, lane: number, from: number, to: number): Promise<Window> {
  const slots = Array.from<TapeEvent | undefined>({ length: to - from + 1 });
  const put = (event: TapeEvent): void => {
    const at = event.seq - from;
    if (slots[at] !== undefined)
      throw new Defect(`lane ${lane} holds seq ${event.seq} twice (${slots[at].kind}, ${event.kind})`);
    slots[at] = event;
  };
  let rows = 0;
  const client = await pool.connect();
  let failed = true;
  try {
    const where = `WHERE lane = ${lane} AND seq BETWEEN ${from} AND ${to}`;
    const scan = async (select: string, onRow: (row: RowReader) => void): Promise<void> => {
      const row = new RowReader();
      await copyOut(client, `COPY (${select}) TO STDOUT (FORMAT binary)`, (bytes) => {
        row.use(bytes);
        while (row.next()) {
          rows++;
          onRow(row);
        }
      });
    };
    const books = new BookRows(lane, put);
    await scan(
      `SELECT seq, at, market, ord, flags, side, price, size, venue_at, conn, venue_seq FROM book_change ${where} ORDER BY seq`,
      (row) => books.row(row),
    );
    books.end();
    await scan(
      `SELECT seq, at, market, venue_at, conn, venue_seq, price, size, taker, trade_id FROM trade ${where}`,
      (row) => put(trade(lane, row)),
    );
    await scan(`SELECT seq, at, market FROM pulse ${where}`, (row) => put(pulse(lane, row)));
    await scan(`SELECT seq, at, market, trusted, reason, detail FROM continuity ${where}`, (row) =>
      put(continuity(lane, row)),
    );
    await scan(`SELECT seq, at, body FROM event ${where}`, (row) => {
      const seq = row.int64();
      const at = row.int64();
      put({ ...(JSON.parse(row.text()) as object), lane, seq, at } as TapeEvent);
    });
    failed = false;
  } finally {
    client.release(failed);
  }
  const events: TapeEvent[] = [];
  for (let i = 0; i < slots.length; i++) {
    const event = slots[i];
    if (event === undefined) throw new Defect(`the tape of lane ${lane} has no event ${from + i}`);
    events.push(event);
  }
  return { events, rows, to };
}

/** Puts the level rows of one event together again. Rows of a `seq` come together; `ord` says where each belongs. */
class BookRows {
  private levels = new Float64Array(3 * 256);
  private count = 0;
  private seq = -1;
  private at = 0;
  private market = 0;
  private flags = 0;
  private venueAt: number | null = null;
  private connection = 0;
  private venueSeq: number | null = null;

  constructor(
    private readonly lane: number,
    private readonly put: (event: TapeEvent) => void,
  ) {}

  row(row: RowReader): void {
    const seq = row.int64();
    if (seq !== this.seq) {
      this.end();
      this.seq = seq;
      this.count = 0;
      this.flags = 0;
    }
    this.at = row.int64();
    this.market = row.int32();
    const ord = row.int32();
    // Snapshot and marker bits stand on the first row only.
    this.flags |= row.int32();
    const side = row.int16();
    const price = row.int32();
    const size = row.int64();
    this.venueAt = row.int64OrNull();
    this.connection = row.int32();
    this.venueSeq = row.int64OrNull();
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

  end(): void {
    if (this.seq < 0) return;
    this.put({
      kind: 'book',
      lane: this.lane,
      seq: this.seq,
      at: this.at,
      market: this.market as MarketRef,
      venueAt: this.venueAt,
      connection: this.connection,
      venueSeq: this.venueSeq,
      snapshot: (this.flags & SNAPSHOT) !== 0,
      levels: this.levels.slice(0, this.count * 3),
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
