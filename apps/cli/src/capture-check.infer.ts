import { BID, OrderBook, type BookSide, type MarketInfo } from '#core';
import type { BookProof, VenueWire } from '#plugin-sdk';

/** A level that must have changed without a message. Prices in micro-dollars of YES, sizes in hundredths. */
export interface LostChange {
  readonly side: 'bid' | 'ask';
  readonly price: number;
  /** What our book holds there, and what the venue's must have held. */
  readonly ours: number;
  readonly theirs: number;
}

/** Books tried for one broken span: about two seconds of hashing. */
const MOST_TRIES = 100_000;
const WHOLE = 20_000;
const FINE = 100_000;

/**
 * A book that fails its hash differs from the venue's somewhere. Where one level with another size would make the hash,
 * that is the change that was lost. Levels of `suspects` (what the frame that ended the span restated) are tried with
 * every plausible size; the other levels, removals first, with what is left of the budget.
 */
export function inferLostChange(
  wire: VenueWire,
  info: MarketInfo,
  levels: Float64Array,
  proof: BookProof,
  suspects: Float64Array,
): LostChange | null {
  const book = OrderBook.fromLevels(levels);
  let tries = 0;
  const holds = (side: BookSide, price: number, size: number): boolean => {
    tries += 1;
    book.set(side, price, size);
    return wire.verify(book, info, proof).kind === 'proven';
  };
  const search = (level: Float64Array, sizes: Iterable<number>): LostChange | null => {
    const side = level[0] as BookSide;
    const price = level[1];
    const ours = book.sizeAt(side, price);
    for (const size of sizes) {
      if (tries >= MOST_TRIES) break;
      if (size === ours || !holds(side, price, size)) continue;
      return { side: side === BID ? 'bid' : 'ask', price, ours, theirs: size };
    }
    book.set(side, price, ours);
    return null;
  };
  for (const level of triples(suspects)) {
    const found = search(level, plausibleSizes());
    if (found) return found;
  }
  for (const level of triples(levels)) {
    const found = search(level, [0]);
    if (found) return found;
  }
  for (const level of triples(levels)) {
    const found = search(level, wholeSizes(1000));
    if (found) return found;
  }
  return null;
}

function* triples(levels: Float64Array): Generator<Float64Array> {
  for (let i = 0; i + 2 < levels.length; i += 3) yield levels.subarray(i, i + 3);
}

function* wholeSizes(most: number): Generator<number> {
  for (let contracts = 1; contracts <= most; contracts++) yield contracts * 100;
}

function* plausibleSizes(): Generator<number> {
  yield 0;
  yield* wholeSizes(WHOLE);
  for (let size = 1; size <= FINE; size++) if (size % 100 !== 0) yield size;
}
