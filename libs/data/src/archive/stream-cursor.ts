import type { StreamName } from '../layout/stream-tables.js';
import type { ArchiveReader } from './archive.types.js';
import { columnAt, type Cell, type ColumnBlock } from './columns.js';

/** Walks a stream of an archive row by row, holding a block. */
export class StreamCursor {
  block: ColumnBlock | null = null;
  /** Row within the block. */
  row = 0;
  private seqs: readonly Cell[] = [];
  private before = 0;
  private readonly blocks: AsyncIterator<ColumnBlock>;
  private readonly seqAt: number;

  private constructor(
    readonly stream: StreamName,
    reader: ArchiveReader,
  ) {
    this.blocks = reader.blocks(stream)[Symbol.asyncIterator]();
    this.seqAt = columnAt(stream, 'seq');
  }

  static async open(stream: StreamName, reader: ArchiveReader): Promise<StreamCursor> {
    const cursor = new StreamCursor(stream, reader);
    await cursor.load();
    return cursor;
  }

  /** The row's number; `Infinity` behind the last. */
  get seq(): number {
    return this.block === null ? Infinity : (this.seqs[this.row] as number);
  }

  /** Row within the stream, from 0. */
  get place(): number {
    return this.before + this.row;
  }

  /** To the next row; `true` when a block must be loaded first: await `load`. */
  advance(): boolean {
    return ++this.row >= (this.block?.rows ?? 0);
  }

  async load(): Promise<void> {
    this.before += this.block?.rows ?? 0;
    this.row = 0;
    for (;;) {
      const next = await this.blocks.next();
      this.block = next.done === true ? null : next.value;
      if (this.block === null || this.block.rows > 0) break;
    }
    this.seqs = this.block?.columns[this.seqAt] ?? [];
  }

  async close(): Promise<void> {
    await this.blocks.return?.();
  }
}
