import { pathToFileURL } from 'node:url';
import type { MarketRef, TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { copyIn, copyOut } from '../tape/copy-connection.js';
import { copySql, StreamEncoder, type EncodedStream } from '../tape/stream-rows.js';
import { createTapeStore } from '../tape/tape.store.js';
import { readTapeBlocks } from '../tape/tape-reader.js';
import { batchOf } from './batches.js';

export interface AppendRate {
  readonly rowsPerBatch: number;
  readonly batches: number;
  /** Rows per second of `append`: encoding, fence, COPY, commit. */
  readonly appendRowsPerS: number;
  /** Rows per second of the same rows, encoded beforehand, by bare COPY into the same table, one transaction per batch. */
  readonly copyRowsPerS: number;
  readonly ratio: number;
  readonly encodeRowsPerS: number;
  readonly readRowsPerS: number;
  /** COPY … TO STDOUT of the same rows in the same order, bytes thrown away. */
  readonly copyOutRowsPerS: number;
}

/** Measures on a migrated database; rounds of both ways alternate, so that both meet the same machine. */
export async function appendRate(url: string, batches = 300, rowsPerBatch = 2_000, rounds = 3): Promise<AppendRate> {
  const pool = createPool(url, 4);
  const store = createTapeStore(pool);
  const encoder = new StreamEncoder();
  let encodeMs = 0;
  const took = { append: [] as number[], copy: [] as number[] };
  const client = await pool.connect();
  let lane = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      lane = 9_000 + round;
      const { epoch, headSeq } = await store.takeOver(lane, 'bench');
      const made = Array.from({ length: batches }, (_, i) =>
        bookEvents(lane, headSeq + i * rowsPerBatch, rowsPerBatch),
      );
      const copies = made.map((events) => events.map((event) => ({ ...event, lane: event.lane + 100 })));
      let from = performance.now();
      for (const events of made) await store.append(batchOf(events, { epoch }));
      took.append.push(performance.now() - from);
      from = performance.now();
      const encoded = copies.map((events): EncodedStream[] =>
        encoder.encode(batchOf(events, { epoch: 0 })).map((stream) => ({ ...stream, wire: Buffer.from(stream.wire) })),
      );
      encodeMs += performance.now() - from;
      from = performance.now();
      for (const streams of encoded) await copyIn(client, copySql[streams[0].name], [streams[0].wire]);
      took.copy.push(performance.now() - from);
    }
    const rows = batches * rowsPerBatch;
    const perS = (times: number[]): number => Math.round((rows / median(times)) * 1_000);
    const from = performance.now();
    const { headSeq } = await store.takeOver(lane, 'bench');
    let events = 0;
    for await (const block of readTapeBlocks(pool, lane, headSeq - rows + 1, headSeq)) events += block.length;
    const readMs = performance.now() - from;
    const fromOut = performance.now();
    await copyOut(
      client,
      `COPY (SELECT seq, at, market, ord, flags, side, price, size, venue_at, conn, venue_seq FROM book_change WHERE lane = ${lane} AND seq BETWEEN ${headSeq - rows + 1} AND ${headSeq} ORDER BY seq) TO STDOUT (FORMAT binary)`,
      () => undefined,
    );
    const outMs = performance.now() - fromOut;
    const appendRowsPerS = perS(took.append);
    const copyRowsPerS = perS(took.copy);
    return {
      rowsPerBatch,
      batches,
      appendRowsPerS,
      copyRowsPerS,
      ratio: Number((appendRowsPerS / copyRowsPerS).toFixed(3)),
      encodeRowsPerS: Math.round(((rows * rounds) / encodeMs) * 1_000),
      readRowsPerS: Math.round((events / readMs) * 1_000),
      copyOutRowsPerS: Math.round((rows / outMs) * 1_000),
    };
  } finally {
    client.release();
    await pool.end();
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** One level per event, as most frames are; 400 markets. */
function bookEvents(lane: number, before: number, count: number): TapeEvent[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, i): TapeEvent => {
    const seq = before + i + 1;
    return {
      kind: 'book',
      lane,
      seq,
      at: now,
      market: (seq % 400) as MarketRef,
      venueAt: now - 20,
      connection: 1 + (seq % 4),
      venueSeq: seq % 2 === 0 ? seq : null,
      snapshot: false,
      levels: Float64Array.of(seq & 1, 10_000 * (1 + (seq % 98)), 100 * (seq % 5_000)),
      merged: 1,
    };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${JSON.stringify(await appendRate(process.argv[2] ?? ''))}\n`);
}
