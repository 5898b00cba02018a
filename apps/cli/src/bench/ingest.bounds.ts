import type { BookEvent } from '#core';
import { copyIn, copySql, TapeRows, type Pool } from '#data';
import type { OpenStreams, ServerOrder } from './frame-server.js';

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

/**
 * Rows per second of bare binary COPY into `book_change`: the rows the pipeline committed, in its batches, encoded
 * beforehand under another lane, one durable transaction each.
 */
export async function copyRows(pool: Pool, batches: readonly (readonly BookEvent[])[], lane: number): Promise<number> {
  const encoder = new TapeRows(lane);
  const wires: Buffer[] = [];
  let rows = 0;
  let seq = 0;
  for (const events of batches) {
    encoder.begin();
    for (const event of events) encoder.event({ ...event, lane, seq: ++seq });
    for (const stream of encoder.end()) {
      rows += stream.rows;
      wires.push(Buffer.from(stream.wire));
    }
  }
  const client = await pool.connect();
  try {
    const from = performance.now();
    for (const wire of wires) await copyIn(client, copySql.book_change, [wire]);
    return (rows / (performance.now() - from)) * 1000;
  } finally {
    client.release();
  }
}
