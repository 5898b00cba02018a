import { describe, expect, it } from 'vitest';
import { BookColumns, FLAG_BITS } from './book-columns.js';
import { RowReader } from './row-reader.js';

type Row = readonly [
  seq: number,
  at: number,
  market: number,
  ord: number,
  flags: number,
  side: number,
  price: number,
  size: number,
];

/** As a binary COPY sends it, behind the count of fields. */
function reader(row: Row): RowReader {
  const widths = [8, 8, 4, 4, 4, 2, 4, 8];
  const bytes = Buffer.alloc(widths.reduce((sum, width) => sum + 4 + width, 0));
  let n = 0;
  row.forEach((value, i) => {
    n = bytes.writeInt32BE(widths[i], n);
    if (widths[i] === 8) n = bytes.writeBigInt64BE(BigInt(value), n);
    else n = widths[i] === 2 ? bytes.writeInt16BE(value, n) : bytes.writeInt32BE(value, n);
  });
  const read = new RowReader();
  read.use(bytes);
  return read;
}

describe('columns of books', () => {
  it('hold the rows of an event in their order, however they come, and as many as there are', () => {
    const rows: Row[] = [
      [1, 50, 2, 0, FLAG_BITS.snapshot, 0, 410_000, 2 ** 40],
      [2, 2 ** 41, 3, 2, 256, 1, 3, 30],
      [2, 2 ** 41, 3, 0, 257, 0, 1, 10],
      [2, 2 ** 41, 3, 1, 256, 0, 2, 20],
      [5, 2 ** 41, 4, 0, FLAG_BITS.empty, 0, 0, 0],
    ];
    const columns = new BookColumns(2);
    for (const row of rows) columns.row(reader(row));
    const { seq, at, market, flags, side, price, size, rows: count, bits } = columns.end()!;
    const of = (values: Float64Array | Int32Array) => [...values.subarray(0, count)];
    expect([seq, at, market, flags, side, price, size].map(of)).toEqual([
      [1, 2, 2, 2, 5],
      [50, 2 ** 41, 2 ** 41, 2 ** 41, 2 ** 41],
      [2, 3, 3, 3, 4],
      [1, 257, 256, 256, 2],
      [0, 0, 0, 1, 0],
      [410_000, 1, 2, 3, 0],
      [2 ** 40, 10, 20, 30, 0],
    ]);
    expect(bits).toEqual(FLAG_BITS);
    expect(new BookColumns(2).end()).toBeNull();
  });
});
