import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserProblem, type FieldProblem, type MarketId } from '#core';
import { createInbox, createPool, NewsStore, temporaryDatabase } from '#data';
import { marketStance } from '#plugins';
import { mulberry32 } from '#quant';
import { inboxItems, scoreBatch } from '../../../worker/src/news/enrich.batch.js';
import { keepMarkets, newsRoad } from './news.road.js';
import { complainTogether, readArguments, wholeNumber } from '../arguments.js';

const USAGE = 'npm run bench -- news [--items N] [--json OUT]';
const LANE = 1;
const MARKETS = 200;
const SUBJECTS = 'Arden Boral Cathmore Delven Erris Farrow Gannet Hollis Ivory Jarrow Kestrel Lorimer'.split(' ');
const DEEDS = ['win the election', 'pass the bill', 'sign the treaty', 'launch the satellite', 'beat the record'];
const VERBS = 'surges ahead in|slips behind in|backs|delays|confirms|rejects|visits|opens'.split('|');
const THINGS =
  'new poll|the talks|a museum|the final vote|budget hearing|harbour fair|the committee|court ruling'.split('|');
const unasked = async (): Promise<never> => {
  throw new UserProblem('a benchmark asks nobody');
};

interface Figures {
  readonly atOnce: number;
  readonly items: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/**
 * `npm run bench -- news`: items from their arrival to scores in the table and events in the inbox, on a database of its
 * own; in batches as the worker has them, one by one, and by a worker's whole road from a feed.
 */
export async function newsBench(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(argv, { items: { type: 'string' }, json: { type: 'string' } }, USAGE);
  const problems: FieldProblem[] = [];
  const items = wholeNumber(values.items, 'items', { min: 64, max: 1_000_000, fallback: 1_000 }, problems);
  complainTogether(problems);
  const database = await temporaryDatabase();
  const pool = createPool(database.url, 4);
  const enricher = await marketStance.open({
    config: { model: '', dtype: 'fp32', threads: 1 },
    now: () => performance.now(),
    get: unasked,
    post: unasked,
    secret: unasked,
  });
  try {
    const store = new NewsStore(pool);
    const inbox = createInbox(pool);
    await store.seed([{ id: 'bench', plugin: 'rss', title: 'Bench', category: '', config: {}, enabled: false }]);
    const markets = Array.from({ length: MARKETS }, (_, i) => ({
      id: `kalshi:${i}` as MarketId,
      title: `Will ${SUBJECTS[i % SUBJECTS.length]} ${DEEDS[i % DEEDS.length]}?`,
      rules: '',
    }));
    const random = mulberry32(11);
    const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)];
    let made = 0;
    const headline = (): string => `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(THINGS)}, report ${++made}`;
    const run = async (atOnce: number, count: number): Promise<Figures> => {
      const waits: number[] = [];
      const began = performance.now();
      for (let done = 0; done < count; done += atOnce) {
        const arrived = performance.now();
        const fresh = Array.from({ length: Math.min(atOnce, count - done) }, () => ({
          id: `i${made}`,
          title: headline(),
          text: '',
          url: null,
          publishedAt: null,
        }));
        await store.add('bench', fresh, Date.now());
        const claimed = await store.claim(atOnce, Date.now(), 60_000);
        const scored = await scoreBatch(claimed, {
          enricher,
          markets,
          earlier: (touched) => store.earlier(touched, 0, 500),
        });
        await inbox.put(...inboxItems(scored, LANE));
        await store.finish(
          scored.map(({ scores }) => scores),
          Date.now(),
        );
        waits.push(performance.now() - arrived);
      }
      const seconds = (performance.now() - began) / 1_000;
      const sorted = waits.sort((a, b) => a - b);
      const at = (share: number): number =>
        Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
      return { atOnce, items: count, perSecond: Math.round(count / seconds), p50Ms: at(0.5), p95Ms: at(0.95) };
    };
    await run(64, 64);
    const results = [await run(64, items), await run(1, Math.min(items, 200))];
    // The road begins as the batches did: with no story told.
    await pool.query('TRUNCATE news_item, news_sighting CASCADE');
    await keepMarkets(pool, markets);
    const headlines = Array.from({ length: items }, headline);
    const road = await newsRoad(pool, database.url, headlines, random);
    process.stdout.write(
      `a worker's whole road, feed to inbox: ${road.items} items, ${road.perSecond} items/s, receive to stored score p50 ${road.p50Ms} ms, p95 ${road.p95Ms} ms\n`,
    );
    const memory = Math.round(process.memoryUsage().rss / 1_048_576);
    for (const { atOnce, items: count, perSecond, p50Ms, p95Ms } of results)
      process.stdout.write(
        `${atOnce === 1 ? 'one by one' : `batches of ${atOnce}`}: ${count} items on ${MARKETS} markets, ${perSecond} items/s, receive to stored score p50 ${p50Ms} ms, p95 ${p95Ms} ms\n`,
      );
    process.stdout.write(
      `${enricher.scorer?.name}, ready after ${enricher.scorer?.warmUpMs} ms; ${memory} MB resident with everything\n`,
    );
    if (values.json !== undefined)
      writeFileSync(
        resolve(values.json),
        `${JSON.stringify({ markets: MARKETS, scorer: enricher.scorer, memoryMb: memory, results, road }, null, 2)}\n`,
      );
    return 0;
  } finally {
    await enricher.close();
    await pool.end();
    await database.stop();
  }
}
