import type { Pool } from '#data';
import type { Instant } from '#core';
import type { LiveBus } from '#queue';

/** The job of a queue that a run is. */
export interface RunJob {
  readonly queue: string;
  readonly id: string;
  readonly venue: string | null;
}

const LINES_KEPT = 300;
const ENDS = { done: 'Done', failed: 'Failed', cancelled: 'Cancelled' } as const;

/** Rows of what workers have done and are doing, for the page Runs. */
export class RunRepo {
  constructor(
    private readonly pool: Pool,
    private readonly bus: LiveBus,
    private readonly now: () => Instant,
  ) {}

  /**
   * A second start of the same run (the queue hands a job out again after a crash) continues its row. Who asked for its end
   * meanwhile is remembered: the crash was no answer.
   */
  async begin(id: string, kind: string, title: string, job: RunJob | null = null): Promise<void> {
    const at = this.now();
    await this.pool.query(
      `INSERT INTO run (id, kind, title, state, started_at, queue, job, venue, attempts)
       VALUES ($1, $2, $3, 'running', $4, $5, $6, $7, 1)
       ON CONFLICT (id) DO UPDATE SET state = 'running', ended_at = NULL, progress = NULL, note = '',
         cancel_by = CASE WHEN run.state = 'running' AND run.queue IS NOT NULL THEN run.cancel_by END,
         attempts = run.attempts + 1, started_at = CASE WHEN run.state = 'waiting' THEN $4 ELSE run.started_at END`,
      [id, kind, title, at, job?.queue ?? null, job?.id ?? null, job?.venue ?? null],
    );
    await this.pool.query(
      `INSERT INTO run_line (run, at, kind, line)
       SELECT id, $2, 'state', CASE WHEN attempts > 1 THEN 'Started, attempt ' || attempts ELSE 'Started' END FROM run WHERE id = $1`,
      [id, at],
    );
    await this.tell(id);
  }

  /** One line of what it does, for the page. The newest few hundred are kept. */
  async log(id: string, line: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO run_line (run, at, kind, line) SELECT id, $2, 'log', $3 FROM run WHERE id = $1`,
      [id, this.now(), line],
    );
    await this.pool.query(
      `DELETE FROM run_line WHERE run = $1 AND kind = 'log'
         AND n <= (SELECT n FROM run_line WHERE run = $1 AND kind = 'log' ORDER BY n DESC OFFSET ${LINES_KEPT} LIMIT 1)`,
      [id],
    );
    await this.tell(id);
  }

  /** Runs somebody asked to end, among these, by who asked. */
  async cancelled(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.pool.query<{ id: string; by: string }>(
      `SELECT id, cancel_by AS "by" FROM run WHERE id = ANY($1) AND cancel_by IS NOT NULL AND state = 'running'`,
      [ids],
    );
    return new Map(rows.map(({ id, by }) => [id, by]));
  }

  async progress(id: string, share: number | null, note: string): Promise<void> {
    const { rows } = await this.pool.query<{ old: boolean }>('SELECT note = $2 AS old FROM run WHERE id = $1', [
      id,
      note,
    ]);
    await this.pool.query(`UPDATE run SET progress = $2, note = $3 WHERE id = $1`, [id, share, note]);
    if (note !== '' && rows[0]?.old === false) return this.log(id, note);
    await this.tell(id);
  }

  async end(id: string, state: 'done' | 'failed' | 'cancelled', note: string): Promise<void> {
    await this.pool.query(
      `UPDATE run SET state = $2, note = $3, ended_at = $4, progress = CASE WHEN $2 = 'done' THEN 1 ELSE progress END WHERE id = $1`,
      [id, state, note, this.now()],
    );
    await this.pool.query(
      `INSERT INTO run_line (run, at, kind, line) SELECT id, $2, 'state', $3 FROM run WHERE id = $1`,
      [id, this.now(), `${ENDS[state]}${note ? `: ${note}` : ''}`],
    );
    // A job that runs every minute and finds the same each time is one line on the page, not a thousand.
    await this.pool.query(
      `DELETE FROM run AS older USING run AS newest
       WHERE newest.id = $1 AND older.id <> $1 AND older.kind = newest.kind AND older.title = newest.title
         AND older.state = newest.state AND older.note = newest.note`,
      [id],
    );
    await this.tell(id);
  }

  /** Runs of this kind that nobody has ended: their process is gone. */
  async abandoned(kind: string, title: string, note: string): Promise<void> {
    await this.pool.query(
      `UPDATE run SET state = 'failed', note = $3, ended_at = $4 WHERE kind = $1 AND title = $2 AND state = 'running'`,
      [kind, title, note, this.now()],
    );
  }

  async prune(olderThan: Instant): Promise<number> {
    const { rowCount } = await this.pool.query(`DELETE FROM run WHERE started_at < $1 AND state <> 'running'`, [
      olderThan,
    ]);
    return rowCount ?? 0;
  }

  private async tell(run: string): Promise<void> {
    await this.bus.publish({ topic: 'run', run }).catch(() => undefined);
  }
}
