import { PRICE_ONE, SIZE_ONE, type Instant } from '#core';
import { clipProbability, logit, microprice, QUOTE_EPSILON } from '#quant';

/** What a bar says, in this order; each is a column of the rows a regime is fitted to. */
export const REGIME_FEATURES = ['change', 'variance', 'spread', 'volume'] as const;
export const REGIME_WIDTH = REGIME_FEATURES.length;

/** Below these a quiet bar is as quiet as can be told: half a basis point of log-odds squared, a spread of 0.001. */
const LEAST_VARIANCE = 1e-6;
const LEAST_SPREAD = 1e-3;

/** One market's bar in the making. Plain numbers, changed in place; `NaN` is "nothing yet". */
export interface RegimeBar {
  /** Number of the bar since the epoch. */
  index: number;
  /** Log-odds of the last quote, of this bar or an earlier one. */
  last: number;
  /** Log-odds at the end of the last bar that ended with a quote, and that bar's number. */
  close: number;
  closeIndex: number;
  /** Whether the last quote still stands: it could be trusted, and nothing has been said against it since. */
  stands: boolean;
  /** Sum of the squared changes in this bar, and the last quote's spread, both in log-odds. */
  squares: number;
  spread: number;
  /** Contracts traded in this bar. */
  volume: number;
}

export const barIndex = (at: Instant, barMs: number): number => Math.floor(at / barMs);

export function openBar(index: number): RegimeBar {
  return {
    index,
    last: NaN,
    close: NaN,
    closeIndex: index,
    stands: false,
    squares: 0,
    spread: NaN,
    volume: 0,
  };
}

/**
 * A quote as the tape has it: prices in micro-dollars (below 0 where a side is empty), sizes in hundredths. Its microprice
 * is read in log-odds. One that cannot be trusted or says nothing (one side empty, crossed, at 0 or 1) ends what stood
 * before, and `false` comes back. A repetition changes nothing, so that it does not matter whether it was recorded.
 */
export function hearQuote(
  bar: RegimeBar,
  bidPrice: number,
  askPrice: number,
  bidSize: number,
  askSize: number,
  trusted: boolean,
): boolean {
  const bid = bidPrice / PRICE_ONE;
  const ask = askPrice / PRICE_ONE;
  // Written out rather than asked of `quoteFlaw`, whose arguments would be put on the heap with every quote.
  bar.stands = trusted && bid > 0 && ask < 1 && bid <= ask && bidSize >= 0 && askSize >= 0 && bidSize + askSize > 0;
  if (!bar.stands) return false;
  const z = logit(clipProbability(microprice(bid, ask, bidSize, askSize), QUOTE_EPSILON));
  if (bar.last === bar.last) bar.squares += (z - bar.last) * (z - bar.last);
  bar.last = z;
  bar.spread = logit(clipProbability(ask, QUOTE_EPSILON)) - logit(clipProbability(bid, QUOTE_EPSILON));
  return true;
}

/** A trade's size in hundredths of a contract. */
export function hearTrade(bar: RegimeBar, size: number): void {
  bar.volume += size / SIZE_ONE;
}

/**
 * Ends the bar and begins the next: writes its features to `row`, `NaN` in all of them when no quote stands at its end or
 * none did before. A quote that stands unchanged is a quiet bar, not a missing one. A change over several bars counts as
 * the root of their number, as a random walk's does.
 *
 * @returns whether the row holds something.
 */
export function closeBar(bar: RegimeBar, row: Float64Array, offset = 0): boolean {
  const known = bar.stands && bar.close === bar.close;
  if (known) {
    row[offset] = (bar.last - bar.close) / Math.sqrt(bar.index - bar.closeIndex);
    row[offset + 1] = Math.log(bar.squares + LEAST_VARIANCE);
    row[offset + 2] = Math.log(Math.max(bar.spread, LEAST_SPREAD));
    row[offset + 3] = Math.log1p(bar.volume);
  } else row.fill(NaN, offset, offset + REGIME_WIDTH);
  if (bar.stands) {
    bar.close = bar.last;
    bar.closeIndex = bar.index;
  }
  bar.index++;
  bar.squares = 0;
  bar.volume = 0;
  return known;
}

/** Columns of equal length, oldest first, as the quote stream keeps them. */
export interface RecordedQuotes {
  readonly at: ArrayLike<Instant>;
  readonly bid: ArrayLike<number>;
  readonly ask: ArrayLike<number>;
  readonly bidSize: ArrayLike<number>;
  readonly askSize: ArrayLike<number>;
  readonly trusted: ArrayLike<boolean>;
}
export interface RecordedTrades {
  readonly at: ArrayLike<Instant>;
  readonly size: ArrayLike<number>;
}

/**
 * The rows of bars `from` up to and without `to`, by the very functions that run live; a quote from before `from` is the one
 * that stood then. A long record is read in parts by handing on the same `bar`.
 */
export function recordedBars(
  quotes: RecordedQuotes,
  trades: RecordedTrades,
  span: { readonly barMs: number; readonly from: number; readonly to: number },
  bar = openBar(span.from),
): Float64Array {
  const { barMs, from, to } = span;
  const rows = new Float64Array(Math.max(0, to - from) * REGIME_WIDTH);
  let q = 0;
  let t = 0;
  while (bar.index < to) {
    const end = (bar.index + 1) * barMs;
    for (; q < quotes.at.length && quotes.at[q] < end; q++)
      hearQuote(bar, quotes.bid[q], quotes.ask[q], quotes.bidSize[q], quotes.askSize[q], quotes.trusted[q]);
    for (; t < trades.at.length && trades.at[t] < end; t++)
      if (trades.at[t] >= bar.index * barMs) hearTrade(bar, trades.size[t]);
    closeBar(bar, rows, (bar.index - from) * REGIME_WIDTH);
  }
  return rows;
}
