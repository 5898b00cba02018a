import type pg from 'pg';

/** What pg hands a custom query; only the part used here. */
interface WireConnection {
  readonly stream: { write(bytes: Uint8Array): boolean; cork(): void; uncork(): void };
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
        () => undefined,
        resolve,
        reject,
      ),
    );
  });
}

/** COPY … TO STDOUT: each message (a row, the first one behind the 19-byte header) goes to `onData` and is valid only during the call. */
export function copyOut(client: pg.ClientBase, sql: string, onData: (bytes: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new RawQuery((connection) => connection.query(sql), onData, resolve, reject));
  });
}

class RawQuery {
  private failure: unknown = null;

  constructor(
    private readonly send: (connection: WireConnection) => void,
    private readonly onData: (bytes: Buffer) => void,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  submit(connection: unknown): void {
    this.send(connection as WireConnection);
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (this.failure !== null) return;
    try {
      this.onData(message.chunk);
    } catch (error) {
      this.failure = error;
    }
  }

  handleReadyForQuery(): void {
    if (this.failure === null) this.resolve();
    else this.reject(this.failure);
  }

  handleError(error: unknown): void {
    this.reject(error);
  }

  handleCopyInResponse(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
