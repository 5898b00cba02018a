import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderBook, type MarketRef, type TapeEvent } from '#core';
import { createPool } from '../pool.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { bookAt } from './book-at.query.js';
import { BLOCK_END, BookBlocks, type Checkpoint } from './book-blocks.js';
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
      const start = Date.now();

      /** Two books' random life, with the checkpoints that `cut` wants behind each event. */
      async function record(
        lane: number,
        cut: (event: TapeEvent, books: readonly OrderBook[]) => readonly Checkpoint[],
      ): Promise<{ readonly seq: number; readonly at: number; readonly books: readonly Float64Array[] }[]> {
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        const books = [new OrderBook(), new OrderBook()];
        const history: { seq: number; at: number; books: Float64Array[] }[] = [];
        let random = 7;
        const chance = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below;
        const events: TapeEvent[] = [];
        const checkpoints: Checkpoint[] = [];
        for (let seq = 1; seq <= 600; seq++) {
          const at = start + Math.floor(seq / 3) * 10;
          if (seq % 50 === 0) events.push({ kind: 'beat', lane, seq, at });
          else {
            // The second market rests in the middle.
            const market = (seq > 200 && seq < 450 ? 0 : chance(2)) as MarketRef;
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
          checkpoints.push(...cut(events[events.length - 1], books));
          history.push({ seq, at, books: books.map((book) => book.toLevels()) });
        }
        for (let from = 0; from < events.length; from += 100) {
          const part = events.slice(from, from + 100);
          const within = checkpoints.filter(({ seq }) => seq > from && seq <= from + 100);
          await store.append(batchOf(part, { epoch, checkpoints: within }));
        }
        return history;
      }

      async function expectHistory(lane: number, history: Awaited<ReturnType<typeof record>>, from = 5): Promise<void> {
        for (let i = from; i < history.length; i += 31) {
          const moment = history[i];
          const last = history.filter((each) => each.at <= moment.at).at(-1);
          for (const market of [0, 1] as MarketRef[]) {
            expect((await bookAt(pool, lane, market, { seq: moment.seq })).book.toLevels()).toEqual(
              moment.books[market],
            );
            expect((await bookAt(pool, lane, market, { at: moment.at })).book.toLevels()).toEqual(last?.books[market]);
          }
        }
      }

      it('is the one that the changes up to it give, with and without checkpoints', async () => {
        for (const every of [37, 1_000_000]) {
          const history = await record(every, ({ seq, at }, books) =>
            seq % every === 0
              ? ([0, 1] as MarketRef[]).map((market) => ({ market, seq, at, levels: books[market].toLevels() }))
              : [],
          );
          await expectHistory(every, history);
          expect((await bookAt(pool, every, 0 as MarketRef, { at: start - 1 })).seq).toBe(0);
        }
      });

      it('needs no row from before the last end of a block, not even of a book that rested since', async () => {
        const lane = 3;
        const blocks = new BookBlocks([], 40);
        const history = await record(lane, (event, books) => {
          blocks.take(event);
          return blocks.cut(event.seq, event.at, (market) => books[market].toLevels());
        });
        await expectHistory(lane, history);
        const { rows } = await pool.query<{ seq: number }>(
          'SELECT seq FROM book_checkpoint WHERE lane = $1 AND market = -1 AND seq <= 440 ORDER BY seq DESC LIMIT 1',
          [lane],
        );
        const mark = Number(rows[0].seq);
        expect(mark).toBeGreaterThan(380);
        await pool.query('DELETE FROM book_change WHERE lane = $1 AND seq <= $2', [lane, mark]);
        await expectHistory(lane, history, mark - 1);
      });

      it.each([2, 45])('is found when it has rested for %i days', async (days) => {
        const lane = 100 + days;
        const then = start - days * 86_400_000;
        const stamp = (seq: number, at: number) => ({ lane, seq, at });
        const levels = Float64Array.of(0, 400_000, 500);
        const source = { venueAt: null, connection: 1, venueSeq: null, snapshot: true, merged: 1 };
        const events: TapeEvent[] = [
          { kind: 'book', ...stamp(1, then), market: 0 as MarketRef, ...source, levels },
          { kind: 'beat', ...stamp(2, then + 1) },
          { kind: 'beat', ...stamp(3, start - 3_600_000) },
          { kind: 'book', ...stamp(4, start), market: 1 as MarketRef, ...source, levels },
        ];
        const end = (seq: number, at: number) => ({
          market: BLOCK_END as MarketRef,
          seq,
          at,
          levels: new Float64Array(0),
        });
        const checkpoints = [
          { market: 0 as MarketRef, seq: 2, at: then + 1, levels },
          end(2, then + 1),
          end(3, start - 3_600_000),
        ];
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        await store.append(batchOf(events, { epoch, checkpoints }));
        for (const moment of [{ at: start }, { at: then + 5 }, { seq: 4 }, { seq: 2 }])
          expect((await bookAt(pool, lane, 0 as MarketRef, moment)).book.toLevels()).toEqual(levels);
        expect((await bookAt(pool, lane, 1 as MarketRef, { seq: 3 })).seq).toBe(0);
        expect((await bookAt(pool, lane, 7 as MarketRef, { at: start })).seq).toBe(0);
      });
    });
  });
}
