import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Defect, OutsideProblem, type TapeEvent } from '#core';
import { StaleEpoch } from '../contracts.js';
import { createPool } from '../pool.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { createTapeStore } from './tape.store.js';
import { readTapeBlocks } from './tape-reader.js';

const NOW = Date.now();
let lanes = 100;
const beats = (lane: number, from: number, count: number): TapeEvent[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'beat', lane, seq: from + i, at: NOW + from + i }));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const halves = fc.oneof(text, fc.constantFrom('\0', 'a\0b', '\ud800', '\udc00x', 'é€😀'));
const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const market = fc.integer({ min: 0, max: 5000 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const source = {
  venueAt: orNull(whole),
  connection: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  venueSeq: orNull(whole),
};
const level = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 1_000_000 }), whole);
const levels = fc.array(level, { maxLength: 40 }).map((triples) => Float64Array.from(triples.flat()));
// JSON knows no -0, and keeps keys that are numbers first.
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

const unstamped = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('book'),
      market,
      ...source,
      snapshot: fc.boolean(),
      levels,
      merged: fc.integer({ min: 1, max: 100_000 }),
    }),
  },
  fc.record({
    kind: fc.constant('trade'),
    market,
    ...source,
    tradeId: halves,
    price: fc.integer({ min: 0, max: 1_000_000 }),
    size: whole,
    taker: fc.constantFrom('buy', 'sell', null),
  }),
  fc.record({
    kind: fc.constant('continuity'),
    market,
    trusted: fc.boolean(),
    reason: fc.constantFrom('gap', 'snapshot', 'recovery'),
    detail: halves,
  }),
  fc.record({ kind: fc.constant('probe'), market }),
  fc.record({ kind: fc.constant('beat') }),
  fc.record({ kind: fc.constant('market'), ref: market, info: json }),
  fc.record({ kind: fc.constant('group'), group: fc.record({ id: text, title: halves, more: json }) }),
  fc.record({ kind: fc.constant('resolution'), market, outcome: json, final: fc.boolean() }),
  fc.record({
    kind: fc.constant('link'),
    link: fc.record({ id: text, version: whole, differences: fc.array(halves) }),
  }),
  fc.record({ kind: fc.constant('news'), item: json }),
  fc.record({ kind: fc.constant('parameters'), plugin: text, key: text, value: json }),
  fc.record({ kind: fc.constant('latency'), venue: text, orderMs: whole }),
  fc.record({ kind: fc.constant('paused'), workflow: text, cause: whole, reason: halves }),
  fc.record({
    kind: fc.constant('act'),
    id: text,
    by: text,
    act: fc.record({ kind: fc.constant('reset'), more: json }),
  }),
) as unknown as fc.Arbitrary<TapeEvent>;

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

    describe('the tape', () => {
      it('gives every event back exactly as it was appended', async () => {
        const store = createTapeStore(pool);
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.array(unstamped, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
            async (batches) => {
              const lane = lanes++;
              const { epoch } = await store.takeOver(lane, 'spec');
              let seq = 0;
              const appended: TapeEvent[] = [];
              for (const batch of batches) {
                const events = batch.map((event) => ({ ...event, lane, seq: ++seq, at: NOW + seq }));
                await store.append(batchOf(events, { epoch }));
                appended.push(...events);
              }
              const read = await all(store.read(lane, 1, seq));
              expect(read).toEqual(appended);
              // toEqual knows no difference between absent and undefined.
              expect(read.map((event) => Object.keys(event).sort())).toEqual(
                appended.map((event) => Object.keys(event).sort()),
              );
            },
          ),
          { numRuns: 60 },
        );
      });

      it('reads long spans in order over many windows, from any point', async () => {
        const store = createTapeStore(pool);
        const lane = lanes++;
        const { epoch } = await store.takeOver(lane, 'spec');
        const count = 30_000;
        const events = Array.from({ length: count }, (_, i): TapeEvent => {
          const stamp = { lane, seq: i + 1, at: NOW + i };
          if (i % 3 === 0) return { kind: 'beat', ...stamp };
          return {
            kind: 'book',
            ...stamp,
            market: (i % 7) as never,
            venueAt: null,
            connection: 1,
            venueSeq: i,
            snapshot: i % 50 === 1,
            levels: Float64Array.from([i % 2, i, i * 100]),
            merged: 1,
          };
        });
        for (let from = 0; from < count; from += 10_000)
          await store.append(batchOf(events.slice(from, from + 10_000), { epoch }));
        let blocks = 0;
        const read: TapeEvent[] = [];
        for await (const block of readTapeBlocks(pool, lane, 4_321, count)) {
          blocks++;
          read.push(...block);
        }
        expect(blocks).toBeGreaterThan(2);
        expect(read).toEqual(events.slice(4_320));
        expect(await all(store.read(lane, 5, 4))).toEqual([]);
      });

      it('lets a reader leave early without keeping a connection', async () => {
        const store = createTapeStore(pool);
        const lane = lanes++;
        const { epoch } = await store.takeOver(lane, 'spec');
        await store.append(batchOf(beats(lane, 1, 6_000), { epoch }));
        for (let i = 0; i < 20; i++) for await (const event of store.read(lane, 1, 6_000)) if (event.seq === 3) break;
        expect(pool.idleCount).toBe(pool.totalCount);
      });

      it('says where the tape has a hole', async () => {
        const store = createTapeStore(pool);
        const lane = lanes++;
        const { epoch } = await store.takeOver(lane, 'spec');
        await store.append(batchOf(beats(lane, 1, 10), { epoch }));
        await pool.query('DELETE FROM pulse WHERE lane = $1 AND seq = 7', [lane]);
        await expect(all(store.read(lane, 1, 10))).rejects.toThrow(`the tape of lane ${lane} has no event 7`);
      });
    });

    describe('the fence', () => {
      it('stops a worker whose lane another one took over, and stores nothing of its batch', async () => {
        const lane = lanes++;
        const old = createTapeStore(pool);
        const fresh = createTapeStore(pool);
        const first = await old.takeOver(lane, 'old');
        await old.append(batchOf(beats(lane, 1, 3), { epoch: first.epoch }));
        const second = await fresh.takeOver(lane, 'fresh');
        expect(second).toEqual({ epoch: first.epoch + 1, headSeq: 3, headAt: NOW + 3 });
        await expect(old.append(batchOf(beats(lane, 4, 2), { epoch: first.epoch }))).rejects.toThrow(StaleEpoch);
        await fresh.append(batchOf(beats(lane, 4, 1), { epoch: second.epoch }));
        expect(await all(fresh.read(lane, 1, 4))).toEqual(beats(lane, 1, 4));
        expect((await pool.query('SELECT count(*)::int AS n FROM pulse WHERE lane = $1', [lane])).rows[0].n).toBe(4);
      });

      it('takes the same batch a second time as already done, and nothing twice', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        const batch = batchOf(beats(lane, 1, 5), { epoch });
        await store.append(batch);
        await store.append(batch);
        expect(await all(store.read(lane, 1, 5))).toHaveLength(5);
        expect((await pool.query('SELECT count(*)::int AS n FROM pulse WHERE lane = $1', [lane])).rows[0].n).toBe(5);
      });

      it('refuses a batch that does not follow, has a hole or holds nothing', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        await expect(store.append(batchOf(beats(lane, 3, 2), { epoch }))).rejects.toThrow(Defect);
        expect(() => batchOf([...beats(lane, 1, 1), ...beats(lane, 3, 1)], { epoch })).toThrow(Defect);
        expect(() => batchOf(beats(lane + 1, 1, 1), { epoch, lane })).toThrow(Defect);
        await expect(store.append(batchOf([], { epoch, lane }))).rejects.toThrow('holds no event');
        await store.append(batchOf(beats(lane, 1, 2), { epoch }));
        expect(await all(store.read(lane, 1, 2))).toHaveLength(2);
      });

      it('commits all of a batch or nothing of it', async () => {
        const lane = lanes++;
        const store = createTapeStore(pool);
        const { epoch } = await store.takeOver(lane, 'spec');
        // An account without an id makes the last statement fail after the streams went in.
        const accounts = [{ id: null as never, state: {} }];
        await expect(
          store.append(batchOf(beats(lane, 1, 2), { epoch, projection: { markets: [], accounts, sessions: [] } })),
        ).rejects.toThrow('the tape could not be written');
        expect((await pool.query('SELECT head_seq FROM lane WHERE id = $1', [lane])).rows[0].head_seq).toBe(0);
        expect((await pool.query('SELECT count(*)::int AS n FROM pulse WHERE lane = $1', [lane])).rows[0].n).toBe(0);
        await store.append(batchOf(beats(lane, 1, 2), { epoch }));
        expect(await all(store.read(lane, 1, 2))).toEqual(beats(lane, 1, 2));
      });

      it('tells an outage of the database from a mistake, and goes on afterwards', async () => {
        const lane = lanes++;
        const own = createPool(database.url, 2);
        const store = createTapeStore(own);
        const { epoch } = await store.takeOver(lane, 'spec');
        await pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'arbintel' AND pid <> pg_backend_pid() AND state = 'idle'`,
        );
        const batch = batchOf(beats(lane, 1, 2), { epoch });
        const problems: unknown[] = [];
        for (let done = false; !done && problems.length < 3;) {
          done = await store.append(batch).then(
            () => true,
            (problem: unknown) => problems.push(problem) < 0,
          );
        }
        expect(problems.length).toBeLessThan(3);
        expect(problems.every((problem) => problem instanceof OutsideProblem && problem.retry)).toBe(true);
        expect(await all(store.read(lane, 1, 2))).toHaveLength(2);
        await own.end();
      });
    });
  });
}
