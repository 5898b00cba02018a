import type pg from 'pg';
import type { LayoutName, StorageLayout } from './layout.types.js';
import { layoutOf } from './storage-layout.js';
import { storageTables, type StorageTable } from './storage.upkeep.js';

/** An edge of a table that cannot be read in this time is told by the bounds of its part. */
const EDGE_WAIT = '1500ms';

export interface StorageTableReport extends StorageTable {
  /** An estimate: what the parts' statistics and the column store's own counts say. */
  readonly rows: number;
  /** Before over after, of what is compressed; `null` when nothing is. */
  readonly ratio: number | null;
  /** `at` of the first and last row, ms; `null` when there is none. */
  readonly oldestAt: number | null;
  readonly newestAt: number | null;
}

export interface StorageReport {
  readonly layout: LayoutName;
  /** Why it is this layout, where there is something to say. */
  readonly why: string | null;
  readonly tables: readonly StorageTableReport[];
}

/** What the Storage page shows. Looks into the first and last part of every table: not for every second. */
export async function storageReport(pool: pg.Pool): Promise<StorageReport> {
  const layout = await layoutOf(pool);
  const { tables } = await storageTables(pool);
  const said = await pool.query<{ why: string | null; version: string | null }>(
    `SELECT detail->>'why' AS why, detail->>'timescale' AS version FROM storage_layout`,
  );
  const reports: StorageTableReport[] = [];
  for (const table of tables) {
    const [rows, oldestAt, newestAt] = await Promise.all([
      layout.rows(pool, table.name),
      edgeOf(pool, layout, table, 'min'),
      edgeOf(pool, layout, table, 'max'),
    ]);
    const ratio = table.bytesAfter > 0 ? table.bytesBefore / table.bytesAfter : null;
    reports.push({ ...table, rows, ratio, oldestAt, newestAt });
  }
  const { why, version } = said.rows[0];
  return { layout: layout.name, why: why ?? (version === null ? null : `TimescaleDB ${version}`), tables: reports };
}

async function edgeOf(
  pool: pg.Pool,
  layout: StorageLayout,
  { name }: StorageTable,
  edge: 'min' | 'max',
): Promise<number | null> {
  const parts = await layout.parts(pool, name);
  const ordered = edge === 'min' ? parts : parts.toReversed();
  const client = await pool.connect();
  try {
    for (const part of ordered) {
      // A part that was made ahead is empty; the next one is asked.
      const at = await edgeWithin(client, name, edge, part.from, part.to);
      if (at !== null) return at;
    }
    return null;
  } finally {
    client.release();
  }
}

async function edgeWithin(
  client: pg.PoolClient,
  table: string,
  edge: 'min' | 'max',
  from: number,
  to: number,
): Promise<number | null> {
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = '${EDGE_WAIT}'`);
  try {
    const found = await client.query<{ at: string | number | null }>(
      `SELECT ${edge}(at) AS at FROM ${table} WHERE at >= ${from} AND at < ${to}`,
    );
    await client.query('COMMIT');
    const at = found.rows[0].at;
    return at === null ? null : Number(at);
  } catch {
    await client.query('ROLLBACK');
    return edge === 'min' ? from : to - 1;
  }
}
