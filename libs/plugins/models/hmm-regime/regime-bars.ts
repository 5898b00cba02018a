import type { Instant } from '#core';
import { clipProbability, logit, microprice, QUOTE_EPSILON, quoteFlaw } from '#quant';

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
  /** Log-odds at the end of the last bar that had a quote, and that bar's number. */
  close: number;
  closeIndex: number;
  /** Quotes in this bar, the sum of their squared changes, and the last one's spread, all in log-odds. */
  quotes: number;
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
    quotes: 0,
    squares: 0,
    spread: NaN,
    volume: 0,
  };
}

/**
 * A trusted quote, prices 0…1 and sizes in contracts: its microprice in log-odds. `false` when it says nothing (one side
 * empty, crossed, out of range): such a quote leaves the bar as it was.
 */
export function hearQuote(bar: RegimeBar, bid: number, ask: number, bidSize: number, askSize: number): boolean {
  if (quoteFlaw(bid, ask, bidSize, askSize) !== '') return false;
  const z = logit(clipProbability(microprice(bid, ask, bidSize, askSize), QUOTE_EPSILON));
  if (bar.last === bar.last) bar.squares += (z - bar.last) * (z - bar.last);
  bar.last = z;
  bar.spread = logit(clipProbability(ask, QUOTE_EPSILON)) - logit(clipProbability(bid, QUOTE_EPSILON));
  bar.quotes++;
  return true;
}

export function hearVolume(bar: RegimeBar, contracts: number): void {
  if (contracts > 0) bar.volume += contracts;
}

/**
 * Ends the bar and begins the next: writes its features to `row`, `NaN` in all of them when no quote was heard or none
 * before it. A change over several bars counts as the root of their number, as a random walk's does.
 *
 * @returns whether the row holds something.
 */
export function closeBar(bar: RegimeBar, row: Float64Array, offset = 0): boolean {
  const known = bar.quotes > 0 && bar.close === bar.close;
  if (known) {
    row[offset] = (bar.last - bar.close) / Math.sqrt(bar.index - bar.closeIndex);
    row[offset + 1] = Math.log(bar.squares + LEAST_VARIANCE);
    row[offset + 2] = Math.log(Math.max(bar.spread, LEAST_SPREAD));
    row[offset + 3] = Math.log1p(bar.volume);
  } else row.fill(NaN, offset, offset + REGIME_WIDTH);
  if (bar.quotes > 0) {
    bar.close = bar.last;
    bar.closeIndex = bar.index;
  }
  bar.index++;
  bar.quotes = 0;
  bar.squares = 0;
  bar.volume = 0;
  return known;
}
