import { PRICE_ONE, SIZE_ONE, type Instant } from '#core';
import { clipProbability, logit, QUOTE_EPSILON } from '#quant';

/** What a bar says, in this order; each is a column of the rows a regime is fitted to. */
export const REGIME_FEATURES = ['change', 'variance', 'spread', 'volume'] as const;
export const REGIME_WIDTH = REGIME_FEATURES.length;

/**
 * Below these a quiet bar is as quiet as can be told: the square of less than a cent's tick in log-odds, so that a mid that
 * stands still and one that goes a tick to and fro are neighbours; and a spread of 0.001.
 */
const LEAST_VARIANCE = 1e-3;
const LEAST_SPREAD = 1e-3;
/** The realised variance is that of the means of so many parts of a bar: makers that waver for seconds are averaged away. */
const PARTS = 3;
/** Means of two bars in a row differ by 2/3 of a random walk's variance in a bar's time. */
export const OF_MEANS = 2 / 3;

/** One market's bar in the making. Plain numbers, changed in place; `NaN` is "nothing yet". */
export interface RegimeBar {
  readonly barMs: number;
  /** Number of the bar since the epoch, and of the part of it that runs. */
  index: number;
  part: number;
  /** When what is heard next was said: written before `hearQuote`, as an argument would be put on the heap. */
  now: Instant;
  /** Up to when the quotes' log-odds have been added up. */
  at: Instant;
  /** Log-odds of the last mid, of this bar or an earlier one. */
  last: number;
  /** Whether the last quote still stands: it could be trusted, and nothing has been said against it since. */
  stands: boolean;
  /** ∫ log-odds dt over the time in which a quote stood, and that time in ms: of this part, and of the parts before it. */
  sum: number;
  time: number;
  barSum: number;
  barTime: number;
  /** Mean log-odds of the last part, and of the last bar that said something, with that bar's number. */
  before: number;
  close: number;
  closeIndex: number;
  /** Sum of the squared changes from part to part in this bar, and the last quote's spread, in log-odds. */
  squares: number;
  spread: number;
  /** Contracts traded in this bar. */
  volume: number;
}

export const barIndex = (at: Instant, barMs: number): number => Math.floor(at / barMs);

export function openBar(index: number, barMs: number): RegimeBar {
  return {
    barMs,
    index,
    part: 0,
    now: index * barMs,
    at: index * barMs,
    last: NaN,
    stands: false,
    sum: 0,
    time: 0,
    barSum: 0,
    barTime: 0,
    before: NaN,
    close: NaN,
    closeIndex: index,
    squares: 0,
    spread: NaN,
    volume: 0,
  };
}

/** Goes on at another bar; nothing is known of those between. */
export function skipTo(bar: RegimeBar, index: number): void {
  bar.index = index;
  bar.at = index * bar.barMs;
}

/**
 * A quote as the tape has it, heard at `bar.now` within the bar: prices in micro-dollars (below 0 where a side is empty), sizes in
 * hundredths. Its mid is read in log-odds: sizes at the top change far more often than anything is learnt. One that cannot be
 * trusted or says nothing (one side empty, crossed, at 0 or 1) ends what stood before, and `false` comes back. A repetition
 * changes nothing, so that it does not matter whether it was recorded.
 */
export function hearQuote(
  bar: RegimeBar,
  bidPrice: number,
  askPrice: number,
  bidSize: number,
  askSize: number,
  trusted: boolean,
): boolean {
  pass(bar);
  const bid = bidPrice / PRICE_ONE;
  const ask = askPrice / PRICE_ONE;
  // Written out rather than asked of `quoteFlaw`, whose arguments would be put on the heap with every quote.
  bar.stands = trusted && bid > 0 && ask < 1 && bid <= ask && bidSize >= 0 && askSize >= 0 && bidSize + askSize > 0;
  if (!bar.stands) return false;
  bar.last = logit(clipProbability((bid + ask) / 2, QUOTE_EPSILON));
  bar.spread = logit(clipProbability(ask, QUOTE_EPSILON)) - logit(clipProbability(bid, QUOTE_EPSILON));
  return true;
}

/** Adds up what stood until `bar.now`, and ends the parts that are over. */
function pass(bar: RegimeBar): void {
  const { now } = bar;
  for (;;) {
    const end = bar.index * bar.barMs + (bar.barMs * (bar.part + 1)) / PARTS;
    const until = now < end ? now : end;
    if (until > bar.at) {
      if (bar.stands) {
        bar.sum += bar.last * (until - bar.at);
        bar.time += until - bar.at;
      }
      bar.at = until;
    }
    if (now < end || bar.part === PARTS) return;
    bar.part++;
    if (bar.time === 0) continue;
    const mean = bar.sum / bar.time;
    if (bar.before === bar.before) bar.squares += (mean - bar.before) * (mean - bar.before);
    bar.before = mean;
    bar.barSum += bar.sum;
    bar.barTime += bar.time;
    bar.sum = 0;
    bar.time = 0;
  }
}

/** A trade's size in hundredths of a contract. */
export function hearTrade(bar: RegimeBar, size: number): void {
  bar.volume += size / SIZE_ONE;
}

/**
 * Ends the bar and begins the next: writes its features to `row`, `NaN` in all of them when no quote stands at its end or
 * none did before. A quote that stands unchanged is a quiet bar, not a missing one. A change, from the mean of one bar to the
 * mean of the next, over several bars counts as the root of their number, as a random walk's does.
 *
 * @returns whether the row holds something.
 */
export function closeBar(bar: RegimeBar, row: Float64Array, offset = 0): boolean {
  bar.now = (bar.index + 1) * bar.barMs;
  pass(bar);
  const mean = bar.stands ? bar.barSum / bar.barTime : NaN;
  const known = mean === mean && bar.close === bar.close;
  if (known) {
    row[offset] = (mean - bar.close) / Math.sqrt(bar.index - bar.closeIndex);
    row[offset + 1] = Math.log(bar.squares + LEAST_VARIANCE);
    row[offset + 2] = Math.log(Math.max(bar.spread, LEAST_SPREAD));
    row[offset + 3] = Math.log1p(bar.volume);
  } else row.fill(NaN, offset, offset + REGIME_WIDTH);
  if (mean === mean) {
    bar.close = mean;
    bar.closeIndex = bar.index;
  }
  bar.index++;
  bar.part = 0;
  bar.barSum = 0;
  bar.barTime = 0;
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
  bar = openBar(span.from, span.barMs),
): Float64Array {
  const { barMs, from, to } = span;
  const rows = new Float64Array(Math.max(0, to - from) * REGIME_WIDTH);
  let q = 0;
  let t = 0;
  while (bar.index < to) {
    const end = (bar.index + 1) * barMs;
    for (; q < quotes.at.length && quotes.at[q] < end; q++) {
      bar.now = quotes.at[q];
      hearQuote(bar, quotes.bid[q], quotes.ask[q], quotes.bidSize[q], quotes.askSize[q], quotes.trusted[q]);
    }
    for (; t < trades.at.length && trades.at[t] < end; t++)
      if (trades.at[t] >= bar.index * barMs) hearTrade(bar, trades.size[t]);
    closeBar(bar, rows, (bar.index - from) * REGIME_WIDTH);
  }
  return rows;
}
