import type pg from 'pg';
import { Defect } from '#core';
import { RowReader } from './row-reader.js';

/** What pg hands a custom query; only the part used here. */
interface WireConnection {
  readonly stream: {
    write(bytes: Uint8Array): boolean;
    cork(): void;
    uncork(): void;
    listeners(event: 'data'): unknown[];
    removeListener(event: 'data', listener: (bytes: Buffer) => void): void;
    on(event: 'data', listener: (bytes: Buffer) => void): void;
  };
  query(text: string): void;
}

/**
 * A query of our own on a pg connection: simple statements in one text, of which COPY … FROM STDIN take `inputs` in
 * turn. Everything is written at once and answered once, which the protocol allows: the server ignores copy data that
 * follows a failure (PostgreSQL 18 documentation, 54.2.6).
 *
 * The buffers must stay untouched until it settles; after a failure the connection is to be thrown away, because
 * bytes may still be on their way.
 */
export function copyIn(client: pg.ClientBase, sql: string, inputs: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new RawQuery(
        (connection) => {
          connection.stream.cork();
          connection.query(sql);
          for (const input of inputs) connection.stream.write(input);
          connection.stream.uncork();
        },
        resolve,
        reject,
      ),
    );
  });
}

/**
 * COPY … TO STDOUT (FORMAT binary), several in one text when wanted: for the n-th one `onRows[n]` is called with the
 * reader at each row's first field and must read it at once.
 *
 * The server sends a message per row. pg makes an object of each; here they are walked in the bytes as they came from
 * the socket, which leaves a reader as quick as the server is. Whatever is not a row goes to pg.
 */
export function copyOut(
  client: pg.ClientBase,
  sql: string,
  ...onRows: readonly ((row: RowReader) => void)[]
): Promise<void> {
  return new Promise((resolve, reject) => {
    const rows = new CopiedRows(onRows);
    client.query(
      new RawQuery(
        (connection) => {
          rows.listen(connection.stream);
          connection.query(sql);
        },
        () => {
          if (rows.failure !== null) throw rows.failure;
          resolve();
        },
        reject,
      ),
    );
  });
}

const HEADER_BYTES = 19;
/** Several rows of most tables. */
const BRIDGE_BYTES = 1_024;
const COPY_OUT = 0x48;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
/** Notice, parameter, notification, command complete: they come between rows and between the statements of a text. */
const BETWEEN: readonly number[] = [0x4e, 0x53, 0x41, 0x43];

/** Takes a socket's bytes until the answer has ended. */
class CopiedRows {
  failure: Error | null = null;
  private readonly row = new RowReader();
  private rest: Buffer | null = null;
  private first = true;
  private copy = -1;
  private onRow: (row: RowReader) => void = () => undefined;
  private pass: (message: Buffer) => void = () => undefined;

  constructor(private readonly onRows: readonly ((row: RowReader) => void)[]) {}

  listen(stream: WireConnection['stream']): void {
    const theirs = stream.listeners('data') as ((bytes: Buffer) => void)[];
    for (const listener of theirs) stream.removeListener('data', listener);
    this.pass = (message) => {
      for (const listener of theirs) listener(message);
    };
    const take = (chunk: Buffer): void => {
      const { bytes, left } = this.join(chunk);
      if (left >= 0) {
        this.rest = left === bytes.length ? null : bytes.subarray(left);
        return;
      }
      stream.removeListener('data', take);
      for (const listener of theirs) stream.on('data', listener);
      this.pass(bytes.subarray(-left - 1));
    };
    stream.on('data', take);
  }

  /** Walks what was left and the chunk; of the chunk only as much is copied as ends the message that was cut. */
  private join(chunk: Buffer): { readonly bytes: Buffer; readonly left: number } {
    const { rest } = this;
    if (rest === null) return { bytes: chunk, left: this.walk(chunk) };
    const bridge = Buffer.concat([rest, chunk.subarray(0, BRIDGE_BYTES)]);
    const left = this.walk(bridge);
    const place = (left >= 0 ? left : -left - 1) - rest.length;
    // Its end is further on, or it is none of ours: rare, and quick enough in one piece.
    if (place < 0) {
      const bytes = Buffer.concat([rest, chunk]);
      return { bytes, left: left < 0 ? left : this.walk(bytes) };
    }
    const bytes = chunk.subarray(place);
    return { bytes, left: left < 0 ? -1 : this.walk(bytes) };
  }

  /** Returns where the first incomplete message begins, or -1 - the place of the first that is none of ours. */
  private walk(bytes: Buffer): number {
    const { row } = this;
    row.use(bytes);
    let n = 0;
    while (n + 5 <= bytes.length) {
      const type = bytes[n];
      const end = n + 1 + bytes.readInt32BE(n + 1);
      if (type !== COPY_DATA && type !== COPY_OUT && type !== COPY_DONE) {
        if (!BETWEEN.includes(type)) return -1 - n;
        if (end <= bytes.length) this.pass(bytes.subarray(n, end));
      }
      if (end > bytes.length) break;
      if (type === COPY_OUT) {
        this.onRow = this.onRows[++this.copy];
        this.first = true;
      } else if (type === COPY_DATA && this.failure === null) {
        const at = this.first ? n + 5 + HEADER_BYTES : n + 5;
        this.first = false;
        try {
          if (at < end && row.row(at)) this.onRow(row);
        } catch (error) {
          this.failure = error as Error;
        }
      }
      n = end;
    }
    return n;
  }
}

class RawQuery {
  constructor(
    private readonly send: (connection: WireConnection) => void,
    private readonly done: () => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  submit(connection: unknown): void {
    this.send(connection as WireConnection);
  }

  handleReadyForQuery(): void {
    try {
      this.done();
    } catch (error) {
      this.reject(error);
    }
  }

  handleError(error: unknown): void {
    this.reject(error);
  }

  handleCopyInResponse(): void {}
  handleCopyData(): void {
    this.reject(new Defect('a row of a COPY came behind a message that is none'));
  }
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
