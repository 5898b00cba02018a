import type { StreamName } from '../layout/stream-tables.js';
import type { ColumnBlock } from './columns.js';

export type ArchiveFormat = 'parquet' | 'csv' | 'replay';

/** What an archive says of itself: `manifest.json` of a folder, the last block of a replay file. */
export interface ArchiveManifest {
  readonly kind: 'arbintel-tape';
  readonly version: 1;
  readonly format: ArchiveFormat;
  /** The lane it was taken from. */
  readonly lane: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly fromAt: number;
  readonly toAt: number;
  /** Whether every event of the span is there. A choice of markets is for looking at and cannot be imported. */
  readonly whole: boolean;
  readonly rows: Readonly<Partial<Record<StreamName, number>>>;
  /** SHA-256 over the rows as they go into the database, hex: the same span has the same digest in every format. */
  readonly digest: string;
}

export interface ArchiveWriter {
  write(block: ColumnBlock): Promise<void>;
  /** Makes what was written appear under its name; before this nothing is there. */
  finish(manifest: ArchiveManifest): Promise<void>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

export interface ArchiveReader {
  readonly manifest: ArchiveManifest;
  /** A stream's rows in `seq` order, in blocks. */
  blocks(stream: StreamName): AsyncIterable<ColumnBlock>;
  /** Where a row is, for a report: file and line or row. */
  place(stream: StreamName, row: number): string;
  close(): Promise<void>;
}
