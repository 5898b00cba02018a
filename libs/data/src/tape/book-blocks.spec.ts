import { describe, expect, it } from 'vitest';
import type { BookEvent, MarketRef } from '#core';
import { BLOCK_END, BookBlocks } from './book-blocks.js';

/** Rows of the first whole block of a lane whose changes go round so many markets. */
function blockRows(markets: number): number {
  const blocks = new BookBlocks();
  const change = (seq: number): BookEvent => ({
    kind: 'book',
    lane: 1,
    seq,
    at: seq,
    market: (seq % markets) as MarketRef,
    venueAt: null,
    connection: 1,
    venueSeq: null,
    snapshot: false,
    levels: Float64Array.of(0, 10_000, 100),
    merged: 1,
  });
  const levels = (): Float64Array => Float64Array.of(0, 10_000, 100);
  const ends: number[] = [];
  for (let seq = 1; ends.length < 2; seq++) {
    blocks.take(change(seq));
    const written = blocks.cut(seq, seq, levels);
    if (written.length === 0) continue;
    expect(written.at(-1)).toMatchObject({ market: BLOCK_END, seq });
    ends.push(seq);
  }
  return ends[1] - ends[0];
}

describe('blocks of books', () => {
  it('are short where few markets change, and as long as their books are worth where many do', () => {
    expect([400, 1_000, 5_000].map(blockRows)).toEqual([8_192, 16_000, 32_768]);
  });
});
