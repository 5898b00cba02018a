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
  /** On disk before it was compressed; 0 when it is not. */
  readonly bytesBefore: number;
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
  /** Oldest first. A part without bounds (rows of unforeseen days) is left out. */
  parts(client: pg.ClientBase | pg.Pool, table: StoredName): Promise<readonly StoragePart[]>;
  /** About how many rows a table has; asks statistics, not the rows. */
  rows(client: pg.ClientBase | pg.Pool, table: StoredName): Promise<number>;
  /** Removes whole parts that ended before `before`; returns what went. */
  dropBefore(client: pg.ClientBase, table: StoredName, before: number): Promise<readonly StoragePart[]>;
}
