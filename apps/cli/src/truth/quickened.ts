import type { Estimate } from '#core';
import { scorePath } from './forecasts.js';
import { SAMPLE_MS, type MarketPath } from './market-path.js';
import { FIT_BARS } from './regime-recovery.js';

/** Squared error of the fair value against the truth, beyond what chance costs: sums over `samples`. */
export interface Quickened {
  readonly samples: number;
  /** Deaf to regimes, and following faster while the market is called volatile. */
  readonly steady: number;
  readonly quickened: number;
}

const MINUTE_MS = 60_000;

/** What a fair value gains by a regime model beside it, on the minutes after that model's fit. */
export function scoreQuickened(path: MarketPath, held: Float64Array): Quickened {
  const later = afterMinute(path, FIT_BARS);
  const regime = (name: string, now: number): Estimate | null => {
    // What is said while a minute runs is about the one before.
    const value = held[FIT_BARS + Math.floor(now / MINUTE_MS) - 1];
    return name === 'regime' && value >= 0 ? ({ value, at: now } as Estimate) : null;
  };
  const steady = scorePath(later, { volatileFaster: 1 });
  const quickened = scorePath(later, {}, undefined, regime);
  return {
    samples: steady.samples,
    steady: steady.brier.fair - steady.brierOfTruth,
    quickened: quickened.brier.fair - quickened.brierOfTruth,
  };
}

/** The path from a minute on, its clock set back to 0. */
export function afterMinute(path: MarketPath, minute: number): MarketPath {
  const from = minute * MINUTE_MS;
  const { quotes, trades } = path;
  const first = quotes.at.findIndex((at) => at >= from);
  const traded = trades.at.findIndex((at) => at >= from);
  const cut = (column: Float64Array, start: number): Float64Array => column.subarray(start < 0 ? column.length : start);
  const shifted = (column: Float64Array, start: number): Float64Array => cut(column, start).map((at) => at - from);
  return {
    info: path.info,
    quotes: {
      at: shifted(quotes.at, first),
      bid: cut(quotes.bid, first),
      ask: cut(quotes.ask, first),
      bidSize: cut(quotes.bidSize, first),
      askSize: cut(quotes.askSize, first),
    },
    trades: {
      at: shifted(trades.at, traded),
      price: cut(trades.price, traded),
      size: cut(trades.size, traded),
    },
    truth: path.truth.subarray(from / SAMPLE_MS),
    moods: path.moods.slice(minute),
  };
}
