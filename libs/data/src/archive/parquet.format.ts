import { join } from 'node:path';
import { UserProblem } from '#core';
import type { StreamName } from '../layout/stream-tables.js';
import { parquetPackages, type ParquetPackages } from './parquet.packages.js';
import { archiveColumns, type ArchiveColumn, type Cell, type ColumnBlock, type ColumnKind } from './columns.js';

const LEVEL = 3;
const ROWS_PER_READ = 20_000;

const TYPES: Readonly<Record<ColumnKind, string>> = {
  int16: 'INT32',
  int32: 'INT32',
  int64: 'INT64',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  text: 'STRING',
  // A list of texts as JSON: tools read it, and no nesting is needed.
  texts: 'STRING',
  bytes: 'BYTE_ARRAY',
};

/** One file per stream, zstd, a row group per block. */
export class ParquetStreamWriter {
  private constructor(
    private readonly stream: StreamName,
    private readonly parquet: InstanceType<ParquetPackages['ParquetWriter']>,
  ) {}

  static async open(folder: string, stream: StreamName): Promise<ParquetStreamWriter> {
    const { compress, fileWriter, ParquetWriter, schemaFromColumnData } = await parquetPackages();
    const file = fileWriter(join(folder, `${stream}.parquet`));
    const columns = archiveColumns(stream);
    const schema = schemaFromColumnData({
      columnData: columns.map(({ name, kind, nullable }) => ({ name, data: [], type: TYPES[kind], nullable })),
    });
    const parquet = new ParquetWriter({
      writer: file,
      schema,
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => compress(bytes, LEVEL) },
      createdBy: 'arbintel',
    });
    return new ParquetStreamWriter(stream, parquet);
  }

  async write(block: ColumnBlock): Promise<void> {
    const columnData = archiveColumns(this.stream).map(({ name, kind, nullable }, i) => ({
      name,
      type: TYPES[kind],
      nullable,
      data: block.columns[i].map((value) => written(kind, value)),
    }));
    await this.parquet.write({ columnData, rowGroupSize: block.rows });
  }

  async close(): Promise<void> {
    await this.parquet.finish();
  }
}

function written(kind: ColumnKind, value: Cell): unknown {
  if (value === null) return null;
  if (kind === 'int64') return BigInt(value as number);
  if (kind === 'texts') return JSON.stringify(value);
  return value;
}

export async function* readParquet(folder: string, stream: StreamName): AsyncGenerator<ColumnBlock> {
  const { asyncBufferFromFile, decompress, parquetMetadataAsync, parquetRead } = await parquetPackages();
  const path = join(folder, `${stream}.parquet`);
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const plan = archiveColumns(stream);
  const found = metadata.schema.slice(1).map((element) => element.name);
  if (found.join(',') !== plan.map(({ name }) => name).join(','))
    throw new UserProblem(
      `${path}: the columns are ${found.join(', ')}; expected ${plan.map(({ name }) => name).join(', ')}`,
    );
  const total = Number(metadata.num_rows);
  for (let from = 0; from < total; from += ROWS_PER_READ) {
    const to = Math.min(total, from + ROWS_PER_READ);
    let rows: unknown[][] = [];
    await parquetRead({
      file,
      metadata,
      rowStart: from,
      rowEnd: to,
      utf8: false,
      compressors: { ZSTD: (bytes) => decompress(bytes) },
      onComplete: (read) => (rows = read),
    });
    const columns = plan.map((column, i) =>
      rows.map((row, index) => {
        const value = cell(column, row[i]);
        if (value === undefined)
          throw new UserProblem(`${path}: row ${from + index + 1}: ${column.name} is no ${column.kind}`);
        return value;
      }),
    );
    yield { stream, rows: rows.length, columns };
  }
}

/** `undefined`: it is not one. */
function cell(column: ArchiveColumn, value: unknown): Cell | undefined {
  if (value === null || value === undefined) return column.nullable ? null : undefined;
  switch (column.kind) {
    case 'int16':
    case 'int32':
    case 'int64': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case 'float64':
      return typeof value === 'number' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
      return typeof value === 'string' ? value : undefined;
    case 'texts':
      return typeof value === 'string' ? (JSON.parse(value) as string[]) : undefined;
    case 'bytes':
      return value instanceof Uint8Array ? value : undefined;
  }
}
