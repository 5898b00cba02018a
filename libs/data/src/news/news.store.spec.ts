import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool, type Pool } from '../index.js';
import { temporaryDatabase, type TemporaryDatabase } from '../testing/temporary-database.js';
import { NewsStore } from './news.store.js';
import type { ItemScores } from './news.types.js';
import type { MarketId } from '#core';

let database: TemporaryDatabase;
let pool: Pool;
let store: NewsStore;
beforeAll(async () => {
  database = await temporaryDatabase();
  pool = createPool(database.url, 4);
  store = new NewsStore(pool);
  await store.seed(['a', 'b'].map((id) => ({ id, plugin: 'rss', title: id, category: '', config: {}, enabled: true })));
});
afterAll(async () => {
  await pool.end();
  await database.stop();
});

const item = (id: string, title: string) => ({ id, title, text: '', url: null, publishedAt: null });
const scores = (id: string, echoOf: string | null = null): ItemScores => ({
  item: id,
  scorer: 'test',
  fallback: false,
  language: 'en',
  entities: ['Ordan'],
  sentiment: { positive: 1, negative: 0, neutral: 0 },
  novelty: echoOf === null ? 1 : 0,
  echoOf,
  touches: [{ market: 'kalshi:X' as MarketId, relevance: 0.9, stance: 0.5, confidence: 0.7, reason: 'r' }],
});

it('keeps an item once, whoever tells it and however often', async () => {
  const [first] = await store.add('a', [item('1', 'Ordan leads'), item('1', 'Ordan leads')], 1_000);
  expect(await store.add('a', [item('1', 'Ordan leads, edited')], 2_000)).toEqual([]);
  expect(await store.add('b', [item('x', 'Ordan  LEADS!')], 3_000)).toEqual([]);
  // The same sighting again is no second echo.
  await store.add('b', [item('x', 'Ordan leads')], 4_000);
  const { rows } = await pool.query('SELECT id, echoes FROM news_item');
  expect(rows).toEqual([{ id: first.id, echoes: 1 }]);
  const counts = await pool.query('SELECT id, received, repeated FROM news_source ORDER BY id');
  expect(counts.rows).toEqual([
    { id: 'a', received: 1, repeated: 0 },
    { id: 'b', received: 0, repeated: 1 },
  ]);
});

it('keeps a batch in its order, with what repeats within it counted where it was first told', async () => {
  const titles = ['Zeta falls', 'Alpha wins', 'zeta FALLS!', 'Mid holds', 'Ordan leads'];
  const added = await store.add(
    'b',
    titles.map((title, i) => item(`lot-${i}`, title)),
    4_500,
  );
  expect(added.map(({ title }) => title)).toEqual(['Zeta falls', 'Alpha wins', 'Mid holds']);
  expect(added.map(({ position }) => position)).toEqual([0, 1, 2].map((i) => added[0].position + i));
  const { rows } = await pool.query(`SELECT title, echoes FROM news_item WHERE title = ANY($1) ORDER BY title`, [
    ['Ordan leads', 'Zeta falls'],
  ]);
  expect(rows).toEqual([
    { title: 'Ordan leads', echoes: 2 },
    { title: 'Zeta falls', echoes: 1 },
  ]);
  // Two readers of one source at the same moment: each item is one's.
  const both = await Promise.all(
    [0, 1].map(() =>
      store.add(
        'a',
        Array.from({ length: 40 }, (_, i) => item(`both-${i}`, `Race ${i}`)),
        4_600,
      ),
    ),
  );
  expect(both.flat()).toHaveLength(40);
  const all = await store.claim(100, 4_700, 1);
  await Promise.all(
    [all, [...all].reverse()].map((lot) =>
      store.finish(
        lot.map(({ id }) => scores(id, all[0].id)),
        4_800,
      ),
    ),
  );
  const { rows: first } = await pool.query('SELECT echoes FROM news_item WHERE id = $1', [all[0].id]);
  expect(first[0].echoes).toBe(2 + all.length);
  await pool.query(`DELETE FROM news_item WHERE title <> 'Ordan leads'`);
  await pool.query(`DELETE FROM news_touch`);
  await pool.query(`UPDATE news_item SET scored_at = NULL, echoes = 1, tries = 0, echo_of = NULL`);
});

