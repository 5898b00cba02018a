import { CANDLE_COLUMNS, candleTable, RESOLUTIONS, type CandleSource, type Resolution } from './candle-tables.js';
import { STREAMS, type StreamName } from './stream-tables.js';

/** Tables cut into parts by time: the streams, and the candles made of them. */
export type StoredName = StreamName | `${CandleSource}_1${'s' | 'm' | 'h' | 'd'}`;

const DAY = 86_400_000;

export interface StoredTable {
  readonly name: StoredName;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly indexes: readonly string[];
  /** Length of a native partition, ms. */
  readonly partMs: number;
}

/**
 * Candles are written hour by hour for every market there is, and read market by market: in the table those of a year lie on
 * nine thousand pages. The long ones have all their columns in the index, where they lie side by side.
 */
function candleIndex(source: CandleSource, resolution: Resolution): string {
  const key = '(lane, market, at)';
  if (resolution === 's' || resolution === 'm') return key;
  return `${key} INCLUDE (${CANDLE_COLUMNS[source].map(({ name }) => name).join(', ')})`;
}

/** `table_key0`; of one that carries columns `table_wide0`, which takes the other's place in a database of an older build. */
export const indexName = (table: string, place: number, index: string): string =>
  `${table}_${index.includes(' INCLUDE ') ? 'wide' : 'key'}${place}`;

export const CANDLE_TABLES: readonly StoredTable[] = (['quote', 'trade'] as const).flatMap((source) =>
  RESOLUTIONS.map(([resolution]): StoredTable => ({
    name: candleTable(source, resolution) as StoredName,
    columns: [
      ['at', 'bigint NOT NULL'],
      ...CANDLE_COLUMNS[source].map(({ name, type }) => [name, type] as const),
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
    ],
    indexes: [candleIndex(source, resolution)],
    partMs: resolution === 's' ? DAY : 30 * DAY,
  })),
);

export const STORED_TABLES: readonly StoredTable[] = [
  ...STREAMS.map(({ name, columns, indexes }) => ({ name, columns, indexes, partMs: DAY })),
  ...CANDLE_TABLES,
];
