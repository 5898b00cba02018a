import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TapeEvent } from '#core';
import { ensureSpan, rollUpCandles } from '../layout/storage-layout.js';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { firstQuoteAt, quoteBefore } from './quote-at.query.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`the quote in force at a moment ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    const now = Date.now();
    const first = Math.floor(now / DAY) * DAY - 26 * DAY;
    const market = { lane: 1, ref: 3 };
    // Busy at first, then at rest for weeks, then seldom; another market all the time.
    const moments = [
      ...Array.from({ length: 6 }, (_, i) => first + 5 * HOUR + i * 977),
      first + 2 * DAY + 7,
      first + 23 * DAY,
      first + 23 * DAY + HOUR - 1,
      ...Array.from({ length: 3 }, (_, i) => now - DAY + i * 7 * HOUR),
    ];

    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
      await ensureSpan(pool, first, now);
      const store = createTapeStore(pool);
      const { epoch } = await store.takeOver(1, 'spec');
      const said = [
        ...moments.map((at) => ({ at, of: 3 })),
        ...Array.from({ length: 26 * 8 }, (_, i) => ({ at: first + i * 3 * HOUR + 11, of: 4 })),
      ].sort((a, b) => a.at - b.at);
      const events = said.map(({ at }, i): TapeEvent => ({ kind: 'beat', lane: 1, seq: i + 1, at }));
      const quotes = said.map(({ at, of }, i) => ({
        seq: i + 1,
        quote: { market: of, at, bid: 1_000 * (i + 1), bidSize: 5, ask: 1_000 * (i + 2), askSize: 7, trusted: true },
      }));
      await store.append(batchOf(events, { epoch, quotes: quotes as never }));
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    /** By looking at every row there is. */
    const sought = async (before: number) =>
      (
        await pool.query(
          `SELECT at, seq, bid, ask, bid_size AS "bidSize", ask_size AS "askSize", trusted FROM quote
           WHERE lane = 1 AND market = 3 AND at < $1 ORDER BY at DESC, seq DESC LIMIT 1`,
          [before],
        )
      ).rows[0] ?? null;
    const asked = [first, ...moments.flatMap((at) => [at, at + 1, at + 40 * 60_000]), first + 15 * DAY, now];

    it.each(['before candles are made', 'when they are'])('is the newest one before it, %s', async (when) => {
      if (when === 'when they are') await rollUpCandles(pool, now, { from: first, to: now });
      for (const before of asked) expect(await quoteBefore(pool, market, before)).toEqual(await sought(before));
      expect(await quoteBefore(pool, { lane: 1, ref: 9 }, now)).toBeNull();
      for (const from of asked) {
        const next = moments.find((at) => at >= from) ?? null;
        expect(await firstQuoteAt(pool, market, from, now)).toBe(next);
        expect(await firstQuoteAt(pool, market, from, from + HOUR)).toBe(
          next !== null && next <= from + HOUR ? next : null,
        );
      }
    });

    it('is told by its candle when retention has dropped it', async () => {
      const { bid } = (await sought(first + 20 * DAY)) as { readonly bid: number };
      await pool.query(`DELETE FROM quote WHERE at < ${first + 22 * DAY}`);
      const closed = await quoteBefore(pool, market, first + 20 * DAY);
      expect(closed).toMatchObject({ bid, ask: bid + 1_000, trusted: true });
      expect(closed?.at).toBeGreaterThanOrEqual(first + 2 * DAY);
      expect(closed?.at).toBeLessThan(first + 3 * DAY);
      // As exactly as a candle says it.
      expect(await firstQuoteAt(pool, market, first, now)).toBe(first);
    });
  });
}
