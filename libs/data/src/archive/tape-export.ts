import type pg from 'pg';
import { UserProblem, type MarketRef } from '#core';
import { layoutOf } from '../layout/storage-layout.js';
import { columnList, STREAMS, type StreamTable } from '../layout/stream-tables.js';
import { copyOut } from '../tape/copy-connection.js';
import { TapeTimes } from '../tape/tape-times.js';
import { withClient } from '../lend-client.js';
import { createArchive } from './archive.files.js';
import type { ArchiveFormat, ArchiveManifest } from './archive.types.js';
import { BlockBuilder, columnAt, type ColumnBlock } from './columns.js';
import { diskProblem } from './disk-problem.js';
import { RowDigest } from './row-digest.js';

export interface ExportOptions {
  readonly lane: number;
  readonly fromSeq?: number;
  readonly toSeq?: number;
  /** Only these; such an export is for looking at and cannot be imported. */
  readonly markets?: readonly MarketRef[];
  readonly format: ArchiveFormat;
  /** A folder that is not there yet; for `replay` a file. */
  readonly path: string;
  /** Called now and then; `done` from 0 to 1. */
  readonly progress?: (done: number, rows: number) => void;
  readonly signal?: AbortSignal;
}

const STOPPED = 'the export stopped and left nothing';
/** Rows aimed at per block: what is in memory at a time. */
const BLOCK_ROWS = 50_000;
const FIRST_WINDOW = 10_000;
const LARGEST_WINDOW = 4_194_304;
/** By market where the column is its number; the others know markets by name, or not. */
const BY_MARKET: readonly string[] = [
  'event',
  'book_change',
  'trade',
  'continuity',
  'pulse',
  'quote',
  'book_checkpoint',
];

/**
 * Writes a committed span of a lane, all nine streams, row by row as they lie. Rows come in `seq` order; memory holds a
 * block. What fails leaves nothing under the given name.
 */
export async function exportTape(pool: pg.Pool, options: ExportOptions): Promise<ArchiveManifest> {
  const { lane, markets, format, path, progress, signal } = options;
  const found = await pool.query<{ head: number }>('SELECT head_seq AS head FROM lane WHERE id = $1', [lane]);
  const head = Number(found.rows[0]?.head ?? 0);
  const fromSeq = Math.max(1, options.fromSeq ?? 1);
  const toSeq = Math.min(head, options.toSeq ?? head);
  if (toSeq < fromSeq) throw new UserProblem(`lane ${lane} holds nothing from ${fromSeq} to ${options.toSeq ?? head}`);
  const archive = await createArchive(path, format).catch((error: unknown) => {
    throw diskProblem(STOPPED, error);
  });
  try {
    const digest = new RowDigest();
    const rows: Partial<Record<StreamTable['name'], number>> = {};
    let fromAt = Infinity;
    let toAt = 0;
    let total = 0;
    const weights = await weightsOf(pool);
    let weighed = 0;
    for (const table of STREAMS) {
      const weight = weights.get(table.name) ?? 0;
      weighed += weight;
      if (markets && !BY_MARKET.includes(table.name)) continue;
      let count = 0;
      for await (const block of streamBlocks(pool, table, { lane, fromSeq, toSeq, markets })) {
        signal?.throwIfAborted();
        digest.add(block);
        await archive.write(block);
        const at = block.columns[columnAt(table.name, 'at')] as number[];
        fromAt = Math.min(fromAt, at[0]);
        toAt = Math.max(toAt, at[at.length - 1]);
        count += block.rows;
        const seqs = block.columns[columnAt(table.name, 'seq')] as number[];
        const share = (seqs[seqs.length - 1] - fromSeq + 1) / (toSeq - fromSeq + 1);
        progress?.(weighed - weight * (1 - share), total + count);
      }
      rows[table.name] = count;
      total += count;
    }
    const manifest: ArchiveManifest = {
      kind: 'arbintel-tape',
      version: 1,
      format,
      lane,
      fromSeq,
      toSeq,
      fromAt: total === 0 ? 0 : fromAt,
      toAt,
      whole: markets === undefined,
      rows,
      digest: digest.hex(),
    };
    await archive.finish(manifest);
    return manifest;
  } catch (error) {
    await archive.abandon();
    throw diskProblem(STOPPED, error);
  }
}

/**
 * Whether a lane holds the very rows of an archive: what was exported here and comes back to where it was recorded. Reads
 * stream after stream until one differs.
 */
export async function holdsArchive(
  pool: pg.Pool,
  { lane, fromSeq, toSeq, rows, digest: said }: ArchiveManifest,
  signal?: AbortSignal,
): Promise<boolean> {
  const digest = new RowDigest();
  for (const table of STREAMS) {
    let left = rows[table.name] ?? 0;
    for await (const block of streamBlocks(pool, table, { lane, fromSeq, toSeq, markets: undefined })) {
      signal?.throwIfAborted();
      left -= block.rows;
      if (left < 0) return false;
      digest.add(block);
    }
    if (left > 0) return false;
  }
  return digest.hex() === said;
}

/** What part of the rows each stream has, about, in all; most of a tape is one stream. */
async function weightsOf(pool: pg.Pool): Promise<ReadonlyMap<StreamTable['name'], number>> {
  const layout = await layoutOf(pool);
  const holdings = await layout.holdings(
    pool,
    STREAMS.map(({ name }) => name),
  );
  const rows = new Map(STREAMS.map(({ name }) => [name, 1 + (holdings.get(name)?.rows ?? 0)]));
  const all = [...rows.values()].reduce((sum, each) => sum + each, 0);
  return new Map([...rows].map(([name, each]) => [name, each / all]));
}

interface Span {
  readonly lane: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly markets: readonly MarketRef[] | undefined;
}

async function* streamBlocks(pool: pg.Pool, table: StreamTable, span: Span): AsyncGenerator<ColumnBlock> {
  const { lane, toSeq, markets } = span;
  const times = new TapeTimes(pool, lane);
  const builder = new BlockBuilder(table.name);
  const order = table.ordered === undefined ? 'seq' : `seq, ${table.ordered}`;
  let window = FIRST_WINDOW;
  for (let from = span.fromSeq; from <= toSeq;) {
    const to = Math.min(toSeq, from + window - 1);
    const { low, high } = await times.of(from, to);
    const where = [
      `lane = ${lane} AND seq BETWEEN ${from} AND ${to}`,
      ...(low === null ? [] : [`at >= ${low}`]),
      ...(high === null ? [] : [`at <= ${high}`]),
      ...(markets === undefined ? [] : [`market IN (${markets.map(Number).join(', ')})`]),
    ].join(' AND ');
    await withClient(pool, 'the tape could not be read', (client) =>
      copyOut(
        client,
        `COPY (SELECT ${columnList(table)} FROM ${table.name} WHERE ${where} ORDER BY ${order}) TO STDOUT (FORMAT binary)`,
        builder.take,
      ),
    );
    const { rows } = builder;
    if (rows > 0) yield builder.cut();
    if (rows > BLOCK_ROWS && window > 64) window >>= 1;
    else if (rows < BLOCK_ROWS / 2 && window < LARGEST_WINDOW) window <<= 1;
    from = to + 1;
  }
}
