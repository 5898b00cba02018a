import { open, type FileHandle } from 'node:fs/promises';
import { UserProblem } from '#core';
import type { StreamName } from '../layout/stream-tables.js';
import type { ArchiveManifest } from './archive.types.js';
import { archiveColumns, columnAt, type Cell, type ColumnBlock, type ColumnKind } from './columns.js';

/**
 * The replay file: a tape in typed arrays, little-endian, to be read as fast as a disk gives it and without a database.
 *
 *     magic 'ABTAPE01'
 *     per block: the columns one after another, each padded to 8 bytes
 *     index: JSON { manifest, blocks: [{stream, rows, at, fromSeq, toSeq, columns: [bytes of each]}] }
 *     index length: uint32, then the magic again
 *
 * Numbers with or without NULL are float64 (NaN is NULL where NULL may be) or int32; texts are uint32 ends, then UTF-8;
 * NULL text has the top bit of its end set.
 */
const MAGIC = 'ABTAPE01';
const NULL_BIT = 0x8000_0000;

interface BlockEntry {
  readonly stream: StreamName;
  readonly rows: number;
  /** Place in the file. */
  readonly at: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly columns: readonly number[];
}

interface Index {
  readonly manifest: ArchiveManifest;
  readonly blocks: readonly BlockEntry[];
}

const isInt32 = (kind: ColumnKind, nullable: boolean): boolean =>
  !nullable && (kind === 'int16' || kind === 'int32' || kind === 'bool');
const isText = (kind: ColumnKind): boolean => kind === 'text' || kind === 'texts' || kind === 'bytes';

export class ReplayWriter {
  private at = MAGIC.length;
  private readonly blocks: BlockEntry[] = [];

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<ReplayWriter> {
    const file = await open(path, 'wx');
    // Not `write`: on a disk that is nearly full it takes a part and calls that done.
    await file.writeFile(MAGIC);
    return new ReplayWriter(file);
  }

  async write(block: ColumnBlock): Promise<void> {
    const plan = archiveColumns(block.stream);
    const parts = plan.map(({ kind, nullable }, i) => encode(kind, nullable, block.columns[i]));
    const seqs = block.columns[plan.findIndex(({ name }) => name === 'seq')] as number[];
    this.blocks.push({
      stream: block.stream,
      rows: block.rows,
      at: this.at,
      fromSeq: seqs[0],
      toSeq: seqs[seqs.length - 1],
      columns: parts.map((part) => part.length),
    });
    for (const part of parts) {
      await this.file.writeFile(part);
      this.at += part.length;
    }
  }

  async finish(manifest: ArchiveManifest): Promise<void> {
    const index = Buffer.from(JSON.stringify({ manifest, blocks: this.blocks } satisfies Index));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(index.length);
    await this.file.writeFile(Buffer.concat([index, length, Buffer.from(MAGIC)]));
    await this.file.sync();
    await this.file.close();
  }

  async abandon(): Promise<void> {
    await this.file.close();
  }
}

function encode(kind: ColumnKind, nullable: boolean, values: readonly Cell[]): Buffer {
  if (isInt32(kind, nullable)) return padded(new Uint8Array(Int32Array.from(values as number[], Number).buffer));
  if (!isText(kind))
    return padded(new Uint8Array(Float64Array.from(values, (value) => (value === null ? NaN : Number(value))).buffer));
  const ends = new Uint32Array(values.length);
  const texts: Uint8Array[] = [];
  let end = 0;
  values.forEach((value, i) => {
    if (value === null) {
      ends[i] = end | NULL_BIT;
      return;
    }
    const bytes =
      value instanceof Uint8Array ? value : Buffer.from(kind === 'texts' ? JSON.stringify(value) : (value as string));
    texts.push(bytes);
    ends[i] = end += bytes.length;
  });
  return padded(Buffer.concat([new Uint8Array(ends.buffer), ...texts]));
}

function padded(bytes: Uint8Array): Buffer {
  const whole = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
  whole.set(bytes);
  return whole;
}

/** A column as it lies in the file: texts are decoded when asked for. */
export type ReplayColumn = Int32Array | Float64Array | ReplayTexts;

/** Texts or bytes of a column; each is made when it is looked at. */
export class ReplayTexts {
  private readonly ends: Uint32Array;
  private readonly base: number;

  constructor(
    private readonly kind: ColumnKind,
    private readonly bytes: Buffer,
    at: number,
    readonly length: number,
  ) {
    this.ends = new Uint32Array(bytes.buffer, at, length);
    this.base = at + length * 4;
  }

  at(row: number): string | Uint8Array | null {
    const end = this.ends[row];
    if (end >= NULL_BIT) return null;
    const from = row === 0 ? 0 : this.ends[row - 1] % NULL_BIT;
    const [start, stop] = [this.base + from, this.base + end];
    return this.kind === 'bytes' ? this.bytes.subarray(start, stop) : this.bytes.toString('utf8', start, stop);
  }
}

export interface ReplayBlock {
  readonly stream: StreamName;
  readonly rows: number;
  readonly columns: readonly ReplayColumn[];
}

