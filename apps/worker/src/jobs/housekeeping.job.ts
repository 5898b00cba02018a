import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createOutbox, ensurePartitions, keepStorage, NewsStore, rollUpCandles, type Pool } from '#data';
import { transferFolder } from '#host';
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
export async function keepHouse(pool: Pool, runs: RunRepo, now: number, dataDir: string): Promise<string> {
  await ensurePartitions(pool, DAYS_AHEAD);
  const { compressed, dropped } = await keepStorage(pool, now);
  const pruned = await runs.prune(now - RUNS_KEPT_MS);
  const told = await createOutbox(pool).prune(now - DELIVERED_KEPT_MS, now - FAILED_KEPT_MS);
  const news = await new NewsStore(pool).prune(now - NEWS_KEPT_MS, now - NEWS_REMEMBERED_MS);
  const files = await pruneTransfers(dataDir, now - TRANSFERS_KEPT_MS);
  const said = [
    'storage is ready for the next days',
    ...(compressed > 0 ? [`${compressed} parts compressed`] : []),
    ...(dropped.length > 0 ? [`${dropped.length} parts dropped by retention`] : []),
    ...(pruned > 0 ? [`${pruned} old runs removed`] : []),
    ...(files > 0 ? [`${files} old exports and uploads removed`] : []),
    ...(news > 0 ? [`${news} old items of news removed`] : []),
    ...(told > 0 ? [`${told} old deliveries removed`] : []),
  ];
  return said.join('; ');
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
export async function makeCandles(pool: Pool, now: number): Promise<string> {
  await rollUpCandles(pool, now);
  return 'candles are rolled up';
}
