import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '#core';
import { createPool } from '../pool.js';
import { createTapeStore } from '../tape/tape.store.js';
import { batchOf } from '../testing/batches.js';
import { temporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.js';
import type { Pool } from 'pg';
import { deliveryPage, sendDeliveryAgain } from './delivery.query.js';
import { makeTestDelivery, noticeRules, saveNoticeRule } from './notice-rule.repo.js';
import { deliveryId, deliveryKey } from './notice.types.js';
import { createOutbox } from './outbox.store.js';

let database: TemporaryDatabase;
let pool: Pool;
let lane = 0;
let seq = 0;
let epoch = 0;
const NOW = Date.now();

beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});
beforeEach(async () => {
  await pool.query('DELETE FROM notice_rule');
  seq = 0;
  ({ epoch } = await createTapeStore(pool).takeOver(++lane, 'test'));
});

const beat = () => ({ kind: 'beat', lane, seq: ++seq, at: NOW + seq }) as never;
const entry = (ordinal: number, kind: JournalEntry['kind'], workflow = 'w', over: object = {}) =>
  ({ lane, seq, ordinal, at: NOW + seq, session: '', workflow, account: '', causes: [seq], kind, ...over }) as never;
const session = (ordinal: number, workflow = 'w') =>
  entry(ordinal, 'session', workflow, { state: 'started', reason: '' });

/** One event more, and what the kernel wrote during it. */
async function commit(write: () => readonly never[]): Promise<void> {
  const events = [beat()];
  await createTapeStore(pool).append(batchOf(events, { epoch, journal: write() }));
}
const rule = (over: object = {}) =>
  saveNoticeRule(pool, {
    id: null,
    title: 'R',
    workflow: null,
    kinds: ['session'],
    notifier: 'webhook',
    notifierVersion: '1.0.0',
    config: { url: 'http://x' },
    active: true,
    at: NOW,
    by: 'Ada',
    ...over,
  });
const outbox = () => createOutbox(pool);
const all = async () => (await deliveryPage(pool, { first: 500 })).items;

