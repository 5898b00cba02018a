import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem, type JournalEntry, type TapeEvent } from '#core';
import { STREAMS } from '../layout/stream-tables.js';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import type { ArchiveFormat } from './archive.types.js';
import { exportTape } from './tape-export.js';
import { importTape } from './tape-import.js';

const FORMATS: readonly ArchiveFormat[] = ['parquet', 'csv', 'replay'];
const COUNT = 25_000;

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`archives ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    let folder: string;
    const start = Date.now() - 3_600_000;
    const text = 'a "quoted", \\ line\nand € 😀';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'arbintel-archive-'));
      database = await kind.open();
      pool = createPool(database.url);
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(1, 'spec');
      const events = Array.from({ length: COUNT }, (_, i): TapeEvent => {
        const stamp = { lane: 1, seq: i + 1, at: start + i * 10 };
        const source = { venueAt: i % 2 ? stamp.at - 5 : null, connection: 1, venueSeq: i % 3 ? i : null };
        const market = (i % 7) as never;
        if (i % 50 === 0) return { kind: 'beat', ...stamp };
        if (i % 50 === 1) return { kind: 'probe', ...stamp, market };
        if (i % 50 === 2)
          return { kind: 'continuity', ...stamp, market, trusted: i % 100 === 2, reason: 'gap', detail: text };
        if (i % 50 === 3)
          return {
            kind: 'trade',
            ...stamp,
            ...source,
            market,
            tradeId: `${text}${i}`,
            price: 410_000 as never,
            size: 100 as never,
            taker: i % 4 ? 'buy' : null,
          };
        if (i % 50 === 4)
          return { kind: 'news', ...stamp, item: { id: text, title: '\ud800 half' } } as unknown as TapeEvent;
        const levels = Float64Array.from([0, 10_000 * (i % 40), 100 * (i % 9), 1, 500_000 + 10_000 * (i % 40), 100]);
        return {
          kind: 'book',
          ...stamp,
          ...source,
          market,
          snapshot: i % 500 === 7,
          levels: i % 90 === 9 ? new Float64Array(0) : levels,
          merged: 1,
        };
      });
      const journal = [
        {
          kind: 'signal',
          lane: 1,
          seq: 3,
          ordinal: 0,
          at: start + 20,
          session: 's',
          workflow: 'w',
          account: '',
          causes: [3],
          signalId: 'S3.0',
          legs: [{ market: 'kalshi:A,"' }],
          reason: text,
          mode: 'paper',
        },
        {
          kind: 'integrity',
          lane: 1,
          seq: 3,
          ordinal: 1,
          at: start + 20,
          session: '',
          workflow: '',
          account: '',
          causes: [],
          market: 'kalshi:B',
          message: text,
        },
      ] as unknown as JournalEntry[];
      const estimates = [
        {
          lane: 1,
          seq: 5,
          at: start + 40,
          model: 'm',
          market: 'kalshi:A' as never,
          name: 'fair',
          value: 0.1 + 0.2,
          low: null,
          high: 1,
        },
      ];
      const quotes = events.slice(0, 3_000).map(({ seq, at }) => ({
        seq,
        quote: {
          market: 2,
          at,
          bid: -1,
          bidSize: 0,
          ask: 500_000,
          askSize: 9_007_199_254_740_991,
          trusted: seq % 2 === 0,
        },
      }));
      for (let from = 0; from < COUNT; from += 5_000)
        await store.append(
          batchOf(events.slice(from, from + 5_000), {
            epoch,
            ...(from === 0
              ? {
                  journal,
                  estimates,
                  quotes: quotes as never,
                  checkpoints: [
                    { market: 3 as never, seq: 9, at: start + 80, levels: Float64Array.of(0, 10_000, 100) },
                  ],
                }
              : {}),
          }),
        );
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Every row of a lane but its number, letter by letter, in one order. */
    async function rowsOf(lane: number): Promise<Record<string, string[]>> {
      const rows: Record<string, string[]> = {};
      for (const table of STREAMS) {
        const columns = table.columns.map(([name]) => name).filter((name) => name !== 'lane');
        const found = await pool.query<{ row: string }>(
          `SELECT row_to_json(r)::text AS row FROM (SELECT ${columns.join(', ')} FROM ${table.name} WHERE lane = $1) r ORDER BY 1`,
          [lane],
        );
        rows[table.name] = found.rows.map(({ row }) => row);
      }
      return rows;
    }

    it('give every row of every stream back, whatever the format, and nothing twice', async () => {
      const original = await rowsOf(1);
      expect(Object.values(original).every((rows) => rows.length > 0)).toBe(true);
      const digests = new Set<string>();
      for (const [i, format] of FORMATS.entries()) {
        const path = join(folder, `whole-${format}`);
        const manifest = await exportTape(pool, { lane: 1, format, path });
        expect(manifest).toMatchObject({ fromSeq: 1, toSeq: COUNT, whole: true, lane: 1 });
        digests.add(manifest.digest);
        const lane = 20 + i;
        const first = await importTape(pool, { path, lane, now: Date.now() });
        expect(first.written).toBe(Object.values(manifest.rows).reduce((sum, count) => sum + count, 0));
        expect(await rowsOf(lane)).toEqual(original);
        const second = await importTape(pool, { path, lane, now: Date.now() });
        expect(second.written).toBe(0);
        expect(await rowsOf(lane)).toEqual(original);
      }
      expect(digests.size).toBe(1);
      // The same tape in another format is the same tape.
      expect((await importTape(pool, { path: join(folder, 'whole-csv'), lane: 20, now: Date.now() })).written).toBe(0);
    });

    it('go on where an import was stopped, and then hold the same', async () => {
      const path = join(folder, 'interrupted');
      await exportTape(pool, { lane: 1, format: 'replay', path });
      const stop = new AbortController();
      const trial = importTape(pool, {
        path,
        lane: 30,
        now: Date.now(),
        signal: stop.signal,
        progress: (step, done) => {
          if (step === 'written' && done > 0.5) stop.abort();
        },
      });
      await expect(trial).rejects.toThrow('aborted');
      const left = (
        await pool.query(
          'SELECT head_seq, (SELECT finished_at FROM tape_import WHERE lane = 30) AS finished FROM lane WHERE id = 30',
        )
      ).rows[0];
      expect(left.head_seq).toBeGreaterThan(0);
      expect(left.head_seq).toBeLessThan(COUNT);
      expect(left.finished).toBeNull();
      const again = await importTape(pool, { path, lane: 30, now: Date.now() });
      expect(again.resumedAt).toBe(left.head_seq + 1);
      expect(await rowsOf(30)).toEqual(await rowsOf(1));
    });

    it('hold a part of a tape, which begins where it began', async () => {
      const path = join(folder, 'part');
      await exportTape(pool, { lane: 1, format: 'csv', path, fromSeq: 7_001, toSeq: 9_000 });
      await importTape(pool, { path, lane: 40, now: Date.now() });
      const read: TapeEvent[] = [];
      for await (const event of createTapeStore(pool).read(40, 7_001, 9_000)) read.push(event);
      const original: TapeEvent[] = [];
      for await (const event of createTapeStore(pool).read(1, 7_001, 9_000)) original.push({ ...event, lane: 40 });
      expect(read).toEqual(original);
    });

    it('of some markets only are for looking at, and are not imported', async () => {
      const path = join(folder, 'markets');
      const manifest = await exportTape(pool, { lane: 1, format: 'parquet', path, markets: [3 as never] });
      expect(manifest.whole).toBe(false);
      expect(manifest.rows.book_change).toBeGreaterThan(1_000);
      await expect(importTape(pool, { path, lane: 41, now: Date.now() })).rejects.toThrow('some markets only');
    });

    it('with a fault are refused whole, with file and line', async () => {
      const path = join(folder, 'faulty');
      await exportTape(pool, { lane: 1, format: 'csv', path });
      const file = join(path, 'book_change.csv');
      const lines = readFileSync(file, 'utf8').split('\n');
      const fields = lines[5].split(',');
      fields[8] = '1000001';
      lines[5] = fields.join(',');
      lines.splice(9, 1);
      writeFileSync(file, lines.join('\n'));
      const refused = await importTape(pool, { path, lane: 50, now: Date.now() }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(UserProblem);
      const said = (refused as UserProblem).fields.map((field) => field.message).join('\n');
      expect(said).toContain(`${file}:6: a price of 1000001 micro-dollars`);
      expect(said).toMatch(/the stream has \d+ rows; the manifest says \d+/);
      expect((await pool.query('SELECT count(*)::int AS n FROM lane WHERE id = 50')).rows[0].n).toBe(0);
    });

    it('with a price that its market does not take, or a book change of an unknown side, are refused with their lines', async () => {
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(70, 'spec');
      const info = { id: 'kalshi:A', grid: [{ start: 0, end: 1_000_000, step: 10_000 }] };
      const source = { venueAt: null, connection: 1, venueSeq: null, market: 4 as never, snapshot: false, merged: 1 };
      const level = (seq: number, price: number, size: number): TapeEvent => ({
        kind: 'book',
        lane: 70,
        seq,
        at: start + seq,
        ...source,
        levels: Float64Array.of(0, price, size),
      });
      await store.append(
        batchOf(
          [
            { kind: 'market', lane: 70, seq: 1, at: start + 1, ref: 4, info } as unknown as TapeEvent,
            level(2, 410_000, 100),
            // Off the grid, but nothing stands there.
            level(3, 415_000, 0),
            level(4, 420_000, 100),
          ],
          { epoch },
        ),
      );
      const path = join(folder, 'grid');
      await exportTape(pool, { lane: 70, format: 'csv', path });
      await importTape(pool, { path, lane: 71, now: Date.now() });
      const file = join(path, 'book_change.csv');
      const whole = readFileSync(file, 'utf8');
      const refusal = async (from: string, to: string): Promise<string> => {
        writeFileSync(file, whole.replace(from, to));
        const manifest = join(path, 'manifest.json');
        const said = JSON.parse(readFileSync(manifest, 'utf8'));
        const refused = (await importTape(pool, { path, lane: 72, now: Date.now() }).catch(
          (error) => error,
        )) as UserProblem;
        const told = refused.fields.map((field) => field.message).join('\n');
        // A forger would write the digest anew: the grid is looked at nevertheless.
        const digest = /their digest is ([0-9a-f]{64})/.exec(told)?.[1];
        if (digest === undefined) return told;
        writeFileSync(manifest, JSON.stringify({ ...said, digest }));
        const again = await importTape(pool, { path, lane: 72, now: Date.now() }).catch((error) => error);
        writeFileSync(manifest, JSON.stringify(said));
        return (again as UserProblem).fields.map((field) => field.message).join('\n');
      };
      expect(await refusal(',420000,', ',425000,')).toBe(
        `${file}:4: a price of 425000 micro-dollars, which its market does not take`,
      );
      expect(await refusal(',0\n', ',7\n')).toContain(`${file}:2: side 7 is neither bid nor ask`);
      expect((await pool.query('SELECT count(*)::int AS n FROM lane WHERE id = 72')).rows[0].n).toBe(0);
    });

    it('say how far they are, rows and not streams, and begin each step anew', async () => {
      const path = join(folder, 'told');
      await pool.query('ANALYZE');
      const exported: (readonly [number, number])[] = [];
      const progress = (done: number, rows: number): unknown => exported.push([done, rows]);
      const manifest = await exportTape(pool, { lane: 1, format: 'replay', path, progress });
      const all = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
      expect(exported.length).toBeGreaterThan(9);
      for (const [done, rows] of exported) expect(Math.abs(done - rows / all)).toBeLessThan(0.1);
      const told: (readonly [string, number])[] = [];
      await importTape(pool, { path, lane: 90, now: Date.now(), progress: (step, done) => told.push([step, done]) });
      const of = (step: string): number[] => told.filter(([each]) => each === step).map(([, done]) => done);
      for (const step of ['checked', 'written']) {
        expect(of(step)).toEqual(of(step).toSorted((a, b) => a - b));
        expect(of(step)[of(step).length - 1]).toBeLessThanOrEqual(1);
      }
      expect(of('written')[0]).toBe(0);
      expect(told.map(([step]) => step).indexOf('written')).toBe(of('checked').length);
    });

    it('never leave a half export under their name, and take no place that is taken', async () => {
      const path = join(folder, 'stopped');
      const stop = new AbortController();
      const progress = (): void => stop.abort();
      for (const format of FORMATS)
        await expect(exportTape(pool, { lane: 1, format, path, signal: stop.signal, progress })).rejects.toThrow(
          'aborted',
        );
      expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
      await expect(exportTape(pool, { lane: 1, format: 'csv', path: folder })).rejects.toThrow('exists already');
      await expect(importTape(pool, { path: folder, now: Date.now() })).rejects.toThrow('no export of a tape');
    });

    it('find a lane by themselves: their own when it is empty, else a free one, and write nothing where they lie already', async () => {
      const path = join(folder, 'homeless');
      const manifest = await exportTape(pool, { lane: 1, format: 'replay', path, fromSeq: 101, toSeq: 900 });
      // Recorded here: it is there, row by row.
      const back = await importTape(pool, { path, now: Date.now() });
      expect(back).toMatchObject({ lane: 1, written: 0, resumedAt: 901 });
      // Once retention took a row of it, it is another tape: it goes where there is room, and there again.
      await pool.query('CREATE TABLE gone AS SELECT * FROM quote WHERE lane = 1 AND seq = 150');
      await pool.query('DELETE FROM quote WHERE lane = 1 AND seq = 150');
      try {
        const first = await importTape(pool, { path, now: Date.now() });
        expect(first.lane).toBeGreaterThanOrEqual(1_000);
        expect(first.written).toBe(Object.values(manifest.rows).reduce((sum, count) => sum + count, 0));
        expect(await importTape(pool, { path, now: Date.now() })).toMatchObject({ lane: first.lane, written: 0 });
      } finally {
        await pool.query('INSERT INTO quote SELECT * FROM gone');
        await pool.query('DROP TABLE gone');
      }
      // Of a lane that is empty here it goes into that one.
      const empty = join(folder, 'of-80');
      await importTape(pool, { path, lane: 80, now: Date.now() });
      await exportTape(pool, { lane: 80, format: 'replay', path: empty, fromSeq: 102 });
      await pool.query(
        `DELETE FROM lane WHERE id = 80; DELETE FROM tape_import WHERE lane = 80; DELETE FROM tape_mark WHERE lane = 80;
         ${STREAMS.map(({ name }) => `DELETE FROM ${name} WHERE lane = 80`).join('; ')}`,
      );
      expect((await importTape(pool, { path: empty, now: Date.now() })).lane).toBe(80);
    });

    it('do not go into a lane that holds something else', async () => {
      const path = join(folder, 'other');
      await exportTape(pool, { lane: 1, format: 'replay', path, toSeq: 100 });
      await expect(importTape(pool, { path, lane: 1, now: Date.now() })).rejects.toThrow('holds a recorded tape');
      await importTape(pool, { path, lane: 60, now: Date.now() });
      const longer = join(folder, 'longer');
      await exportTape(pool, { lane: 1, format: 'replay', path: longer, toSeq: 200 });
      await expect(importTape(pool, { path: longer, lane: 60, now: Date.now() })).rejects.toThrow(
        'holds another import',
      );
    });
  });
}
