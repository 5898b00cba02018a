import type { Pool } from '#data';

/** Columns of the GraphQL `Feed`, less the venue. */
export interface FeedHealthBody {
  readonly how: string;
  readonly sentence: string;
  readonly state: string;
  readonly connections: number;
  readonly markets: number;
  readonly trusted: number;
  readonly frames: number;
  readonly framesPerS: number;
  readonly events: number;
  readonly unknown: number;
  readonly rejected: number;
  readonly gaps: number;
  readonly resyncs: number;
  readonly lastFrameAt: number | null;
  readonly lagMs: number | null;
  readonly problem: string | null;
}

/** Fields of the GraphQL `LaneHealth` that only the worker knows, and a few more for the benchmark. */
export interface LaneHealthBody {
  readonly state: 'recovering' | 'running' | 'stopped';
  readonly seq: number;
  /** When this was said. */
  readonly at: number;
  readonly commitLagMs: number;
  readonly recording: boolean;
  readonly eventsPerS: number;
  readonly rowsPerS: number;
  readonly decisionP50Us: number | null;
  readonly decisionP99Us: number | null;
  readonly rowP50Ms: number | null;
  readonly rowP99Ms: number | null;
  readonly held: number;
  readonly merged: number;
  readonly memoryMb: number;
  readonly problem: string | null;
}

/** Last known health, one row per venue and one per lane: overwritten, never read back by the worker. */
export class HealthStore {
  constructor(private readonly pool: Pool) {}

  async putFeed(venue: string, at: number, body: FeedHealthBody): Promise<void> {
    await this.pool.query(
      `INSERT INTO feed_health (venue, at, body) VALUES ($1, $2, $3)
       ON CONFLICT (venue) DO UPDATE SET at = excluded.at, body = excluded.body`,
      [venue, at, JSON.stringify(body)],
    );
  }

  /** Only the holder of the newest epoch may speak for the lane. */
  async putLane(lane: number, epoch: number, body: LaneHealthBody): Promise<void> {
    await this.pool.query(`UPDATE lane SET health = $3, recording = $4 WHERE id = $1 AND epoch = $2`, [
      lane,
      epoch,
      JSON.stringify(body),
      body.recording,
    ]);
  }

  /** Why the last catalogue sync of a venue failed; `null` when it did not. */
  async catalogueProblem(venue: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ state: string; note: string }>(
      `SELECT state, note FROM run WHERE kind = 'catalogue' AND title LIKE $1 || '%' ORDER BY started_at DESC LIMIT 1`,
      [`${venue}:`],
    );
    return rows[0]?.state === 'failed' ? rows[0].note : null;
  }
}
