import { copyIn, copySql, tapeBatch, type EncodedStream, type Pool } from '#data';
import type { OpenStreams, ServerOrder } from './frame-server.js';
import type { Commit } from './ingest.road.js';

/** Frames per second of a socket and `JSON.parse`, and nothing else. */
export async function bareFrames(
  streams: OpenStreams,
  order: ServerOrder & { readonly kind: 'flat' },
): Promise<number> {
  let heard = 0;
  let finish: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (finish = resolve));
  for (const socket of Object.values(streams.sockets))
    socket.on('message', (data: Buffer) => {
      JSON.parse(data.toString('utf8'));
      if (++heard === order.frames) finish();
    });
  const from = performance.now();
  await Promise.all([streams.order(order), all]);
  return (order.frames / (performance.now() - from)) * 1000;
}

/** The rows of a commit again, under another lane and as bytes: nothing of it lies in the heap that is measured. */
export function encodedCommit({ events, quotes, journal }: Commit, lane: number): readonly EncodedStream[] {
  const inLane = <T extends object>(one: T): T => ({ ...one, lane });
  const { streams } = tapeBatch({
    lane,
    epoch: 1,
    events: events.map(inLane),
    quotes,
    journal: journal.map(inLane),
  });
  return streams.map((stream) => ({ ...stream, wire: Buffer.from(stream.wire) }));
}

/** Rows per second of bare binary COPY, each commit a durable transaction, every stream into its own table. */
export async function copyRows(pool: Pool, commits: readonly (readonly EncodedStream[])[]): Promise<number> {
  const rows = commits.flat().reduce((sum, stream) => sum + stream.rows, 0);
  const client = await pool.connect();
  try {
    const from = performance.now();
    for (const streams of commits) {
      const sql = ['BEGIN', ...streams.map(({ name }) => copySql[name]), 'COMMIT'].join('; ');
      await copyIn(
        client,
        sql,
        streams.map(({ wire }) => wire),
      );
    }
    return (rows / (performance.now() - from)) * 1000;
  } finally {
    client.release();
  }
}
