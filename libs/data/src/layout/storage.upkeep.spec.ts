import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem, type MarketRef, type TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { quoteCandles } from '../tape/candles.query.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { ensureSpan, layoutOf, storageLayout } from './storage-layout.js';
import { storageReport } from './storage.report.js';
import { keepStorage, setStoragePolicy, storageTables, wouldDrop } from './storage.upkeep.js';

const DAY = 86_400_000;

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`storage ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    const now = Date.now();
    const first = Math.floor(now / DAY) * DAY - 20 * DAY;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
      await ensureSpan(pool, first, now);
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(1, 'spec');
      const count = 20_000;
      const events = Array.from({ length: count }, (_, i): TapeEvent => ({
        kind: 'book',
        lane: 1,
        seq: i + 1,
        at: first + Math.floor((i * 20 * DAY) / count),
        market: (i % 3) as MarketRef,
        venueAt: null,
        connection: 1,
        venueSeq: null,
        snapshot: false,
        levels: Float64Array.of(i % 2, 10_000 * (1 + (i % 98)), 100 * (i % 500)),
        merged: 1,
      }));
      const quotes = events.map(({ seq, at }, i) => ({
        seq,
        quote: { market: i % 3, at, bid: 400_000 + i, bidSize: 1, ask: 410_000 + i, askSize: 1, trusted: true },
      }));
      await store.append(batchOf(events, { epoch, quotes: quotes as never }));
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    it('is laid out as this database allows, and says so', async () => {
      const { layout, tables } = await storageTables(pool);
      expect(layout).toBe(kind.layout);
      expect(await storageLayout(database.url)).toEqual({ layout });
      expect(tables.find((table) => table.name === 'book_change')).toMatchObject({ keepDays: null, mayDrop: true });
      expect(tables.find((table) => table.name === 'event')).toMatchObject({ mayDrop: false });
      expect(tables.find((table) => table.name === 'book_change')?.bytes).toBeGreaterThan(20_000 * 50);
    });

    it('reports rows, size and the first and last row of every table', async () => {
      await pool.query('ANALYZE');
      const { tables } = await storageReport(pool);
      const of = (name: string) => tables.find((table) => table.name === name);
      expect(of('book_change')).toMatchObject({ rows: 20_000, oldestAt: first, ratio: null });
      expect(of('book_change')?.newestAt).toBe(first + Math.floor((19_999 * 20 * DAY) / 20_000));
      expect(of('quote')).toMatchObject({ rows: 20_000, oldestAt: first });
      expect(of('journal')).toMatchObject({ rows: 0, oldestAt: null, newestAt: null });
    });

    it('refuses a policy that would cut too near, into what must stay, or of no table', async () => {
      for (const [name, keepDays] of [
        ['quote', 6],
        ['quote', 7.5],
        ['event', 400],
        ['app_user', 30],
      ] as const)
        await expect(setStoragePolicy(pool, name, { keepDays, compressHours: 2 }, 'ada')).rejects.toThrow(UserProblem);
      await expect(setStoragePolicy(pool, 'quote', { keepDays: null, compressHours: 0 }, 'ada')).rejects.toThrow(
        UserProblem,
      );
    });

    it('drops what the preview named and nothing else, keeps the candles, and has nothing to do a second time', async () => {
      const span = { lane: 1, market: 0 as MarketRef, from: first, to: now, pixels: 500 };
      const candles = await quoteCandles(pool, span);
      const before = (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM quote')).rows[0].n;
      const preview = await wouldDrop(pool, 'quote', 10, now);
      expect(preview.length).toBeGreaterThan(8);
      await setStoragePolicy(pool, 'quote', { keepDays: 10, compressHours: null }, 'ada', now);
      const { dropped } = await keepStorage(pool, now);
      expect(dropped.map((part) => part.name)).toEqual(preview.map((part) => part.name));
      const cut = preview[preview.length - 1].to;
      const left = await pool.query<{ n: number; first: number }>(
        'SELECT count(*)::int AS n, min(at) AS first FROM quote',
      );
      expect(left.rows[0].first).toBeGreaterThanOrEqual(cut);
      expect(left.rows[0].n).toBe(before - Math.round(((cut - first) / (20 * DAY)) * 20_000));
      expect(await quoteCandles(pool, span)).toEqual(candles);
      expect((await keepStorage(pool, now)).dropped).toEqual([]);
      expect((await storageTables(pool)).tables.find((table) => table.name === 'quote')?.droppedBefore).toBe(cut);
      expect((await pool.query('SELECT count(*)::int AS n FROM book_change')).rows[0].n).toBe(20_000);
    });

    it.runIf(kind.layout === 'timescale')('compresses closed chunks, and the tape reads the same', async () => {
      const { tables } = await storageTables(pool);
      const table = tables.find((each) => each.name === 'book_change');
      expect(table?.compressedParts).toBeGreaterThan(70);
      expect(table?.bytesBefore).toBeGreaterThan(table?.bytesAfter ?? 0);
      const reported = (await storageReport(pool)).tables.find((each) => each.name === 'book_change');
      expect(reported).toMatchObject({ rows: 20_000, oldestAt: first });
      expect(reported?.ratio).toBeGreaterThan(1);
      const read: TapeEvent[] = [];
      for await (const event of createTapeStore(pool).read(1, 1, 20_000)) read.push(event);
      expect(read.map((event) => event.seq)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
      expect(read[12_344]).toMatchObject({
        seq: 12_345,
        market: 12_344 % 3,
        levels: Float64Array.of(0, 950_000, 34_400),
      });
    });

    it.runIf(kind.layout === 'timescale')(
      'takes rows into compressed chunks, late, and compresses those too',
      async () => {
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(2, 'spec');
        const book = (seq: number): TapeEvent => ({
          kind: 'book',
          lane: 2,
          seq,
          at: first + 5 * DAY + seq,
          market: 0 as MarketRef,
          venueAt: null,
          connection: 1,
          venueSeq: null,
          snapshot: false,
          levels: Float64Array.of(0, 10_000, 100 * seq),
          merged: 1,
        });
        const events = Array.from({ length: 500 }, (_, i) => book(i + 1));
        await store.append(batchOf(events, { epoch }));
        const left = async (): Promise<number> =>
          (
            await pool.query<{ n: number }>(
              'SELECT count(*)::int AS n FROM _timescaledb_catalog.chunk WHERE status & 1 = 1 AND status & 10 <> 0',
            )
          ).rows[0].n;
        const read = async (): Promise<TapeEvent[]> => {
          const all: TapeEvent[] = [];
          for await (const event of store.read(2, 1, 500)) all.push(event);
          return all;
        };
        expect(await left()).toBeGreaterThan(0);
        expect(await read()).toEqual(events);
        expect((await keepStorage(pool, now)).compressed).toBeGreaterThan(0);
        expect(await left()).toBe(0);
        expect(await read()).toEqual(events);
        expect((await keepStorage(pool, now)).compressed).toBe(0);
      },
    );

    it('has the columns of its long candles in their index, also after an older build made another one', async () => {
      const indexes = async (): Promise<readonly { readonly name: string; readonly columns: number }[]> => {
        const found = await pool.query<{ name: string; columns: number }>(
          `SELECT c.relname AS name, i.indnatts::int AS columns FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
           WHERE c.relname ~ '^(quote|trade)_1[smhd]_(key|wide)0$' ORDER BY 1`,
        );
        return found.rows;
      };
      const made = await indexes();
      expect(made.filter(({ name }) => name.endsWith('key0')).map(({ columns }) => columns)).toEqual([3, 3, 3, 3]);
      expect(made.filter(({ name }) => name.endsWith('wide0')).map(({ columns }) => columns)).toEqual([23, 23, 11, 11]);
      const behind = kind.layout === 'timescale' ? '_timescaledb_internal.' : '';
      await pool.query(`DROP INDEX ${behind}quote_1h_wide0`);
      await pool.query('CREATE INDEX quote_1h_key0 ON quote_1h (lane, market, at)');
      await storageLayout(database.url);
      expect(await indexes()).toEqual(made);
    });

    it('is given by a newer build the indexes that an older one did not make, on every part', async () => {
      const day = first + 3 * DAY;
      await pool.query(
        `INSERT INTO journal (seq, at, lane, ordinal, kind, session, workflow, account, market, body)
         SELECT i, ${day} + i, 1, 0, 'fill', '', '', 'main', ARRAY['m' || i], '{}' FROM generate_series(1, 50) i`,
      );
      const parts = async (): Promise<number> => {
        const found = await pool.query<{ parts: number }>(
          `SELECT count(DISTINCT tablename)::int AS parts FROM pg_indexes WHERE indexdef LIKE '%USING gin (market)%'`,
        );
        return found.rows[0].parts;
      };
      const before = await parts();
      expect(before).toBeGreaterThan(1);
      // A chunk of the column store among them.
      if (kind.layout === 'timescale')
        await pool.query(`SELECT compress_chunk(c) FROM show_chunks('journal') c LIMIT 1`);
      await pool.query('DROP INDEX journal_key4');
      expect(await parts()).toBe(0);
      await storageLayout(database.url);
      expect(await parts()).toBe(before);
    });

    it.runIf(kind.layout === 'timescale')('asks for sizes once a table, however many parts it has', async () => {
      const client = await pool.connect();
      try {
        const calls = async (): Promise<number> => {
          await client.query('SELECT pg_stat_force_next_flush()');
          const found = await client.query<{ calls: number }>(
            `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_user_functions
             WHERE funcname IN ('chunks_detailed_size', 'chunk_columnstore_stats')`,
          );
          return found.rows[0].calls;
        };
        await client.query(`SET track_functions = 'all'`);
        const layout = await layoutOf(client);
        const before = await calls();
        const parts = (await layout.holdings(client, ['quote', 'book_change'])).get('book_change')?.parts ?? [];
        expect(parts.length).toBeGreaterThan(70);
        // Of two tables two questions each: asked part by part, a year of parts took minutes.
        const asked = (await calls()) - before;
        expect(asked).toBeGreaterThan(0);
        expect(asked).toBeLessThanOrEqual(4);
      } finally {
        client.release(true);
      }
    });
  });
}
