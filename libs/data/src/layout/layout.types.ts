import type pg from 'pg';
import type { CandleSource, CandlesPiece, Resolution } from './candle-tables.js';
import type { StoredName } from './stored-tables.js';

export type LayoutName = 'plain' | 'timescale';

/** A partition or chunk of a stream table; `from` inclusive, `to` exclusive, ms. */
export interface StoragePart {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** On disk now, indexes included. */
  readonly bytes: number;
  readonly compressed: boolean;
  /** Compressed, but for rows that came afterwards. */
  readonly late: boolean;
  /** On disk before it was compressed; 0 when it is not. */
  readonly bytesBefore: number;
  /** Surely without a row: made ahead. */
  readonly empty: boolean;
}

/** What a table is made of. */
export interface Holding {
  /** Oldest first. A part without bounds (rows of unforeseen days) is left out. */
  readonly parts: readonly StoragePart[];
  /** About: statistics are asked, not the rows. */
  readonly rows: number;
}

/**
 * One way to lay the stream tables out. There are two: native partitions on plain PostgreSQL, hypertables where
 * TimescaleDB is present. What stands above them sees this interface and the tables' names, nothing else.
 */
export interface StorageLayout {
  readonly name: LayoutName;
  /** Makes the stream tables on an empty database, and later what a newer build adds. Idempotent; inside a transaction. */
  create(client: pg.ClientBase): Promise<void>;
  /** Makes room for rows from … to, ms; idempotent, safe while rows are appended. Outside a transaction. */
  ensureRange(client: pg.ClientBase, from: number, to: number): Promise<void>;
  /** Tables whose rows together are the candles of a lane at one resolution, the newest quote and trade included. */
  candlePieces(
    client: pg.ClientBase | pg.Pool,
    source: CandleSource,
    resolution: Resolution,
    lane: number,
  ): Promise<readonly CandlesPiece[]>;
  /**
   * Rolls what is finished at `now` up into candles; with `span` also what arrived late within it, ms. Idempotent;
   * outside a transaction.
   */
  rollUp(client: pg.ClientBase, now: number, span?: { readonly from: number; readonly to: number }): Promise<void>;
  /** Compresses parts that ended before `before`, and says how many. Plain PostgreSQL compresses none. */
  compress(client: pg.ClientBase, table: StoredName, before: number): Promise<number>;
  /** What each of these tables is made of, in one statement over the catalogue and the file system. */
  holdings(client: pg.ClientBase | pg.Pool, tables: readonly StoredName[]): Promise<ReadonlyMap<StoredName, Holding>>;
  /** Removes whole parts that ended before `before`; returns what went. */
  dropBefore(client: pg.ClientBase, table: StoredName, before: number): Promise<readonly StoragePart[]>;
}

/** One table's parts, oldest first. */
export async function partsOf(
  layout: StorageLayout,
  client: pg.ClientBase | pg.Pool,
  table: StoredName,
): Promise<readonly StoragePart[]> {
  return (await layout.holdings(client, [table])).get(table)?.parts ?? [];
}

/** Rows of parts, tables and parts in order, by table; `part` answers null for one without bounds. */
export function gathered<R extends { readonly table: StoredName; readonly rows: number }>(
  tables: readonly StoredName[],
  rows: readonly R[],
  part: (row: R) => StoragePart | null,
): ReadonlyMap<StoredName, Holding> {
  const holdings = new Map(tables.map((name) => [name, { parts: [] as StoragePart[], rows: 0 }]));
  for (const row of rows) {
    const holding = holdings.get(row.table);
    if (holding === undefined) continue;
    holding.rows += row.rows;
    const one = part(row);
    if (one !== null) holding.parts.push(one);
  }
  return holdings;
}

/**
 * SQL of about how many rows a relation of `pg_class` holds: as the planner reckons, so many a page as when it was last
 * analysed. Before that what was counted as written, which is told late: right behind an analysis it counts rows twice.
 */
export const estimatedRows = (relation: string): string =>
  `(CASE WHEN ${relation}.reltuples >= 0 AND ${relation}.relpages > 0
      THEN round(${relation}.reltuples / ${relation}.relpages * (pg_relation_size(${relation}.oid) / current_setting('block_size')::int))
      ELSE pg_stat_get_live_tuples(${relation}.oid) END)::float8`;
