import type { Instant, MarketRef, TapeEvent } from '#core';

/** The market of a checkpoint without levels that ends a block. */
export const BLOCK_END = -1 as MarketRef;
/** Rows of a lane that may have to be looked through for one market's changes, where few markets change. */
const LEAST_ROWS = 8_192;
/** So many rows pay for a book written down: of a lane of thousands of markets a block is longer, but not much. */
const ROWS_PER_BOOK = 16;
const MOST_ROWS = 32_768;

export interface Checkpoint {
  readonly market: MarketRef;
  readonly seq: number;
  readonly at: Instant;
  readonly levels: Float64Array;
}

/**
 * When to write which books down. A lane's tape is cut into blocks; at the end of each, every book that has changed
 * within it is written, and a mark that the block ended. So a past book is the newest one written and the changes of
 * this market since the last mark: what lies between the two did not touch it, however long ago it was written.
 */
export class BookBlocks {
  private readonly changed = new Set<MarketRef>();
  private rows = 0;

  /** `known`: books that are there from before; what they went through since the last mark nobody remembers. */
  constructor(
    known: Iterable<MarketRef> = [],
    private readonly leastRows = LEAST_ROWS,
  ) {
    for (const market of known) this.changed.add(market);
    // The first block begins with a mark: before it, nothing is promised.
    this.rows = MOST_ROWS;
  }

  take(event: TapeEvent): void {
    if (event.kind !== 'book') return;
    this.changed.add(event.market);
    this.rows += Math.max(1, event.levels.length / 3);
  }

  /** Checkpoints that belong right behind `seq`: those of a whole block, or none yet. */
  cut(seq: number, at: Instant, levels: (market: MarketRef) => Float64Array): readonly Checkpoint[] {
    const due = Math.min(MOST_ROWS, Math.max(this.leastRows, this.changed.size * ROWS_PER_BOOK));
    if (this.rows < due || seq < 1) return [];
    this.rows = 0;
    const written = [...this.changed].map((market): Checkpoint => ({ market, seq, at, levels: levels(market) }));
    this.changed.clear();
    return [...written, { market: BLOCK_END, seq, at, levels: new Float64Array(0) }];
  }
}
