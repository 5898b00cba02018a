import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { House } from '../house.js';
import { merged, RowFeed, type Changes } from './row-feed.js';

interface Row {
  readonly id: string;
  readonly n: number;
}

let stored: Map<string, Row>;
let asked: string[][];
let broken: boolean;
let complaints: number;
let feed: RowFeed<Row, string | null>;

beforeEach(() => {
  stored = new Map([
    ['a', { id: 'a', n: 1 }],
    ['b', { id: 'b', n: 1 }],
  ]);
  asked = [];
  broken = false;
  complaints = 0;
  const house = { now: () => Date.now(), log: { warn: () => void complaints++ } } as unknown as House;
  feed = new RowFeed(house, {
    name: 'rows',
    paceMs: 1,
    keyOf: ({ id }) => id,
    follows: (seat, { id }) => seat === null || seat === id,
    marks: async () => {
      if (broken) throw new Error('away');
      return Promise.resolve(new Map([...stored].map(([id, { n }]) => [id, String(n)])));
    },
    rows: (keys) => {
      asked.push([...keys]);
      return Promise.resolve(keys.flatMap((key) => stored.get(key) ?? []));
    },
  });
});
afterEach(() => feed.close());

const set = (id: string, n: number): unknown => stored.set(id, { id, n });
const next = async (seat: AsyncIterator<Changes<Row>>): Promise<Changes<Row>> =>
  (await seat.next()).value as Changes<Row>;

describe('rows that are followed', () => {
  it('come whole first, then those that changed, and only those are read again', async () => {
    const list = feed.open(null);
    expect(await next(list)).toEqual({ whole: true, rows: [...stored.values()], gone: [] });
    set('b', 2);
    expect(await next(list)).toEqual({ whole: false, rows: [{ id: 'b', n: 2 }], gone: [] });
    expect(asked).toEqual([['a', 'b'], ['b']]);
  });

  it('are told when they are gone', async () => {
    const list = feed.open(null);
    await next(list);
    stored.delete('a');
    expect(await next(list)).toEqual({ whole: false, rows: [], gone: ['a'] });
  });

  it('come to whom they concern', async () => {
    const one = feed.open('a');
    expect((await next(one)).rows).toEqual([{ id: 'a', n: 1 }]);
    set('b', 2);
    await sleep(60);
    set('a', 2);
    expect(await next(one)).toEqual({ whole: false, rows: [{ id: 'a', n: 2 }], gone: [] });
  });

  it('come whole to who joins later, as they are then', async () => {
    await next(feed.open(null));
    set('a', 7);
    const late = await next(feed.open(null));
    expect(late.whole).toBe(true);
    expect(late.rows).toContainEqual({ id: 'a', n: 7 });
  });

  it('begin with an empty answer for who has read them by other ways', async () => {
    const now = feed.open(null, false);
    expect(await next(now)).toEqual({ whole: false, rows: [], gone: [] });
    set('a', 2);
    expect((await next(now)).rows).toEqual([{ id: 'a', n: 2 }]);
  });

  it('miss nothing of what happened while they could not be read, and complain once', async () => {
    const list = feed.open(null);
    await next(list);
    broken = true;
    set('a', 3);
    await sleep(80);
    broken = false;
    expect((await next(list)).rows).toEqual([{ id: 'a', n: 3 }]);
    expect(complaints).toBe(1);
  });

  it('are not read while nobody listens', async () => {
    const list = feed.open(null);
    await next(list);
    await list.return?.();
    await sleep(40);
    const turns = asked.length;
    set('a', 9);
    await sleep(60);
    expect(asked).toHaveLength(turns);
  });
});

describe('two answers that nobody took', () => {
  const keyOf = ({ id }: Row): string => id;
  const change = (rows: Row[], gone: string[] = [], whole = false): Changes<Row> => ({ whole, rows, gone });

  it('become one with the newest of each', () => {
    expect(
      merged(
        change([{ id: 'a', n: 1 }], ['b']),
        change([
          { id: 'a', n: 2 },
          { id: 'b', n: 1 },
        ]),
        keyOf,
      ),
    ).toEqual(
      change([
        { id: 'a', n: 2 },
        { id: 'b', n: 1 },
      ]),
    );
  });

  it('stay whole, without what is gone', () => {
    expect(merged(change([{ id: 'a', n: 1 }], [], true), change([], ['a']), keyOf)).toEqual(change([], [], true));
  });
});
