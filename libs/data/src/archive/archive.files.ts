import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserProblem } from '#core';
import { STREAMS, type StreamName } from '../layout/stream-tables.js';
import type { ArchiveFormat, ArchiveManifest, ArchiveReader, ArchiveWriter } from './archive.types.js';
import type { ColumnBlock } from './columns.js';
import { CsvStreamWriter, readCsv } from './csv.format.js';
import { ParquetStreamWriter, readParquet } from './parquet.format.js';
import { cellsOf, ReplayFile } from './replay.file.js';
import { ReplayWriter } from './replay.format.js';

const MANIFEST = 'manifest.json';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A folder of files, one per stream, or one replay file. It gets its name when it is whole. */
export async function createArchive(path: string, format: ArchiveFormat): Promise<ArchiveWriter> {
  if (await exists(path)) throw new UserProblem(`${path} exists already; name another place`);
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true });
  return format === 'replay' ? replayArchive(path, partial) : folderArchive(path, partial, format);
}

async function replayArchive(path: string, partial: string): Promise<ArchiveWriter> {
  const writer = await ReplayWriter.open(partial);
  return {
    write: (block) => writer.write(block),
    finish: async (manifest) => {
      await writer.finish(manifest);
      await rename(partial, path);
    },
    abandon: async () => {
      await writer.abandon().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

async function folderArchive(path: string, partial: string, format: 'parquet' | 'csv'): Promise<ArchiveWriter> {
  await mkdir(partial, { recursive: true });
  const writers = new Map<StreamName, CsvStreamWriter | ParquetStreamWriter>();
  for (const { name } of STREAMS)
    writers.set(
      name,
      format === 'csv' ? await CsvStreamWriter.open(partial, name) : await ParquetStreamWriter.open(partial, name),
    );
  return {
    write: async (block) => writers.get(block.stream)?.write(block),
    finish: async (manifest) => {
      for (const writer of writers.values()) await writer.close();
      await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      for (const name of await readdir(partial)) await settle(join(partial, name));
      await rename(partial, path);
    },
    abandon: async () => {
      for (const writer of writers.values()) await writer.close().catch(() => undefined);
      await rm(partial, { recursive: true, force: true });
    },
  };
}

/** Until the disk itself has it. */
async function settle(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws UserProblem when it is no archive. */
export async function openArchive(path: string): Promise<ArchiveReader> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new UserProblem(`${path} is not there`);
  if (info.isDirectory()) return openFolder(path);
  const file = await ReplayFile.open(path);
  return {
    manifest: checked(file.manifest, path),
    blocks: async function* (stream): AsyncGenerator<ColumnBlock> {
      for await (const block of file.blocks(stream)) yield cellsOf(block);
    },
    place: (stream, row) => `${path}: ${stream}, row ${row + 1}`,
    close: () => file.close(),
  };
}

async function openFolder(path: string): Promise<ArchiveReader> {
  const text = await readFile(join(path, MANIFEST), 'utf8').catch(() => null);
  if (text === null) throw new UserProblem(`${path} holds no ${MANIFEST}: it is no export of a tape`);
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new UserProblem(`${join(path, MANIFEST)} is no JSON`);
  }
  const manifest = checked(said as ArchiveManifest, path);
  for (const { name } of STREAMS) {
    const file = join(path, `${name}.${manifest.format}`);
    await (await open(file, 'r').catch(() => Promise.reject(new UserProblem(`${file} is missing`)))).close();
  }
  return {
    manifest,
    blocks: (stream) => (manifest.format === 'csv' ? readCsv(path, stream) : readParquet(path, stream)),
    // A CSV's first line is its header.
    place: (stream, row) =>
      manifest.format === 'csv'
        ? `${join(path, stream)}.csv:${row + 2}`
        : `${join(path, stream)}.parquet: row ${row + 1}`,
    close: () => Promise.resolve(),
  };
}

function checked(manifest: ArchiveManifest, path: string): ArchiveManifest {
  const whole = [manifest.fromSeq, manifest.toSeq, manifest.fromAt, manifest.toAt, manifest.lane];
  if (manifest.kind !== 'arbintel-tape' || manifest.version !== 1 || !whole.every(Number.isSafeInteger))
    throw new UserProblem(`${path}: this is no export of a tape that this build knows`);
  return manifest;
}
