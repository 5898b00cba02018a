import pg from 'pg';
import { Defect, OutsideProblem } from '#core';
import type { StorageLayout } from './layout.types.js';
import { plainLayout } from './plain.layout.js';

const LAYOUTS: readonly StorageLayout[] = [plainLayout];
const DAYS_AHEAD = 7;
/** Advisory lock: one process at a time lays out storage. */
const LAYOUT_LOCK = 814_220_301;

/**
 * Makes the stream tables once and records how in `storage_layout`; later calls keep that layout and only look ahead.
 * Needs the migrations. Idempotent, and safe when several processes start at once.
 */
export async function storageLayout(url: string, now = Date.now()): Promise<{ readonly layout: string }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LAYOUT_LOCK]);
    const layout = (await recorded(client)) ?? plainLayout;
    await client.query('BEGIN');
    if ((await recorded(client)) === null) {
      await layout.create(client);
      await client.query('INSERT INTO storage_layout (layout, made_at) VALUES ($1, $2)', [layout.name, now]);
    }
    await client.query('COMMIT');
    await layout.ensureAhead(client, now, DAYS_AHEAD);
    return { layout: layout.name };
  } finally {
    // Ends the session and with it the lock.
    await client.end().catch(() => undefined);
  }
}

/** The housekeeping call: room for the coming days in every stream table. */
export async function ensurePartitions(pool: pg.Pool, days: number, now = Date.now()): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LAYOUT_LOCK]);
    try {
      const layout = await recorded(client);
      if (layout === null)
        throw new OutsideProblem('the database has no storage layout yet; run the migrations first', false);
      await layout.ensureAhead(client, now, days);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LAYOUT_LOCK]);
    }
  } finally {
    client.release();
  }
}

async function recorded(client: pg.ClientBase): Promise<StorageLayout | null> {
  const found = await client.query<{ layout: string }>('SELECT layout FROM storage_layout');
  const name = found.rows[0]?.layout;
  if (name === undefined) return null;
  const layout = LAYOUTS.find((each) => each.name === name);
  if (!layout) throw new Defect(`the database was laid out as "${name}", which this build does not know`);
  return layout;
}
