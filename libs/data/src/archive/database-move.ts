import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { UserProblem } from '#core';
import { STORED_TABLES } from '../layout/stored-tables.js';
import { inTransaction, lendClient, transaction } from '../lend-client.js';
import { exportTape } from './tape-export.js';
import { importTape } from './tape-import.js';

export interface MoveOptions {
  readonly from: pg.Pool;
  /** Migrated, and not yet used. */
  readonly to: pg.Pool;
  /** Where the tapes lie between the two; gone when all is done. */
  readonly folder: string;
  readonly now: number;
  /** A sentence about the step that begins, and how far it is, from 0 to 1. */
  readonly progress?: (doing: string, done: number) => void;
}

export interface MoveResult {
  readonly lanes: readonly { readonly lane: number; readonly written: number }[];
  /** Rows of all that is no tape, by table; `null` when they were there already. */
  readonly rows: Readonly<Record<string, number>> | null;
}

/** Of the layout, of the imports that bring the tape, and of the schema itself. */
const NOT_MOVED: readonly string[] = [
  ...STORED_TABLES.map(({ name }) => name as string),
  'candle_mark',
  'storage_layout',
  'migration',
  'lane',
  'tape_import',
];
/** Bytes of rows that are in memory at a time, about. */
const BATCH_BYTES = 8_000_000;
const MOST_ROWS = 2_000;

/**
 * Moves all of a database into another one, whichever layouts the two have: tapes by export and import, so that what was
 * interrupted goes on, then everything else in one commit. Nobody may write to either meanwhile. A second run writes nothing.
 *
 * @throws UserProblem when the other one is in use already.
 */
export async function moveDatabase(options: MoveOptions): Promise<MoveResult> {
  const { from, to, folder, now, progress } = options;
  const moved = await alreadyMoved(from, to);
  const { rows: held } = await from.query<{ id: number; head: number }>(
    'SELECT id, head_seq AS head FROM lane WHERE head_seq > 0 ORDER BY id',
  );
  await mkdir(folder, { recursive: true });
  const lanes: { lane: number; written: number }[] = [];
  for (const { id: lane } of moved ? [] : held) {
    const path = join(folder, `lane-${lane}.replay`);
    // An export gets its name when it is whole: one that is there was made by a try before.
    if ((await stat(path).catch(() => null)) === null)
      await exportTape(from, {
        lane,
        format: 'replay',
        path,
        progress: (done) => progress?.(`lane ${lane} is read`, done),
      });
    const { written } = await importTape(to, {
      path,
      lane,
      now,
      progress: (step, done) => progress?.(`lane ${lane} is ${step}`, done),
    });
    lanes.push({ lane, written });
  }
  const rows = moved ? null : await moveRows(from, to, (name) => progress?.(`rows of ${name}`, 1));
  await rm(folder, { recursive: true, force: true });
  return { lanes, rows };
}

/** Whether an earlier run got to its end: people come with the last commit. */
async function alreadyMoved(from: pg.Pool, to: pg.Pool): Promise<boolean> {
  const facts = async (pool: pg.Pool) =>
    (
      await pool.query<{ people: string; lanes: string; recorded: boolean }>(
        `SELECT coalesce((SELECT string_agg(id::text, ' ' ORDER BY id) FROM app_user), '') AS people,
           coalesce((SELECT string_agg(id || ':' || head_seq, ' ' ORDER BY id) FROM lane WHERE head_seq > 0), '') AS lanes,
           EXISTS (SELECT 1 FROM lane WHERE head_seq > 0 AND id NOT IN (SELECT lane FROM tape_import)) AS recorded`,
      )
    ).rows[0];
  const [there, here] = [await facts(to), await facts(from)];
  if (!there.recorded && there.people === '') return false;
  if (there.people === here.people && there.lanes === here.lanes) return true;
  throw new UserProblem(
    there.recorded
      ? 'the database to move to holds a recorded tape; name an empty one'
      : 'the database to move to has people of its own; name an empty one',
  );
}

/** Ordinary tables, those first that others refer to. */
async function ordinaryTables(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string; needs: string[] }>(
    `SELECT c.relname AS name, coalesce((SELECT array_agg(DISTINCT f.confrelid::regclass::text) FROM pg_constraint f
         WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid), '{}') AS needs
     FROM pg_class c WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace
       AND NOT (c.relname = ANY($1)) ORDER BY c.relname`,
    [NOT_MOVED],
  );
  const order: string[] = [];
  const add = (name: string): void => {
    if (order.includes(name)) return;
    for (const need of rows.find((row) => row.name === name)?.needs ?? []) add(need);
    order.push(name);
  };
  for (const { name } of rows) add(name);
  return order;
}

async function moveRows(from: pg.Pool, to: pg.Pool, begin: (name: string) => void): Promise<Record<string, number>> {
  const tables = await ordinaryTables(to);
  const moved: Record<string, number> = {};
  await lendClient(from, (source) =>
    // One moment of all tables.
    transaction(
      source,
      () =>
        inTransaction(to, 'the rows could not be moved', async (target) => {
          // What triggers made of these rows comes as rows itself.
          const triggers = (how: 'DISABLE' | 'ENABLE'): Promise<unknown> =>
            target.query(tables.map((table) => `ALTER TABLE ${table} ${how} TRIGGER USER`).join('; '));
          await triggers('DISABLE');
          // What migrations or a first start put there.
          await target.query(`TRUNCATE ${tables.join(', ')}`);
          for (const table of tables) {
            begin(table);
            moved[table] = await moveTable(source, target, table);
          }
          await triggers('ENABLE');
        }),
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    ),
  );
  return moved;
}

/** Row by row as JSON, which holds every type there is to the letter and knows columns by name. */
async function moveTable(source: pg.ClientBase, target: pg.ClientBase, table: string): Promise<number> {
  const { rows: columns } = await target.query<{ name: string; sequence: string | null }>(
    `SELECT quote_ident(attname) AS name, pg_get_serial_sequence($1, attname) AS sequence FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const names = columns.map(({ name }) => name).join(', ');
  const { rows: sizes } = await source.query<{ rows: number; bytes: number }>(
    `SELECT count(*) AS rows, pg_table_size($1::regclass) AS bytes FROM ${table}`,
    [table],
  );
  const { rows: all, bytes } = sizes[0];
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor((BATCH_BYTES * all) / Math.max(1, bytes))));
  await source.query(`DECLARE moving NO SCROLL CURSOR FOR SELECT row_to_json(row)::text AS row FROM ${table} AS row`);
  let count = 0;
  for (;;) {
    const { rows } = await source.query<{ row: string }>(`FETCH ${most} FROM moving`);
    if (rows.length === 0) break;
    await target.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
       SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [`[${rows.map(({ row }) => row).join(',')}]`],
    );
    count += rows.length;
  }
  await source.query('CLOSE moving');
  for (const { name, sequence } of columns)
    if (sequence !== null)
      await target.query(`SELECT setval($1, greatest((SELECT max(${name}) FROM ${table}), 1))`, [sequence]);
  return count;
}
