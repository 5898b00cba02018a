import { venueOf, type BookEvent, type MarketRef, type TapeEvent } from '#core';
import { levelsOf, type BookRows } from '../book-rows.js';
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
 * announcement, groups, links) stays where it is. Holds no more than a chunk and what the longest delay holds back.
 */
export const heardLater = (source: TapeSource, delays: FeedDelays, lane: number): TapeSource => ({
  chunks: async function* () {
    const line = new Waiting(delays);
    for await (const chunk of source.chunks()) {
      for (const event of eventsOf(chunk, lane)) line.add(event);
      const events = line.ripe();
      if (events.length > 0) yield { rows: null, events };
    }
    const events = line.rest();
    if (events.length > 0) yield { rows: null, events };
  },
});

/** Events of one delay, in the order of the tape, which is that of their arrival too. */
interface Queue {
  readonly ms: number;
  events: TapeEvent[];
  first: number;
}

class Waiting {
  private readonly queues = new Map<number, Queue>();
  /** Delay by market. */
  private readonly late: number[] = [];
  private seq = 0;
  private now = -Infinity;

  constructor(private readonly delays: FeedDelays) {}

  add(event: TapeEvent): void {
    if (event.kind === 'market') this.late[event.ref] = feedDelayOf(this.delays, venueOf(event.info.id));
    const ms = isOfFeed(event) ? (this.late[event.market] ?? 0) : 0;
    let queue = this.queues.get(ms);
    if (queue === undefined) this.queues.set(ms, (queue = { ms, events: [], first: 0 }));
    queue.events.push(event);
    this.now = event.at;
  }

  /** Those that nothing can come before any more. */
  ripe(): TapeEvent[] {
    return this.take(this.now);
  }

  rest(): TapeEvent[] {
    return this.take(Infinity);
  }

  private take(until: number): TapeEvent[] {
    const out: TapeEvent[] = [];
    const queues = [...this.queues.values()];
    for (;;) {
      let next: Queue | null = null;
      let due = Infinity;
      for (const queue of queues) {
        const event = queue.events[queue.first];
        if (event === undefined) continue;
        const at = event.at + queue.ms;
        if (at < due || (at === due && next !== null && event.seq < next.events[next.first].seq)) {
          next = queue;
          due = at;
        }
      }
      if (next === null || due > until) break;
      out.push({ ...next.events[next.first++], seq: ++this.seq, at: due });
    }
    for (const queue of queues) {
      queue.events = queue.events.slice(queue.first);
      queue.first = 0;
    }
    return out;
  }
}

type OfFeed = Extract<TapeEvent, { readonly kind: 'book' | 'trade' | 'continuity' | 'probe' | 'resolution' }>;

const isOfFeed = (event: TapeEvent): event is OfFeed =>
  event.kind === 'book' ||
  event.kind === 'trade' ||
  event.kind === 'continuity' ||
  event.kind === 'probe' ||
  event.kind === 'resolution';

/** A chunk's events in order, book changes made into events. */
function* eventsOf({ rows, events }: TapeChunk, lane: number): Generator<TapeEvent> {
  let row = 0;
  for (const event of events) {
    if (rows !== null)
      while (row < rows.rows && rows.seq[row] < event.seq) {
        const end = endOf(rows, row);
        yield bookOf(rows, row, end, lane);
        row = end;
      }
    yield event;
  }
  if (rows === null) return;
  while (row < rows.rows) {
    const end = endOf(rows, row);
    yield bookOf(rows, row, end, lane);
    row = end;
  }
}

function endOf(rows: BookRows, from: number): number {
  let end = from + 1;
  while (end < rows.rows && rows.seq[end] === rows.seq[from]) end++;
  return end;
}

function bookOf(rows: BookRows, from: number, end: number, lane: number): BookEvent {
  const flags = rows.flags[from];
  return {
    kind: 'book',
    lane,
    seq: rows.seq[from],
    at: rows.at[from],
    market: rows.market[from] as MarketRef,
    venueAt: rows.at[from],
    connection: 0,
    venueSeq: null,
    snapshot: (flags & rows.bits.snapshot) !== 0,
    levels: levelsOf(rows, from, (flags & rows.bits.empty) !== 0 ? from : end),
    merged: 1,
  };
}
