import type { JournalEntry, TapeEvent } from '#core';
import type { TapeBatch } from '../contracts.js';

/** A batch of these events and nothing else, unless `more` says so. */
export function batchOf(
  events: readonly TapeEvent[],
  more: Partial<TapeBatch> & { readonly epoch: number; readonly fromSeq?: number; readonly lane?: number },
): TapeBatch {
  const fromSeq = more.fromSeq ?? events[0]?.seq ?? 1;
  return {
    lane: events[0]?.lane ?? 0,
    toSeq: fromSeq + events.length - 1,
    events,
    journal: [] as readonly JournalEntry[],
    estimates: [],
    quotes: [],
    inbox: [],
    projection: { markets: [], accounts: [], sessions: [] },
    snapshot: null,
    checkpoints: [],
    ...more,
    fromSeq,
  };
}
