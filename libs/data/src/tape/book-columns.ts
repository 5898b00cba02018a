import { RowBuffer, type BookRows } from '#engine';
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
  private readonly rows: RowBuffer;
  private last = -1;
  /** Of the event that is being read. */
  private first = 0;

  constructor(room: number) {
    this.rows = new RowBuffer(FLAG_BITS, room);
  }

  row({ view, n }: RowReader): void {
    const { rows } = this;
    const seq = view.getInt32(n + 4) * TWO_32 + view.getUint32(n + 8);
    if (seq !== this.last) {
      this.last = seq;
      this.first = rows.rows;
    }
    const i = this.first + view.getInt32(n + 36);
    rows.reserve(i + 1);
    rows.rows++;
    rows.seq[i] = seq;
    rows.at[i] = view.getInt32(n + 16) * TWO_32 + view.getUint32(n + 20);
    rows.market[i] = view.getInt32(n + 28);
    rows.flags[i] = view.getInt32(n + 44);
    rows.side[i] = view.getInt16(n + 52);
    rows.price[i] = view.getInt32(n + 58);
    rows.size[i] = view.getInt32(n + 66) * TWO_32 + view.getUint32(n + 70);
  }

  /** `null` when there was no row. */
  end(): BookRows | null {
    return this.rows.rows === 0 ? null : this.rows;
  }
}
