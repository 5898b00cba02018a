import type pg from 'pg';
import {
  CANDLE_COLUMNS,
  candleTable,
  finer,
  fromCandles,
  fromStream,
  RESOLUTIONS,
  resolutionMs,
  timescaleFirstLast,
  type CandleSource,
  type CandlesPiece,
  type Resolution,
} from './candle-tables.js';
import { estimatedRows, gathered, partsOf, type StorageLayout } from './layout.types.js';
import { CANDLE_TABLES, indexName, type StoredName } from './stored-tables.js';
import { STREAMS, type StreamTable } from './stream-tables.js';

const HOUR = 3_600_000;
/** Candles in time, of all markets, that one transaction makes at most. */
const CANDLES_AT_ONCE = 20_000;

/** Bits of a chunk's status: rows that came after it was compressed, in order (8) or not (2). */
const LATE_ROWS = 8 | 2;

/** Days of a candle table's chunk: a year of one market is read from few of them. */
const CANDLE_CHUNK_DAYS: Readonly<Record<Resolution, number>> = { s: 3, m: 30, h: 180, d: 1_800 };

/** How far back a refresh looks by itself for rows that came late, and how near to now it goes, ms. */
const REFRESH: Readonly<Record<Resolution, { readonly back: number; readonly until: number }>> = {
  s: { back: 24 * HOUR, until: 10_000 },
  m: { back: 48 * HOUR, until: 2 * 60_000 },
  h: { back: 72 * HOUR, until: 2 * HOUR },
  d: { back: 168 * HOUR, until: 48 * HOUR },
};

/**
 * TimescaleDB: hypertables in chunks of `at`, the column store segmented by lane and market, and candles as continuous
 * aggregates whose newest part is computed when asked. Chunks make themselves. Refreshing, compressing and dropping are
 * our own job's, as on plain PostgreSQL: a policy of TimescaleDB's own would refresh at the same time, which it refuses,
 * and would empty the candles of rows that retention dropped.
 */