/** Reads a replay file; several readers may read one file. */
export class ReplayFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly index: Index,
  ) {}

  /** @throws UserProblem when it is none, or was cut off. */
  static async open(path: string): Promise<ReplayFile> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const tail = Buffer.alloc(4 + MAGIC.length);
      if (size > tail.length) await file.read(tail, 0, tail.length, size - tail.length);
      const length = tail.readUInt32LE(0);
      if (tail.toString('latin1', 4) !== MAGIC || length + tail.length + MAGIC.length > size)
        throw new UserProblem(`${path}: this is no replay file, or it was cut off`);
      const index = Buffer.alloc(length);
      await file.read(index, 0, length, size - tail.length - length);
      return new ReplayFile(path, file, JSON.parse(index.toString()) as Index);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get manifest(): ArchiveManifest {
    return this.index.manifest;
  }

  /** Blocks of a stream that touch a span of numbers, in order. */
  async *blocks(stream: StreamName, fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER): AsyncGenerator<ReplayBlock> {
    const plan = archiveColumns(stream);
    for (const entry of this.entries(stream, fromSeq, toSeq)) {
      const length = entry.columns.reduce((sum, bytes) => sum + bytes, 0);
      // One read per block, aligned, so that the arrays are views of it.
      const bytes = Buffer.from(new ArrayBuffer(length));
      await this.read(entry, bytes, 0, entry.at, length);
      let at = 0;
      const columns = plan.map(({ kind, nullable }, i) => {
        const part = decode(kind, nullable, bytes, at, entry.rows);
        at += entry.columns[i];
        return part;
      });
      yield { stream, rows: entry.rows, columns };
    }
  }

  /**
   * Some columns of numbers only, in the order of `names`, all blocks one after another. A block's arrays are overwritten when
   * the block after the next one is asked for: nothing is allocated per block.
   */
  async *numbers(stream: StreamName, names: readonly string[]): AsyncGenerator<ReplayBlock> {
    const plan = archiveColumns(stream);
    const wanted = names.map((name) => columnAt(stream, name));
    const buffers = [new ArrayBuffer(0), new ArrayBuffer(0)];
    let turn = 0;
    for (const entry of this.entries(stream)) {
      const places = placesOf(entry);
      const length = wanted.reduce((sum, column) => sum + entry.columns[column], 0);
      turn = 1 - turn;
      if (buffers[turn].byteLength < length) buffers[turn] = new ArrayBuffer(length);
      const bytes = Buffer.from(buffers[turn]);
      const columns: ReplayColumn[] = [];
      let at = 0;
      for (let i = 0; i < wanted.length;) {
        // Columns that lie side by side are read at once.
        let next = i + 1;
        while (next < wanted.length && wanted[next] === wanted[next - 1] + 1) next++;
        const run = wanted.slice(i, next);
        const size = run.reduce((sum, column) => sum + entry.columns[column], 0);
        await this.read(entry, bytes, at, places[run[0]], size);
        for (const column of run) {
          const { kind, nullable } = plan[column];
          columns.push(decode(kind, nullable, bytes, at, entry.rows));
          at += entry.columns[column];
        }
        i = next;
      }
      yield { stream, rows: entry.rows, columns };
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private entries(stream: StreamName, fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER): readonly BlockEntry[] {
    return this.index.blocks.filter(
      (entry) => entry.stream === stream && entry.toSeq >= fromSeq && entry.fromSeq <= toSeq,
    );
  }

  private async read(entry: BlockEntry, into: Buffer, at: number, from: number, length: number): Promise<void> {
    const { bytesRead } = await this.file.read(into, at, length, from);
    if (bytesRead !== length) throw new UserProblem(`${this.path}: cut off within a block of ${entry.stream}`);
  }
}

/** Where each column of a block begins in the file. */
function placesOf(entry: BlockEntry): readonly number[] {
  let at = entry.at;
  return entry.columns.map((bytes) => {
    at += bytes;
    return at - bytes;
  });
}

function decode(kind: ColumnKind, nullable: boolean, bytes: Buffer, at: number, rows: number): ReplayColumn {
  if (isInt32(kind, nullable)) return new Int32Array(bytes.buffer, at, rows);
  if (!isText(kind)) return new Float64Array(bytes.buffer, at, rows);
  return new ReplayTexts(kind, bytes, at, rows);
}

/** The same as cells, for the import. */
export function cellsOf(block: ReplayBlock): ColumnBlock {
  const plan = archiveColumns(block.stream);
  const columns = block.columns.map((column, i): Cell[] => {
    const { kind, nullable } = plan[i];
    if (kind === 'bool') return Array.from(column as Int32Array, (value) => value !== 0);
    if (column instanceof ReplayTexts) {
      const texts = Array.from({ length: column.length }, (_, row) => column.at(row));
      return kind === 'texts' ? texts.map((text) => JSON.parse(text as string) as string[]) : texts;
    }
    if (column instanceof Float64Array && nullable)
      return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
    return Array.from(column as ArrayLike<Cell>);
  });
  return { stream: block.stream, rows: block.rows, columns };
}
