import pg from 'pg';
import { Defect, OutsideProblem } from '#core';
import { lendClient, transaction } from '../lend-client.js';
import type { LayoutName, StorageLayout } from './layout.types.js';
import { plainLayout } from './plain.layout.js';
import { timescaleLayout } from './timescale.layout.js';
import { timescaleSupport, type TimescaleSupport } from './timescale.support.js';

const LAYOUTS: readonly StorageLayout[] = [plainLayout, timescaleLayout];
const DAY = 86_400_000;
const DAYS_AHEAD = 7;
/** Advisory lock: one process at a time lays out storage. */
const LAYOUT_LOCK = 814_220_301;
/** Advisory lock: one process at a time rolls up, compresses and drops. Those may take long; a boot does not wait for them. */
export const UPKEEP_LOCK = 814_220_303;

/**
 * Makes the stream tables once, as hypertables where TimescaleDB can hold them, and records how in `storage_layout`;
 * later calls keep that layout, add what a newer build has, and look ahead. Needs the migrations. Idempotent, and safe
 * when several processes start at once.
 */
export async function storageLayout(url: string, now = Date.now()): Promise<{ readonly layout: LayoutName }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // What exists already is no news.
  client.on('notice', () => undefined);
  try {
    await client.query(`SET client_min_messages = warning; SELECT pg_advisory_lock(${LAYOUT_LOCK})`);
    const layout = await transaction(client, async () => {
      const known = (await recorded(client)) ?? (await choose(client, now));
      await known.create(client);
      return known;
    });
    await layout.ensureRange(client, now - DAY, now + DAYS_AHEAD * DAY);
    return { layout: layout.name };
  } finally {
    // Ends the session and with it the lock.
    await client.end().catch(() => undefined);
  }
}

async function choose(client: pg.ClientBase, now: number): Promise<StorageLayout> {
  const support = await usableTimescale(client);
  const layout = support.usable ? timescaleLayout : plainLayout;
  await client.query('INSERT INTO storage_layout (layout, detail, made_at) VALUES ($1, $2, $3)', [
    layout.name,
    support.usable ? { timescale: support.version } : { timescale: null, why: support.why },
    now,
  ]);
  return layout;
}

/** With the extension created in this database, unless the role may not. */
async function usableTimescale(client: pg.ClientBase): Promise<TimescaleSupport> {
  const support = await timescaleSupport(client);
  if (!support.usable || support.created) return support;
  await client.query('SAVEPOINT extension');
  try {
    await client.query('CREATE EXTENSION timescaledb');
    // Only now is the library that knows the licence loaded.
    return await timescaleSupport(client);
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT extension');
    const reason = error instanceof Error ? error.message : String(error);
    return { usable: false, why: `the extension TimescaleDB could not be created in this database: ${reason}` };
  }
}

/** Room for the coming days in every stream table. */
export async function ensurePartitions(pool: pg.Pool, days: number, now = Date.now()): Promise<void> {
  // Yesterday too: a lane's clock may lag ours over midnight.
  await withLayout(pool, LAYOUT_LOCK, (layout, client) => layout.ensureRange(client, now - DAY, now + days * DAY));
}

/** Room for rows of a known span, which may lie long ago: an import's. */
export async function ensureSpan(pool: pg.Pool, from: number, to: number): Promise<void> {
  await withLayout(pool, LAYOUT_LOCK, (layout, client) => layout.ensureRange(client, from, to));
}

/** Makes candles of what is finished; `span` names what arrived late, by import. */
export async function rollUpCandles(
  pool: pg.Pool,
  now: number,
  span?: { readonly from: number; readonly to: number },
): Promise<void> {
  await withLayout(pool, UPKEEP_LOCK, (layout, client) => layout.rollUp(client, now, span));
}

/** One process at a time, with the layout this database was given. */
export async function withLayout<T>(
  pool: pg.Pool,
  lock: number,
  work: (layout: StorageLayout, client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return lendClient(pool, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [lock]);
    // What fails ends the session and with it the lock.
    const done = await work(await layoutOf(client), client);
    await client.query('SELECT pg_advisory_unlock($1)', [lock]);
    return done;
  });
}

/** A database keeps the layout it was given: asked once of a pool or connection. */
const layouts = new WeakMap<object, StorageLayout>();

/** @throws OutsideProblem before the migrations ran. */
export async function layoutOf(client: pg.ClientBase | pg.Pool): Promise<StorageLayout> {
  const layout = layouts.get(client) ?? (await recorded(client));
  if (layout === null)
    throw new OutsideProblem('the database has no storage layout yet; run the migrations first', false);
  layouts.set(client, layout);
  return layout;
}

async function recorded(client: pg.ClientBase | pg.Pool): Promise<StorageLayout | null> {
  const found = await client.query<{ layout: string }>('SELECT layout FROM storage_layout');
  const name = found.rows[0]?.layout;
  if (name === undefined) return null;
  const layout = LAYOUTS.find((each) => each.name === name);
  if (!layout) throw new Defect(`the database was laid out as "${name}", which this build does not know`);
  return layout;
}
