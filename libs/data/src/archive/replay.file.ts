import { open, type FileHandle } from 'node:fs/promises';
import { Defect, UserProblem } from '#core';
import type { StreamName } from '../layout/stream-tables.js';
import type { ArchiveManifest } from './archive.types.js';
import {
  archiveColumns,
  columnAt,
  type ArchiveColumn,
  type Cell,
  type ColumnBlock,
  type ColumnKind,
} from './columns.js';
import { narrowAt, widen, type Narrow, type WideNumbers } from './narrow.js';
import { isInt32, isText, MAGIC, NULL_BIT, READABLE, type BlockEntry, type ReplayIndex } from './replay.format.js';

/** A column of a block: texts are decoded when asked for. */
export type ReplayColumn = Int32Array | Float64Array | ReplayTexts;

/** Up to so many bytes the texts of a column are made at once, where each byte is a letter: that is quicker than one by one. */
const AT_ONCE = 4 << 20;

/** Texts or bytes of a column; each is made when it is looked at. */
export class ReplayTexts {
  private readonly ends: Uint32Array;
  private readonly base: number;
  /** All texts one after another; empty where each must be made by itself. */
  private all: string | null = null;

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
    if (from === end) return this.kind === 'bytes' ? this.bytes.subarray(0, 0) : '';
    const [start, stop] = [this.base + from, this.base + end];
    if (this.kind === 'bytes') return this.bytes.subarray(start, stop);
    this.all ??= this.together();
    return this.all === '' ? this.bytes.toString('utf8', start, stop) : this.all.slice(from, end);
  }

  private together(): string {
    const { bytes, base, ends, length } = this;
    const size = ends[length - 1] % NULL_BIT;
    if (size > AT_ONCE) return '';
    const all = bytes.toString('utf8', base, base + size);
    return all.length === size ? all : '';
  }
}

export interface ReplayBlock {
  readonly stream: StreamName;
  readonly rows: number;
  readonly columns: readonly ReplayColumn[];
}

/** Rows of some columns of numbers; the arrays may be longer than there are rows. */
export interface ReplayRows {
  readonly rows: number;
  readonly columns: readonly WideNumbers[];
}

/** Columns nearer to each other than this are read at once, with what lies between: a read costs as much as so many bytes. */
const READ_THROUGH = 65_536;

/** Reads a replay file; several readers may read one file. */
export class ReplayFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly index: ReplayIndex,
  ) {}

  /** @throws UserProblem when it is none, or was cut off. */
  static async open(path: string): Promise<ReplayFile> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const tail = Buffer.alloc(4 + MAGIC.length);
      if (size > tail.length) await file.read(tail, 0, tail.length, size - tail.length);
      const length = tail.readUInt32LE(0);
      if (!READABLE.includes(tail.toString('latin1', 4)) || length + tail.length + MAGIC.length > size)
        throw new UserProblem(`${path}: this is no replay file, or it was cut off`);
      const index = Buffer.alloc(length);
      await file.read(index, 0, length, size - tail.length - length);
      return new ReplayFile(path, file, JSON.parse(index.toString()) as ReplayIndex);
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
      const places = placesOf(entry);
      const columns = plan.map((column, i) => {
        const at = places[i] - entry.at;
        if (isText(column.kind)) return new ReplayTexts(column.kind, bytes, at, entry.rows);
        const raw = new RawColumn(column, entry.narrow?.[i] ?? null, bytes.buffer, at, entry.rows);
        return raw.rows(0, entry.rows, null);
      });
      yield { stream, rows: entry.rows, columns };
    }
  }

  /**
   * Some columns of numbers only, in the order of `names`, in runs of about `most` rows; `names` begins with the stream's
   * number, and rows of one number stay together. The arrays are overwritten when the next run is asked for: nothing is
   * allocated per run, and a run that is worked on at once is still at hand. The disk reads on meanwhile. Begins with the
   * block in which `fromSeq` lies.
   */
  async *numbers(stream: StreamName, names: readonly string[], most: number, fromSeq = 0): AsyncGenerator<ReplayRows> {
    if (names[0] !== 'seq') throw new Defect(`rows of ${stream} are kept together by seq, not ${names[0]}`);
    const plan = archiveColumns(stream);
    const wanted = names.map((name) => columnAt(stream, name));
    const entries = this.entries(stream, fromSeq);
    const buffers = [Buffer.alloc(0), Buffer.alloc(0)];
    const into: WideNumbers[] = wanted.map((column) => wide(plan[column], most));
    const load = async (turn: number): Promise<readonly RawColumn[]> => {
      const entry = entries[turn];
      const { spans, places, length } = spansOf(entry, wanted);
      let bytes = buffers[turn % 2];
      if (bytes.length < length) buffers[turn % 2] = bytes = Buffer.from(new ArrayBuffer(Math.ceil(length * 1.25)));
      for (const span of spans) await this.read(entry, bytes, span.into, span.from, span.length);
      return wanted.map(
        (column, i) => new RawColumn(plan[column], entry.narrow?.[column] ?? null, bytes.buffer, places[i], entry.rows),
      );
    };
    let next = entries.length === 0 ? null : load(0);
    try {
      for (let turn = 0; next !== null; turn++) {
        const columns = await next;
        next = turn + 1 < entries.length ? load(turn + 1) : null;
        // Whoever stops reading does not hear of it.
        next?.catch(() => undefined);
        const { rows } = entries[turn];
        for (let from = 0, to = 0; from < rows; from = to) {
          to = columns[0].endOf(Math.min(from + most, rows), rows);
          for (let i = 0; i < into.length; i++) {
            if (into[i].length < to - from) into[i] = wide(plan[wanted[i]], to - from);
          }
          yield { rows: to - from, columns: columns.map((column, i) => column.rows(from, to, into[i])) };
        }
      }
    } finally {
      await next?.catch(() => undefined);
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
    if (length === 0) return;
    const { bytesRead } = await this.file.read(into, at, length, from);
    if (bytesRead !== length) throw new UserProblem(`${this.path}: cut off within a block of ${entry.stream}`);
  }
}

