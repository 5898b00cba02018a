import type pg from 'pg';
import { UserProblem } from '#core';
import { createTapeStore } from '../tape/tape.store.js';
import { inTransaction, withClient } from '../lend-client.js';

const BEGINS = 'the import could not begin';

export interface ImportSource {
  readonly digest: string;
  readonly fromSeq: number;
  readonly toSeq: number;
}

/**
 * The lane is this source's from now on, or already.
 *
 * @throws UserProblem when it holds something else.
 */
export async function claimLane(
  pool: pg.Pool,
  lane: number,
  source: ImportSource,
  now: number,
): Promise<{ readonly epoch: number; readonly headSeq: number }> {
  const found = await withClient(pool, BEGINS, (client) =>
    client.query<{ head: number; digest: string | null }>(
      'SELECT l.head_seq AS head, i.digest FROM lane l LEFT JOIN tape_import i ON i.lane = l.id WHERE l.id = $1',
      [lane],
    ),
  );
  const there = found.rows[0];
  if (there && Number(there.head) > 0 && there.digest !== source.digest)
    throw new UserProblem(
      there.digest === null
        ? `lane ${lane} holds a recorded tape up to ${Number(there.head)}; import into an empty lane`
        : `lane ${lane} holds another import; import into an empty lane`,
    );
  const { epoch } = await createTapeStore(pool).takeOver(lane, 'import');
  return inTransaction(pool, BEGINS, async (client) => {
    await client.query(
      `INSERT INTO tape_import (lane, digest, from_seq, to_seq, started_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (lane) DO UPDATE SET digest = excluded.digest, from_seq = excluded.from_seq, to_seq = excluded.to_seq,
         started_at = excluded.started_at, finished_at = NULL WHERE tape_import.digest <> excluded.digest`,
      [lane, source.digest, source.fromSeq, source.toSeq, now],
    );
    // A tape that begins later begins there: the numbers before it were never this lane's.
    const moved = await client.query<{ head: number }>(
      'UPDATE lane SET head_seq = greatest(head_seq, $3), recording = false WHERE id = $1 AND epoch = $2 RETURNING head_seq AS head',
      [lane, epoch, source.fromSeq - 1],
    );
    return { epoch, headSeq: Number(moved.rows[0].head) };
  });
}

/** The lane a source was imported into before, else `home` when nothing is in it, else the next free one above all recording ones. */
export async function laneFor(pool: pg.Pool, digest: string, home: number | null = null): Promise<number> {
  const found = await withClient(pool, BEGINS, (client) =>
    client.query<{ lane: number }>(
      `SELECT coalesce((SELECT lane FROM tape_import WHERE digest = $1 ORDER BY lane LIMIT 1),
        (SELECT $2::integer WHERE NOT EXISTS (SELECT 1 FROM lane WHERE id = $2 AND head_seq > 0)),
        (SELECT greatest(max(id), ${FIRST_FREE - 1}) + 1 FROM lane), ${FIRST_FREE}) AS lane`,
      [digest, home],
    ),
  );
  return found.rows[0].lane;
}

/** Lanes below are for recording. */
const FIRST_FREE = 1_000;
