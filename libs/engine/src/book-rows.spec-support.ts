import type { TapeEvent } from '#core';
import type { TapeChunk } from './backtest/source.types.js';
import type { BookRows } from './book-rows.js';

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
