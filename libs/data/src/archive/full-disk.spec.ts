import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OutsideProblem, type TapeEvent } from '#core';
import { migrate } from '../data-source.js';
import type { EmbeddedServer } from '../embedded/server.js';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { SMALL_DISKS, smallDisk, type SmallDisk } from '../testing/small-disk.js';
import { SERVER_KINDS } from '../testing/timescale-server.js';
import { packFolder, unpackTar } from './archive.tar.js';
import { exportTape } from './tape-export.js';
import { importTape } from './tape-import.js';

const DISK_MB = 200;
const FILES_MB = 32;
const BATCHES = 20;
const PER_BATCH = 600;
const COUNT = BATCHES * PER_BATCH;
const LEVELS = 3;

for (const kind of SERVER_KINDS) {
  describe.skipIf(!SMALL_DISKS || kind.missing)(`a disk that is full (needs leave to mount one) ${kind.title}`, () => {
    /** The database's disk; exports have one of their own, where nobody else takes room or gives it back. */
    let disk: SmallDisk;
    let files: SmallDisk;
    let server: EmbeddedServer;
    let pool: pg.Pool;
    let port: number | undefined;
    const start = async (): Promise<void> => {
      server = await kind.start({ dataDir: join(disk.folder, 'data'), ...(port === undefined ? {} : { port }) });
      ({ port } = server);
    };
    /** A server that found no room for its log ended; whoever keeps it starts it again. */
    const comeBack = async (): Promise<void> => {
      if (
        await pool.query('SELECT 1').then(
          () => true,
          () => false,
        )
      )
        return;
      await server.stop();
      await start();
    };

    /** As a recorder does: the same batch again until it is in. Answers how often it was not. */
    async function record(lane: number, during: (index: number) => void = () => undefined): Promise<number> {
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(lane, 'spec');
      const at = Date.now() - 3_600_000;
      let failures = 0;
      for (let index = 0; index < BATCHES; index++) {
        const events = Array.from({ length: PER_BATCH }, (_, i): TapeEvent => {
          const seq = index * PER_BATCH + i + 1;
          const levels = Float64Array.from({ length: LEVELS * 3 }, (_level, n) =>
            n % 3 === 0 ? 0 : n % 3 === 1 ? 10_000 * (1 + ((seq + n) % 40)) : 100 * (seq % 9),
          );
          const source = { venueAt: null, connection: 1, venueSeq: seq };
          const market = (seq % 5) as never;
          return { kind: 'book', lane, seq, at: at + seq, market, ...source, snapshot: false, levels, merged: 1 };
        });
        during(index);
        for (;;) {
          try {
            await store.append(batchOf(events, { epoch }));
            break;
          } catch (error) {
            expect(error).toBeInstanceOf(OutsideProblem);
            failures++;
            disk.empty();
            await comeBack();
          }
        }
      }
      return failures;
    }

    beforeAll(async () => {
      disk = smallDisk(DISK_MB)!;
      files = smallDisk(FILES_MB)!;
      await start();
      await migrate(server.url);
      pool = createPool(server.url);
      await record(1);
    });
    afterEach(() => {
      disk.empty();
      files.empty();
      rmSync(join(files.folder, 'out'), { recursive: true, force: true });
    });
    afterAll(async () => {
      disk?.empty();
      await pool?.end();
      await server?.stop();
      disk?.remove();
      files?.remove();
    });

    const tally = async (lane: number) =>
      (
        await pool.query<{ rows: number; last: number; head: number }>(
          `SELECT count(*)::int AS rows, coalesce(max(seq), 0)::int AS last, (SELECT head_seq::int FROM lane WHERE id = $1) AS head
           FROM book_change WHERE lane = $1`,
          [lane],
        )
      ).rows[0];

    it('loses no committed row and stores none twice when recorded over it', async () => {
      expect(await record(3, (index) => index === 8 && disk.fill())).toBeGreaterThan(0);
      expect(await tally(3)).toEqual({ rows: COUNT * LEVELS, last: COUNT, head: COUNT });
      let read = 0;
      for await (const event of createTapeStore(pool).read(3, 1, COUNT)) expect(event.seq).toBe(++read);
    });

    it('stops an import between two commits, which goes on when there is room', async () => {
      const path = join(disk.folder, 'tape.replay');
      const { digest } = await exportTape(pool, { lane: 1, format: 'replay', path });
      const stopped = importTape(pool, {
        path,
        lane: 2,
        now: Date.now(),
        progress: (step, done) => step === 'written' && done > 0 && disk.fill(),
      });
      await expect(stopped).rejects.toThrow(OutsideProblem);
      await expect(stopped).rejects.toThrow(/^the import stopped; run it again to go on: /);
      disk.empty();
      await comeBack();
      const half = await tally(2);
      expect(half.head).toBeGreaterThan(0);
      expect(half).toEqual({ rows: half.head * LEVELS, last: half.head, head: half.head });
      const again = await importTape(pool, { path, lane: 2, now: Date.now() });
      expect(again.resumedAt).toBe(half.head + 1);
      expect(await tally(2)).toEqual({ rows: COUNT * LEVELS, last: COUNT, head: COUNT });
      const back = join(disk.folder, 'again.replay');
      expect((await exportTape(pool, { lane: 2, format: 'replay', path: back })).digest).toBe(digest);
      rmSync(path);
      rmSync(back);
    });

    // Room for half of it, and for all but its last bytes: a write that took a part of what it was given is no success.
    it.each([
      ['replay', 0.5],
      ['parquet', 0.5],
      ['replay', 0.99],
      ['csv', 0.99],
    ] as const)(
      'stops an export as %s that has %f of the room it needs: it says why and leaves nothing',
      async (format, share) => {
        const folder = join(files.folder, 'out');
        mkdirSync(folder);
        const path = join(folder, 'tape');
        await exportTape(pool, { lane: 1, format, path });
        const bytes = sizeOf(path, format);
        rmSync(path, { recursive: true });
        files.fill(Math.floor(bytes * share));
        const stopped = exportTape(pool, { lane: 1, format, path });
        await expect(stopped).rejects.toThrow(OutsideProblem);
        await expect(stopped).rejects.toThrow(
          'the export stopped and left nothing: the disk is full; make room and begin it again',
        );
        expect(readdirSync(folder)).toEqual([]);
        files.empty();
        expect((await exportTape(pool, { lane: 1, format, path })).rows.book_change).toBe(COUNT * LEVELS);
        rmSync(folder, { recursive: true });
      },
    );

    it('stops packing and unpacking the same way', async () => {
      const folder = join(files.folder, 'tape');
      mkdirSync(folder);
      writeFileSync(join(folder, 'trade.csv'), Buffer.alloc(3 << 20, 'x'));
      const tar = join(files.folder, 'tape.tar');
      files.fill(2 << 20);
      await expect(packFolder(folder, tar)).rejects.toThrow('the files could not be packed: the disk is full');
      files.empty();
      await packFolder(folder, tar);
      files.fill(2 << 20);
      await expect(unpackTar(tar, join(files.folder, 'back'))).rejects.toThrow(
        'the upload could not be unpacked: the disk is full',
      );
      expect(readdirSync(files.folder).filter((name) => name.includes('.partial') || name === 'back')).toEqual([]);
      expect(existsSync(tar)).toBe(true);
    });
  });
}

function sizeOf(path: string, format: string): number {
  if (format === 'replay') return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
