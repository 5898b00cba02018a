/** The parts used here of three packages that are loaded when first asked for: most processes never touch Parquet. */
export interface ParquetPackages {
  readonly compress: (bytes: Uint8Array, level: number) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
  readonly fileWriter: (path: string) => unknown;
  readonly schemaFromColumnData: (options: { readonly columnData: readonly ParquetColumn[] }) => unknown;
  readonly ParquetWriter: new (options: {
    readonly writer: unknown;
    readonly schema: unknown;
    readonly codec: 'ZSTD';
    readonly compressors: { readonly ZSTD: (bytes: Uint8Array) => Uint8Array };
    readonly createdBy: string;
  }) => {
    write(options: {
      readonly columnData: readonly ParquetColumn[];
      readonly rowGroupSize: number;
    }): void | Promise<void>;
    finish(): void | Promise<void>;
  };
  readonly asyncBufferFromFile: (path: string) => Promise<unknown>;
  readonly parquetMetadataAsync: (
    file: unknown,
  ) => Promise<{ readonly schema: readonly { readonly name: string }[]; readonly num_rows: bigint }>;
  readonly parquetRead: (options: {
    readonly file: unknown;
    readonly metadata: unknown;
    readonly rowStart: number;
    readonly rowEnd: number;
    readonly utf8: boolean;
    readonly compressors: { readonly ZSTD: (bytes: Uint8Array) => Uint8Array };
    readonly onComplete: (rows: unknown[][]) => void;
  }) => Promise<void>;
}

export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly data: readonly unknown[];
}

let loaded: Promise<ParquetPackages> | null = null;

export const parquetPackages = (): Promise<ParquetPackages> => (loaded ??= load());

async function load(): Promise<ParquetPackages> {
  const names: readonly string[] = ['hyparquet', 'hyparquet-writer', '@bokuweb/zstd-wasm'];
  const [reader, writer, zstd] = (await Promise.all(names.map((name) => import(name)))) as [
    Pick<ParquetPackages, 'asyncBufferFromFile' | 'parquetMetadataAsync' | 'parquetRead'>,
    Pick<ParquetPackages, 'fileWriter' | 'schemaFromColumnData' | 'ParquetWriter'>,
    Pick<ParquetPackages, 'compress' | 'decompress'> & { init(): Promise<void> },
  ];
  await zstd.init();
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = reader;
  const { fileWriter, schemaFromColumnData, ParquetWriter } = writer;
  return {
    compress: zstd.compress,
    decompress: zstd.decompress,
    asyncBufferFromFile,
    parquetMetadataAsync,
    parquetRead,
    fileWriter,
    schemaFromColumnData,
    ParquetWriter,
  };
}
