import { ASK, BID, type OrderBook } from '#core';

/** Changes that make `from` equal to `to`, as absolute levels; empty when they are equal. */
export function bookDiff(from: OrderBook, to: OrderBook): Float64Array {
  const changes: number[] = [];
  for (const side of [BID, ASK] as const) {
    for (let level = 0; level < from.count(side); level++) {
      const price = from.price(side, level);
      if (to.sizeAt(side, price) === 0) changes.push(side, price, 0);
    }
    for (let level = 0; level < to.count(side); level++) {
      const price = to.price(side, level);
      const size = to.size(side, level);
      if (from.sizeAt(side, price) !== size) changes.push(side, price, size);
    }
  }
  return Float64Array.from(changes);
}
