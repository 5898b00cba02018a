import type { TapeEvent } from '#core';
import type { BatchParts, TapeBatch } from '../contracts.js';
import { tapeBatch } from '../tape/tape-rows.js';

/** A batch of these events, in their lane, with whatever `more` adds. */
export const batchOf = (
  events: readonly TapeEvent[],
  more: Partial<BatchParts> & { readonly epoch: number },
): TapeBatch => tapeBatch({ lane: events[0]?.lane ?? 0, events, ...more });
