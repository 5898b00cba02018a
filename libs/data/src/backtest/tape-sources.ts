import type pg from 'pg';
import {
  Defect,
  UserProblem,
  type Act,
  type ContinuityEvent,
  type JournalEntry,
  type MarketRef,
  type Price,
  type Size,
  type TapeEvent,
} from '#core';
import type { BookRows, Span, TapeChunk, TapeSource } from '#engine';
import { archiveColumns, columnAt } from '../archive/columns.js';
import type { ReplayBlock, ReplayColumn, ReplayFile, ReplayRows, ReplayTexts } from '../archive/replay.file.js';
import type { StreamName } from '../layout/stream-tables.js';
import { FLAG_BITS } from '../tape/book-columns.js';
import { readTapeBlocks, readTapeChunks } from '../tape/tape-reader.js';

/** A tape to be played, with how long it is: `toAt` is just after its last event. */
export interface PlayableTape extends TapeSource {
  readonly lane: number;
  readonly toSeq: number;
  readonly fromAt: number;
  readonly toAt: number;
}

/** What a kernel reads of a book change, in the order they lie in a file. */
const BOOK = ['seq', 'at', 'size', 'market', 'price', 'flags', 'side'];
/** Rows handed on at a time: few enough to lie in a processor's own memory while the kernel works on them. */
const ROWS = 8_192;

/** A lane's committed tape out of the database; book changes as rows. */
export function laneTape(pool: pg.Pool, of: Omit<PlayableTape, 'chunks'>): PlayableTape {
  return {
    ...of,
    chunks: (fromSeq = 1) => readTapeChunks(pool, of.lane, fromSeq, of.toSeq),
  };
}

/** From the first event of a lane's tape to just after the given one, so that windows over it hold both. */
export async function tapeSpan(pool: pg.Pool, lane: number, toSeq: number): Promise<Span> {
  const at = async (seq: number): Promise<number> => {
    for await (const [event] of readTapeBlocks(pool, lane, seq, seq)) return event.at;
    throw new Defect(`lane ${lane} has no event ${seq}`);
  };
  return { fromAt: await at(1), toAt: (await at(toSeq)) + 1 };
}

/** The acts of a lane at their places, up to a number, in order. */
export async function recordedActs(
  pool: pg.Pool,
  lane: number,
  toSeq: number,
): Promise<readonly { readonly seq: number; readonly act: Act }[]> {
  const { rows } = await pool.query<{ seq: number; act: Act }>(
    `SELECT seq, body->'act' AS act FROM event WHERE lane = $1 AND kind = 'act' AND seq <= $2 ORDER BY seq`,
    [lane, toSeq],
  );
  return rows;
}

/**
 * A replay file. Book changes are handed on as they lie in the file; of the other streams events are made.
 *
 * @throws UserProblem when it does not begin at the tape's beginning or leaves markets out: then nobody knows the markets.
 */
export function fileTape(file: ReplayFile): PlayableTape {
  const { lane, fromSeq, toSeq, fromAt, toAt, whole } = file.manifest;
  if (fromSeq !== 1 || !whole)
    throw new UserProblem(
      `${file.path} holds ${whole ? `events from ${fromSeq} on` : 'some markets only'}: a backtest needs a tape from its beginning`,
    );
  return { lane, toSeq, fromAt, toAt: toAt + 1, chunks: (fromSeq = 1) => fileChunks(file, fromSeq) };
}

/** The acts of an exported tape at their places, as `recordedActs` has them of a lane. */
export async function actsOfFile(file: ReplayFile): Promise<readonly { readonly seq: number; readonly act: Act }[]> {
  const acts: { seq: number; act: Act }[] = [];
  for await (const block of file.blocks('event'))
    for (let row = 0; row < block.rows; row++) {
      if (text(block.columns[EVENT['kind']], row) !== 'act') continue;
      const event = bodyEvent(file.manifest.lane, block, row);
      if (event.kind === 'act') acts.push({ seq: event.seq, act: event.act });
    }
  return acts;
}

/** The journal that was exported with a tape, in order. */
export async function* journalOfFile(file: ReplayFile): AsyncGenerator<JournalEntry> {
  const body = columnAt('journal', 'body');
  for await (const block of file.blocks('journal'))
    for (let row = 0; row < block.rows; row++) yield JSON.parse(text(block.columns[body], row) ?? '{}') as JournalEntry;
}

/** From the blocks on in which an event lies. */
async function* fileChunks(file: ReplayFile, fromSeq: number): AsyncGenerator<TapeChunk> {
  const { lane, toSeq } = file.manifest;
  const others = await Promise.all([
    EventCursor.open(file, 'event', (block, i) => bodyEvent(lane, block, i), fromSeq),
    EventCursor.open(file, 'trade', (block, i) => tradeEvent(lane, block, i), fromSeq),
    EventCursor.open(file, 'continuity', (block, i) => continuityEvent(lane, block, i), fromSeq),
    EventCursor.open(file, 'pulse', (block, i) => pulseEvent(lane, block, i), fromSeq),
  ]);
  for await (const block of file.numbers('book_change', BOOK, ROWS, fromSeq)) {
    const rows = bookRows(block);
    yield { rows, events: await merged(others, rows.seq[rows.rows - 1]) };
  }
  yield { rows: null, events: await merged(others, toSeq) };
}

