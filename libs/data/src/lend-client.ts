import type pg from 'pg';
import { databaseProblem } from './tape/database-problem.js';

/**
 * Work on one connection of the pool. One on which work failed is not used again: bytes of a refused COPY may still be on
 * their way, a lock may still be held. What the work or the driver throws passes as it is.
 */
export async function lendClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks while nothing runs on it says so by an event, even after it was given up; the next statement
  // fails. Heard by nobody, the event would end the process.
  const broken = (): void => undefined;
  client.on('error', broken);
  let whole = false;
  try {
    const done = await work(client);
    whole = true;
    client.off('error', broken);
    return done;
  } finally {
    client.release(!whole);
  }
}

/**
 * The same for what the database alone can fail at.
 *
 * @throws OutsideProblem beginning with `doing` when the database is away, Defect when it refuses what it is given.
 */
export async function withClient<T>(
  pool: pg.Pool,
  doing: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    return await lendClient(pool, work);
  } catch (error) {
    throw databaseProblem(doing, error);
  }
}

/** All of it or nothing, on a connection of its own. Problems of ours pass, what else fails is told as by `withClient`. */
export const inTransaction = <T>(
  pool: pg.Pool,
  doing: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> => withClient(pool, doing, (client) => transaction(client, () => work(client)));

/** All of it or nothing, on a connection at hand; `begin` may say more than that. What fails passes as it is. */
export async function transaction<T>(client: pg.ClientBase, work: () => Promise<T>, begin = 'BEGIN'): Promise<T> {
  await client.query(begin);
  try {
    const done = await work();
    await client.query('COMMIT');
    return done;
  } catch (error) {
    // One that is broken cannot be told; its end is the end of the transaction.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
