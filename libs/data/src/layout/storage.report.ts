import type pg from 'pg';
import type { LayoutName, StoragePart } from './layout.types.js';
import { tablesWithParts, type StorageTable } from './storage.upkeep.js';

/** An edge of a table that cannot be read in this time is told by the bounds of its part. */
const EDGE_WAIT = '1500ms';
/** SQLSTATE of a statement that took longer. */
const TOO_LONG = '57014';

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
  const { layout, tables } = await tablesWithParts(pool);
  const said = await pool.query<{ why: string | null; version: string | null }>(
    `SELECT detail->>'why' AS why, detail->>'timescale' AS version FROM storage_layout`,
  );
  const reports: StorageTableReport[] = [];
  const client = await pool.connect();
  try {
    for (const { table, parts } of tables) {
      const rows = await layout.rows(client, table.name);
      const oldestAt = await edgeOf(client, table.name, parts, 'min');
      const newestAt = oldestAt === null ? null : await edgeOf(client, table.name, parts.toReversed(), 'max');
      const ratio = table.bytesAfter > 0 ? table.bytesBefore / table.bytesAfter : null;
      reports.push({ ...table, rows, ratio, oldestAt, newestAt });
    }
  } finally {
    client.release();
  }
  const { why, version } = said.rows[0];
  return { layout: layout.name, why: why ?? (version === null ? null : `TimescaleDB ${version}`), tables: reports };
}

async function edgeOf(
  client: pg.PoolClient,
  table: string,
  parts: readonly StoragePart[],
  edge: 'min' | 'max',
): Promise<number | null> {
  for (const part of parts) {
    // A part that was made ahead is empty; the next one is asked.
    const at = await edgeWithin(client, table, edge, part.from, part.to);
    if (at !== null) return at;
  }
  return null;
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
    const { at } = found.rows[0];
    return at === null ? null : Number(at);
  } catch (error) {
    await client.query('ROLLBACK');
    if ((error as { code?: string }).code !== TOO_LONG) throw error;
    return edge === 'min' ? from : to - 1;
  }
}