it('hands an item to one worker at a time, and again when that one is gone', async () => {
  const [claimed] = await store.claim(10, 5_000, 60_000);
  expect(claimed.title).toBe('Ordan leads');
  expect(await store.claim(10, 6_000, 60_000)).toEqual([]);
  expect(await store.claim(10, 70_000, 60_000)).toHaveLength(1);
  await store.finish([scores(claimed.id)], 71_000);
  expect(await store.claim(10, 999_000, 60_000)).toEqual([]);
});

it('counts an echo where the story began, and scores nothing twice', async () => {
  const [second] = await store.add('a', [item('2', 'Ordan leads in poll')], 80_000);
  const { rows: before } = await pool.query<{ id: string }>(`SELECT id FROM news_item WHERE title = 'Ordan leads'`);
  await store.finish([scores(second.id, before[0].id)], 81_000);
  await store.finish([scores(second.id, before[0].id)], 82_000);
  const { rows } = await pool.query('SELECT echoes FROM news_item WHERE id = $1', [before[0].id]);
  expect(rows[0]).toEqual({ echoes: 2 });
  const earlier = await store.earlier(['kalshi:X', 'kalshi:Y'], 0, 500);
  expect(earlier.map(({ text, markets }) => [text.trim(), markets])).toEqual([
    ['Ordan leads', ['kalshi:X']],
    ['Ordan leads in poll', ['kalshi:X']],
  ]);
});

it('gives a source to one reader, and to the next when the first is silent', async () => {
  expect(await store.hold('one', 1_000, 10_000, ['rss'])).toHaveLength(2);
  expect(await store.hold('two', 2_000, 10_000, ['rss'])).toEqual([]);
  expect(await store.hold('two', 12_000, 10_000, ['rss'])).toHaveLength(2);
  expect(await store.hold('one', 13_000, 10_000, ['rss'])).toEqual([]);
  await store.failed('a', 14_000, 'away', 20_000);
  await store.answered('b', 14_000, { etag: '"x"', since: 5, cursor: '9' });
  await store.release('two');
  const held = await store.hold('one', 15_000, 10_000, ['rss']);
  expect(held.find(({ id }) => id === 'a')).toMatchObject({ failures: 1, nextAt: 20_000, cursor: null });
  expect(held.find(({ id }) => id === 'b')).toMatchObject({ etag: '"x"', since: 5, cursor: '9' });
});

it('lets old items go with what was made of them, and remembers that it has seen them while their source shows them', async () => {
  const day = 86_400_000;
  const now = 400 * day;
  const [old] = await store.add('a', [item('old', 'Ordan was behind once')], now - 100 * day);
  await store.finish([scores(old.id)], now - 100 * day);
  await store.add('a', [item('young', 'Ordan is ahead again')], now - day);
  // The feed shows the old one to this day.
  expect(await store.add('a', [item('old', 'Ordan was behind once')], now - 3 * day)).toEqual([]);
  await store.askTrial('t', 'Ordan', now - 100 * day);
  expect(await store.prune(now - 90 * day, now - 50 * day)).toBeGreaterThan(0);
  const { rows } = await pool.query('SELECT title FROM news_item');
  expect(rows).toEqual([{ title: 'Ordan is ahead again' }]);
  expect((await pool.query('SELECT item FROM news_touch')).rows).toEqual([]);
  expect(await store.trial('t')).toBeNull();
  expect(await store.add('a', [item('old', 'Ordan was behind once')], now)).toEqual([]);
});

it('keeps what came with an item that no database could hold', async () => {
  const added = await store.add(
    'b',
    [item('x\u0000y\ud800', 'half\ud800 a\u0000 pair'), item('fine', 'A fine one')],
    1e12,
  );
  expect(added.map(({ title }) => title)).toEqual(['half\ufffd a pair', 'A fine one']);
  expect(await store.add('b', [item('x\u0000y\ud800', 'told otherwise')], 1e12)).toEqual([]);
});

it('brings first sources once: what somebody removed stays away', async () => {
  const first = { id: 'c', plugin: 'rss', title: 'c', category: '', config: {}, enabled: true };
  await store.seed([first]);
  expect((await pool.query(`SELECT 1 FROM news_source WHERE id = 'c'`)).rows).toEqual([]);
  await store.seed([first], true);
  expect((await pool.query(`SELECT 1 FROM news_source WHERE id = 'c'`)).rows).toHaveLength(1);
});
