import { ensurePartitions, type Pool } from '#data';
import type { RunRepo } from './run.repo.js';

const DAYS_AHEAD = 3;
const RUNS_KEPT_MS = 14 * 86_400_000;

/** Storage a few days ahead of the clock, and old lines off the page Runs. */
export async function keepHouse(pool: Pool, runs: RunRepo, now: number): Promise<string> {
  await ensurePartitions(pool, DAYS_AHEAD);
  const pruned = await runs.prune(now - RUNS_KEPT_MS);
  return pruned === 0
    ? 'storage is ready for the next days'
    : `storage is ready for the next days; ${pruned} old runs removed`;
}
