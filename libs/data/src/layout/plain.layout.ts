import type pg from 'pg';
import { transaction } from '../lend-client.js';
import { estimatedRows, gathered, partsOf, type StorageLayout } from './layout.types.js';
import { candleMarks, rollUp } from './plain.roll-up.js';
import { indexName, STORED_TABLES, type StoredName, type StoredTable } from './stored-tables.js';
import { candleTable, finer, resolutionMs, type CandlesPiece, type Resolution } from './candle-tables.js';

/** Dropping a part locks its table: rather later than behind a long reader with every append waiting. */
const DROP_WAIT = '2s';

/**
 * Plain PostgreSQL: native partitions by UTC day of `at` (30 days for the coarser candles), made ahead, and a default
 * partition so that a row of an unforeseen day is kept; it moves to its own partition when that day's is made.
 */
export const plainLayout: StorageLayout = {
  name: 'plain',

  async create(client) {
    for (const table of STORED_TABLES) {
      const columns = table.columns.map(([name, type]) => `${name} ${type}`).join(', ');
      await client.query(`CREATE TABLE IF NOT EXISTS ${table.name} (${columns}) PARTITION BY RANGE (at)`);
      await client.query(
        `CREATE INDEX IF NOT EXISTS ${table.name}_at ON ${table.name} USING brin (at) WITH (pages_per_range = 64, autosummarize = on)`,
      );
      for (const [i, index] of table.indexes.entries()) {
        const name = indexName(table.name, i, index);
        await client.query(`CREATE INDEX IF NOT EXISTS ${name} ON ${table.name} ${index}`);
        if (name !== `${table.name}_key${i}`) await client.query(`DROP INDEX IF EXISTS ${table.name}_key${i}`);
      }
      await client.query(`CREATE TABLE IF NOT EXISTS ${table.name}_rest PARTITION OF ${table.name} DEFAULT`);
    }
    await client.query(`CREATE TABLE IF NOT EXISTS candle_mark (
      name text NOT NULL, lane integer NOT NULL, upto bigint NOT NULL, PRIMARY KEY (name, lane)
    )`);
  },

  async ensureRange(client, from, to) {
    const present = await client.query<{ relname: string }>(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
       WHERE p.relname = ANY($1) AND p.relnamespace = current_schema()::regnamespace`,
      [STORED_TABLES.map((table) => table.name)],
    );
    const names = new Set(present.rows.map((row) => row.relname));
    for (const table of STORED_TABLES) {
      for (let start = Math.floor(from / table.partMs) * table.partMs; start <= to; start += table.partMs)
        if (!names.has(partitionName(table, start))) await makePart(client, table, start);
    }
  },

  async candlePieces(client, source, resolution, lane) {
    const marks = await candleMarks(client, source, lane);
    const pieces: CandlesPiece[] = [];
    let from: number | null = null;
    // What is not rolled up yet comes from the next finer candles, and what is not there from the stream.
    for (let each: Resolution | null = resolution; each !== null; each = finer(each)) {
      const to = marks.get(each);
      if (to === undefined || (from !== null && to <= from)) continue;
      pieces.push({ table: candleTable(source, each), candles: true, ms: resolutionMs(each), from, to });
      from = to;
    }
    return [...pieces, { table: source, candles: false, ms: 0, from, to: null }];
  },

  rollUp,

  async compress() {
    return Promise.resolve(0);
  },

  async holdings(client, tables) {
    const found = await client.query<{ table: StoredName; name: string; bytes: string; empty: boolean; rows: number }>(
      `SELECT p.relname AS "table", c.relname AS name, pg_total_relation_size(c.oid)::text AS bytes, pg_relation_size(c.oid) = 0 AS empty,
         ${estimatedRows('c')} AS rows
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
       WHERE p.relname = ANY($1) AND p.relnamespace = current_schema()::regnamespace AND p.relkind = 'p' ORDER BY 1, 2`,
      [tables],
    );
    return gathered(tables, found.rows, ({ table, name, bytes, empty }) => {
      const from = partitionStart(name);
      if (from === null) return null;
      const { partMs } = STORED_TABLES.find((each) => each.name === table) as StoredTable;
      return {
        name,
        from,
        to: from + partMs,
        bytes: Number(bytes),
        compressed: false,
        late: false,
        bytesBefore: 0,
        empty,
      };
    });
  },

  async dropBefore(client, table, before) {
    const gone = (await partsOf(plainLayout, client, table)).filter((part) => part.to <= before);
    for (const part of gone)
      await transaction(
        client,
        () => client.query(`DROP TABLE ${part.name}`),
        `BEGIN; SET LOCAL lock_timeout = '${DROP_WAIT}'`,
      );
    return gone;
  },
};

const partitionName = (table: StoredTable, start: number): string =>
  `${table.name}_${new Date(start).toISOString().slice(0, 10).replaceAll('-', '')}`;

function partitionStart(name: string): number | null {
  const date = /_(\d{4})(\d\d)(\d\d)$/.exec(name);
  return date ? Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) : null;
}

/** A transaction of its own per table: two tables' locks held together could deadlock with a reader of both. */
async function makePart(client: pg.ClientBase, table: StoredTable, start: number): Promise<void> {
  const name = partitionName(table, start);
  const end = start + table.partMs;
  const columns = table.columns.map(([column]) => column).join(', ');
  await transaction(client, async () => {
    await client.query(`CREATE TABLE ${name} (LIKE ${table.name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    // No append may slip a row of this day into the default partition between the move and the attachment.
    await client.query(`LOCK TABLE ${table.name}_rest IN ACCESS EXCLUSIVE MODE`);
    await client.query(
      `WITH moved AS (DELETE FROM ${table.name}_rest WHERE at >= ${start} AND at < ${end} RETURNING ${columns})
       INSERT INTO ${name} (${columns}) SELECT ${columns} FROM moved`,
    );
    await client.query(`ALTER TABLE ${table.name} ATTACH PARTITION ${name} FOR VALUES FROM (${start}) TO (${end})`);
  });
}
