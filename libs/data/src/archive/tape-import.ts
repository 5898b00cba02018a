import type pg from 'pg';
import { UserProblem } from '#core';
import { ensureSpan, rollUpCandles } from '../layout/storage-layout.js';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import { copyIn } from '../tape/copy-connection.js';
import { CopyWriter } from '../tape/copy-writer.js';
import { databaseProblem } from '../tape/database-problem.js';
import { copySql } from '../tape/stream-rows.js';
import { createTapeStore } from '../tape/tape.store.js';
import { openArchive } from './archive.files.js';
import type { ArchiveManifest, ArchiveReader } from './archive.types.js';
import { columnAt, writeRow } from './columns.js';
import { StreamCursor } from './stream-cursor.js';
import { checkArchive } from './tape-check.js';

export interface ImportOptions {
  readonly path: string;
  /** A lane that is empty, or that an earlier try at this very archive began. Default: the one the archive came from. */
  readonly lane?: number;
  readonly now: number;
  readonly progress?: (done: number) => void;
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
    const { crossed } = await checkArchive(reader, options.signal);
    const lane = options.lane ?? manifest.lane;
    const { epoch, headSeq } = await claim(pool, lane, manifest, options.now);
    let written = 0;
    if (headSeq < manifest.toSeq) {
      await ensureSpan(pool, manifest.fromAt, manifest.toAt);
      written = await write(pool, reader, lane, epoch, headSeq, options);
    }
    await rollUpCandles(pool, options.now, { from: manifest.fromAt, to: manifest.toAt });
    await pool.query('UPDATE tape_import SET finished_at = coalesce(finished_at, $2) WHERE lane = $1', [
      lane,
      options.now,
    ]);
    return { lane, manifest, written, resumedAt: headSeq + 1, crossed };
  } finally {
    await reader.close();
  }
}

/** The lane is this archive's from now on, or already. */
async function claim(
  pool: pg.Pool,
  lane: number,
  manifest: ArchiveManifest,
  now: number,
): Promise<{ readonly epoch: number; readonly headSeq: number }> {
  const found = await pool.query<{ head: number; digest: string | null }>(
    'SELECT l.head_seq AS head, i.digest FROM lane l LEFT JOIN tape_import i ON i.lane = l.id WHERE l.id = $1',
    [lane],
  );
  const there = found.rows[0];
  if (there && Number(there.head) > 0 && there.digest !== manifest.digest)
    throw new UserProblem(
      there.digest === null
        ? `lane ${lane} holds a recorded tape up to ${Number(there.head)}; import into an empty lane`
        : `lane ${lane} holds another import; import into an empty lane`,
    );
  const { epoch } = await createTapeStore(pool).takeOver(lane, 'import');
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO tape_import (lane, digest, from_seq, to_seq, started_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (lane) DO UPDATE SET digest = excluded.digest, from_seq = excluded.from_seq, to_seq = excluded.to_seq,
         started_at = excluded.started_at, finished_at = NULL WHERE tape_import.digest <> excluded.digest`,
      [lane, manifest.digest, manifest.fromSeq, manifest.toSeq, now],
    );
    // A tape that begins later begins there: the numbers before it were never this lane's.
    const moved = await client.query<{ head: number }>(
      'UPDATE lane SET head_seq = greatest(head_seq, $3), recording = false WHERE id = $1 AND epoch = $2 RETURNING head_seq AS head',
      [lane, epoch, manifest.fromSeq - 1],
    );
    await client.query('COMMIT');
    client.release();
    return { epoch, headSeq: Number(moved.rows[0].head) };
  } catch (error) {
    client.release(true);
    throw databaseProblem('the import could not begin', error);
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
  let written = 0;
  try {
    for (const { name } of STREAMS) cursors.push(await StreamCursor.open(name, reader));
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
          at = Math.max(at, cursor.block.columns[columnAt(cursor.stream, 'at')][cursor.row] as number);
          if (cursor.advance()) await cursor.load();
        }
        if (writer.rows === 0) continue;
        filled.push(writer);
        statements.push(copySql[cursor.stream]);
      }
      await commit(pool, `SELECT tape_fence(${lane}, ${epoch}, ${from}, ${to}, ${at})`, statements, filled);
      written += filled.reduce((sum, writer) => sum + writer.rows, 0);
      options.progress?.((to - first + 1) / (last - first + 1));
      from = to + 1;
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
  return written;
}

async function commit(
  pool: pg.Pool,
  fence: string,
  statements: readonly string[],
  rows: readonly CopyWriter[],
): Promise<void> {
  const client = await pool.connect();
  try {
    await copyIn(
      client,
      ['BEGIN', fence, ...statements, 'COMMIT'].join('; '),
      rows.map((writer) => writer.end()),
    );
    client.release();
  } catch (error) {
    // Bytes of a refused COPY may still be on their way.
    client.release(true);
    throw databaseProblem('the import stopped; run it again to go on', error);
  }
}
