import type pg from 'pg';
import { StaleEpoch } from '../contracts.js';
import { inTransaction } from '../lend-client.js';

/** A stretch of a lane written by one build of the server: everything after `afterSeq`, up to the next one's. */
export interface LaneBuild {
  readonly build: string;
  readonly afterSeq: number;
  /**
   * `first`: began the tape. `same`: replays all before it to the very journal that is stored. `adopted`: does not; it
   * goes on from what is stored, and its state at `afterSeq` is kept as a snapshot for good.
   */
  readonly how: 'first' | 'same' | 'adopted';
  readonly at: number;
  /** A sentence for people. */
  readonly note: string;
}

export interface LaneBuilds {
  /** Oldest first. */
  list(lane: number): Promise<readonly LaneBuild[]>;
  /** A build takes up the lane at its head, with the state it begins from. Throws `StaleEpoch` when another holds it. */
  begin(lane: number, epoch: number, row: LaneBuild, snapshot: Uint8Array): Promise<void>;
  snapshotAt(lane: number, seq: number, build: string): Promise<Uint8Array | null>;
}

export const createLaneBuilds = (pool: pg.Pool): LaneBuilds => ({
  async list(lane) {
    const { rows } = await pool.query<LaneBuild>(
      'SELECT build, after_seq AS "afterSeq", how, at, note FROM lane_build WHERE lane = $1 ORDER BY after_seq',
      [lane],
    );
    return rows;
  },

  async begin(lane, epoch, row, snapshot) {
    const { build, afterSeq, how, at, note } = row;
    await inTransaction(pool, 'the build could not be noted', async (client) => {
      const held = await client.query('SELECT 1 FROM lane WHERE id = $1 AND epoch = $2 AND head_seq = $3 FOR UPDATE', [
        lane,
        epoch,
        afterSeq,
      ]);
      if (held.rowCount !== 1) throw new StaleEpoch(`lane ${lane} is not at epoch ${epoch} and seq ${afterSeq}`);
      await client.query(
        `INSERT INTO lane_build (lane, after_seq, build, how, at, note) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (lane, after_seq) DO UPDATE
           SET build = excluded.build, how = excluded.how, at = excluded.at, note = excluded.note`,
        [lane, afterSeq, build, how, at, note],
      );
      await client.query(
        `INSERT INTO lane_snapshot (lane, seq, build, at, bytes) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (lane, seq) DO UPDATE SET build = excluded.build, at = excluded.at, bytes = excluded.bytes`,
        [lane, afterSeq, build, at, Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength)],
      );
      // The strategies that watched them are no more: nobody would ever close them.
      if (how === 'adopted')
        await client.query(
          `UPDATE opportunity SET phase = 'closed', closed_at = updated_at WHERE lane = $1 AND phase <> 'closed'`,
          [lane],
        );
    });
  },

  async snapshotAt(lane, seq, build) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      'SELECT bytes FROM lane_snapshot WHERE lane = $1 AND seq = $2 AND build = $3',
      [lane, seq, build],
    );
    return rows[0]?.bytes ?? null;
  },
});