/** A column of numbers of a block as it lies. */
class RawColumn {
  private readonly numbers: WideNumbers | ReturnType<typeof narrowAt>;

  constructor(
    private readonly column: ArchiveColumn,
    private readonly narrow: Narrow | null,
    buffer: ArrayBufferLike,
    at: number,
    rows: number,
  ) {
    this.numbers = narrow === null ? wideAt(column, buffer, at, rows) : narrowAt(buffer, at, rows, narrow);
  }

  /** The first row from `from` on with another value than the one before it; the end at the latest. */
  endOf(from: number, end: number): number {
    const { numbers } = this;
    if (numbers === null) return end;
    let row = from;
    while (row > 0 && row < end && numbers[row] === numbers[row - 1]) row++;
    return row;
  }

  /** Values of rows: a view of what was read where it lies so already, otherwise put into an array. */
  rows(from: number, to: number, into: WideNumbers | null): WideNumbers {
    const { column, narrow, numbers } = this;
    if (narrow === null) return (numbers as WideNumbers).subarray(from, to);
    const target = into ?? wide(column, to - from);
    widen(numbers as ReturnType<typeof narrowAt>, narrow, from, to, target);
    return target;
  }
}

const wide = ({ kind, nullable }: ArchiveColumn, rows: number): WideNumbers =>
  isInt32(kind, nullable) ? new Int32Array(rows) : new Float64Array(rows);

const wideAt = ({ kind, nullable }: ArchiveColumn, buffer: ArrayBufferLike, at: number, rows: number): WideNumbers =>
  isInt32(kind, nullable) ? new Int32Array(buffer, at, rows) : new Float64Array(buffer, at, rows);

/** Where each column of a block begins in the file. */
function placesOf(entry: BlockEntry): readonly number[] {
  let at = entry.at;
  return entry.columns.map((bytes) => {
    at += bytes;
    return at - bytes;
  });
}

/** What to read of a block for some columns, given in the order they lie, and where each then stands. */
function spansOf(entry: BlockEntry, wanted: readonly number[]) {
  const inFile = placesOf(entry);
  const spans: { from: number; length: number; into: number }[] = [];
  const places: number[] = [];
  let length = 0;
  for (const column of wanted) {
    const from = inFile[column];
    const end = from + entry.columns[column];
    const last = spans.at(-1);
    if (last !== undefined && from - (last.from + last.length) < READ_THROUGH) last.length = end - last.from;
    else spans.push({ from, length: end - from, into: length });
    const span = spans[spans.length - 1];
    places.push(span.into + from - span.from);
    length = span.into + span.length;
  }
  return { spans, places, length };
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