/** Events of all cursors up to a number, in order. */
async function merged(cursors: readonly EventCursor[], untilSeq: number): Promise<TapeEvent[]> {
  const events: TapeEvent[] = [];
  for (;;) {
    let first: EventCursor | null = null;
    for (const cursor of cursors)
      if (cursor.seq <= untilSeq && (first === null || cursor.seq < first.seq)) first = cursor;
    if (first === null) return events;
    events.push(first.take());
    if (first.isSpent) await first.load();
  }
}

/** Walks a stream of a file event by event, holding a block. */
class EventCursor {
  private block: ReplayBlock | null = null;
  private row = 0;
  private seqs: Float64Array = new Float64Array(0);

  private constructor(
    private readonly blocks: AsyncIterator<ReplayBlock>,
    private readonly seqAt: number,
    private readonly make: (block: ReplayBlock, row: number) => TapeEvent,
  ) {}

  static async open(
    file: ReplayFile,
    stream: StreamName,
    make: (block: ReplayBlock, row: number) => TapeEvent,
    fromSeq: number,
  ): Promise<EventCursor> {
    const cursor = new EventCursor(file.blocks(stream, fromSeq)[Symbol.asyncIterator](), columnAt(stream, 'seq'), make);
    await cursor.load();
    return cursor;
  }

  get seq(): number {
    return this.block === null ? Infinity : this.seqs[this.row];
  }

  get isSpent(): boolean {
    return this.block !== null && this.row >= this.block.rows;
  }

  take(): TapeEvent {
    return this.make(this.block!, this.row++);
  }

  async load(): Promise<void> {
    this.row = 0;
    do {
      const next = await this.blocks.next();
      this.block = next.done === true ? null : next.value;
    } while (this.block !== null && this.block.rows === 0);
    if (this.block !== null) this.seqs = this.block.columns[this.seqAt] as Float64Array;
  }
}

const place = (stream: StreamName): Readonly<Record<string, number>> =>
  Object.fromEntries(archiveColumns(stream).map(({ name }, i) => [name, i]));
const TRADE = place('trade');
const CONTINUITY = place('continuity');
const PULSE = place('pulse');
const EVENT = place('event');

const numbers = (column: ReplayColumn): Float64Array => column as Float64Array;
const text = (column: ReplayColumn, row: number): string | null => (column as ReplayTexts).at(row) as string | null;
/** NULL is NaN in a column of numbers. */
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

const bookRows = ({ rows, columns }: ReplayRows): BookRows => {
  const [seq, at, size, market, price, flags, side] = columns;
  return {
    rows,
    seq: seq as Float64Array,
    at: at as Float64Array,
    size: size as Float64Array,
    market: market as Int32Array,
    price: price as Int32Array,
    flags: flags as Int32Array,
    side: side as Int32Array,
    bits: FLAG_BITS,
  };
};

const tradeEvent = (lane: number, { columns }: ReplayBlock, i: number): TapeEvent => ({
  kind: 'trade',
  lane,
  seq: numbers(columns[TRADE['seq']])[i],
  at: numbers(columns[TRADE['at']])[i],
  market: numbers(columns[TRADE['market']])[i] as MarketRef,
  venueAt: orNull(numbers(columns[TRADE['venue_at']])[i]),
  connection: numbers(columns[TRADE['conn']])[i],
  venueSeq: orNull(numbers(columns[TRADE['venue_seq']])[i]),
  price: numbers(columns[TRADE['price']])[i] as Price,
  size: numbers(columns[TRADE['size']])[i] as Size,
  taker: text(columns[TRADE['taker']], i) as 'buy' | 'sell' | null,
  tradeId: text(columns[TRADE['trade_id']], i) ?? '',
});

const continuityEvent = (lane: number, { columns }: ReplayBlock, i: number): ContinuityEvent => ({
  kind: 'continuity',
  lane,
  seq: numbers(columns[CONTINUITY['seq']])[i],
  at: numbers(columns[CONTINUITY['at']])[i],
  market: numbers(columns[CONTINUITY['market']])[i] as MarketRef,
  trusted: numbers(columns[CONTINUITY['trusted']])[i] !== 0,
  reason: text(columns[CONTINUITY['reason']], i) as ContinuityEvent['reason'],
  detail: text(columns[CONTINUITY['detail']], i) ?? '',
});

function pulseEvent(lane: number, { columns }: ReplayBlock, i: number): TapeEvent {
  const seq = numbers(columns[PULSE['seq']])[i];
  const at = numbers(columns[PULSE['at']])[i];
  const market = orNull(numbers(columns[PULSE['market']])[i]);
  return market === null
    ? { kind: 'beat', lane, seq, at }
    : { kind: 'probe', lane, seq, at, market: market as MarketRef };
}

const bodyEvent = (lane: number, { columns }: ReplayBlock, i: number): TapeEvent =>
  ({
    ...(JSON.parse(text(columns[EVENT['body']], i) ?? '{}') as object),
    lane,
    seq: numbers(columns[EVENT['seq']])[i],
    at: numbers(columns[EVENT['at']])[i],
  }) as TapeEvent;
