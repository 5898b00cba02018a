import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarketRef, TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { exportTape } from '../archive/tape-export.js';
import { importTape } from '../archive/tape-import.js';
import { coverage, firstHeard } from './coverage.query.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`coverage ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    const first = Math.floor(Date.now() / DAY) * DAY - 3 * DAY;
    const market = { id: 'kalshi:A', lane: 1, ref: 5, headAt: first + 2 * DAY + 12 * HOUR };

    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(1, 'spec');
      const said: readonly (readonly [at: number, trusted: boolean | null])[] = [
        [first + 6 * HOUR, true],
        [first + 20 * HOUR, false],
        [first + 22 * HOUR, true],
        // The lane was off for six hours and said nothing.
        [first + DAY + 10 * HOUR, null],
        [first + DAY + 16 * HOUR, null],
        [first + DAY + 18 * HOUR, false],
        [market.headAt, null],
      ];
      let seq = 0;
      for (let i = 0; i < said.length; i++) {
        const [at, trusted] = said[i];
        const event = (seq++, { lane: 1, seq, at }) as object;
        const events = [
          trusted === null
            ? ({ kind: 'beat', ...event } as TapeEvent)
            : ({
                kind: 'continuity',
                ...event,
                market: 5 as MarketRef,
                trusted,
                reason: 'gap',
                detail: '',
              } as TapeEvent),
        ];
        await store.append(batchOf(events, { epoch }));
        // A mark a minute, as a lane that records leaves at least; none while it was off.
        const next = said[i + 1]?.[0];
        if (next !== undefined && i !== 3)
          await pool.query(
            'INSERT INTO tape_mark (lane, seq, at) SELECT 1, at, at FROM generate_series($1::bigint, $2::bigint, 60000) at ON CONFLICT DO NOTHING',
            [at, next],
          );
      }
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    it('splits a day into what was trusted, what was not, and what was not recorded at all', async () => {
      const days = await coverage(pool, market, first, first + 3 * DAY - 1);
      expect(days.map(({ at }) => at)).toEqual([first, first + DAY, first + 2 * DAY]);
      expect(days[0]).toEqual({ at: first, trustedMs: 16 * HOUR, gapMs: 2 * HOUR, silentMs: 6 * HOUR, losses: 1 });
      expect(days[1]).toEqual({
        at: first + DAY,
        trustedMs: 12 * HOUR,
        gapMs: 6 * HOUR,
        silentMs: 6 * HOUR,
        losses: 1,
      });
      // The day is not over: what lies behind the head is not silent, it has not been.
      expect(days[2]).toEqual({ at: first + 2 * DAY, trustedMs: 0, gapMs: 12 * HOUR, silentMs: 0, losses: 0 });
    });

    it('says the same of a tape that was imported, however few commits brought it', async () => {
      // A beat a minute, and six hours without one.
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(2, 'spec');
      const events: TapeEvent[] = [
        {
          kind: 'continuity',
          lane: 2,
          seq: 1,
          at: first,
          market: 5 as MarketRef,
          trusted: true,
          reason: 'snapshot',
          detail: '',
        } as TapeEvent,
      ];
      for (let at = first + 60_000; at < first + DAY; at += 60_000)
        if (at < first + 9 * HOUR || at >= first + 15 * HOUR)
          events.push({ kind: 'beat', lane: 2, seq: events.length + 1, at });
      for (let from = 0; from < events.length; from += 100)
        await store.append(batchOf(events.slice(from, from + 100), { epoch }));
      const path = join(mkdtempSync(join(tmpdir(), 'arbintel-coverage-')), 'tape');
      await exportTape(pool, { lane: 2, format: 'replay', path });
      await importTape(pool, { path, lane: 3, now: Date.now() });
      rmSync(dirname(path), { recursive: true });
      const marks = await pool.query<{ seq: number; at: number }>(
        'SELECT seq, at FROM tape_mark WHERE lane = 3 ORDER BY seq',
      );
      for (const { seq, at } of marks.rows) expect(events[seq - 1].at).toBe(at);
      const [day] = await coverage(
        pool,
        { ...market, lane: 3, headAt: first + DAY - 60_000 },
        first,
        first + DAY - 60_000,
      );
      expect(day.silentMs).toBeGreaterThan(6 * HOUR - 120_000);
      expect(day.silentMs).toBeLessThan(6 * HOUR + 120_000);
    });

    it('knows when a market was first heard of', async () => {
      expect(await firstHeard(pool, market)).toBe(first + 6 * HOUR);
      expect(await firstHeard(pool, { ...market, ref: 6 })).toBeNull();
    });

    it('knows a market of which nothing was said as silent', async () => {
      const days = await coverage(pool, { ...market, ref: 6 }, first, first + DAY - 1);
      expect(days).toEqual([{ at: first, trustedMs: 0, gapMs: 0, silentMs: DAY - 1, losses: 0 }]);
    });
  });
}
