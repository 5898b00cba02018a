import type pg from 'pg';
import { ensureSpan, rollUpCandles } from '../layout/storage-layout.js';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import { copyIn } from '../tape/copy-connection.js';
import { CopyWriter } from '../tape/copy-writer.js';
import { databaseProblem } from '../tape/database-problem.js';
import { withClient } from '../lend-client.js';
import { copySql } from '../tape/stream-rows.js';
import { openArchive } from './archive.files.js';
import type { ArchiveManifest, ArchiveReader } from './archive.types.js';
import { columnAt, writeRow } from './columns.js';
import { claimLane, laneFor } from './import-lane.js';
import { ImportMarks } from './import-marks.js';
import { StreamCursor } from './stream-cursor.js';
import { checkArchive } from './tape-check.js';
import { holdsArchive } from './tape-export.js';

export interface ImportOptions {
  readonly path: string;
  /**
   * A lane that is empty, or that an earlier try at this very archive began. Default: where an earlier try went, else the one
   * the archive came from when nothing is in it, else the next free one.
   */
  readonly lane?: number;
  readonly now: number;
  /** The archive is checked first and written then: how far that step is, from 0 to 1. */
  readonly progress?: (step: 'checked' | 'written', done: number) => void;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly lane: number;
  readonly manifest: ArchiveManifest;
  /** Rows written this time: 0 when all was there. */
  readonly written: number;
  /** Where it went on; `fromSeq` the first time. */
  readonly resumedAt: number;
  readonly crossed: number;
}

/** Numbers of one commit. */
const COMMIT_SEQS = 10_000;
const STOPPED = 'the import stopped; run it again to go on';

/** Work of the database alone: whatever it throws is the database's. */
const stored = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw databaseProblem(STOPPED, error);
  });

/**
 * Puts an archive into a lane. The whole archive is checked before the first row is written. Commits go through the
 * lane's fence in order: what was interrupted goes on behind the last commit, and a second import writes nothing.
 *
 * @throws UserProblem when the archive is faulty, or the lane holds something else.
 */
export async function importTape(pool: pg.Pool, options: ImportOptions): Promise<ImportResult> {
  const reader = await openArchive(options.path);
  try {
    const { manifest } = reader;
    const { crossed } = await checkArchive(reader, options.signal, (done) => options.progress?.('checked', done));
    const lane = options.lane ?? (await laneFor(pool, manifest.digest, manifest.lane));
    // Back where it was recorded: what lies there is not stored a second time beside it.
    if (options.lane === undefined && lane !== manifest.lane && (await holdsArchive(pool, manifest, options.signal)))
      return { lane: manifest.lane, manifest, written: 0, resumedAt: manifest.toSeq + 1, crossed };
    const { epoch, headSeq } = await claimLane(pool, lane, manifest, options.now);
    let written = 0;
    if (headSeq < manifest.toSeq) {
      await stored(ensureSpan(pool, manifest.fromAt, manifest.toAt));
      written = await write(pool, reader, lane, epoch, headSeq, options);
    }
    await stored(rollUpCandles(pool, options.now, { from: manifest.fromAt, to: manifest.toAt }));
    await stored(
      pool.query('UPDATE tape_import SET finished_at = coalesce(finished_at, $2) WHERE lane = $1', [lane, options.now]),
    );
    return { lane, manifest, written, resumedAt: headSeq + 1, crossed };
  } finally {
    await reader.close();
  }
}

async function write(
  pool: pg.Pool,
  reader: ArchiveReader,
  lane: number,
  epoch: number,
  headSeq: number,
  options: ImportOptions,
): Promise<number> {
  const { fromSeq: first, toSeq: last } = reader.manifest;
  const cursors: StreamCursor[] = [];
  const writers = new Map<StreamName, CopyWriter>(STREAMS.map(({ name }) => [name, new CopyWriter()]));
  const marks = new ImportMarks();
  let written = 0;
  try {
    for (const { name } of STREAMS) cursors.push(await StreamCursor.open(name, reader));
    options.progress?.('written', (headSeq - first + 1) / (last - first + 1));
    for (const cursor of cursors) while (cursor.seq <= headSeq) if (cursor.advance()) await cursor.load();
    for (let from = headSeq + 1; from <= last;) {
      options.signal?.throwIfAborted();
      const to = Math.min(last, from + COMMIT_SEQS - 1);
      let at = 0;
      const filled: CopyWriter[] = [];
      const statements: string[] = [];
      for (const cursor of cursors) {
        const writer = writers.get(cursor.stream) as CopyWriter;
        writer.begin();
        while (cursor.seq <= to && cursor.block !== null) {
          writeRow(writer, cursor.block, cursor.row, lane);
          const rowAt = cursor.block.columns[columnAt(cursor.stream, 'at')][cursor.row] as number;
          at = Math.max(at, rowAt);
          marks.take(cursor.stream, cursor.seq, rowAt);
          if (cursor.advance()) await cursor.load();
        }
        if (writer.rows === 0) continue;
        filled.push(writer);
        statements.push(copySql[cursor.stream]);
      }
      const fence = `SELECT tape_fence(${lane}, ${epoch}, ${from}, ${to}, ${at})`;
      await commit(pool, [...marks.statement(lane), fence, ...statements], filled);
      written += filled.reduce((sum, writer) => sum + writer.rows, 0);
      options.progress?.('written', (to - first + 1) / (last - first + 1));
      from = to + 1;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
  return written;
}

async function commit(pool: pg.Pool, statements: readonly string[], rows: readonly CopyWriter[]): Promise<void> {
  await withClient(pool, STOPPED, (client) =>
    copyIn(
      client,
      ['BEGIN', ...statements, 'COMMIT'].join('; '),
      rows.map((writer) => writer.end()),
    ),
  );
}
