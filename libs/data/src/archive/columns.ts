import { Defect } from '#core';
import { STREAMS, type StreamName, type StreamTable } from '../layout/stream-tables.js';
import type { CopyWriter } from '../tape/copy-writer.js';
import type { RowReader } from '../tape/row-reader.js';

/** How a column of a stream travels in files. Integers below 2^53 are exact as doubles. */
export type ColumnKind = 'int16' | 'int32' | 'int64' | 'float64' | 'bool' | 'text' | 'texts' | 'bytes';

export interface ArchiveColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}

/** `null` only where the column is nullable; `text[]` and `bytea` as they are. */
export type Cell = number | boolean | string | readonly string[] | Uint8Array | null;

/** Some rows of a stream, in `seq` order, column by column. */
export interface ColumnBlock {
  readonly stream: StreamName;
  readonly rows: number;
  /** In the order of `archiveColumns(stream)`. */
  readonly columns: readonly (readonly Cell[])[];
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  smallint: 'int16',
  integer: 'int32',
  bigint: 'int64',
  'double precision': 'float64',
  boolean: 'bool',
  text: 'text',
  json: 'text',
  'text[]': 'texts',
  bytea: 'bytes',
};

const COLUMNS = new Map<StreamName, readonly ArchiveColumn[]>(
  STREAMS.map((table) => [
    table.name,
    table.columns.map(([name, type]) => {
      const kind = KINDS[type.replace(' NOT NULL', '')];
      if (kind === undefined) throw new Defect(`a column of type ${type} cannot be archived`);
      return { name, kind, nullable: !type.endsWith('NOT NULL') };
    }),
  ]),
);

export const archiveColumns = (stream: StreamName): readonly ArchiveColumn[] =>
  COLUMNS.get(stream) as readonly ArchiveColumn[];

/** Streams whose rows are the tape itself: together their numbers have no hole. */
export const TAPE_STREAMS: readonly StreamName[] = ['event', 'book_change', 'trade', 'continuity', 'pulse'];
export const ARCHIVED: readonly StreamTable[] = STREAMS;

/** Collects rows as they come from a COPY. */
export class BlockBuilder {
  private readonly plan: readonly ArchiveColumn[];
  private columns: Cell[][];
  rows = 0;

  constructor(readonly stream: StreamName) {
    this.plan = archiveColumns(stream);
    this.columns = this.plan.map(() => []);
  }

  /** The reader stands at a row's first field, the columns in their order. */
  readonly take = (row: RowReader): void => {
    this.rows++;
    for (let i = 0; i < this.plan.length; i++) this.columns[i].push(readCell(row, this.plan[i]));
  };

  cut(): ColumnBlock {
    const block = { stream: this.stream, rows: this.rows, columns: this.columns };
    this.columns = this.plan.map(() => []);
    this.rows = 0;
    return block;
  }
}

function readCell(row: RowReader, column: ArchiveColumn): Cell {
  const { nullable } = column;
  switch (column.kind) {
    case 'int16':
      return row.int16();
    case 'int32':
      return nullable ? row.int32OrNull() : row.int32();
    case 'int64':
      return nullable ? row.int64OrNull() : row.int64();
    case 'float64':
      return nullable ? row.float64OrNull() : row.float64();
    case 'bool':
      return row.bool();
    case 'text':
      return nullable ? row.textOrNull() : row.text();
    case 'texts':
      return row.textArray();
    case 'bytes':
      return row.blob();
  }
}

/** One row for COPY … FROM; `lane` replaces the row's own. */
export function writeRow(writer: CopyWriter, block: ColumnBlock, index: number, lane: number): void {
  const plan = archiveColumns(block.stream);
  writer.row(plan.length, 160);
  for (let i = 0; i < plan.length; i++) {
    const { kind, name } = plan[i];
    const value = name === 'lane' ? lane : block.columns[i][index];
    if (value === null) writer.null();
    else if (kind === 'int64') writer.int64(value as number);
    else if (kind === 'int32') writer.int32(value as number);
    else if (kind === 'int16') writer.int16(value as number);
    else if (kind === 'float64') writer.float64(value as number);
    else if (kind === 'bool') writer.bool(value as boolean);
    else if (kind === 'text') writer.text(value as string, 160);
    else if (kind === 'texts') writer.textArray(value as readonly string[]);
    else writer.blob(value as Uint8Array, 160);
  }
}

/** Place of a column by name. */
export function columnAt(stream: StreamName, name: string): number {
  const place = archiveColumns(stream).findIndex((column) => column.name === name);
  if (place < 0) throw new Defect(`the stream ${stream} has no column ${name}`);
  return place;
}
