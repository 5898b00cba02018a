import { ASK, BID, type Change } from '../model/ladder.js';
import type { Grid, Market, Trade } from '../model/market.js';
import { iso, longPrice, longSize, seconds } from '../wire/spelling.js';

/** The book holds bids only: an ask of YES at p is a bid of NO at 1 − p. Lowest price first. */
export function yesLevels(market: Market): [string, string][] {
  return market.ladder.levels(BID).map(({ mils, size }) => [longPrice(mils), longSize(size)]);
}

export function noLevels(market: Market): [string, string][] {
  return market.ladder
    .levels(ASK)
    .map(({ mils, size }): [string, string] => [longPrice(1_000 - mils), longSize(size)])
    .reverse();
}

/** `msg` of a snapshot. An empty side's key is absent. */
export function snapshotMsg(market: Market): Readonly<Record<string, unknown>> {
  const yes = yesLevels(market);
  const no = noLevels(market);
  return {
    market_ticker: market.native,
    market_id: market.card.kalshi!.marketId,
    ...(yes.length > 0 ? { yes_dollars_fp: yes } : {}),
    ...(no.length > 0 ? { no_dollars_fp: no } : {}),
  };
}

/** `msg` of a delta, as JSON text: the hot path. */
export function deltaMsg(market: Market, change: Change, wall: number): string {
  const price = change.side === BID ? change.mils : 1_000 - change.mils;
  return (
    `{"market_ticker":"${market.native}","market_id":"${market.card.kalshi!.marketId}","price_dollars":"${longPrice(price)}",` +
    `"delta_fp":"${longSize(change.delta)}","side":"${change.side === BID ? 'yes' : 'no'}","ts":"${micros(wall)}","ts_ms":${wall}}`
  );
}

export function tradeMsg(market: Market, trade: Trade, wall: number): Readonly<Record<string, unknown>> {
  const outcome = trade.taker === 'buy' ? 'yes' : 'no';
  return {
    trade_id: uuid(trade.id),
    market_ticker: market.native,
    yes_price_dollars: longPrice(trade.mils),
    no_price_dollars: longPrice(1_000 - trade.mils),
    count_fp: longSize(trade.size),
    taker_side: outcome,
    taker_outcome_side: outcome,
    taker_book_side: trade.taker === 'buy' ? 'bid' : 'ask',
    is_block_trade: false,
    ts: seconds(wall),
    ts_ms: wall,
  };
}

export function tickerMsg(market: Market, wall: number): Readonly<Record<string, unknown>> {
  const { ladder } = market;
  const dollars = Math.round((market.volume / 100) * 0.5);
  return {
    market_ticker: market.native,
    market_id: market.card.kalshi!.marketId,
    price_dollars: longPrice(market.lastTrade),
    yes_bid_dollars: longPrice(ladder.bid),
    yes_ask_dollars: longPrice(ladder.ask),
    yes_bid_size_fp: longSize(ladder.bid > 0 ? ladder.size(BID, ladder.bid) : 0),
    yes_ask_size_fp: longSize(ladder.ask < 1_000 ? ladder.size(ASK, ladder.ask) : 0),
    last_trade_size_fp: longSize(market.lastSize),
    volume_fp: longSize(market.volume),
    open_interest_fp: longSize(Math.round(market.volume * 0.6)),
    dollar_volume: dollars,
    dollar_open_interest: Math.round(dollars * 0.6),
    ts: seconds(wall),
    ts_ms: wall,
    time: micros(wall),
  };
}

/** RFC 3339 with six decimals. */
export const micros = (wall: number): string => iso(wall).replace(/\.(\d{3})Z$/, '.$1000Z');

export const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;

export function priceRanges(
  grid: Grid,
): readonly { readonly start: string; readonly end: string; readonly step: string }[] {
  if (grid === 'cent') return [{ start: '0.0000', end: '1.0000', step: '0.0100' }];
  if (grid === 'mil') return [{ start: '0.0000', end: '1.0000', step: '0.0010' }];
  return [
    { start: '0.0000', end: '0.1000', step: '0.0010' },
    { start: '0.1000', end: '0.9000', step: '0.0100' },
    { start: '0.9000', end: '1.0000', step: '0.0010' },
  ];
}

export const structureName = (grid: Grid): string =>
  grid === 'cent' ? 'linear_cent' : grid === 'mil' ? 'deci_cent' : 'tapered_deci_cent';

/** What YES pays and how the venue calls it; a void market settles as `scalar` at a fair price, its last trade. */
export function settlement(market: Market): { readonly result: string; readonly value: string } {
  switch (market.outcome) {
    case 'yes':
      return { result: 'yes', value: '1.0000' };
    case 'no':
      return { result: 'no', value: '0.0000' };
    case 'half':
      return { result: 'scalar', value: '0.5000' };
    default:
      return { result: 'scalar', value: longPrice(market.lastTrade || 500) };
  }
}
