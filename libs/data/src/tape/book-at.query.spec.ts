import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderBook, type MarketRef, type TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { bookAt } from './book-at.query.js';
import { createTapeStore } from './tape.store.js';

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`the store ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    describe('the book of a past moment', () => {
      it('is the one that the changes up to it give, with and without checkpoints', async () => {
        const store = createTapeStore(pool);
        const start = Date.now();
        for (const every of [37, 1_000_000]) {
          const lane = every;
          const { epoch } = await store.takeOver(lane, 'spec');
          const books = [new OrderBook(), new OrderBook()];
          const history: { seq: number; at: number; books: Float64Array[] }[] = [];
          let random = 7;
          const chance = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below;
          const events: TapeEvent[] = [];
          const checkpoints = [];
          for (let seq = 1; seq <= 600; seq++) {
            const at = start + Math.floor(seq / 3) * 10;
            if (seq % 50 === 0) events.push({ kind: 'beat', lane, seq, at });
            else {
              const market = chance(2) as MarketRef;
              const snapshot = chance(40) === 0;
              const levels = Float64Array.from(
                Array.from({ length: chance(4) }, () => [chance(2), chance(20) * 10_000, chance(3) * 100]).flat(),
              );
              books[market].apply(levels, snapshot);
              events.push({
                kind: 'book',
                lane,
                seq,
                at,
                market,
                venueAt: null,
                connection: 1,
                venueSeq: null,
                snapshot,
                levels,
                merged: 1,
              });
            }
            if (seq % every === 0)
              for (const market of [0, 1] as MarketRef[])
                checkpoints.push({ market, seq, at, levels: books[market].toLevels() });
            history.push({ seq, at, books: books.map((book) => book.toLevels()) });
          }
          await store.append(batchOf(events, { epoch, checkpoints }));
          for (let i = 5; i < history.length; i += 71) {
            const moment = history[i];
            const last = history.filter((each) => each.at <= moment.at).at(-1);
            for (const market of [0, 1] as MarketRef[]) {
              expect((await bookAt(pool, lane, market, { seq: moment.seq })).book.toLevels()).toEqual(
                moment.books[market],
              );
              expect((await bookAt(pool, lane, market, { at: moment.at })).book.toLevels()).toEqual(
                last?.books[market],
              );
            }
          }
          expect((await bookAt(pool, lane, 0 as MarketRef, { at: start - 1 })).seq).toBe(0);
        }
      });
    });
  });
}
