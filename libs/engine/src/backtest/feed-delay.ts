import { venueOf, type Instant, type TapeEvent } from '#core';
import type { BookRows } from '../book-rows.js';
import { RowBuffer } from '../row-buffer.js';
import type { TapeChunk, TapeSource } from './source.types.js';

/** By venue, ms; `*` stands for every venue that is not named. */
export type FeedDelays = Readonly<Record<string, number>>;

export const feedDelayOf = (delays: FeedDelays | undefined, venue: string): number =>
  delays?.[venue] ?? delays?.['*'] ?? 0;

export const delaysAny = (delays: FeedDelays | undefined): delays is FeedDelays =>
  delays !== undefined && Object.values(delays).some((ms) => ms > 0);

/**
 * A tape that was stamped where things happened, as it would have been heard: what a venue's feed says of a market comes
 * that venue's delay later, so that two venues may change places. Events are numbered anew. What is known of markets (their
 * announcement, groups, links) stays where it is. Holds no more than a chunk and what the longest delay holds back; a
 * chunk's rows are overwritten when the next one is asked for.
 */
export const heardLater = (source: TapeSource, delays: FeedDelays): TapeSource => ({
  chunks: async function* () {
    const line = new Waiting(delays);
    for await (const chunk of source.chunks()) {
      line.add(chunk);
      yield* some(line.ripe());
    }
    yield* some(line.rest());
  },
});

const some = (chunk: TapeChunk): readonly TapeChunk[] =>
  chunk.rows === null && chunk.events.length === 0 ? [] : [chunk];

/** Events of one delay, in the order of the tape, which is that of their arrival too. */
interface Queue {
  readonly ms: number;
  readonly rows: RowBuffer;
  /** The first row and the first event that are left. */
  row: number;
  events: TapeEvent[];
  first: number;
}

const NO_BITS = { snapshot: 0, empty: 0 } as const;

class Waiting {
  private readonly queues: Queue[] = [];
  /** Queue by market. */
  private readonly late: (Queue | undefined)[] = [];
  private readonly atOnce: Queue;
  private readonly out = new RowBuffer(NO_BITS);
  private seq = 0;
  private now = -Infinity;

  constructor(private readonly delays: FeedDelays) {
    this.atOnce = this.queueOf(0);
  }

  add({ rows, events }: TapeChunk): void {
    let row = 0;
    for (const event of events) {
      if (rows !== null) row = this.rowsUntil(rows, row, event.seq);
      if (event.kind === 'market')
        this.late[event.ref] = this.queueOf(feedDelayOf(this.delays, venueOf(event.info.id)));
      (isOfFeed(event) ? (this.late[event.market] ?? this.atOnce) : this.atOnce).events.push(event);
      this.now = event.at;
    }
    if (rows !== null) this.rowsUntil(rows, row, Infinity);
  }

  /** Those that nothing can come before any more. */
  ripe(): TapeChunk {
    return this.take(this.now);
  }

  rest(): TapeChunk {
    return this.take(Infinity);
  }

  private queueOf(ms: number): Queue {
    let queue = this.queues.find((one) => one.ms === ms);
    if (queue === undefined)
      this.queues.push((queue = { ms, rows: new RowBuffer(NO_BITS), row: 0, events: [], first: 0 }));
    return queue;
  }

  private rowsUntil(rows: BookRows, from: number, untilSeq: number): number {
    let row = from;
    while (row < rows.rows && rows.seq[row] < untilSeq) {
      const end = endOf(rows, row);
      const queue = this.late[rows.market[row]] ?? this.atOnce;
      queue.rows.bits = rows.bits;
      queue.rows.add(rows, row, end, rows.seq[row], rows.at[row]);
      this.now = rows.at[row];
      row = end;
    }
    return row;
  }

  private take(until: Instant): TapeChunk {
    const { out, queues } = this;
    const events: TapeEvent[] = [];
    out.rows = 0;
    for (;;) {
      let next: Queue | null = null;
      let due = Infinity;
      let number = 0;
      for (const queue of queues) {
        const { rows, row, first } = queue;
        const event = queue.events[first] as TapeEvent | undefined;
        const isRow = row < rows.rows && (event === undefined || rows.seq[row] < event.seq);
        if (!isRow && event === undefined) continue;
        const seq = isRow ? rows.seq[row] : event!.seq;
        const at = (isRow ? rows.at[row] : event!.at) + queue.ms;
        if (at < due || (at === due && seq < number)) {
          next = queue;
          due = at;
          number = seq;
        }
      }
      if (next === null || due > until) break;
      const { rows, row } = next;
      this.seq++;
      if (row < rows.rows && rows.seq[row] === number) {
        next.row = endOf(rows, row);
        out.bits = rows.bits;
        out.add(rows, row, next.row, this.seq, due);
      } else events.push({ ...next.events[next.first++], seq: this.seq, at: due });
    }
    for (const queue of queues) {
      queue.rows.drop(queue.row);
      queue.row = 0;
      queue.events = queue.events.slice(queue.first);
      queue.first = 0;
    }
    return { rows: out.rows === 0 ? null : out, events };
  }
}

type OfFeed = Extract<TapeEvent, { readonly kind: 'book' | 'trade' | 'continuity' | 'probe' | 'resolution' }>;

const isOfFeed = (event: TapeEvent): event is OfFeed =>
  event.kind === 'book' ||
  event.kind === 'trade' ||
  event.kind === 'continuity' ||
  event.kind === 'probe' ||
  event.kind === 'resolution';

function endOf(rows: BookRows, from: number): number {
  let end = from + 1;
  while (end < rows.rows && rows.seq[end] === rows.seq[from]) end++;
  return end;
}
