/**
 * The streams: appended in `seq` order, never changed, by far the most rows. Column order is that of the binary COPY
 * rows (tape/stream-rows.ts) and puts wide columns first, so that no byte is lost to alignment.
 */
export interface StreamTable {
  readonly name: StreamName;
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** Besides the BRIN on `at`. */
  readonly indexes: readonly string[];
  /** A hypertable's chunk, hours of `at`: about what a day of a busy lane brings, divided until its index stays in memory. */
  readonly chunkHours: number;
  /** Columns that the column store keeps apart; within them rows are ordered by `at`, `seq` and `ordered`. */
  readonly segments: readonly string[];
  readonly ordered?: string;
  /** Integer columns that take few values, far apart: the column store keeps them as places in a dictionary. */
  readonly fewValues?: readonly string[];
}

export type StreamName =
  | 'event'
  | 'book_change'
  | 'trade'
  | 'continuity'
  | 'pulse'
  | 'quote'
  | 'estimate'
  | 'journal'
  | 'book_checkpoint';

export const STREAMS: readonly StreamTable[] = [
  {
    name: 'event',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer'],
      ['kind', 'text NOT NULL'],
      // json, not jsonb: the event comes back letter by letter.
      ['body', 'json NOT NULL'],
    ],
    indexes: ['(lane, seq)', '(lane, kind, seq)'],
    chunkHours: 168,
    segments: ['lane', 'kind'],
  },
  {
    name: 'book_change',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['size', 'bigint NOT NULL'],
      ['venue_at', 'bigint'],
      ['venue_seq', 'bigint'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
      ['ord', 'integer NOT NULL'],
      ['price', 'integer NOT NULL'],
      ['conn', 'integer NOT NULL'],
      ['flags', 'integer NOT NULL'],
      ['side', 'smallint NOT NULL'],
    ],
    indexes: ['(lane, seq)'],
    chunkHours: 6,
    segments: ['lane', 'market'],
    fewValues: ['price', 'side'],
    ordered: 'ord',
  },
  {
    name: 'trade',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['size', 'bigint NOT NULL'],
      ['venue_at', 'bigint'],
      ['venue_seq', 'bigint'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
      ['price', 'integer NOT NULL'],
      ['conn', 'integer NOT NULL'],
      ['taker', 'text'],
      ['trade_id', 'text NOT NULL'],
    ],
    indexes: ['(lane, seq)', '(lane, market, at)'],
    chunkHours: 24,
    segments: ['lane', 'market'],
    fewValues: ['price'],
  },
  {
    name: 'continuity',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
      ['trusted', 'boolean NOT NULL'],
      ['reason', 'text NOT NULL'],
      ['detail', 'text NOT NULL'],
    ],
    indexes: ['(lane, seq)', '(lane, market, at)'],
    chunkHours: 168,
    segments: ['lane', 'market'],
  },
  {
    name: 'pulse',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer'],
    ],
    indexes: ['(lane, seq)'],
    chunkHours: 24,
    segments: ['lane'],
  },
  {
    name: 'quote',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['bid_size', 'bigint NOT NULL'],
      ['ask_size', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
      ['bid', 'integer NOT NULL'],
      ['ask', 'integer NOT NULL'],
      ['trusted', 'boolean NOT NULL'],
    ],
    // Charts ask by market and time; nobody reads quotes in seq order.
    indexes: ['(lane, market, at)'],
    chunkHours: 6,
    segments: ['lane', 'market'],
    fewValues: ['bid', 'ask'],
  },
  {
    name: 'estimate',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['value', 'double precision NOT NULL'],
      ['low', 'double precision'],
      ['high', 'double precision'],
      ['lane', 'integer NOT NULL'],
      ['model', 'text NOT NULL'],
      ['market', 'text NOT NULL'],
      ['name', 'text NOT NULL'],
    ],
    indexes: ['(lane, seq)', '(market, name, at)'],
    chunkHours: 24,
    segments: ['lane', 'market', 'model', 'name'],
  },
  {
    name: 'journal',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['ordinal', 'integer NOT NULL'],
      ['kind', 'text NOT NULL'],
      ['session', 'text NOT NULL'],
      ['workflow', 'text NOT NULL'],
      ['account', 'text NOT NULL'],
      ['market', 'text[] NOT NULL'],
      ['signal_id', 'text'],
      ['body', 'json NOT NULL'],
    ],
    indexes: ['(lane, seq, ordinal)', '(kind, at)', '(signal_id)', '(workflow, at)', 'USING gin (market)'],
    chunkHours: 168,
    segments: ['lane'],
    ordered: 'ordinal',
  },
  {
    name: 'book_checkpoint',
    columns: [
      ['seq', 'bigint NOT NULL'],
      ['at', 'bigint NOT NULL'],
      ['lane', 'integer NOT NULL'],
      ['market', 'integer NOT NULL'],
      // Packed triples side, price, size: `encodeLevels`/`decodeLevels`.
      ['levels', 'bytea NOT NULL'],
    ],
    // `at` rises with `seq`, and by `at` the parts are in order: the newest checkpoint is found in the newest part.
    indexes: ['(lane, market, at, seq)'],
    chunkHours: 24,
    segments: ['lane', 'market'],
  },
];

/** `name (columns…)` as COPY and INSERT want it. */
export const columnList = (table: StreamTable): string => table.columns.map(([name]) => name).join(', ');
