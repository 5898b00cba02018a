import type pg from 'pg';

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

/** Oldest first; with `running` also those that somebody began. */
export async function openTasks(pool: pg.Pool, running: boolean): Promise<readonly StorageTask[]> {
  const states: TaskState[] = running ? ['waiting', 'running'] : ['waiting'];
  const found = await pool.query<StorageTask>(
    `SELECT ${COLUMNS} FROM storage_task WHERE state = ANY($1) ORDER BY asked_at, id`,
    [states],
  );
  return found.rows;
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
 * dies lets go.
 */
export async function aloneWith(pool: pg.Pool, id: string, work: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let failed = true;
  try {
    const found = await client.query<{ mine: boolean }>(
      'SELECT pg_try_advisory_lock(814220304, hashtext($1)) AS mine',
      [id],
    );
    if (found.rows[0].mine) {
      await work();
      await client.query('SELECT pg_advisory_unlock(814220304, hashtext($1))', [id]);
    }
    failed = false;
    return found.rows[0].mine;
  } finally {
    client.release(failed);
  }
}
