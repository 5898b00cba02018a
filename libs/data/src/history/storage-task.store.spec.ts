import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../pool.js';
import { temporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.js';
import { runAsked, runById } from '../queries/run.query.js';
import {
  aloneWith,
  askTask,
  beginTask,
  cancelTask,
  concludeTaskRuns,
  openTasks,
  taskHeld,
} from './storage-task.store.js';

let database: TemporaryDatabase;
let pool: pg.Pool;
let other: pg.Pool;
beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
  other = createPool(database.url);
});
afterAll(async () => {
  await pool?.end();
  await other?.end();
  await database?.stop();
});

/** Ends the session that holds the lock, as a restart of the database does. */
const endHolder = async (): Promise<void> => {
  const { rows } = await other.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(pid) AS ended FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()`,
  );
  expect(rows).toEqual([{ ended: true }]);
};

describe('work that one process does at a time', () => {
  it('is left to whoever does it', async () => {
    let inner: boolean | undefined;
    const outer = await aloneWith(pool, 'one', async () => {
      inner = await aloneWith(other, 'one', () => Promise.reject(new Error('twice')));
    });
    expect([outer, inner]).toEqual([true, false]);
    expect(await aloneWith(other, 'one', () => Promise.resolve())).toBe(true);
  });

  it('is let go when it fails', async () => {
    await expect(aloneWith(pool, 'one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect.poll(() => aloneWith(other, 'one', () => Promise.resolve())).toBe(true);
  });

  it('outlives a database that ends its session, is told, and may be done by another from there on', async () => {
    const told: boolean[] = [];
    const mine = await aloneWith(pool, 'long', async (lost) => {
      told.push(lost.aborted);
      await endHolder();
      await expect.poll(() => lost.aborted).toBe(true);
      told.push(await aloneWith(other, 'long', () => Promise.resolve()));
      // Nobody listens for a broken connection that was lent: the process would end here.
      await sleep(20);
    });
    expect([mine, told]).toEqual([true, [false, true]]);
    expect((await pool.query('SELECT 1')).rowCount).toBe(1);
  });
});

describe('tasks to be done', () => {
  const open = async (): Promise<string[]> => (await openTasks(other)).map(({ id }) => id);
  beforeEach(async () => {
    for (const [i, id] of ['a', 'b'].entries())
      await askTask(pool, { id, kind: 'export', title: id, body: {}, by: 'ada', askedAt: i });
  });

  it('are those that wait and those that were begun by somebody who is gone', async () => {
    expect(await open()).toEqual(['a', 'b']);
    await aloneWith(pool, 'a', async (lost) => {
      await beginTask(pool, 'a', 5);
      expect(await open()).toEqual(['b']);
      await endHolder();
      await expect.poll(() => lost.aborted).toBe(true);
      await expect.poll(open).toEqual(['a', 'b']);
    });
  });

  it('are known to be held, as long as somebody lives who does', async () => {
    await aloneWith(pool, 'b', async () => {
      expect([await taskHeld(other, 'a'), await taskHeld(other, 'b')]).toEqual([false, true]);
    });
    expect(await taskHeld(other, 'b')).toBe(false);
  });

  it('end their run when whoever did them is gone without a word', async () => {
    const run = { id: 'storage-c', kind: 'export', title: 'c', queue: 'storage', job: 'c', venue: null };
    await askTask(pool, { id: 'c', kind: 'export', title: 'c', body: {}, by: 'ada', askedAt: 3 });
    await runAsked(pool, run, 'Asked for by ada', 3);
    await pool.query(`UPDATE run SET state = 'running' WHERE id = 'storage-c'`);
    expect(await concludeTaskRuns(pool, 9)).toEqual([]);
    await aloneWith(pool, 'c', async (lost) => {
      await beginTask(pool, 'c', 5);
      await cancelTask(pool, 'c', 'ada', 6);
      // The worker that has it says so itself.
      expect(await concludeTaskRuns(other, 9)).toEqual([]);
      await endHolder();
      await expect.poll(() => lost.aborted).toBe(true);
    });
    await expect.poll(() => concludeTaskRuns(pool, 9)).toEqual(['storage-c']);
    expect(await runById(pool, 'storage-c')).toMatchObject({
      state: 'cancelled',
      note: 'cancelled by ada',
      endedAt: 6,
    });
    expect(await concludeTaskRuns(pool, 10)).toEqual([]);
  });
});
