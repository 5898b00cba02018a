import type { Pool } from 'pg';
import type { Checkpoint, Checkpoints } from '#engine';

/** Kept of a lane; older ones make room. */
const MOST_KEPT = 32;

/** Checkpoints of a lane's tape in the database: of one build, because no other can read them. */
export function storedCheckpoints(
  pool: Pool,
  of: { readonly lane: number; readonly build: string; readonly now: () => number },
): Checkpoints {
  const { lane, build, now } = of;
  return {
    async newest(world, before) {
      const { rows } = await pool.query<Checkpoint>(
        `SELECT seq, at, state FROM backtest_checkpoint WHERE lane = $1 AND build = $2 AND world = $3 AND at < $4
         ORDER BY seq DESC LIMIT 1`,
        [lane, build, world, before],
      );
      return rows[0] ?? null;
    },
    async keep(world, { seq, at, state }) {
      await pool.query(
        `INSERT INTO backtest_checkpoint (lane, build, world, seq, at, kept_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING`,
        [lane, build, world, seq, at, now(), Buffer.from(state.buffer, state.byteOffset, state.byteLength)],
      );
      await pool.query(
        `DELETE FROM backtest_checkpoint WHERE lane = $1 AND (build <> $2 OR (world, seq) IN (
           SELECT world, seq FROM backtest_checkpoint WHERE lane = $1 AND build = $2 ORDER BY kept_at DESC, seq DESC OFFSET ${MOST_KEPT}))`,
        [lane, build],
      );
    },
  };
}