describe('the outbox', () => {
  it('makes each delivery once, however many look at once and whoever dies in between', async () => {
    await rule();
    await commit(() => [session(0), session(1)]);
    await Promise.all([outbox().scan(NOW), outbox().scan(NOW), outbox().scan(NOW)]);
    await outbox().scan(NOW);
    await commit(() => [session(0)]);
    await outbox().scan(NOW);
    expect((await all()).map((row) => [row.seq, row.ordinal]).sort()).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect((await all())[0]).toMatchObject({
      state: 'waiting',
      attempts: 0,
      sentence: 'Workflow w started',
      kind: 'session',
    });
  });

  it('asks for the kinds and the workflow of each rule, from the moment it was switched on', async () => {
    const mine = await rule({ title: 'mine', workflow: 'w' });
    const off = await rule({ title: 'off', active: false });
    const later = await rule({ title: 'later', at: NOW + 2 });
    await commit(() => [session(0), session(1, 'other'), entry(2, 'integrity', 'w', { market: 'a:b', message: 'm' })]);
    await outbox().scan(NOW);
    await saveNoticeRule(pool, {
      ...(await noticeRules(pool)).find(({ id }) => id === off)!,
      active: true,
      at: NOW + 2,
    });
    await commit(() => [session(0, 'other')]);
    await outbox().scan(NOW);
    const made = (await all()).map((row) => `${[mine, off, later].indexOf(row.rule)}: ${row.seq}.${row.ordinal}`);
    expect(made.sort()).toEqual(['0: 1.0', '1: 2.0', '2: 2.0']);
  });

  it('goes through more entries than it takes at once', async () => {
    await rule();
    await commit(() => Array.from({ length: 2_300 }, (_, ordinal) => session(ordinal)));
    expect(await outbox().scan(NOW)).toBe(2_300);
    expect(await outbox().scan(NOW)).toBe(0);
  });

  it('hands a delivery to one attempt at a time, and to the next when nothing is heard of it', async () => {
    await rule();
    await commit(() => [session(0)]);
    await outbox().scan(NOW);
    const [due] = await outbox().due(NOW);
    const claims = await Promise.all([1, 2, 3].map(() => outbox().claim(due, 0, NOW, NOW + 100)));
    const [claimed, ...others] = claims.filter((one) => one !== null);
    expect(others).toEqual([]);
    expect(claimed).toMatchObject({
      delivery: { attempts: 1, seq: 1 },
      rule: { config: { url: 'http://x' } },
      entry: { kind: 'session', seq: 1 },
    });
    expect(await outbox().due(NOW + 99)).toEqual([]);
    const [again] = await outbox().due(NOW + 100);
    const second = await outbox().claim(again, 1, NOW + 100, NOW + 200);
    // The first one was only slow: what it says now comes too late.
    await outbox().settle(claimed!.delivery, { state: 'failed', answer: 'late' }, NOW + 101);
    expect((await all())[0].state).toBe('waiting');
    await outbox().settle(second!.delivery, { state: 'delivered', answer: 'received' }, NOW + 102);
    expect((await all())[0]).toMatchObject({ state: 'delivered', attempts: 2, answer: 'received', triedAt: NOW + 102 });
    expect(await outbox().due(NOW + 1_000)).toEqual([]);
  });

  it('lets a slow receiver keep nobody else waiting', async () => {
    await rule({ title: 'slow' });
    await commit(() => Array.from({ length: 60 }, (_, ordinal) => session(ordinal)));
    await outbox().scan(NOW);
    const quick = await rule({ title: 'quick', at: NOW + 2 });
    await commit(() => [session(0)]);
    await outbox().scan(NOW + 1);
    const due = await outbox().due(NOW + 1);
    expect(due.length).toBeLessThan(60);
    expect(due.some((one) => one.rule === quick)).toBe(true);
  });

  it('sends again what has failed, counting anew, and keeps a test apart from the journal', async () => {
    const id = await rule();
    const key = await makeTestDelivery(pool, { id, title: 'R', workflow: null }, NOW);
    expect(deliveryKey(deliveryId(key))).toEqual(key);
    expect(deliveryKey('no.such.thing')).toBeNull();
    const claimed = await outbox().claim(key, 0, NOW, NOW + 1);
    expect(claimed!.entry).toBeNull();
    await outbox().settle(claimed!.delivery, { state: 'failed', answer: 'x answered 410' }, NOW);
    await sendDeliveryAgain(pool, key, NOW + 5);
    expect((await all())[0]).toMatchObject({ state: 'waiting', attempts: 0, spent: 1, dueAt: NOW + 5, kind: 'test' });
    await expect(sendDeliveryAgain(pool, { ...key, seq: 9_999 }, NOW)).rejects.toThrow('no such delivery');
  });

  it('pages the newest first and forgets what is long over', async () => {
    await rule();
    await commit(() => [session(0), session(1), session(2)]);
    await outbox().scan(NOW);
    const first = await deliveryPage(pool, { first: 2 });
    const second = await deliveryPage(pool, { first: 2, after: first.endCursor });
    expect([...first.items, ...second.items].map((row) => row.ordinal)).toEqual([2, 1, 0]);
    for (const [row, state] of [
      [0, 'delivered'],
      [1, 'failed'],
    ] as const) {
      const claimed = await outbox().claim(first.items[row], 0, NOW, NOW + 1);
      await outbox().settle(claimed!.delivery, { state, answer: '' }, NOW);
    }
    expect(await outbox().prune(NOW, NOW)).toBe(0);
    expect(await outbox().prune(NOW + 1, NOW)).toBe(1);
    expect(await outbox().prune(NOW + 1, NOW + 1)).toBe(1);
    expect((await all()).map((row) => row.state)).toEqual(['waiting']);
  });
});
