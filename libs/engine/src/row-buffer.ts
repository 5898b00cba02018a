import type { BookRows } from './book-rows.js';

type Values = Float64Array | Int32Array;

/** Book rows that are gathered: arrays with room for more, used again when they are emptied. */
export class RowBuffer implements BookRows {
  rows = 0;
  seq: Float64Array;
  at: Float64Array;
  market: Int32Array;
  flags: Int32Array;
  side: Int32Array;
  price: Int32Array;
  size: Float64Array;

  constructor(
    public bits: BookRows['bits'],
    room = 1_024,
  ) {
    this.seq = new Float64Array(room);
    this.at = new Float64Array(room);
    this.market = new Int32Array(room);
    this.flags = new Int32Array(room);
    this.side = new Int32Array(room);
    this.price = new Int32Array(room);
    this.size = new Float64Array(room);
  }

  /** Makes room for at least so many rows. */
  reserve(rows: number): void {
    if (rows <= this.seq.length) return;
    const room = Math.max(rows, this.seq.length * 2);
    this.seq = longer(this.seq, new Float64Array(room));
    this.at = longer(this.at, new Float64Array(room));
    this.market = longer(this.market, new Int32Array(room));
    this.flags = longer(this.flags, new Int32Array(room));
    this.side = longer(this.side, new Int32Array(room));
    this.price = longer(this.price, new Int32Array(room));
    this.size = longer(this.size, new Float64Array(room));
  }

  /** Appends rows of one event, under this number and time. */
  add(rows: BookRows, from: number, to: number, seq: number, at: number): void {
    this.reserve(this.rows + to - from);
    let n = this.rows;
    for (let row = from; row < to; row++, n++) {
      this.seq[n] = seq;
      this.at[n] = at;
      this.market[n] = rows.market[row];
      this.flags[n] = rows.flags[row];
      this.side[n] = rows.side[row];
      this.price[n] = rows.price[row];
      this.size[n] = rows.size[row];
    }
    this.rows = n;
  }

  /** Leaves out the first rows. */
  drop(count: number): void {
    if (count === 0) return;
    for (const values of [this.seq, this.at, this.market, this.flags, this.side, this.price, this.size])
      values.copyWithin(0, count, this.rows);
    this.rows -= count;
  }
}

function longer<A extends Values>(values: A, into: A): A {
  into.set(values);
  return into;
}
