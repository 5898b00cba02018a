import { Defect } from '#core';

const TWO_32 = 2 ** 32;

/** Reads the fields of binary COPY rows in the order they come. The bytes are only borrowed. */
export class RowReader {
  private bytes: Buffer = Buffer.alloc(0);
  /** The bytes as numbers, and where in them the next field begins: for rows that are read by place. */
  view = new DataView(this.bytes.buffer);
  n = 0;

  /** Reads on from `from` in these bytes. */
  use(bytes: Buffer, from = 0): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.n = from;
  }

  /** To the field count of a row at this place of the same bytes; whether there is one: -1 fields end the rows. */
  row(from: number): boolean {
    this.n = from + 2;
    return this.view.getInt16(from) >= 0;
  }

  bool(): boolean {
    this.length(1);
    return this.view.getUint8(this.n++) !== 0;
  }

  int16(): number {
    this.length(2);
    const value = this.view.getInt16(this.n);
    this.n += 2;
    return value;
  }

  int32(): number {
    this.length(4);
    const value = this.view.getInt32(this.n);
    this.n += 4;
    return value;
  }

  int32OrNull(): number | null {
    return this.isNull() ? null : this.int32();
  }

  int64(): number {
    this.length(8);
    const { view, n } = this;
    this.n = n + 8;
    return view.getInt32(n) * TWO_32 + view.getUint32(n + 4);
  }

  int64OrNull(): number | null {
    return this.isNull() ? null : this.int64();
  }

  float64(): number {
    this.length(8);
    const value = this.view.getFloat64(this.n);
    this.n += 8;
    return value;
  }

  float64OrNull(): number | null {
    return this.isNull() ? null : this.float64();
  }

  text(): string {
    const length = this.view.getInt32(this.n);
    if (length < 0) throw new Defect('a NULL where text was expected');
    this.n += 4 + length;
    return this.bytes.toString('utf8', this.n - length, this.n);
  }

  textOrNull(): string | null {
    return this.isNull() ? null : this.text();
  }

  /** A one-dimensional array of texts without NULL. */
  textArray(): string[] {
    this.n += 4;
    const dimensions = this.view.getInt32(this.n);
    this.n += 12;
    if (dimensions === 0) return [];
    const count = this.view.getInt32(this.n);
    this.n += 8;
    return Array.from({ length: count }, () => this.text());
  }

  /** A copy: the bytes themselves are only borrowed. */
  blob(): Buffer {
    const length = this.view.getInt32(this.n);
    if (length < 0) throw new Defect('a NULL where bytes were expected');
    this.n += 4 + length;
    return Buffer.from(this.bytes.subarray(this.n - length, this.n));
  }

  private isNull(): boolean {
    if (this.view.getInt32(this.n) >= 0) return false;
    this.n += 4;
    return true;
  }

  private length(expected: number): void {
    const found = this.view.getInt32(this.n);
    if (found !== expected) throw new Defect(`a field of ${found} bytes where ${expected} were expected`);
    this.n += 4;
  }
}
