import { open, type FileHandle } from 'node:fs/promises';
import type { StreamName } from '../layout/stream-tables.js';
import type { ArchiveManifest } from './archive.types.js';
import { archiveColumns, type Cell, type ColumnBlock, type ColumnKind } from './columns.js';
import { narrowed, narrowest, type Narrow } from './narrow.js';

/**
 * The replay file: a tape in typed arrays, little-endian, to be read as fast as a disk gives it and without a database.
 *
 *     magic 'ABTAPE02'
 *     per block: the columns one after another, each padded to 8 bytes
 *     index: JSON { manifest, blocks: [{stream, rows, at, fromSeq, toSeq, columns: [bytes of each], narrow: [of each]}] }
 *     index length: uint32, then the magic again
 *
 * Numbers are float64 (NaN is NULL where NULL may be) or int32, or narrower where the block says how (narrow.ts); texts are
 * uint32 ends, then UTF-8; NULL text has the top bit of its end set. Files of 'ABTAPE01' have no narrow columns and are
 * read as well.
 */
export const MAGIC = 'ABTAPE02';
export const READABLE: readonly string[] = [MAGIC, 'ABTAPE01'];
export const NULL_BIT = 0x8000_0000;

export interface BlockEntry {
  readonly stream: StreamName;
  readonly rows: number;
  /** Place in the file. */
  readonly at: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly columns: readonly number[];
  /** Of each column how it is narrowed, `null` where it is not. */
  readonly narrow?: readonly (Narrow | null)[];
}

export interface ReplayIndex {
  readonly manifest: ArchiveManifest;
  readonly blocks: readonly BlockEntry[];
}

export const isInt32 = (kind: ColumnKind, nullable: boolean): boolean =>
  !nullable && (kind === 'int16' || kind === 'int32' || kind === 'bool');
export const isText = (kind: ColumnKind): boolean => kind === 'text' || kind === 'texts' || kind === 'bytes';

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
    const narrow = plan.map(({ kind }, i) => (isText(kind) ? null : narrowest(block.columns[i])));
    const parts = plan.map(({ kind, nullable }, i) => {
      const how = narrow[i];
      return padded(how === null ? encode(kind, nullable, block.columns[i]) : narrowed(block.columns[i], how));
    });
    const seqs = block.columns[plan.findIndex(({ name }) => name === 'seq')] as number[];
    this.blocks.push({
      stream: block.stream,
      rows: block.rows,
      at: this.at,
      fromSeq: seqs[0],
      toSeq: seqs[seqs.length - 1],
      columns: parts.map((part) => part.length),
      narrow,
    });
    for (const part of parts) {
      await this.file.writeFile(part);
      this.at += part.length;
    }
  }

  async finish(manifest: ArchiveManifest): Promise<void> {
    const index = Buffer.from(JSON.stringify({ manifest, blocks: this.blocks } satisfies ReplayIndex));
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

function encode(kind: ColumnKind, nullable: boolean, values: readonly Cell[]): Uint8Array {
  if (isInt32(kind, nullable)) return new Uint8Array(Int32Array.from(values as number[], Number).buffer);
  if (!isText(kind))
    return new Uint8Array(Float64Array.from(values, (value) => (value === null ? NaN : Number(value))).buffer);
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
  return Buffer.concat([new Uint8Array(ends.buffer), ...texts]);
}

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 8 === 0) return bytes;
  const whole = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  whole.set(bytes);
  return whole;
}
