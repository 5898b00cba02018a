/**
 * Book changes as they lie in a columnar tape: one row per changed level, the rows of one event together, in `seq` order.
 * The kernel reads them in place; no object is made per event.
 */
export interface BookRows {
  readonly rows: number;
  readonly seq: Float64Array;
  readonly at: Float64Array;
  readonly market: Int32Array;
  /** Of an event's first row; `bits` says what they mean. */
  readonly flags: Int32Array;
  /** 0 bid, 1 ask. */
  readonly side: Int32Array;
  readonly price: Int32Array;
  readonly size: Float64Array;
  /** Bits of `flags`: the event replaces the whole book; the row stands for an event without levels. */
  readonly bits: { readonly snapshot: number; readonly empty: number };
}

/** Triples of the rows from `from` to before `to`, as in a `BookEvent`. */
export function levelsOf(rows: BookRows, from: number, to: number): Float64Array {
  const levels = new Float64Array((to - from) * 3);
  for (let row = from, i = 0; row < to; row++) {
    levels[i++] = rows.side[row];
    levels[i++] = rows.price[row];
    levels[i++] = rows.size[row];
  }
  return levels;
}
