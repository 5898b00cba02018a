import type { Instant, MarketInfo, Price, Size } from '#core';
import type { VenueIo } from './venue.js';

export type HistoryKind = 'candles' | 'trades';

/**
 * What a venue remembers of a market's past. Candles and trades only: no venue serves past books, and what comes from
 * here is kept apart from what was recorded.
 */
export interface VenueHistory<C> {
  readonly kinds: readonly HistoryKind[];
  /** Longest past of each kind this venue can be asked for, in a sentence for people. */
  readonly sentence: string;
  /**
   * One page. Without hidden state: what it needs to go on is in `next`, so that an interrupted backfill goes on from
   * the last stored page. Rows may come twice, in any order; those outside the span are left out by the caller.
   */
  page(io: VenueIo<C>, market: MarketInfo, ask: HistoryAsk): Promise<HistoryPage>;
}

export interface HistoryAsk {
  readonly kind: HistoryKind;
  /** ms; `from` inclusive, `to` exclusive. */
  readonly from: Instant;
  readonly to: Instant;
  /** `next` of the page before; `null` begins. */
  readonly cursor: string | null;
}

export interface HistoryPage {
  readonly candles: readonly HistoryCandle[];
  readonly trades: readonly HistoryTrade[];
  /** `null`: there is no more. */
  readonly next: string | null;
  /** How much of the span is done with this page, from 0 to 1. */
  readonly done: number;
  /** Rows that could not be read. */
  readonly refused: number;
}

/** Micro-dollars of YES. */
export interface HistoryPrices {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
}

export interface HistoryCandle {
  /** Start of the period. */
  readonly at: Instant;
  readonly periodMs: number;
  readonly bid: HistoryPrices | null;
  readonly ask: HistoryPrices | null;
  /** Of a venue that tells a middle price and nothing else. */
  readonly mid: HistoryPrices | null;
  /** Of trades; `null` without one. */
  readonly price: HistoryPrices | null;
  readonly volume: Size | null;
}

export interface HistoryTrade {
  /** The venue's own, or one made of everything that tells it apart: the same trade always has the same. */
  readonly tradeId: string;
  readonly at: Instant;
  readonly price: Price;
  readonly size: Size;
  readonly taker: 'buy' | 'sell' | null;
}
