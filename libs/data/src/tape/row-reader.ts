import { Defect } from '#core';

const HEADER_BYTES = 19;
const TWO_32 = 2 ** 32;

/** Reads fields of binary COPY rows in the order they come. The bytes are only borrowed. */
export class RowReader {
  private bytes: Buffer = Buffer.alloc(0);
  private n = 0;
  private first = true;

  use(bytes: Buffer): void {
    this.bytes = bytes;
    this.n = this.first ? HEADER_BYTES : 0;
    this.first = false;
  }

  /** Whether another row begins here; the trailer (-1 fields) ends them. */
  next(): boolean {
    if (this.n + 2 > this.bytes.length) return false;
    const fields = this.bytes.readInt16BE(this.n);
    this.n += 2;
    return fields >= 0;
  }

  bool(): boolean {
    this.length(1);
    return this.bytes[this.n++] !== 0;
  }

  int16(): number {
    this.length(2);
    const value = this.bytes.readInt16BE(this.n);
    this.n += 2;
    return value;
  }

  int32(): number {
    this.length(4);
    const value = this.bytes.readInt32BE(this.n);
    this.n += 4;
    return value;
  }

  int32OrNull(): number | null {
    return this.isNull() ? null : this.int32();
  }

  int64(): number {
    this.length(8);
    const value = this.bytes.readInt32BE(this.n) * TWO_32 + this.bytes.readUInt32BE(this.n + 4);
    this.n += 8;
    return value;
  }

  int64OrNull(): number | null {
    return this.isNull() ? null : this.int64();
  }

  text(): string {
    const length = this.bytes.readInt32BE(this.n);
    if (length < 0) throw new Defect('a NULL where text was expected');
    this.n += 4 + length;
    return this.bytes.toString('utf8', this.n - length, this.n);
  }

  textOrNull(): string | null {
    return this.isNull() ? null : this.text();
  }

  private isNull(): boolean {
    if (this.bytes.readInt32BE(this.n) >= 0) return false;
    this.n += 4;
    return true;
  }

  private length(expected: number): void {
    const found = this.bytes.readInt32BE(this.n);
    if (found !== expected) throw new Defect(`a field of ${found} bytes where ${expected} were expected`);
    this.n += 4;
  }
}
