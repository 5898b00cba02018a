import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { OutsideProblem, type MarketId } from '#core';
import { createInbox, NewsStore, type Pool } from '#data';
import { builtInPlugins, createLog } from '#host';
import { queueBackend } from '#queue';
import { NewsService } from '../../../worker/src/news/news.service.js';

/** The one a worker scores for. */
const LANE = 1;
/** As many as a reader takes of one answer. */
const PER_ANSWER = 500;
const PATIENCE_MS = 180_000;
const SOURCE = 'bench-feed';

export interface RoadFigures {
  readonly items: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** The markets a worker watches, as the lane keeps them. */
export async function keepMarkets(
  pool: Pool,
  markets: readonly { readonly id: MarketId; readonly title: string }[],
): Promise<void> {
  await pool.query(
    `INSERT INTO market_state (lane, ref, id, venue, category, title, status, info)
     SELECT $1, place, id, 'kalshi', '', title, 'open', jsonb_build_object('title', title, 'rules', '', 'status', 'open')
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (id, title, place)`,
    [LANE, markets.map(({ id }) => id), markets.map(({ title }) => title)],
  );
}

/**
 * The whole road of a worker: a real feed is asked, read and stored, the queue's jobs score what waits, and what takes a
 * side is put into the inbox. The feed gives its headlines as fast as it is asked, once a second.
 */
export async function newsRoad(
  pool: Pool,
  databaseUrl: string,
  headlines: readonly string[],
  random: () => number,
): Promise<RoadFigures> {
  let given = 0;
  const server = createServer((_request, response) => {
    const told = headlines.slice(given, given + PER_ANSWER);
    const items = told.map((title, i) => `<item><guid>road-${given + i}</guid><title>${title}</title></item>`).join('');
    given += told.length;
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(`<rss><channel>${items}</channel></rss>`);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { databaseUrl, redisUrl: null, mode: 'live', news: newsSettings(host) };
  const worker = new NewsService({
    config,
    log: createLog('error', {}, () => undefined),
    pool,
    inbox: createInbox(pool),
    backend: queueBackend(config),
    plugins: builtInPlugins(),
    owner: 'bench',
    now: Date.now,
    random,
  } as unknown as ConstructorParameters<typeof NewsService>[0]);
  const store = new NewsStore(pool);
  const feed = { url: `http://${host}/`, everySeconds: 1 };
  await store.seed([{ id: SOURCE, plugin: 'rss', title: 'Road', category: '', config: feed, enabled: true }], true);
  try {
    worker.onApplicationBootstrap();
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { rows } = await pool.query<RoadFigures & { scored: number }>(
        `SELECT count(scored_at)::int AS scored, count(*)::int AS items,
           round(count(*) / greatest(0.001, (max(scored_at) - min(received_at)) / 1000.0))::int AS "perSecond",
           percentile_cont(0.5) WITHIN GROUP (ORDER BY scored_at - received_at) AS "p50Ms",
           percentile_cont(0.95) WITHIN GROUP (ORDER BY scored_at - received_at) AS "p95Ms"
         FROM news_item WHERE source = $1`,
        [SOURCE],
      );
      const { scored, ...figures } = rows[0];
      if (scored >= headlines.length) return figures;
      if (Date.now() > until)
        throw new OutsideProblem(`only ${scored} of ${headlines.length} items were scored`, false);
      await pause(100);
    }
  } finally {
    await worker.onApplicationShutdown();
    await new Promise((done) => server.close(done));
  }
}

const newsSettings = (host: string) => ({
  on: true,
  enricher: 'market-stance',
  model: '',
  dtype: 'fp32',
  threads: 1,
  feedUrl: null,
  streamUrl: null,
  privateHosts: new Set([host]),
});
