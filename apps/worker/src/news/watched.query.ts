import type { Pool } from '#data';
import type { WatchedMarket } from './enrich.batch.js';

/** Markets that can still be traded, as their venues ask them. */
export async function watchedMarkets(pool: Pool, lane: number): Promise<readonly WatchedMarket[]> {
  const { rows } = await pool.query<WatchedMarket>(
    `SELECT id, info->>'title' AS title, info->>'rules' AS rules FROM market_state
     WHERE lane = $1 AND info->>'status' IN ('open', 'unopened', 'paused') ORDER BY ref`,
    [lane],
  );
  return rows;
}
