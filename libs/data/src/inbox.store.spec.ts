import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutsideProblem } from '#core';
import { createInbox, type InboxBus } from './inbox.store.js';
import { createPool } from './pool.js';
import { temporaryDatabase, type TemporaryDatabase } from './testing/temporary-database.js';

let database: TemporaryDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url);
});
afterAll(async () => {
  await pool?.end();
  await database?.stop();
});

const act = (id: string, lane: number, body: unknown = { n: id }) => ({ id, lane, kind: 'act', body, by: 'ada' });

describe('the inbox', () => {
  it('takes an act once, however often it is put', async () => {
    const inbox = createInbox(pool);
    await inbox.put(act('once', 1, { text: 'a \0 b' }));
    await inbox.put(act('once', 1, { other: true }));
    expect(await inbox.pending(1, 0, 10)).toEqual([
      { ...act('once', 1, { text: 'a \0 b' }), position: expect.any(Number) },
    ]);
  });

  it('hands unanswered acts out in the order they came, from a position on', async () => {
    const inbox = createInbox(pool);
    await Promise.all(Array.from({ length: 30 }, (_, i) => inbox.put(act(`many-${i}`, 2))));
    const first = await inbox.pending(2, 0, 12);
    const rest = await inbox.pending(2, first.at(-1)?.position ?? 0, 100);
    expect(first).toHaveLength(12);
    expect(rest).toHaveLength(18);
    const positions = [...first, ...rest].map((row) => row.position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    await pool.query('UPDATE inbox SET seq = 5 WHERE id = $1', [first[0].id]);
    expect(await inbox.pending(2, 0, 100)).toHaveLength(29);
  });

  it('takes several acts at once, in their order, and leaves the one it has as it was', async () => {
    const inbox = createInbox(pool);
    await inbox.put(act('lot-b', 4, { first: true }));
    await inbox.put(act('lot-z', 4), act('lot-b', 4, { second: true }), act('lot-a', 4), act('lot-c', 5));
    await inbox.put();
    const [found, other] = [await inbox.pending(4, 0, 10), await inbox.pending(5, 0, 10)];
    expect(found.map(({ id }) => id)).toEqual(['lot-b', 'lot-z', 'lot-a']);
    expect(found[0].body).toEqual({ first: true });
    expect(other.map(({ id }) => id)).toEqual(['lot-c']);
  });

  it('answers with the seq of the commit, by the bus or by looking', async () => {
    const listeners = new Set<(message: { topic: string }) => void>();
    const said: unknown[] = [];
    const bus: InboxBus = {
      publish: (message) => Promise.resolve(void said.push(message)),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    for (const inbox of [createInbox(pool, bus), createInbox(pool)]) {
      const id = `answer-${said.length}`;
      await inbox.put(act(id, 3));
      const answer = inbox.committed(id, 5_000);
      await pool.query('UPDATE inbox SET seq = 77 WHERE id = $1', [id]);
      for (const listener of listeners) listener({ topic: 'lane' });
      expect(await answer).toBe(77);
    }
    expect(said).toEqual([{ topic: 'inbox', lane: 3 }]);
    expect(listeners.size).toBe(0);
  });

  it('says in time that no worker took the act up', async () => {
    const inbox = createInbox(pool);
    await inbox.put(act('nobody', 4));
    await expect(inbox.committed('nobody', 120)).rejects.toThrow(OutsideProblem);
  });
});
