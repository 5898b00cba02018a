/**
 * Candles: what a chart reads instead of every quote and trade. Two sources, four resolutions; each coarser candle is
 * made of finer ones, so that every column must combine: an average is kept as a sum and a count.
 */
export type CandleSource = 'quote' | 'trade';
export type Resolution = 's' | 'm' | 'h' | 'd';

/** Length of a candle, ms; finest first. */
export const RESOLUTIONS: readonly (readonly [resolution: Resolution, ms: number])[] = [
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
];
export const resolutionMs = (resolution: Resolution): number =>
  (RESOLUTIONS.find(([name]) => name === resolution) ?? RESOLUTIONS[0])[1];
export const finer = (resolution: Resolution): Resolution | null =>
  RESOLUTIONS[RESOLUTIONS.findIndex(([name]) => name === resolution) - 1]?.[0] ?? null;

export const candleTable = (source: CandleSource, resolution: Resolution): string => `${source}_1${resolution}`;

/** A part of a lane's candles: from a table of candles of any resolution, or from the stream itself. */
export interface CandlesPiece {
  readonly table: string;
  /** Whether rows are candles; otherwise quotes or trades. */
  readonly candles: boolean;
  /** Length of its candles, ms; 0 of the stream. */
  readonly ms: number;
  /** `at` from (inclusive) and to (exclusive), ms; `null` is open. */
  readonly from: number | null;
  readonly to: number | null;
}

type How = 'first' | 'last' | 'max' | 'min' | 'sum' | 'count';

export interface CandleColumn {
  readonly name: string;
  readonly type: 'integer' | 'bigint' | 'double precision';
  readonly how: How;
  /** What of a quote or trade goes in. */
  readonly of: string;
  readonly when: string | null;
}

const ohlc = (name: string, of: string, when: string | null): CandleColumn[] => [
  { name: `${name}_open`, type: 'integer', how: 'first', of, when },
  { name: `${name}_high`, type: 'integer', how: 'max', of, when },
  { name: `${name}_low`, type: 'integer', how: 'min', of, when },
  { name: `${name}_close`, type: 'integer', how: 'last', of, when },
];
// A book that is not trusted may be crossed or stale: its quotes are counted, not drawn.
const BOTH = 'trusted AND bid >= 0 AND ask >= 0';

export const CANDLE_COLUMNS: Readonly<Record<CandleSource, readonly CandleColumn[]>> = {
  quote: [
    { name: 'spread_sum', type: 'bigint', how: 'sum', of: 'ask - bid', when: BOTH },
    { name: 'two_sided', type: 'bigint', how: 'count', of: '*', when: BOTH },
    { name: 'quotes', type: 'bigint', how: 'count', of: '*', when: null },
    { name: 'untrusted', type: 'bigint', how: 'count', of: '*', when: 'NOT trusted' },
    ...ohlc('bid', 'bid', 'trusted AND bid >= 0'),
    ...ohlc('ask', 'ask', 'trusted AND ask >= 0'),
    ...ohlc('mid', '(bid + ask) / 2', BOTH),
    ...ohlc('spread', 'ask - bid', BOTH),
  ],
  trade: [
    { name: 'volume', type: 'bigint', how: 'sum', of: 'size', when: null },
    { name: 'bought', type: 'bigint', how: 'sum', of: 'size', when: `taker = 'buy'` },
    /** Σ price × size / 100: micro-dollars, for the mean price. */
    { name: 'notional', type: 'double precision', how: 'sum', of: 'price::double precision * size / 100', when: null },
    { name: 'trades', type: 'bigint', how: 'count', of: '*', when: null },
    ...ohlc('price', 'price', null),
  ],
};

/** How a dialect takes the value of the row whose `by` is least or greatest. */
export interface FirstLast {
  pick(how: 'first' | 'last', value: string, by: string, filter: string): string;
}

export const plainFirstLast: FirstLast = {
  // Arrays compare element by element: no sorting, one pass.
  pick: (how, value, by, filter) =>
    `(${how === 'first' ? 'min' : 'max'}(ARRAY[${by}, (${value})::bigint])${filter})[2]::integer`,
};

export const timescaleFirstLast: FirstLast = {
  pick: (how, value, by, filter) => `${how}(${value}, ${by})${filter}`,
};

/** More than any price or spread, and as far below zero. */
const WIDE = 2 ** 21;

/** SQL of a candle's moment, moved up to make room for a price below: `packed_at` of what `packedFirstLast` reads. */
export const PACKED_AT = `at / 1000 * ${2 * WIDE} + ${WIDE}`;

/**
 * Of candles: moment and price in one number, whose least or greatest is a third of the work of an array's. Candles begin
 * on whole seconds; of no price comes no number.
 */
export const packedFirstLast: FirstLast = {
  pick: (how, value) =>
    `((${how === 'first' ? 'min' : 'max'}(packed_at + ${value}) & ${2 * WIDE - 1}) - ${WIDE})::integer`,
};

/** The aggregate that makes this column of quotes or trades. */
export function fromStream(column: CandleColumn, dialect: FirstLast): string {
  const filter = column.when === null ? '' : ` FILTER (WHERE ${column.when})`;
  switch (column.how) {
    case 'first':
    case 'last':
      return dialect.pick(column.how, column.of, 'seq', filter);
    case 'count':
      return `count(*)${filter}`;
    case 'sum':
      return `coalesce(sum(${column.of})${filter}, 0)::${column.type}`;
    case 'max':
    case 'min':
      return `${column.how}(${column.of})${filter}`;
  }
}

/** The aggregate that makes this column of finer candles. */
export function fromCandles(column: CandleColumn, dialect: FirstLast): string {
  switch (column.how) {
    case 'first':
    case 'last':
      return dialect.pick(column.how, column.name, 'at', ` FILTER (WHERE ${column.name} IS NOT NULL)`);
    case 'count':
    case 'sum':
      return `sum(${column.name})::${column.type}`;
    case 'max':
    case 'min':
      return `${column.how}(${column.name})`;
  }
}
