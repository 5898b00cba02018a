import type pg from 'pg';

/** One way to lay the stream tables out. Another one (hypertables, columnstore) stands beside `plainLayout`. */
export interface StorageLayout {
  readonly name: 'plain' | 'timescale';
  /** Makes the stream tables on an empty database. Inside a transaction. */
  create(client: pg.ClientBase): Promise<void>;
  /** Makes room for rows up to `days` from `now`; idempotent, safe while rows are appended. */
  ensureAhead(client: pg.ClientBase, now: number, days: number): Promise<void>;
}
