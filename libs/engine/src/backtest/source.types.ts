import type { TapeEvent } from '#core';
import type { BookRows } from '../book-rows.js';

/**
 * A run of successive events of a tape. Book changes may lie in `rows`, everything else is in `events`; both ascend by
 * `seq` and together they have no hole.
 */
export interface TapeChunk {
  readonly rows: BookRows | null;
  readonly events: readonly TapeEvent[];
}

/** A tape, as often as asked. */
export interface TapeSource {
  /** From its beginning, or at the latest from event `fromSeq` on: whoever can leaves out what is before. */
  chunks(fromSeq?: number): AsyncIterable<TapeChunk>;
}

/** The tape from exactly this event on. */
export async function* chunksFrom(source: TapeSource, fromSeq: number): AsyncGenerator<TapeChunk> {
  for await (const chunk of source.chunks(fromSeq)) {
    const { rows, events } = chunk;
    const late = rows === null || rows.rows === 0 || rows.seq[0] >= fromSeq;
    if (late && (events.length === 0 || events[0].seq >= fromSeq)) yield chunk;
    else
      yield {
        rows: rows === null ? null : rowsFrom(rows, fromSeq),
        events: events.filter(({ seq }) => seq >= fromSeq),
      };
  }
}

function rowsFrom(rows: BookRows, fromSeq: number): BookRows {
  let first = 0;
  while (first < rows.rows && rows.seq[first] < fromSeq) first++;
  return {
    rows: rows.rows - first,
    seq: rows.seq.subarray(first),
    at: rows.at.subarray(first),
    market: rows.market.subarray(first),
    flags: rows.flags.subarray(first),
    side: rows.side.subarray(first),
    price: rows.price.subarray(first),
    size: rows.size.subarray(first),
    bits: rows.bits,
  };
}

/** Events that lie in memory. */
export const tapeOf = (events: readonly TapeEvent[]): TapeSource => ({
  chunks: async function* () {
    await Promise.resolve();
    yield { rows: null, events };
  },
});
