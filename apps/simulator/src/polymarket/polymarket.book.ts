import { createHash } from 'node:crypto';
import { ASK, BID } from '../model/ladder.js';
import type { Market, Trade } from '../model/market.js';
import { shortPrice, shortSize, tradePrice } from '../wire/spelling.js';

/** Both tokens' halves of a book as JSON text, spelled once. Bids ascend, asks descend: the best is the last of both. */
export interface Halves {
  readonly bids: readonly [string, string];
  readonly asks: readonly [string, string];
}

const level = (mils: number, size: number): string => `{"price":"${shortPrice(mils)}","size":"${shortSize(size)}"}`;

export function halves(market: Market): Halves {
  const bids = market.ladder.levels(BID);
  const asks = market.ladder.levels(ASK);
  const list = (levels: readonly string[]): string => `[${levels.join(',')}]`;
  return {
    bids: [
      list(bids.map(({ mils, size }) => level(mils, size))),
      list(asks.map(({ mils, size }) => level(1_000 - mils, size)).reverse()),
    ],
    asks: [
      list(asks.map(({ mils, size }) => level(mils, size)).reverse()),
      list(bids.map(({ mils, size }) => level(1_000 - mils, size))),
    ],
  };
}

export const tickSize = (market: Market): string => (market.grid === 'cent' ? '0.01' : '0.001');

/** The outcome a trade was told for; the venue reports one of the two. */
export const tradedOutcome = (trade: Trade): 0 | 1 =>
  trade.outcome ?? (Number.parseInt(trade.id.slice(-1), 16) % 4 === 0 ? 1 : 0);

/** Market-level: the price of the last trade in its own token, the same on both tokens. */
export function lastTradePrice(market: Market): string {
  const trade = market.trades.at(-1);
  if (!trade) return market.lastTrade > 0 ? tradePrice(market.lastTrade) : '';
  return tradePrice(tradedOutcome(trade) === 0 ? trade.mils : 1_000 - trade.mils);
}

/**
 * The venue's book hash: SHA-1 of compact JSON with exactly these keys in this order (recipe of the public
 * py-clob-client, `generate_orderbook_summary_hash`).
 */
export function bookHash(market: Market, token: 0 | 1, timestamp: string, spelled: Halves): string {
  const text =
    `{"market":"${market.native}","asset_id":"${market.card.polymarket!.tokens[token]}","timestamp":"${timestamp}","hash":"",` +
    `"bids":${spelled.bids[token]},"asks":${spelled.asks[token]},"min_order_size":"${market.card.minSize}","tick_size":"${tickSize(market)}",` +
    `"neg_risk":${market.card.negRisk},"last_trade_price":"${lastTradePrice(market)}"}`;
  return createHash('sha1').update(text).digest('hex');
}

/** Best bid and ask of a token: "0" and "1" when a side is empty. */
export function touch(market: Market, token: 0 | 1): readonly [bid: string, ask: string] {
  const { bid, ask } = market.ladder;
  return token === 0 ? [shortPrice(bid), shortPrice(ask)] : [shortPrice(1_000 - ask), shortPrice(1_000 - bid)];
}
