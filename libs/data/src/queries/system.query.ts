import type { Pool } from 'pg';

export interface LaneRow {
  readonly id: number;
  readonly epoch: number;
  readonly owner: string | null;
  readonly headSeq: number;
  readonly headAt: number;
  readonly recording: boolean;
  /** It holds an import, and nobody has ever recorded on it. */
  readonly imported: boolean;
  /** What the lane's worker last said of itself, as `LaneHealth` of the schema; `{}` before its first word. */
  readonly health: Readonly<Record<string, unknown>>;
}

export async function lanes(pool: Pool): Promise<readonly LaneRow[]> {
  const { rows } = await pool.query<LaneRow>(
    `select id, epoch, owner, head_seq as "headSeq", head_at as "headAt", recording, health,
       health::jsonb = '{}' and exists (select 1 from tape_import i where i.lane = lane.id) as imported
     from lane order by id`,
  );
  return rows;
}

export async function laneHeads(pool: Pool): Promise<ReadonlyMap<number, number>> {
  const { rows } = await pool.query<{ id: number; seq: number }>('select id, head_seq as seq from lane');
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

export interface FeedRow {
  readonly venue: string;
  readonly at: number;
  /** As `Feed` of the schema. */
  readonly body: Readonly<Record<string, unknown>>;
}

export async function feeds(pool: Pool): Promise<readonly FeedRow[]> {
  const { rows } = await pool.query<FeedRow>('select venue, at, body from feed_health order by venue');
  return rows;
}

export interface StorageRow {
  readonly name: string;
  /** The planner's estimate, not a count. */
  readonly rows: number;
  readonly bytes: number;
}

/** Size of every table with its partitions and indexes, largest first. Asks the file system: not for every second. */
export async function storage(pool: Pool): Promise<readonly StorageRow[]> {
  const { rows } = await pool.query<StorageRow>(
    `select coalesce(p.relname, c.relname) as name, sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0))::float8 as rows, sum(pg_total_relation_size(c.oid))::float8 as bytes
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     group by 1 order by 3 desc, 1`,
  );
  return rows;
}

export async function databaseFacts(pool: Pool): Promise<{ readonly version: string; readonly layout: string }> {
  const { rows } = await pool.query<{ version: string; layout: string | null }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version, (select layout from storage_layout limit 1) as layout`,
  );
  return { version: rows[0].version, layout: rows[0].layout ?? 'none' };
}