export const timescaleLayout: StorageLayout = {
  name: 'timescale',

  async create(client) {
    await client.query(
      `CREATE OR REPLACE FUNCTION storage_now_ms() RETURNS bigint LANGUAGE sql STABLE AS
       $$ SELECT (extract(epoch FROM now()) * 1000)::bigint $$`,
    );
    await makeDomains(client);
    const known = await indexNames(client);
    for (const table of STREAMS) {
      if (!(await exists(client, table.name))) await makeHypertable(client, table);
      // Also of a table that an older build made with fewer: on a hypertable they are made on every chunk. Asked for first,
      // because even a statement that finds its index there stops the lanes' commits.
      for (const [i, index] of table.indexes.entries()) {
        const name = `${table.name}_key${i}`;
        if (!known.has(name)) await client.query(`CREATE INDEX ${name} ON ${table.name} ${index}`);
      }
    }
    for (const source of ['quote', 'trade'] as const)
      for (const [resolution, ms] of RESOLUTIONS)
        if (!(await exists(client, candleTable(source, resolution)))) await makeCandles(client, source, resolution, ms);
    await indexCandles(client);
  },

  async ensureRange() {
    return Promise.resolve();
  },

  async candlePieces(client, source, resolution) {
    // Not the views: each would be planned as one over the next finer one, over every chunk there is. What they are made
    // of is the same: candles up to a mark, finer ones behind it, and behind the last mark the stream.
    const found = await client.query<{ name: string; behind: string; upto: string | number }>(
      `SELECT c.user_view_name AS name, format('%I.%I', h.schema_name, h.table_name) AS behind,
         greatest(_timescaledb_functions.cagg_watermark(h.id), 0)::text AS upto
       FROM _timescaledb_catalog.continuous_agg c JOIN _timescaledb_catalog.hypertable h ON h.id = c.mat_hypertable_id
       WHERE c.user_view_schema = current_schema() AND c.user_view_name = ANY($1)`,
      [RESOLUTIONS.map(([each]) => candleTable(source, each))],
    );
    const marks = new Map(found.rows.map((row) => [row.name, row]));
    const pieces: CandlesPiece[] = [];
    let from: number | null = null;
    for (let each: Resolution | null = resolution; each !== null; each = finer(each)) {
      const mark = marks.get(candleTable(source, each));
      const to = Number(mark?.upto ?? 0);
      if (mark === undefined || to <= (from ?? 0)) continue;
      pieces.push({ table: mark.behind, candles: true, ms: resolutionMs(each), from, to });
      from = to;
    }
    return [...pieces, { table: source, candles: false, ms: 0, from, to: null }];
  },

  async rollUp(client, now, span) {
    const options = await refreshOptions(client);
    for (const [resolution, ms] of RESOLUTIONS) {
      const { back, until } = REFRESH[resolution];
      const end = Math.floor((now - until) / ms) * ms;
      const from = Math.floor(Math.min(now - back, span?.from ?? now) / ms) * ms;
      // Finer ones first: coarser ones are made of them. Only what has changed since the last time is computed.
      for (const source of ['quote', 'trade'] as const)
        await client.query(
          `CALL refresh_continuous_aggregate('${candleTable(source, resolution)}', ${from}, ${end}${options})`,
        );
    }
  },

  async compress(client, table, before) {
    let done = 0;
    for (const part of await partsOf(timescaleLayout, client, table)) {
      if ((part.compressed && !part.late) || part.to > before) continue;
      await client.query(`CALL convert_to_columnstore('${part.name}', if_not_columnstore => true)`);
      done++;
    }
    return done;
  },

  async holdings(client, tables) {
    // A candle table is a view, its chunks belong to the hypertable behind it. A compressed chunk has the column
    // store's own count of rows.
    const found = await client.query<{
      table: StoredName;
      name: string;
      from: string;
      to: string;
      bytes: string;
      before: string | null;
      empty: boolean;
      late: boolean;
      rows: number;
    }>(
      `WITH behind AS MATERIALIZED (
         SELECT asked.name, coalesce(quote_ident(g.materialization_hypertable_schema) || '.' || quote_ident(g.materialization_hypertable_name), asked.name)::regclass AS id
         FROM unnest($1::text[]) AS asked (name)
         LEFT JOIN timescaledb_information.continuous_aggregates g ON g.view_name = asked.name AND g.view_schema = current_schema()),
       -- Once a table, not once a chunk: each tells of all chunks that its table has, and years have thousands.
       sizes AS MATERIALIZED (
         SELECT s.chunk_schema, s.chunk_name, s.total_bytes FROM behind, LATERAL chunks_detailed_size(behind.id) s),
       compressed AS MATERIALIZED (
         SELECT z.chunk_schema, z.chunk_name, z.before_compression_total_bytes FROM behind, LATERAL chunk_columnstore_stats(behind.id) z),
       chunks AS MATERIALIZED (
         SELECT behind.name AS of, c.chunk_schema, c.chunk_name, c.range_start_integer, c.range_end_integer, c.is_compressed
         FROM behind JOIN timescaledb_information.chunks c ON format('%I.%I', c.hypertable_schema, c.hypertable_name)::regclass = behind.id)
       SELECT c.of AS "table", format('%I.%I', c.chunk_schema, c.chunk_name) AS name,
         c.range_start_integer::text AS "from", c.range_end_integer::text AS "to",
         coalesce(s.total_bytes, 0)::text AS bytes, z.before_compression_total_bytes::text AS before,
         NOT c.is_compressed AND pg_relation_size(k.oid) = 0 AS empty,
         c.is_compressed AND own.status & ${LATE_ROWS} <> 0 AS late,
         ${estimatedRows('k')} * (NOT c.is_compressed)::int + coalesce(n.numrows_pre_compression, 0) AS rows
       FROM chunks c
       JOIN pg_class k ON k.oid = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
       JOIN _timescaledb_catalog.chunk own ON own.schema_name = c.chunk_schema AND own.table_name = c.chunk_name
       LEFT JOIN _timescaledb_catalog.compression_chunk_size n ON n.chunk_id = own.id
       LEFT JOIN sizes s ON s.chunk_schema = c.chunk_schema AND s.chunk_name = c.chunk_name
       LEFT JOIN compressed z ON z.chunk_schema = c.chunk_schema AND z.chunk_name = c.chunk_name AND c.is_compressed
       ORDER BY 1, c.range_start_integer`,
      [tables],
    );
    return gathered(tables, found.rows, ({ name, from, to, bytes, before, empty, late }) => ({
      name,
      late,
      from: Number(from),
      to: Number(to),
      bytes: Number(bytes),
      compressed: before !== null,
      bytesBefore: Number(before ?? 0),
      empty,
    }));
  },

  async dropBefore(client, table, before) {
    const gone = (await partsOf(timescaleLayout, client, table)).filter((part) => part.to <= before);
    // Dropped rows count as changed: candles that a refresh still looks at would be made anew, of nothing.
    if (gone.length > 0) await client.query(`SELECT drop_chunks('${table}', older_than => ${before}::bigint)`);
    return gone;
  },
};

