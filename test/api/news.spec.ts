import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createInbox, NewsStore } from '#data';
import { builtInPlugins, createLog } from '#host';
import { queueBackend } from '#queue';
import { LANE as WORKER_LANE, type House } from '../../apps/worker/src/house.js';
import { NewsService } from '../../apps/worker/src/news/news.service.js';
import { KALSHI, LANE, POLY } from '../../libs/data/src/queries/sample-lane.spec-support.js';
import { ApiBench } from './api-bench.js';

let bench: ApiBench;
let worker: NewsService;
let secret = '';

beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
  // News is scored for the one lane a worker drives.
  await bench.pool.query('UPDATE market_state SET lane = $1', [WORKER_LANE]);
  const news = { on: true, enricher: 'market-stance', model: '', dtype: 'fp32', threads: 1 } as const;
  const config = {
    ...bench.options.config,
    news: { ...news, feedUrl: null, streamUrl: null, privateHosts: new Set<string>() },
  };
  worker = new NewsService({
    config,
    log: createLog('error', {}, () => undefined),
    pool: bench.pool,
    inbox: createInbox(bench.pool, bench.bus),
    backend: queueBackend(config),
    plugins: builtInPlugins(),
    owner: 'bench',
    now: Date.now,
    random: Math.random,
  } as unknown as House);
  worker.onApplicationBootstrap();
});
afterAll(async () => {
  await worker?.onApplicationShutdown();
  await bench?.stop();
});

const SAVED = '{ ... on NewsSaved { id secret } ... on Problem { message fields { path message } } }';
const save = async (source: object) =>
  (
    await bench.ask(`mutation ($source: NewsSourceInput!) { saveNewsSource(source: $source) ${SAVED} }`, {
      source: {
        id: 'desk',
        plugin: 'news-webhook',
        title: 'Desk',
        category: 'own',
        config: {},
        enabled: true,
        ...source,
      },
    })
  ).data.saveNewsSource;

interface Sending {
  readonly to?: string;
  readonly with?: string;
  readonly at?: number;
  /** What is signed, where that is not what is sent. */
  readonly signed?: string;
}

