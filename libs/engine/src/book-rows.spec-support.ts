import type { BookEvent, MarketRef, TapeEvent } from '#core';
import type { TapeChunk, TapeSource } from './backtest/source.types.js';
import { levelsOf, type BookRows } from './book-rows.js';

/** Events with the book changes as rows, in chunks of so many events. */
export function inChunks(tape: readonly TapeEvent[], size = 500): readonly TapeChunk[] {
  const chunks: TapeChunk[] = [];
  for (let from = 0; from < tape.length; from += size) {
    const part = tape.slice(from, from + size);
    const flat: number[][] = [];
    for (const event of part) {
      if (event.kind !== 'book') continue;
      const { seq, at, market, levels } = event;
      if (levels.length === 0) flat.push([seq, at, market, event.snapshot ? 3 : 2, 0, 0, 0]);
      for (let i = 0; i < levels.length; i += 3)
        flat.push([seq, at, market, i === 0 && event.snapshot ? 1 : 0, levels[i], levels[i + 1], levels[i + 2]]);
    }
    const of = (column: number): number[] => flat.map((row) => row[column]);
    const rows: BookRows = {
      rows: flat.length,
      seq: Float64Array.from(of(0)),
      at: Float64Array.from(of(1)),
      market: Int32Array.from(of(2)),
      flags: Int32Array.from(of(3)),
      side: Int32Array.from(of(4)),
      price: Int32Array.from(of(5)),
      size: Float64Array.from(of(6)),
      bits: { snapshot: 1, empty: 2 },
    };
    chunks.push({ rows, events: part.filter(({ kind }) => kind !== 'book') });
  }
  return chunks;
}

/** The same as a source. */
export const inRows = (tape: readonly TapeEvent[], size?: number): TapeSource => ({
  chunks: async function* () {
    await Promise.resolve();
    yield* inChunks(tape, size);
  },
});

/** The events that rows stand for; what no kernel reads of them is made up. */
export function bookEvents(rows: BookRows): readonly BookEvent[] {
  const events: BookEvent[] = [];
  for (let from = 0; from < rows.rows;) {
    let to = from + 1;
    while (to < rows.rows && rows.seq[to] === rows.seq[from]) to++;
    const flags = rows.flags[from];
    events.push({
      kind: 'book',
      lane: 1,
      seq: rows.seq[from],
      at: rows.at[from],
      market: rows.market[from] as MarketRef,
      venueAt: null,
      connection: 0,
      venueSeq: null,
      snapshot: (flags & rows.bits.snapshot) !== 0,
      levels: levelsOf(rows, from, (flags & rows.bits.empty) !== 0 ? from : to),
      merged: 1,
    });
    from = to;
  }
  return events;
}
