import pg from 'pg';
import { Defect, type JournalEntry } from '#core';
import { StaleEpoch, type TapeBatch, type TapeStore } from '../contracts.js';
import { copyIn } from './copy-connection.js';
import { withClient } from '../lend-client.js';
import { databaseProblem } from './database-problem.js';
import { ProjectionStatements } from './projection.statements.js';
import { copySql } from './stream-rows.js';
import { readTape } from './tape-reader.js';

/** Snapshots kept per lane: the newest, and two before it in case a build cannot read it; and where a build began anew. */
const SNAPSHOTS_KEPT = 3;
const JOURNAL_PAGE = 2000;
/** SQLSTATE that `tape_fence` raises. */
const FENCED = 'AB001';
const FAILED = 'the tape could not be written';

/**
 * The tape in PostgreSQL. `append` is safe to repeat with the very same batch: when a lost connection hid that the
 * first try was committed, the second one finds the head where it wanted it and returns.
 */
export function createTapeStore(pool: pg.Pool): TapeStore {
  return new PostgresTapeStore(pool);
}

class PostgresTapeStore implements TapeStore {
  private readonly projection = new ProjectionStatements();
  /** Commits of one store go one after another: they share what the statements remember. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly pool: pg.Pool) {}

  async takeOver(lane: number, owner: string): Promise<{ epoch: number; headSeq: number; headAt: number }> {
    try {
      const found = await this.pool.query<{ epoch: number; headSeq: number; headAt: number }>(
        `INSERT INTO lane (id, epoch, owner) VALUES ($1, 1, $2)
         ON CONFLICT (id) DO UPDATE SET epoch = lane.epoch + 1, owner = excluded.owner
         RETURNING epoch, head_seq AS "headSeq", head_at AS "headAt"`,
        [lane, owner],
      );
      const { epoch, headSeq, headAt } = found.rows[0];
      return { epoch, headSeq: Number(headSeq), headAt: Number(headAt) };
    } catch (error) {
      throw databaseProblem(`lane ${lane} could not be taken over`, error);
    }
  }

  append(batch: TapeBatch): Promise<void> {
    const turn = this.last.then(() => this.commit(batch));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async commit(batch: TapeBatch): Promise<void> {
    checked(batch);
    const { at, streams } = batch;
    try {
      await withClient(this.pool, FAILED, async (client) => {
        const fence = `BEGIN; SELECT tape_fence(${batch.lane}, ${batch.epoch}, ${batch.fromSeq}, ${batch.toSeq}, ${at})`;
        const screens = this.projection.of(batch);
        // The whole commit is one round trip, but for a snapshot's bytes.
        const sql = [
          fence,
          ...streams.map((stream) => copySql[stream.name]),
          ...screens.statements,
          ...(batch.snapshot === null ? ['COMMIT'] : []),
        ].join('; ');
        await copyIn(
          client,
          sql,
          streams.map((stream) => stream.wire),
        );
        if (batch.snapshot !== null) {
          await writeSnapshot(client, batch);
          await client.query('COMMIT');
        }
        screens.committed();
      });
    } catch (error) {
      this.projection.forget();
      const { cause } = error as Error;
      if (cause instanceof pg.DatabaseError && cause.code === FENCED) return this.explain(batch);
      throw error;
    }
  }

  /** The fence refused: it is our own earlier commit, another worker's epoch, or a mistake. */
  private async explain(batch: TapeBatch): Promise<void> {
    let lane: { epoch: number; headSeq: number; owner: string | null } | undefined;
    try {
      const found = await this.pool.query<{ epoch: number; headSeq: number; owner: string | null }>(
        'SELECT epoch, head_seq AS "headSeq", owner FROM lane WHERE id = $1',
        [batch.lane],
      );
      lane = found.rows[0];
    } catch (error) {
      throw databaseProblem(FAILED, error);
    }
    if (lane?.epoch === batch.epoch && Number(lane.headSeq) === batch.toSeq) return;
    if (lane === undefined || lane.epoch !== batch.epoch) {
      throw new StaleEpoch(
        `lane ${batch.lane} belongs to epoch ${lane?.epoch ?? 'none'} (${lane?.owner ?? 'nobody'}); ours is ${batch.epoch}`,
      );
    }
    throw new Defect(
      `lane ${batch.lane} is committed up to ${lane.headSeq}; a batch ${batch.fromSeq}…${batch.toSeq} does not follow`,
    );
  }

  read(lane: number, fromSeq: number, toSeq: number): ReturnType<TapeStore['read']> {
    return readTape(this.pool, lane, fromSeq, toSeq);
  }

  async *readJournal(lane: number, fromSeq: number, toSeq: number): AsyncGenerator<JournalEntry> {
    let seq = fromSeq;
    let ordinal = -1;
    for (;;) {
      const page = await this.pool.query<{ seq: number; ordinal: number; body: JournalEntry }>({
        name: 'journal-page',
        text: `SELECT seq, ordinal, body FROM journal WHERE lane = $1 AND (seq, ordinal) > ($2, $3) AND seq <= $4 ORDER BY seq, ordinal LIMIT ${JOURNAL_PAGE}`,
        values: [lane, seq, ordinal, toSeq],
      });
      for (const row of page.rows) yield row.body;
      const last = page.rows.at(-1);
      if (last === undefined || page.rows.length < JOURNAL_PAGE) return;
      seq = Number(last.seq);
      ordinal = last.ordinal;
    }
  }

  async newestSnapshot(lane: number, build: string): Promise<{ seq: number; bytes: Uint8Array } | null> {
    const found = await this.pool.query<{ seq: number; bytes: Buffer }>(
      'SELECT seq, bytes FROM lane_snapshot WHERE lane = $1 AND build = $2 ORDER BY seq DESC LIMIT 1',
      [lane, build],
    );
    const row = found.rows[0];
    return row === undefined ? null : { seq: Number(row.seq), bytes: row.bytes };
  }
}

/** The numbers travel in the text of a statement. */
function checked({ lane, epoch, fromSeq, toSeq, at }: TapeBatch): void {
  for (const value of [lane, epoch, fromSeq, toSeq, at])
    if (!Number.isSafeInteger(value))
      throw new Defect(`a batch's lane, epoch, seqs and stamp are integers, not ${value}`);
  if (toSeq < fromSeq) throw new Defect(`a batch ${fromSeq}…${toSeq} holds no event`);
}

async function writeSnapshot(client: pg.ClientBase, batch: TapeBatch): Promise<void> {
  if (batch.snapshot === null) return;
  const { build, bytes } = batch.snapshot;
  await client.query({
    name: 'snapshot-insert',
    text: `INSERT INTO lane_snapshot (lane, seq, build, at, bytes) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (lane, seq) DO UPDATE SET build = excluded.build, at = excluded.at, bytes = excluded.bytes`,
    values: [batch.lane, batch.toSeq, build, batch.at, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
  });
  await client.query({
    name: 'snapshot-prune',
    text: `DELETE FROM lane_snapshot WHERE lane = $1 AND seq < (SELECT min(seq) FROM (SELECT seq FROM lane_snapshot WHERE lane = $1 ORDER BY seq DESC LIMIT ${SNAPSHOTS_KEPT}) AS kept)
      AND seq NOT IN (SELECT after_seq FROM lane_build WHERE lane = $1 AND how = 'adopted')`,
    values: [batch.lane],
  });
}
