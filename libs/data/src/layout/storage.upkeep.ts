import type pg from 'pg';
import { UserProblem } from '#core';
import { partsOf, type Holding, type LayoutName, type StorageLayout, type StoragePart } from './layout.types.js';
import { layoutOf, UPKEEP_LOCK, withLayout } from './storage-layout.js';
import { STORED_TABLES, type StoredName } from './stored-tables.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A week: candles look back that far for late rows, and a shorter history serves nobody. */
export const LEAST_KEEP_DAYS = 7;
/** After its end a chunk is left alone this long, for rows of a lane whose clock lags. */
const COMPRESS_AFTER_HOURS = 2;
/** Without these no span of the tape can be understood: markets, links and acts. */
const KEPT_FOR_EVER: readonly StoredName[] = ['event'];

export interface StoragePolicy {
  /** `null`: for ever. */
  readonly keepDays: number | null;
  /** Hours after a part's end; `null`: never. Means nothing on plain PostgreSQL. */
  readonly compressHours: number | null;
}

export interface StorageTable extends StoragePolicy {
  readonly name: StoredName;
  readonly parts: number;
  readonly compressedParts: number;
  /** What it takes on disk now, indexes included. */
  readonly bytes: number;
  /** What its compressed parts took before; 0 without one. */
  readonly bytesBefore: number;
  /** What its compressed parts take now. */
  readonly bytesAfter: number;
  /** `at` of the oldest row that may be there: where retention has cut, ms. */
  readonly droppedBefore: number | null;
  readonly mayDrop: boolean;
}

interface PolicyRow {
  readonly name: StoredName;
  readonly keepDays: number | null;
  readonly compressHours: number | null;
  readonly droppedBefore: string | number | null;
}

async function policies(client: pg.ClientBase | pg.Pool): Promise<ReadonlyMap<StoredName, PolicyRow>> {
  const found = await client.query<PolicyRow>(
    'SELECT name, keep_days AS "keepDays", compress_hours AS "compressHours", dropped_before AS "droppedBefore" FROM storage_policy',
  );
  return new Map(found.rows.map((row) => [row.name, row]));
}

/** Compresses and drops by each table's policy. Safe to run at any time and twice; a job calls it every hour. */
export async function keepStorage(
  pool: pg.Pool,
  now = Date.now(),
): Promise<{ readonly compressed: number; readonly dropped: readonly StoragePart[] }> {
  return withLayout(pool, UPKEEP_LOCK, async (layout, client) => {
    const kept = await policies(client);
    let compressed = 0;
    const dropped: StoragePart[] = [];
    for (const { name } of STORED_TABLES) {
      const policy = kept.get(name);
      const hours = policy === undefined ? COMPRESS_AFTER_HOURS : policy.compressHours;
      if (hours !== null && !isCandles(name)) compressed += await layout.compress(client, name, now - hours * HOUR);
      const keepDays = policy?.keepDays ?? null;
      if (keepDays !== null) dropped.push(...(await drop(layout, client, name, now - keepDays * DAY, now)));
    }
    return { compressed, dropped };
  });
}

const isCandles = (name: StoredName): boolean => name.startsWith('quote_') || name.startsWith('trade_');

async function drop(
  layout: StorageLayout,
  client: pg.ClientBase,
  name: StoredName,
  before: number,
  now: number,
): Promise<readonly StoragePart[]> {
  const going = (await partsOf(layout, client, name)).filter((part) => part.to <= before);
  if (going.length === 0) return [];
  // Candles outlive what they were made of.
  if (name === 'quote' || name === 'trade')
    await layout.rollUp(client, now, { from: going[0].from, to: going[going.length - 1].to - 1 });
  const gone = await layout.dropBefore(client, name, before);
  await client.query('UPDATE storage_policy SET dropped_before = greatest(dropped_before, $2) WHERE name = $1', [
    name,
    Math.max(...gone.map((part) => part.to)),
  ]);
  return gone;
}

/** What a retention of so many days would remove now. */
export async function wouldDrop(
  pool: pg.Pool,
  name: string,
  keepDays: number,
  now = Date.now(),
): Promise<readonly StoragePart[]> {
  const table = storedName(name, keepDays);
  const layout = await layoutOf(pool);
  return (await partsOf(layout, pool, table)).filter((part) => part.to <= now - keepDays * DAY);
}

/** Nothing is removed or compressed before the next upkeep. */
export async function setStoragePolicy(
  pool: pg.Pool,
  name: string,
  policy: StoragePolicy,
  by: string,
  now = Date.now(),
): Promise<void> {
  const table = storedName(name, policy.keepDays);
  if (policy.compressHours !== null && !(Number.isInteger(policy.compressHours) && policy.compressHours >= 1))
    throw new UserProblem('parts are compressed a whole number of hours after their end, or never');
  await pool.query(
    `INSERT INTO storage_policy (name, keep_days, compress_hours, changed_at, "by") VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (name) DO UPDATE SET keep_days = excluded.keep_days, compress_hours = excluded.compress_hours,
       changed_at = excluded.changed_at, "by" = excluded."by"`,
    [table, policy.keepDays, policy.compressHours, now, by],
  );
}

function storedName(name: string, keepDays: number | null): StoredName {
  const table = STORED_TABLES.find((each) => each.name === name);
  if (!table) throw new UserProblem(`there is no stored table ${JSON.stringify(name)}`);
  if (keepDays === null) return table.name;
  if (KEPT_FOR_EVER.includes(table.name))
    throw new UserProblem(`the table ${table.name} is kept for ever: without it no span of the tape can be read`);
  if (!Number.isInteger(keepDays) || keepDays < LEAST_KEEP_DAYS)
    throw new UserProblem(`a table is kept for at least ${LEAST_KEEP_DAYS} days, in whole days`);
  return table.name;
}

/** Every stored table with its policy and sizes. Asks the file system: not for every second. */
export async function storageTables(
  pool: pg.Pool,
): Promise<{ readonly layout: LayoutName; readonly tables: readonly StorageTable[] }> {
  const { layout, tables } = await tablesWithParts(pool);
  return { layout: layout.name, tables: tables.map(({ table }) => table) };
}

/** The same with what each table is made of. */
export async function tablesWithParts(client: pg.ClientBase | pg.Pool): Promise<{
  readonly layout: StorageLayout;
  readonly tables: readonly { readonly table: StorageTable; readonly holding: Holding }[];
}> {
  const layout = await layoutOf(client);
  const kept = await policies(client);
  const holdings = await layout.holdings(
    client,
    STORED_TABLES.map(({ name }) => name),
  );
  const tables = [...holdings].map(([name, holding]) => {
    const policy = kept.get(name);
    const { parts } = holding;
    const droppedBefore = policy?.droppedBefore ?? null;
    const compressed = parts.filter((part) => part.compressed);
    const table: StorageTable = {
      name,
      keepDays: policy?.keepDays ?? null,
      compressHours:
        isCandles(name) || layout.name === 'plain' ? null : policy ? policy.compressHours : COMPRESS_AFTER_HOURS,
      parts: parts.length,
      compressedParts: compressed.length,
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
      bytesBefore: compressed.reduce((sum, part) => sum + part.bytesBefore, 0),
      bytesAfter: compressed.reduce((sum, part) => sum + part.bytes, 0),
      droppedBefore: droppedBefore === null ? null : Number(droppedBefore),
      mayDrop: !KEPT_FOR_EVER.includes(name),
    };
    return { table, holding };
  });
  return { layout, tables };
}
