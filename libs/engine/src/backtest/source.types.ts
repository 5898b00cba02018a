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

/** A tape from its beginning, as often as asked. */
export interface TapeSource {
  chunks(): AsyncIterable<TapeChunk>;
}

/** Events that lie in memory. */
export const tapeOf = (events: readonly TapeEvent[]): TapeSource => ({
  chunks: async function* () {
    await Promise.resolve();
    yield { rows: null, events };
  },
});
