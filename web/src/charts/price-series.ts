/** Columns of one market's quotes, oldest first, in terms of the page's YES; `null` for an absent side. */
export interface PriceColumns {
  readonly at: readonly number[];
  readonly bid: readonly (number | null)[];
  readonly ask: readonly (number | null)[];
}

export interface Span {
  readonly from: number;
  readonly to: number | null;
  readonly trusted: boolean;
  readonly reason: string;
}

/** One market drawn on the chart. */
export interface PriceTrack extends PriceColumns {
  readonly market: string;
  readonly venue: string;
  readonly spans: readonly Span[];
}

export interface FillMark {
  readonly at: number;
  /** Price of YES, micro-dollars. */
  readonly price: number;
  readonly text: string;
  /** Whether it gains when YES gains. */
  readonly long: boolean;
}

/** An item of news that took a side on the market. */
export interface NewsMark {
  readonly id: string;
  readonly at: number;
  readonly title: string;
  /** −1 against YES … 1 for it. */
  readonly stance: number;
  /** Told before by another. */
  readonly echo: boolean;
}

/** From the API's columns (−1 is an absent side); an inverse link's YES is this market's NO, so sides swap. */
export function columnsOf(
  series: { at: readonly number[]; bid: readonly number[]; ask: readonly number[] },
  inverse: boolean,
): PriceColumns {
  const present = (value: number): number | null => (value < 0 ? null : value);
  const flipped = (value: number): number | null => (value < 0 ? null : 1_000_000 - value);
  return inverse
    ? { at: series.at, bid: series.ask.map(flipped), ask: series.bid.map(flipped) }
    : { at: series.at, bid: series.bid.map(present), ask: series.ask.map(present) };
}

/** A quote in the page's YES terms. */
export function quoteInTerms(
  quote: { bid: number | null; ask: number | null },
  inverse: boolean,
): { bid: number | null; ask: number | null } {
  if (!inverse) return { bid: quote.bid, ask: quote.ask };
  return {
    bid: quote.ask === null ? null : 1_000_000 - quote.ask,
    ask: quote.bid === null ? null : 1_000_000 - quote.bid,
  };
}

export const midOf = (bid: number | null, ask: number | null): number | null =>
  bid === null || ask === null ? null : (bid + ask) / 2;

/** Index of the last row not after `at`; −1 before the first. */
export function indexAt(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Puts a finer reading of `from`…`to` in the place of the coarse rows there; what is newer than it stays. */
export function refine(columns: PriceColumns, detail: PriceColumns, from: number, to: number): PriceColumns {
  if (detail.at.length === 0) return columns;
  const before = indexAt(columns.at, Math.min(from, detail.at[0]!) - 1) + 1;
  const after = indexAt(columns.at, Math.max(to, detail.at.at(-1)!)) + 1;
  const join = <T>(coarse: readonly T[], fine: readonly T[]): T[] => [
    ...coarse.slice(0, before),
    ...fine,
    ...coarse.slice(after),
  ];
  return { at: join(columns.at, detail.at), bid: join(columns.bid, detail.bid), ask: join(columns.ask, detail.ask) };
}

/** Appends live quotes that are newer than the loaded ones, drops what left the window, keeps at most `most` rows. */
export function append(
  columns: PriceColumns,
  fresh: readonly { at: number; bid: number | null; ask: number | null }[],
  from: number,
  most: number,
): PriceColumns {
  const last = columns.at.at(-1) ?? -Infinity;
  const newer = fresh.filter((row) => row.at > last);
  const first = Math.max(0, indexAt(columns.at, from), columns.at.length + newer.length - most);
  if (newer.length === 0 && first === 0) return columns;
  return {
    at: [...columns.at.slice(first), ...newer.map((row) => row.at)],
    bid: [...columns.bid.slice(first), ...newer.map((row) => row.bid)],
    ask: [...columns.ask.slice(first), ...newer.map((row) => row.ask)],
  };
}

export function spanAt(spans: readonly Span[], at: number): Span | null {
  for (let index = spans.length - 1; index >= 0; index--) {
    const span = spans[index]!;
    if (span.from <= at && (span.to === null || at < span.to)) return span;
  }
  return null;
}
