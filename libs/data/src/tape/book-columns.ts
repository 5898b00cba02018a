import type { BookRows } from '#engine';
import type { RowReader } from './row-reader.js';
import { NO_LEVEL, SNAPSHOT } from './stream-rows.js';

const TWO_32 = 2 ** 32;
/** What is said in `flags` of an event's first row. */
export const FLAG_BITS = { snapshot: SNAPSHOT, empty: NO_LEVEL } as const;

/**
 * Level rows as a kernel takes them, without an event made of each. Rows of a `seq` come together; `ord` says where each
 * belongs. A row is read by place: its fields are never NULL and always as long, each behind the four bytes of its length:
 * seq, at, market, ord, flags, side, price, size.
 */
export class BookColumns {
  static readonly select = 'seq, at, market, ord, flags, side, price, size FROM book_change';
  private rows = 0;
  private last = -1;
  /** Of the event that is being read. */
  private first = 0;
  private seq: Float64Array;
  private at: Float64Array;
  private size: Float64Array;
  private market: Int32Array;
  private flags: Int32Array;
  private side: Int32Array;
  private price: Int32Array;

  constructor(room: number) {
    this.seq = new Float64Array(room);
    this.at = new Float64Array(room);
    this.size = new Float64Array(room);
    this.market = new Int32Array(room);
    this.flags = new Int32Array(room);
    this.side = new Int32Array(room);
    this.price = new Int32Array(room);
  }

  row({ view, n }: RowReader): void {
    const seq = view.getInt32(n + 4) * TWO_32 + view.getUint32(n + 8);
    if (seq !== this.last) {
      this.last = seq;
      this.first = this.rows;
    }
    const i = this.first + view.getInt32(n + 36);
    if (i >= this.seq.length) this.grow(i + 1);
    this.rows++;
    this.seq[i] = seq;
    this.at[i] = view.getInt32(n + 16) * TWO_32 + view.getUint32(n + 20);
    this.market[i] = view.getInt32(n + 28);
    this.flags[i] = view.getInt32(n + 44);
    this.side[i] = view.getInt16(n + 52);
    this.price[i] = view.getInt32(n + 58);
    this.size[i] = view.getInt32(n + 66) * TWO_32 + view.getUint32(n + 70);
  }

  /** `null` when there was no row. */
  end(): BookRows | null {
    const { rows, seq, at, size, market, flags, side, price } = this;
    return rows === 0 ? null : { rows, seq, at, size, market, flags, side, price, bits: FLAG_BITS };
  }

  private grow(least: number): void {
    const room = Math.max(least, this.seq.length * 2);
    const longer = <A extends Float64Array | Int32Array>(values: A, into: A): A => {
      into.set(values);
      return into;
    };
    this.seq = longer(this.seq, new Float64Array(room));
    this.at = longer(this.at, new Float64Array(room));
    this.size = longer(this.size, new Float64Array(room));
    this.market = longer(this.market, new Int32Array(room));
    this.flags = longer(this.flags, new Int32Array(room));
    this.side = longer(this.side, new Int32Array(room));
    this.price = longer(this.price, new Int32Array(room));
  }
}
