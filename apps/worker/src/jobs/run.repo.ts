import type { Pool } from '#data';
import type { Instant } from '#core';
import type { LiveBus } from '#queue';

/** Rows of what workers have done and are doing, for the page Runs. */
export class RunRepo {
  constructor(
    private readonly pool: Pool,
    private readonly bus: LiveBus,
    private readonly now: () => Instant,
  ) {}

  /** A second start of the same run (the queue hands a job out again after a crash) continues its row. */
  async begin(id: string, kind: string, title: string): Promise<void> {
    await this.pool.query(
      `INSERT INTO run (id, kind, title, state, started_at) VALUES ($1, $2, $3, 'running', $4)
       ON CONFLICT (id) DO UPDATE SET state = 'running', ended_at = NULL, progress = NULL, note = ''`,
      [id, kind, title, this.now()],
    );
    await this.tell(id);
  }

  async progress(id: string, share: number | null, note: string): Promise<void> {
    await this.pool.query(`UPDATE run SET progress = $2, note = $3 WHERE id = $1`, [id, share, note]);
    await this.tell(id);
  }

  async end(id: string, state: 'done' | 'failed' | 'cancelled', note: string): Promise<void> {
    await this.pool.query(
      `UPDATE run SET state = $2, note = $3, ended_at = $4, progress = CASE WHEN $2 = 'done' THEN 1 ELSE progress END WHERE id = $1`,
      [id, state, note, this.now()],
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
