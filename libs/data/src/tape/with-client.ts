import type pg from 'pg';
import { databaseProblem } from './database-problem.js';

/**
 * Work on one connection of the pool. One that fails is not used again: bytes of a refused COPY may still be on their way.
 *
 * @throws OutsideProblem beginning with `doing` when the database is away, Defect when it refuses what it is given.
 */
export async function withClient<T>(
  pool: pg.Pool,
  doing: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  // A connection that breaks while nothing runs on it says so by an event, even after it was given up; the next statement fails.
  const broken = (): void => undefined;
  let client: pg.PoolClient | null = null;
  try {
    client = await pool.connect();
    client.on('error', broken);
    const done = await work(client);
    client.off('error', broken);
    client.release();
    return done;
  } catch (error) {
    client?.release(true);
    throw databaseProblem(doing, error);
  }
}
