import type pg from 'pg';
import { columnList, STREAMS, type StreamTable } from './stream-tables.js';
import type { StorageLayout } from './layout.types.js';

const DAY = 86_400_000;

/**
 * Plain PostgreSQL: native partitions by UTC day of `at`, made ahead, and a default partition so that a row of an
 * unforeseen day is kept; it moves to its own partition when that day's is made.
 */
export const plainLayout: StorageLayout = {
  name: 'plain',

  async create(client) {
    for (const table of STREAMS) {
      const columns = table.columns.map(([name, type]) => `${name} ${type}`).join(', ');
      await client.query(`CREATE TABLE ${table.name} (${columns}) PARTITION BY RANGE (at)`);
      await client.query(
        `CREATE INDEX ${table.name}_at ON ${table.name} USING brin (at) WITH (pages_per_range = 64, autosummarize = on)`,
      );
      for (const [i, index] of table.indexes.entries())
        await client.query(`CREATE INDEX ${table.name}_key${i} ON ${table.name} ${index}`);
      await client.query(`CREATE TABLE ${table.name}_rest PARTITION OF ${table.name} DEFAULT`);
    }
  },

  async ensureAhead(client, now, days) {
    const today = Math.floor(now / DAY) * DAY;
    const present = await client.query<{ relname: string }>(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
       WHERE p.relname = ANY($1) AND p.relnamespace = current_schema()::regnamespace`,
      [STREAMS.map((table) => table.name)],
    );
    const names = new Set(present.rows.map((row) => row.relname));
    // Yesterday too: a lane's clock may lag ours over midnight.
    for (let day = today - DAY; day <= today + days * DAY; day += DAY) {
      for (const table of STREAMS) if (!names.has(partitionName(table, day))) await makeDay(client, table, day);
    }
  },
};

const partitionName = (table: StreamTable, day: number): string =>
  `${table.name}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** A transaction of its own per table: two tables' locks held together could deadlock with a reader of both. */
async function makeDay(client: pg.ClientBase, table: StreamTable, day: number): Promise<void> {
  const name = partitionName(table, day);
  const columns = columnList(table);
  await client.query('BEGIN');
  try {
    await client.query(`CREATE TABLE ${name} (LIKE ${table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    // No append may slip a row of this day into the default partition between the move and the attachment.
    await client.query(`LOCK TABLE ${table.name}_rest IN ACCESS EXCLUSIVE MODE`);
    await client.query(
      `WITH moved AS (DELETE FROM ${table.name}_rest WHERE at >= ${day} AND at < ${day + DAY} RETURNING ${columns})
       INSERT INTO ${name} (${columns}) SELECT ${columns} FROM moved`,
    );
    await client.query(`ALTER TABLE ${table.name} ATTACH PARTITION ${name} FOR VALUES FROM (${day}) TO (${day + DAY})`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
