import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

/** What a worker has done or is doing. */
export interface RunRow {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** From 0 to 1. */
  readonly progress: number | null;
  readonly note: string;
  /** `null` for what no queue holds by itself, such as a lane. */
  readonly queue: string | null;
  readonly job: string | null;
  readonly venue: string | null;
  readonly attempts: number;
  /** Who asked for its end. */
  readonly cancelBy: string | null;
}

const COLUMNS = `id, kind, title, state, started_at as "startedAt", ended_at as "endedAt", progress, note, queue, job, venue,
  attempts, cancel_by as "cancelBy"`;

export interface RunFilter {
  readonly kind?: string | null;
  readonly state?: string | null;
  readonly text?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Newest first. */
export async function runPage(pool: Pool, filter: RunFilter): Promise<Page<RunRow>> {
  const size = pageSize(filter.first);
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = ['true'];
  if (filter.kind) where.push(`kind = ${bind(filter.kind)}`);
  if (filter.state) where.push(`state = ${bind(filter.state)}`);
  for (const word of (filter.text ?? '').split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = bind(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
    where.push(`(title ilike ${like} or note ilike ${like} or id ilike ${like})`);
  }
  if (filter.after) {
    const [at, id] = decodeCursor(filter.after, 'ns');
    where.push(`(started_at < ${bind(at)} or (started_at = ${bind(at)} and id > ${bind(id)}))`);
  }
  const { rows } = await pool.query<RunRow>(
    `select ${COLUMNS} from run where ${where.join(' and ')} order by started_at desc, id limit ${size + 1}`,
    values,
  );
  return pageOf(rows, size, ({ startedAt, id }) => [startedAt, id]);
}

export async function runById(pool: Pool, id: string): Promise<RunRow | null> {
  const { rows } = await pool.query<RunRow>(`select ${COLUMNS} from run where id = $1`, [id]);
  return rows[0] ?? null;
}

/** Runs of these ids and the newest `first` of all, in no order. */
export async function runsLately(pool: Pool, ids: readonly string[], first: number): Promise<readonly RunRow[]> {
  const { rows } = await pool.query<RunRow>(
    `select ${COLUMNS} from run where id = any($1) or id in (select id from run order by started_at desc, id limit $2)`,
    [ids, first],
  );
  return rows;
}

/** Kinds there are, most frequent first. */
export async function runKinds(pool: Pool): Promise<readonly { readonly value: string; readonly count: number }[]> {
  const { rows } = await pool.query<{ value: string; count: number }>(
    'select kind as value, count(*)::int as count from run group by 1 order by 2 desc, 1',
  );
  return rows;
}

export interface RunLineRow {
  readonly at: number;
  readonly kind: 'state' | 'log';
  readonly line: string;
}

/** Everything each run said, oldest first. */
export async function runLines(
  pool: Pool,
  runs: readonly string[],
): Promise<ReadonlyMap<string, readonly RunLineRow[]>> {
  const { rows } = await pool.query<RunLineRow & { readonly run: string }>(
    'select run, at, kind, line from run_line where run = any($1) order by run, n',
    [runs],
  );
  const lines = new Map<string, RunLineRow[]>();
  for (const { run, ...line } of rows) lines.set(run, [...(lines.get(run) ?? []), line]);
  return lines;
}

export interface ScheduleRow {
  readonly id: string;
  readonly queue: string;
  readonly name: string;
  readonly venue: string | null;
  readonly everyMs: number;
}

export async function jobSchedules(pool: Pool): Promise<readonly ScheduleRow[]> {
  const { rows } = await pool.query<ScheduleRow>(
    'select id, queue, name, venue, every_ms as "everyMs" from job_schedule order by name, venue',
  );
  return rows;
}

/** The newest run of each schedule, by the schedule's id. */
export async function lastRuns(pool: Pool, schedules: readonly string[]): Promise<ReadonlyMap<string, RunRow>> {
  const { rows } = await pool.query<RunRow & { readonly schedule: string }>(
    `select s.id as schedule, r.* from job_schedule s cross join lateral (
       select ${COLUMNS} from run where kind = s.name and queue = s.queue and venue is not distinct from s.venue
       order by started_at desc, id limit 1) r
     where s.id = any($1)`,
    [schedules],
  );
  return new Map(rows.map(({ schedule, ...run }) => [schedule, run]));
}

/** Puts down that a job was put into its queue by hand; nothing changes when its worker was quicker. */
export async function runAsked(
  pool: Pool,
  run: Pick<RunRow, 'id' | 'kind' | 'title' | 'queue' | 'job' | 'venue'>,
  line: string,
  at: number,
): Promise<void> {
  await pool.query(
    `insert into run (id, kind, title, state, started_at, queue, job, venue) values ($1, $2, $3, 'waiting', $4, $5, $6, $7)
     on conflict (id) do update set state = 'waiting', ended_at = null, progress = null, note = '', cancel_by = null
       where run.state in ('failed', 'cancelled', 'done')`,
    [run.id, run.kind, run.title, at, run.queue, run.job, run.venue],
  );
  await sayOf(pool, run.id, line, at);
}

/** Somebody asks for the end of a run. `over`: nobody works on it, so that it is over at once. */
export async function runToEnd(pool: Pool, id: string, by: string, over: boolean, at: number): Promise<void> {
  await pool.query(
    over
      ? `update run set state = 'cancelled', ended_at = $3, note = 'asked by ' || $2, cancel_by = $2 where id = $1`
      : `update run set cancel_by = $2 where id = $1 and $3::bigint is not null`,
    [id, by, at],
  );
  await sayOf(pool, id, over ? `Cancelled by ${by}; no worker had it` : `${by} asked for its end`, at);
}

async function sayOf(pool: Pool, run: string, line: string, at: number): Promise<void> {
  await pool.query(`insert into run_line (run, at, kind, line) select id, $2, 'state', $3 from run where id = $1`, [
    run,
    at,
    line,
  ]);
}