async function send(message: unknown, sending: Sending = {}) {
  const body = JSON.stringify(message);
  const at = String(sending.at ?? Date.now());
  const signature = createHmac('sha256', sending.with ?? secret)
    .update(`${at}.${sending.signed ?? body}`)
    .digest('hex');
  const response = await fetch(`${bench.api.url}/hooks/news/${sending.to ?? 'desk'}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-arbintel-timestamp': at,
      'x-arbintel-signature': `sha256=${signature}`,
    },
    body,
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const NO_DATE = { text: '', url: null, publishedAt: null };
const ITEM =
  'id title source sourceTitle scorer novelty echoOf echoes seq touches { market title relevance stance confidence reason }';
const feed = async (query = '') =>
  (await bench.ask(`{ news${query} { endCursor hasNextPage items { ${ITEM} } } }`)).data.news;
const titles = ({ items }: { items: { title: string }[] }): string[] => items.map(({ title }) => title);
const refused = { status: 401, answer: { message: 'The signature does not fit.', fields: [] } };

describe('an incoming webhook', () => {
  it('is made with a secret that is shown once, and is not kept readable', async () => {
    ({ secret } = await save({}));
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect((await save({ title: 'The desk' })).secret).toBeNull();
    const { rows } = await bench.pool.query('SELECT title, secret FROM news_source WHERE id = $1', ['desk']);
    expect(rows[0].title).toBe('The desk');
    expect(rows[0].secret.toString('latin1')).not.toContain(secret);
    expect(JSON.stringify((await bench.pool.query('SELECT detail FROM audit')).rows)).not.toContain(secret);
  });

  it('takes what is signed, once, however often it is sent', async () => {
    const message = { id: 'cut', title: 'The Fed cuts rates in December', url: 'https://example.org/cut' };
    const at = Date.now();
    expect(await send(message, { at })).toEqual({ status: 202, answer: { added: 1, given: 1 } });
    // A recording played again stores nothing; one that is older is not even read.
    expect(await send(message, { at })).toEqual({ status: 202, answer: { added: 0, given: 1 } });
    expect(await send(message, { at: at - 6 * 60_000 })).toEqual(refused);
    expect(await send(message, { at: at + 6 * 60_000 })).toEqual(refused);
  });

  it('is refused without the right signature, in the same words whatever is wrong', async () => {
    const message = { title: 'Nobody signed this' };
    expect(await send(message, { with: 'another secret' })).toEqual(refused);
    expect(await send(message, { signed: '{"title":"Something else"}' })).toEqual(refused);
    expect(await send(message, { to: 'nothing-here' })).toEqual(refused);
    await save({ id: 'feed', plugin: 'rss', config: { url: 'http://127.0.0.1:9/feed' }, enabled: false });
    expect(await send(message, { to: 'feed' })).toEqual(refused);
    const bare = await bench.post('/hooks/news/desk', message);
    expect([bare.status, await bare.json()]).toEqual([refused.status, refused.answer]);
    expect(titles(await feed())).not.toContain(message.title);
  });

  it('says which field is wrong to whoever signed it', async () => {
    const { status, answer } = await send({ items: [{ title: 'fine' }, { title: 7 }] });
    expect(status).toBe(400);
    expect(answer.fields).toEqual([{ path: '/items/1/title', message: expect.stringContaining('string') }]);
  });

  it('takes what no database could store without a stumble', async () => {
    const message = {
      id: 'a\u0000b\ud800',
      title: 'Nul\u0000 and half\ud800 a pair',
      text: '\u0000',
      url: 'https://x/\u0000',
    };
    expect(await send(message)).toEqual({ status: 202, answer: { added: 1, given: 1 } });
    expect(await send(message)).toEqual({ status: 202, answer: { added: 0, given: 1 } });
  });

  it('is bounded in size and number', async () => {
    const huge = await send({ title: 'x', text: 'y'.repeat(300_000) });
    expect(huge).toEqual({ status: 413, answer: { message: 'The request is too large.', fields: [] } });
    const many = Array.from({ length: 101 }, (_, index) => ({ title: `Item ${index}` }));
    expect((await send({ items: many })).status).toBe(400);
  });

  it('stops with its old secret, and when it is switched off or removed', async () => {
    const renew = async (id: string) =>
      (await bench.ask(`mutation { renewNewsSecret(id: "${id}") ${SAVED} }`)).data.renewNewsSecret;
    const old = secret;
    ({ secret } = await renew('desk'));
    expect(await send({ title: 'Old key' }, { with: old })).toEqual(refused);
    expect((await send({ title: 'Quarterly crop report is out' })).status).toBe(202);
    await save({ enabled: false });
    expect(await send({ title: 'Off' })).toEqual(refused);
    await save({ enabled: true });
    // Nothing that can be sent to, nothing that a secret would open.
    expect((await renew('nothing-here')).message).toContain('There is no source nothing-here');
    expect((await renew('feed')).message).toContain('is not sent to us');
    expect((await bench.ask(`mutation { removeNewsSource(id: "feed") ${SAVED} }`)).data.removeNewsSource.id).toBe(
      'feed',
    );
  });
});

describe('news', () => {
  it('is told with its scores, its markets and why, newest first', async () => {
    await vi.waitFor(async () => {
      const { items } = await feed('(touching: true)');
      expect(items.map(({ title }: { title: string }) => title)).toContain('The Fed cuts rates in December');
    }, 30_000);
    const { items } = await feed('(touching: true)');
    const cut = items.find(({ title }: { title: string }) => title.startsWith('The Fed'));
    expect(cut).toMatchObject({ source: 'desk', sourceTitle: 'Desk', novelty: 1, echoOf: null, seq: null });
    const touch = cut.touches.find(({ market }: { market: string }) => market === KALSHI);
    expect(touch.title).toBe('Fed cuts rates in December?');
    expect(touch.relevance).toBeGreaterThan(0.5);
    expect(touch.stance).toBeGreaterThan(0);
    expect(touch.reason).not.toBe('');
    const all = titles(await feed());
    expect(all[0]).toBe('Quarterly crop report is out');
    expect(titles({ items })).not.toContain('Quarterly crop report is out');
  });

  it('is narrowed to a market or a source, and read page by page', async () => {
    expect(titles(await feed(`(market: "${POLY}")`))).toContain('The Fed cuts rates in December');
    expect(await feed('(market: "kalshi:NONE")')).toMatchObject({ items: [], hasNextPage: false });
    expect(await feed('(source: "elsewhere")')).toMatchObject({ items: [] });
    const one = await feed('(source: "desk", first: 1)');
    expect(one.hasNextPage).toBe(true);
    const rest = await feed(`(source: "desk", first: 50, after: "${one.endCursor}")`);
    expect([...titles(one), ...titles(rest)]).toEqual(titles(await feed('(source: "desk")')));
  });

  it('takes its place on the tape when the lane has taken it, and marks the chart of its market', async () => {
    const [{ id }] = (await feed(`(market: "${KALSHI}")`)).items;
    const { rows } = await bench.pool.query(`SELECT id, lane, kind, body FROM inbox WHERE kind = 'news'`);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ id: `news-${WORKER_LANE}-${id}`, lane: WORKER_LANE });
    await bench.pool.query('UPDATE market_state SET lane = $1', [LANE]);
    await bench.appendNext([{ id: rows[0].id }]);
    await bench.pool.query('UPDATE market_state SET lane = $1', [WORKER_LANE]);
    const { data } = await bench.ask(
      `{ newsItem(id: "${id}") { seq } newsMarks(market: "${KALSHI}", from: 0) { id title stance echo } missing: newsItem(id: "x") { id } }`,
    );
    expect(data.newsItem.seq).toBe(bench.head);
    expect(data.missing).toBeNull();
    expect(data.newsMarks).toEqual([
      { id, title: 'The Fed cuts rates in December', stance: expect.any(Number), echo: false },
    ]);
  });

  it('tells of each source how it is, and of the scorer at work', async () => {
    const { data } = await bench.ask(
      '{ newsSources { id state received repeated failures weight config } newsScorers { kind name note } }',
    );
    const desk = data.newsSources.find(({ id }: { id: string }) => id === 'desk');
    expect(desk).toEqual({ id: 'desk', state: 'ready', received: 3, repeated: 0, failures: 0, weight: 0, config: {} });
    expect(data.newsScorers).toEqual([{ kind: 'model', name: expect.any(String), note: '' }]);
  });

  it('is pushed as it arrives and as it is scored, to whom it concerns', async () => {
    type News = { readonly news: readonly { readonly title: string; readonly touches: readonly unknown[] }[] };
    const heard = (args: string, wanted: (titles: readonly string[]) => boolean, messages: readonly string[]) =>
      bench.hear<News>(
        `subscription { news${args} { title touches { market } } }`,
        ({ news }) => wanted(news.map(({ title }) => title)),
        async () => {
          for (const title of messages) expect((await send({ title })).status).toBe(202);
        },
      );
    const crop = 'Barley harvest comes in early';
    const { news: raw } = await heard('(source: "desk")', (all) => all.includes(crop), [crop]);
    expect(raw.find(({ title }) => title === crop)!.touches).toEqual([]);
    // Whoever asks for what touches a market hears of it when that is known, and of nothing else.
    const [idle, fed] = ['Barley prices are steady', 'Fed minutes dim hopes for rate cuts in December'];
    const seen: string[] = [];
    const { news: scored } = await heard(
      `(market: "${KALSHI}")`,
      (all) => {
        seen.push(...all);
        return all.includes(fed);
      },
      [idle, fed],
    );
    expect(scored.find(({ title }) => title === fed)!.touches).not.toEqual([]);
    expect(seen).not.toContain(idle);
    const { newsSources } = await bench.hear<{
      newsSources: readonly { id: string; title: string; config: unknown }[];
    }>(
      'subscription { newsSources { id title config } }',
      (all) => all.newsSources.some(({ title }) => title === 'Desk, renamed'),
      async () => {
        await save({ title: 'Desk, renamed' });
      },
    );
    expect(newsSources.find(({ id }) => id === 'desk')!.config).toEqual({});
    await save({ title: 'Desk' });
    const { newsScorers } = await bench.hear<{ newsScorers: readonly { kind: string }[] }>(
      'subscription { newsScorers { kind } }',
      () => true,
    );
    expect(newsScorers).toEqual([{ kind: 'model' }]);
  });

  it('refuses a source that could not be read, field by field', async () => {
    const { fields } = await save({ id: 'Not An Id', title: ' ', plugin: 'rss', config: { url: 'ftp://x' } });
    expect(fields.map(({ path }: { path: string }) => path)).toEqual(['/id', '/title', '/config/url']);
    expect((await save({ plugin: 'carrier-pigeon' })).fields[0].message).toContain(
      'there are rss, bluesky, news-webhook',
    );
  });
});

describe('a headline that is tried', () => {
  const attempt = (text: string) =>
    bench.ask(
      `mutation ($text: String!) { tryHeadline(text: $text) { ... on NewsTrial { scorer note novelty echoOf positive negative touches { market stance reason } } ... on Problem { message } } }`,
      { text },
    );

  it('is scored as an item would be, and nothing is kept of it', async () => {
    const before = titles(await feed()).length;
    const trial = (await attempt('  The Fed will not cut rates in December ')).data.tryHeadline;
    const touch = trial.touches.find(({ market }: { market: string }) => market === KALSHI);
    expect(touch.stance).toBeLessThan(0);
    expect(touch.reason).not.toBe('');
    expect(trial.scorer).not.toBe('');
    expect((await attempt('The Fed cuts rates in December')).data.tryHeadline).toMatchObject({
      novelty: 0,
      echoOf: 'The Fed cuts rates in December',
    });
    expect(titles(await feed())).toHaveLength(before);
    expect((await bench.pool.query('SELECT id FROM news_trial')).rows).toEqual([]);
  });

  it('does not wait for all news that waits', async () => {
    const flood = Array.from({ length: 2_000 }, (_, i) => ({
      ...NO_DATE,
      id: `flood-${i}`,
      title: `Flood gauge ${i} is read`,
    }));
    await new NewsStore(bench.pool).add('desk', flood, Date.now());
    expect((await send({ title: 'Flood gauges are read' })).status).toBe(202);
    expect((await attempt('The Fed cuts rates in January')).data.tryHeadline.scorer).not.toBe('');
    const { rows } = await bench.pool.query('SELECT count(*)::int AS waiting FROM news_item WHERE scored_at IS NULL');
    expect(rows[0].waiting).toBeGreaterThan(500);
  });

  it('must be a headline', async () => {
    expect((await attempt('  ')).data.tryHeadline.message).toContain('1 to 500');
    expect((await attempt('x'.repeat(501))).data.tryHeadline.message).toContain('1 to 500');
  });
});
