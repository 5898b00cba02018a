import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOutbox, ensurePartitions, keepStorage, NewsStore, rollUpCandles, type Pool } from '#data';
import { transferFolder } from '#host';
import type { JobHouse } from './job.types.js';
import type { RunRepo } from './run.repo.js';

const DAYS_AHEAD = 3;
const DAY = 86_400_000;
const RUNS_KEPT_MS = 14 * DAY;
const DELIVERED_KEPT_MS = 7 * DAY;
const FAILED_KEPT_MS = 30 * DAY;
const TRANSFERS_KEPT_MS = 7 * DAY;
/** What news did to a market stays on the tape; the items themselves are for reading. */
const NEWS_KEPT_MS = 90 * DAY;
const NEWS_REMEMBERED_MS = 365 * DAY;

/** Storage a few days ahead of the clock, compressed and cut behind it, and old lines off the page Runs. */
export async function keepHouse(
  pool: Pool,
  runs: RunRepo,
  now: number,
  dataDir: string,
  say: JobHouse['say'],
): Promise<string> {
  const done: string[] = [];
  const note = async (line: string, worth = true): Promise<void> => {
    await say?.(line);
    if (worth) done.push(line);
  };
  await ensurePartitions(pool, DAYS_AHEAD);
  await note('storage is ready for the next days');
  const { compressed, dropped } = await keepStorage(pool, now);
  await note(`${compressed} parts compressed`, compressed > 0);
  await note(`${dropped.length} parts dropped by retention`, dropped.length > 0);
  const pruned = await runs.prune(now - RUNS_KEPT_MS);
  await note(`${pruned} old runs removed`, pruned > 0);
  const told = await createOutbox(pool).prune(now - DELIVERED_KEPT_MS, now - FAILED_KEPT_MS);
  await note(`${told} old deliveries removed`, told > 0);
  const news = await new NewsStore(pool).prune(now - NEWS_KEPT_MS, now - NEWS_REMEMBERED_MS);
  await note(`${news} old items of news removed`, news > 0);
  const files = await pruneTransfers(dataDir, now - TRANSFERS_KEPT_MS);
  await note(`${files} old exports and uploads removed`, files > 0);
  return done.join('; ');
}

/** Exports and uploads that nobody has touched since; returns how many went. */
export async function pruneTransfers(dataDir: string, before: number): Promise<number> {
  const folder = transferFolder(dataDir);
  let gone = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info === null || info.mtimeMs >= before) continue;
    await rm(path, { recursive: true, force: true });
    gone++;
  }
  return gone;
}

/** Candles of what is finished. */
export async function makeCandles(pool: Pool, now: number, say: JobHouse['say']): Promise<string> {
  await say?.('candles of finished minutes, hours and days are made');
  await rollUpCandles(pool, now);
  return 'candles are rolled up';
}
