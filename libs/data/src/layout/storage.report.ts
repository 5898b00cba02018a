import type pg from 'pg';
import { lendClient } from '../lend-client.js';
import type { LayoutName, StoragePart } from './layout.types.js';
import { tablesWithParts, type StorageTable } from './storage.upkeep.js';
import { STORED_TABLES, type StoredName, type StoredTable } from './stored-tables.js';

/** Edges that cannot be read in this time are told by the bounds of their parts. */
const EDGE_WAIT = '3s';
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

/** What the Storage page shows: a handful of statements, whatever the number of parts. Not for every second. */
export async function storageReport(pool: pg.Pool): Promise<StorageReport> {
  const { layout, tables } = await tablesWithParts(pool);
  const said = await pool.query<{ why: string | null; version: string | null }>(
    `SELECT detail->>'why' AS why, detail->>'timescale' AS version FROM storage_layout`,
  );
  const edges = await edgesOf(
    pool,
    tables.map(({ table: { name }, holding }) => ({ name, parts: holding.parts.filter((part) => !part.empty) })),
  );
  const { why, version } = said.rows[0];
  return {
    layout: layout.name,
    why: why ?? (version === null ? null : `TimescaleDB ${version}`),
    tables: tables.map(({ table, holding }) => ({
      ...table,
      rows: holding.rows,
      ratio: table.bytesAfter > 0 ? table.bytesBefore / table.bytesAfter : null,
      oldestAt: edges.get(table.name)?.oldest ?? null,
      newestAt: edges.get(table.name)?.newest ?? null,
    })),
  };
}

interface Edges {
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** The first row of each table's first part and the last row of its last. */
async function edgesOf(
  pool: pg.Pool,
  tables: readonly { readonly name: StoredName; readonly parts: readonly StoragePart[] }[],
): Promise<ReadonlyMap<StoredName, Edges>> {
  const filled = tables.filter(({ parts }) => parts.length > 0);
  if (filled.length === 0) return new Map();
  const selects = filled.map(
    ({ name, parts }) =>
      `SELECT '${name}' AS name, (${edge(name, parts[0], 'min')}) AS oldest, (${edge(name, parts[parts.length - 1], 'max')}) AS newest`,
  );
  try {
    const found = await lendClient(pool, (client) =>
      client.query(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = '${EDGE_WAIT}'; ${selects.join(' UNION ALL ')}; COMMIT`,
      ),
    );
    const { rows } = (found as unknown as readonly pg.QueryResult<{ name: StoredName } & Edges>[])[2];
    return new Map(rows.map((row) => [row.name, row]));
  } catch (error) {
    if ((error as { code?: string }).code !== TOO_LONG) throw error;
    return new Map(
      filled.map(({ name, parts }) => [name, { oldest: parts[0].from, newest: parts[parts.length - 1].to - 1 }]),
    );
  }
}

/**
 * The least or greatest `at` of a part, from group to group of its index: of a lane, or a lane's market, the first entry
 * is the oldest row. A compressed part has no such index, but keeps the bounds of its batches.
 */
function edge(name: StoredName, part: StoragePart, which: 'min' | 'max'): string {
  if (part.compressed) return `SELECT ${which}(at) FROM ${part.name}`;
  const { indexes } = STORED_TABLES.find((each) => each.name === name) as StoredTable;
  const [groups, by] = indexes[0].startsWith('(lane, seq') ? ['lane', 'seq'] : ['lane, market', 'at'];
  const [down, behind] = which === 'min' ? ['', '>'] : [' DESC', '<'];
  const order = `ORDER BY ${`${groups}, ${by}`.replaceAll(',', `${down},`)}${down} LIMIT 1`;
  const found = groups.replace(/\w+/g, (column) => `found.${column}`);
  return `WITH RECURSIVE found AS (
    (SELECT ${groups}, at FROM ${part.name} ${order})
    UNION ALL
    SELECT next.* FROM found, LATERAL (SELECT ${groups}, at FROM ${part.name} WHERE (${groups}) ${behind} (${found}) ${order}) AS next
  ) SELECT ${which}(at) FROM found`;
}
