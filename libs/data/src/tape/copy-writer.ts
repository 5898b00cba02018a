const FIELDS_NULL = -1;
/** `PGCOPY\n\377\r\n\0`, no flags, no extension: the start of a binary COPY. */
const SIGNATURE = Uint8Array.of(0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** A message about this long suits the server's reading best. */
const MESSAGE_BYTES = 64 << 10;
const TWO_32 = 2 ** 32;

/**
 * Writes rows of one table as the very bytes that go to the socket: CopyData messages in PostgreSQL's binary format and the
 * CopyDone. One buffer per table, grown and reused between batches; no allocation per row.
 */
export class CopyWriter {
  rows = 0;
  private bytes: Buffer;
  private view: DataView;
  private n = 0;
  private message = 0;

  constructor(capacity = 256 << 10) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  begin(): void {
    this.rows = 0;
    this.n = 0;
    this.openMessage();
    this.bytes.set(SIGNATURE, this.n);
    this.n += SIGNATURE.length;
  }

  /** Starts a row. `room`: at least its whole length when all its fields are of fixed width; text makes its own room. */
  row(fields: number, room: number): void {
    this.reserve(room + 64);
    if (this.n - this.message > MESSAGE_BYTES) {
      this.closeMessage();
      this.openMessage();
    }
    this.view.setInt16(this.n, fields);
    this.n += 2;
    this.rows++;
  }

  null(): void {
    this.view.setInt32(this.n, FIELDS_NULL);
    this.n += 4;
  }

  bool(value: boolean): void {
    this.view.setInt32(this.n, 1);
    this.view.setUint8(this.n + 4, value ? 1 : 0);
    this.n += 5;
  }

  int16(value: number): void {
    this.view.setInt32(this.n, 2);
    this.view.setInt16(this.n + 4, value);
    this.n += 6;
  }

  int32(value: number): void {
    this.view.setInt32(this.n, 4);
    this.view.setInt32(this.n + 4, value);
    this.n += 8;
  }

  /** An integer below 2^53. */
  int64(value: number): void {
    const { view, n } = this;
    view.setInt32(n, 8);
    view.setInt32(n + 4, Math.floor(value / TWO_32));
    view.setUint32(n + 8, value >>> 0);
    this.n = n + 12;
  }

  int64OrNull(value: number | null): void {
    if (value === null) this.null();
    else this.int64(value);
  }

  float64(value: number): void {
    this.view.setInt32(this.n, 8);
    this.view.setFloat64(this.n + 4, value);
    this.n += 12;
  }

  float64OrNull(value: number | null): void {
    if (value === null) this.null();
    else this.float64(value);
  }

  /** Text without NUL characters (PostgreSQL stores none): see `storable`. Keeps `room` for fixed fields that follow. */
  text(value: string, room = 64): void {
    this.reserve(value.length * 3 + 4 + room);
    const at = this.n + 4;
    const length = this.bytes.write(value, at, 'utf8');
    this.view.setInt32(this.n, length);
    this.n = at + length;
  }

  textOrNull(value: string | null): void {
    if (value === null) this.null();
    else this.text(value);
  }

  textArray(values: readonly string[]): void {
    this.reserve(64 + values.length * 4);
    const start = this.n;
    const { view } = this;
    let n = start + 4;
    view.setInt32(n, values.length === 0 ? 0 : 1);
    view.setInt32(n + 4, 0);
    view.setInt32(n + 8, TEXT_OID);
    n += 12;
    if (values.length > 0) {
      view.setInt32(n, values.length);
      view.setInt32(n + 4, 1);
      n += 8;
    }
    this.n = n;
    for (const value of values) this.text(value);
    this.view.setInt32(start, this.n - start - 4);
  }

  blob(value: Uint8Array, room = 64): void {
    this.reserve(value.length + 4 + room);
    this.view.setInt32(this.n, value.length);
    this.bytes.set(value, this.n + 4);
    this.n += 4 + value.length;
  }

  /** Ends the COPY. The bytes stay valid until the next `begin`. */
  end(): Buffer {
    this.reserve(16);
    this.view.setInt16(this.n, -1);
    this.n += 2;
    this.closeMessage();
    this.view.setUint8(this.n, COPY_DONE);
    this.view.setInt32(this.n + 1, 4);
    this.n += 5;
    return this.bytes.subarray(0, this.n);
  }

  private openMessage(): void {
    this.reserve(64);
    this.message = this.n;
    this.view.setUint8(this.n, COPY_DATA);
    this.n += 5;
  }

  private closeMessage(): void {
    this.view.setInt32(this.message + 1, this.n - this.message - 1);
  }

  private reserve(more: number): void {
    if (this.n + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.n + more));
    this.bytes.copy(grown, 0, 0, this.n);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

const TEXT_OID = 25;
