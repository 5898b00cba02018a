import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutsideProblem, type TapeEvent } from '#core';
import { migrate } from '../data-source.js';
import type { EmbeddedServer } from '../embedded/server.js';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { SERVER_KINDS } from '../testing/timescale-server.js';
import { exportTape } from './tape-export.js';
import { importTape } from './tape-import.js';

const BATCHES = 60;
const PER_BATCH = 500;
const COUNT = BATCHES * PER_BATCH;

/** The server on one port that is stopped or killed under its users, and comes back with what was committed. */
for (const kind of SERVER_KINDS) {
  describe.skipIf(kind.missing)(`a database that goes away during writes, ${kind.title}`, () => {
    let folder: string;
    let server: EmbeddedServer;
    let pool: pg.Pool;
    let port: number;

    const start = async (): Promise<void> => {
      server = await kind.start({ dataDir: join(folder, 'data'), port });
    };
    /** Away for a moment; resolves when it is back. */
    const interrupt = async (how: 'restart' | 'kill'): Promise<void> => {
      if (how === 'restart') await server.stop();
      else {
        process.kill(server.pid, 'SIGKILL');
        await server.exited;
        await server.stop();
      }
      await sleep(100);
      await start();
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'arbintel-crash-'));
      chmodSync(folder, 0o711);
      server = await kind.start({ dataDir: join(folder, 'data') });
      ({ port } = server);
      await migrate(server.url);
      pool = createPool(server.url);
    });
    afterAll(async () => {
      await pool?.end();
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const at = Date.now() - 3_600_000;
    const batch = (lane: number, epoch: number, index: number) =>
      batchOf(
        Array.from({ length: PER_BATCH }, (_, i): TapeEvent => {
          const seq = index * PER_BATCH + i + 1;
          const levels = Float64Array.of(0, 10_000 * (1 + (seq % 40)), 100 * (seq % 9));
          const source = { venueAt: null, connection: 1, venueSeq: seq };
          return {
            kind: 'book',
            lane,
            seq,
            at: at + seq,
            market: (seq % 5) as never,
            ...source,
            snapshot: false,
            levels,
            merged: 1,
          };
        }),
        { epoch },
      );
    const tally = async (lane: number) =>
      (
        await pool.query(
          `SELECT count(*)::int AS rows, count(DISTINCT seq)::int AS seqs, max(seq)::int AS last,
             (SELECT head_seq::int FROM lane WHERE id = $1) AS head FROM book_change WHERE lane = $1`,
          [lane],
        )
      ).rows[0];

    /** As a recorder does: the same batch again until it is in, however often the database is away. */
    async function record(lane: number, during: (index: number) => void): Promise<number> {
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(lane, 'spec');
      let failures = 0;
      for (let index = 0; index < BATCHES; index++) {
        during(index);
        for (;;) {
          try {
            await store.append(batch(lane, epoch, index));
            break;
          } catch (error) {
            expect(error).toBeInstanceOf(OutsideProblem);
            failures++;
            await sleep(30);
          }
        }
      }
      return failures;
    }

    it.each(['restart', 'kill'] as const)(
      'loses no committed row and stores none twice when recorded over a %s',
      async (how) => {
        const lane = how === 'restart' ? 1 : 2;
        let gone: Promise<void> = Promise.resolve();
        const failures = await record(lane, (index) => {
          if (index === 20) gone = interrupt(how);
        });
        await gone;
        expect(failures).toBeGreaterThan(0);
        expect(await tally(lane)).toEqual({ rows: COUNT, seqs: COUNT, last: COUNT, head: COUNT });
        let read = 0;
        for await (const event of createTapeStore(pool).read(lane, 1, COUNT)) expect(event.seq).toBe(++read);
      },
    );

    it.runIf(kind.layout === 'timescale')(
      'loses no committed row and stores none twice when recorded late into compressed parts over a kill',
      async () => {
        await pool.query(
          `SELECT compress_chunk(chunk, if_not_compressed => true) FROM show_chunks('book_change') chunk`,
        );
        let gone: Promise<void> = Promise.resolve();
        const failures = await record(3, (index) => {
          if (index === 20) gone = interrupt('kill');
        });
        await gone;
        expect(failures).toBeGreaterThan(0);
        expect(await tally(3)).toEqual({ rows: COUNT, seqs: COUNT, last: COUNT, head: COUNT });
        // Compressed once more they are still there, once.
        await pool.query(`SELECT compress_chunk(chunk) FROM show_chunks('book_change') chunk`);
        expect(await tally(3)).toEqual({ rows: COUNT, seqs: COUNT, last: COUNT, head: COUNT });
        let read = 0;
        for await (const event of createTapeStore(pool).read(3, 1, COUNT)) expect(event.seq).toBe(++read);
      },
    );

    it.each(['restart', 'kill'] as const)('goes on with an import where a %s stopped it', async (how) => {
      const path = join(folder, `tape-${how}`);
      const { digest } = await exportTape(pool, { lane: 1, format: 'replay', path });
      const lane = how === 'restart' ? 10 : 11;
      const gone: Promise<void>[] = [];
      const first = importTape(pool, {
        path,
        lane,
        now: Date.now(),
        progress: (step, done) => {
          if (step === 'written' && done > 0.3 && gone.length === 0) gone.push(interrupt(how));
        },
      });
      await expect(first).rejects.toBeInstanceOf(OutsideProblem);
      await Promise.all(gone);
      const half = await tally(lane);
      expect(half.rows).toBeGreaterThan(0);
      expect(half).toEqual({ rows: half.head, seqs: half.head, last: half.head, head: half.head });
      const again = await importTape(pool, { path, lane, now: Date.now() });
      expect(again.resumedAt).toBe(half.head + 1);
      expect(await tally(lane)).toEqual({ rows: COUNT, seqs: COUNT, last: COUNT, head: COUNT });
      expect((await exportTape(pool, { lane, format: 'replay', path: `${path}-again` })).digest).toBe(digest);
    });
  });
}