/** Newer versions commit every ten candles unless told otherwise; a second has too few rows for that. */
async function refreshOptions(client: pg.ClientBase): Promise<string> {
  const found = await client.query<{ known: boolean }>(
    `SELECT bool_or('options' = ANY(proargnames)) AS known FROM pg_proc WHERE proname = 'refresh_continuous_aggregate'`,
  );
  return found.rows[0].known ? `, options => '{"buckets_per_batch": ${CANDLES_AT_ONCE}}'` : '';
}

async function exists(client: pg.ClientBase, name: string): Promise<boolean> {
  const found = await client.query<{ id: string | null }>('SELECT to_regclass($1)::text AS id', [name]);
  return found.rows[0].id !== null;
}

/**
 * The column store writes plain integers as differences, which for a price that jumps between cents takes 23 bits; any
 * other type with an equality goes into a dictionary, 9 bits. A domain is another type to it and the same one to everybody else.
 */
const DOMAINS: Readonly<Record<string, string>> = { integer: 'few_integers', smallint: 'few_smallints' };

async function makeDomains(client: pg.ClientBase): Promise<void> {
  for (const [base, name] of Object.entries(DOMAINS)) {
    const found = await client.query<{ id: string | null }>('SELECT to_regtype($1)::text AS id', [name]);
    if (found.rows[0].id === null) await client.query(`CREATE DOMAIN ${name} AS ${base}`);
  }
}

function columnType(table: StreamTable, name: string, type: string): string {
  if (!table.fewValues?.includes(name)) return type;
  const [base, ...rest] = type.split(' ');
  return [DOMAINS[base], ...rest].join(' ');
}

async function indexNames(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  const found = await client.query<{ name: string }>(
    'SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema()',
  );
  return new Set(found.rows.map(({ name }) => name));
}

async function makeHypertable(client: pg.ClientBase, table: StreamTable): Promise<void> {
  const columns = table.columns.map(([name, type]) => `${name} ${columnType(table, name, type)}`).join(', ');
  await client.query(`CREATE TABLE ${table.name} (${columns})`);
  await client.query(
    `SELECT create_hypertable('${table.name}', by_range('at', ${table.chunkHours * HOUR}::bigint), create_default_indexes => false)`,
  );
  await client.query(`SELECT set_integer_now_func('${table.name}', 'storage_now_ms')`);
  const order = ['at', 'seq', ...(table.ordered === undefined ? [] : [table.ordered])].join(', ');
  await client.query(
    `ALTER TABLE ${table.name} SET (timescaledb.enable_columnstore, timescaledb.segmentby = '${table.segments.join(', ')}', timescaledb.orderby = '${order}')`,
  );
}

/** Indexes of the hypertables behind the candles; what an older build made otherwise is replaced. */
async function indexCandles(client: pg.ClientBase): Promise<void> {
  const found = await client.query<{ view: string; behind: string; indexes: string[] }>(
    `SELECT c.user_view_name AS view, h.schema_name AS behind,
       ARRAY(SELECT indexname::text FROM pg_indexes WHERE schemaname = h.schema_name AND tablename = h.table_name) AS indexes
     FROM _timescaledb_catalog.continuous_agg c JOIN _timescaledb_catalog.hypertable h ON h.id = c.mat_hypertable_id
     WHERE c.user_view_schema = current_schema()`,
  );
  for (const { view, behind, indexes } of found.rows)
    for (const [i, index] of (CANDLE_TABLES.find(({ name }) => name === view)?.indexes ?? []).entries()) {
      const name = indexName(view, i, index);
      const older = `${view}_key${i}`;
      if (!indexes.includes(name)) await client.query(`CREATE INDEX ${name} ON ${view} ${index}`);
      if (name !== older && indexes.includes(older)) await client.query(`DROP INDEX ${behind}.${older}`);
    }
}

async function makeCandles(
  client: pg.ClientBase,
  source: CandleSource,
  resolution: Resolution,
  ms: number,
): Promise<void> {
  const below = finer(resolution);
  const columns = CANDLE_COLUMNS[source].map((column) => {
    const value = below === null ? fromStream(column, timescaleFirstLast) : fromCandles(column, timescaleFirstLast);
    return `${value} AS ${column.name}`;
  });
  const name = candleTable(source, resolution);
  const bucket = `time_bucket(${ms}::bigint, at)`;
  await client.query(
    `CREATE MATERIALIZED VIEW ${name} WITH (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = false) AS
     SELECT lane, market, ${bucket} AS at, ${columns.join(', ')} FROM ${below === null ? source : candleTable(source, below)}
     GROUP BY lane, market, ${bucket} WITH NO DATA`,
  );
  await client.query(`SELECT set_chunk_time_interval('${name}', ${CANDLE_CHUNK_DAYS[resolution] * 24 * HOUR}::bigint)`);
}
