import { CANDLE_COLUMNS, candleTable, RESOLUTIONS, type CandleSource } from './candle-tables.js';
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

export const CANDLE_TABLES: readonly StoredTable[] = (['quote', 'trade'] as const).flatMap((source) =>
  RESOLUTIONS.map(([resolution]): StoredTable => ({
    name: candleTable(source, resolution) as StoredName,
    columns: [
      ['at', 'bigint NOT NULL'],
      ...CANDLE_COLUMNS[source].map(({ name, type }) => [name, type] as const),
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
    ],
    indexes: ['(lane, market, at)'],
    partMs: resolution === 's' ? DAY : 30 * DAY,
  })),
);

export const STORED_TABLES: readonly StoredTable[] = [
  ...STREAMS.map(({ name, columns, indexes }) => ({ name, columns, indexes, partMs: DAY })),
  ...CANDLE_TABLES,
];
