import type pg from 'pg';
import { lendClient } from '../lend-client.js';

export type TaskKind = 'export' | 'import' | 'backfill';
export type TaskState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** Something a person asked of storage that takes a while. A row, so that it survives every restart and every queue. */
export interface StorageTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly askedAt: number;
  readonly state: TaskState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** From 0 to 1. */
  readonly progress: number;
  readonly note: string;
  /** What was refused, a sentence each. */
  readonly problems: readonly string[];
  readonly cursor: unknown;
  /** Times that it was taken up again. */
  readonly tries: number;
}

const COLUMNS = `id, kind, title, body, "by", asked_at AS "askedAt", state, started_at AS "startedAt", ended_at AS "endedAt",
  progress, note, problems, cursor, tries`;
/** Advisory lock of a task, beside the hash of its id. */
const TASK_LOCK = 814_220_304;
/** SQL: somebody who lives has the task of that id. */
const held = (id: string): string => `EXISTS (
  SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = ${TASK_LOCK} AND objsubid = 2
    AND objid = hashtext(${id})::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;
/** Sentences kept of one task. */
const MOST_PROBLEMS = 200;

export async function askTask(
  pool: pg.Pool,
  task: Pick<StorageTask, 'id' | 'kind' | 'title' | 'body' | 'by' | 'askedAt'>,
): Promise<void> {
  await pool.query(
    `INSERT INTO storage_task (id, kind, title, body, "by", asked_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
    [task.id, task.kind, task.title, JSON.stringify(task.body), task.by, task.askedAt],
  );
}

/** Newest first. */
export async function newestTasks(pool: pg.Pool, first: number): Promise<readonly StorageTask[]> {
  const found = await pool.query<StorageTask>(
    `SELECT ${COLUMNS} FROM storage_task ORDER BY asked_at DESC, id LIMIT $1`,
    [first],
  );
  return found.rows;
}

export async function taskById(pool: pg.Pool, id: string): Promise<StorageTask | null> {
  const found = await pool.query<StorageTask>(`SELECT ${COLUMNS} FROM storage_task WHERE id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** What is to be done, oldest first: what waits, and what somebody began and no longer holds. */
export async function openTasks(pool: pg.Pool): Promise<readonly StorageTask[]> {
  const found = await pool.query<StorageTask>(
    `SELECT ${COLUMNS} FROM storage_task
     WHERE state = 'waiting' OR (state = 'running' AND NOT ${held('id')})
     ORDER BY asked_at, id`,
  );
  return found.rows;
}

/** Whether somebody works on it who lives. */
export async function taskHeld(pool: pg.Pool, id: string): Promise<boolean> {
  const found = await pool.query<{ held: boolean }>(`SELECT ${held('$1')} AS held`, [id]);
  return found.rows[0].held;
}

/**
 * Ends the runs of tasks that are over and that nobody has: who worked on them died before saying so.
 *
 * @returns their ids.
 */
export async function concludeTaskRuns(pool: pg.Pool, now: number): Promise<readonly string[]> {
  const ended = await pool.query<{ id: string }>(
    `WITH ended AS (
       UPDATE run SET state = t.state, note = t.note, ended_at = coalesce(t.ended_at, $1)
       FROM storage_task t WHERE run.queue = 'storage' AND run.job = t.id AND run.state IN ('waiting', 'running')
         AND t.state IN ('done', 'failed', 'cancelled') AND NOT ${held('t.id')}
       RETURNING run.id, run.note),
     said AS (INSERT INTO run_line (run, at, kind, line)
       SELECT id, $1, 'state', 'Ended without its worker: ' || note FROM ended)
     SELECT id FROM ended`,
    [now],
  );
  return ended.rows.map(({ id }) => id);
}

/** The task, unless it has ended meanwhile. */
export async function beginTask(pool: pg.Pool, id: string, now: number): Promise<StorageTask | null> {
  const found = await pool.query<StorageTask>(
    `UPDATE storage_task SET state = 'running', started_at = coalesce(started_at, $2)
     WHERE id = $1 AND state IN ('waiting', 'running') RETURNING ${COLUMNS}`,
    [id, now],
  );
  return found.rows[0] ?? null;
}

/** Whether it is still wanted. */
export async function tellTask(pool: pg.Pool, id: string, progress: number, note: string): Promise<boolean> {
  const found = await pool.query(
    `UPDATE storage_task SET progress = $2, note = $3 WHERE id = $1 AND state = 'running'`,
    [id, progress, note],
  );
  return (found.rowCount ?? 0) > 0;
}

export async function endTask(
  pool: pg.Pool,
  id: string,
  state: 'done' | 'failed',
  note: string,
  now: number,
  problems: readonly string[] = [],
): Promise<void> {
  await pool.query(
    `UPDATE storage_task SET state = $2, note = $3, ended_at = $4, problems = $5,
       progress = CASE WHEN $2 = 'done' THEN 1 ELSE progress END WHERE id = $1 AND state = 'running'`,
    [id, state, note, now, JSON.stringify(problems.slice(0, MOST_PROBLEMS))],
  );
}

/** Whether there was something to cancel. */
export async function cancelTask(pool: pg.Pool, id: string, by: string, now: number): Promise<boolean> {
  const found = await pool.query(
    `UPDATE storage_task SET state = 'cancelled', note = $2, ended_at = $3 WHERE id = $1 AND state IN ('waiting', 'running')`,
    [id, `cancelled by ${by}`, now],
  );
  return (found.rowCount ?? 0) > 0;
}

/** Takes what failed or was cancelled up again, where it stopped. */
export async function resumeTask(pool: pg.Pool, id: string): Promise<boolean> {
  const found = await pool.query(
    `UPDATE storage_task SET state = 'waiting', ended_at = NULL, note = '', problems = '[]', tries = tries + 1
     WHERE id = $1 AND state IN ('failed', 'cancelled')`,
    [id],
  );
  return (found.rowCount ?? 0) > 0;
}

/**
 * Does work that only one process may do at a time; `false` when another does it. Held by the session: a process that
 * dies lets go, and so does a database that restarts. Then `lost` is aborted: from there on another may do the same.
 */
export async function aloneWith(
  pool: pg.Pool,
  id: string,
  work: (lost: AbortSignal) => Promise<void>,
): Promise<boolean> {
  return lendClient(pool, async (client) => {
    const found = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_lock(${TASK_LOCK}, hashtext($1)) AS mine`,
      [id],
    );
    if (!found.rows[0].mine) return false;
    const gone = new AbortController();
    const lose = (): void => gone.abort();
    client.on('error', lose);
    await work(gone.signal);
    client.off('error', lose);
    if (!gone.signal.aborted) await client.query(`SELECT pg_advisory_unlock(${TASK_LOCK}, hashtext($1))`, [id]);
    return true;
  });
}
