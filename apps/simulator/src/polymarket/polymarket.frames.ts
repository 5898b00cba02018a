import { BID, type Change } from '../model/ladder.js';
import type { Market, Trade } from '../model/market.js';
import { shortPrice, shortSize, tradePrice } from '../wire/spelling.js';
import { bookHash, lastTradePrice, tickSize, touch, tradedOutcome, type Halves } from './polymarket.book.js';

/** Frames of the market channel. `stamp` is the venue's clock in ms, as text. */
export const spoil = (hash: string): string => `${hash.slice(1)}${hash[0] === 'f' ? '0' : 'f'}`;

export function bookObject(
  market: Market,
  token: 0 | 1,
  stamp: string,
  spelled: Halves,
  wrong: boolean,
  opening: boolean,
): string {
  const hash = bookHash(market, token, stamp, spelled);
  const head = `{"market":"${market.native}","asset_id":"${market.card.polymarket!.tokens[token]}"`;
  const levels = `"bids":${spelled.bids[token]},"asks":${spelled.asks[token]}`;
  const shown = wrong ? spoil(hash) : hash;
  return opening
    ? `${head},"timestamp":"${stamp}","hash":"${shown}",${levels},"tick_size":"${tickSize(market)}","event_type":"book","last_trade_price":"${lastTradePrice(market)}"}`
    : `${head},${levels},"hash":"${shown}","timestamp":"${stamp}","event_type":"book"}`;
}

export function priceChange(
  market: Market,
  changes: readonly Change[],
  stamp: string,
  spelled: Halves,
  wrong: boolean,
): string {
  const [yes, no] = market.card.polymarket!.tokens;
  const [yesHash, noHash] = ([0, 1] as const).map((token) => {
    const hash = bookHash(market, token, stamp, spelled);
    return wrong ? spoil(hash) : hash;
  });
  const [yesBid, yesAsk] = touch(market, 0);
  const [noBid, noAsk] = touch(market, 1);
  const rows = changes.map(({ side, mils, size }) => {
    const spelledSize = shortSize(size);
    return (
      `{"asset_id":"${yes}","price":"${shortPrice(mils)}","size":"${spelledSize}","side":"${side === BID ? 'BUY' : 'SELL'}","hash":"${yesHash}","best_bid":"${yesBid}","best_ask":"${yesAsk}"},` +
      `{"asset_id":"${no}","price":"${shortPrice(1_000 - mils)}","size":"${spelledSize}","side":"${side === BID ? 'SELL' : 'BUY'}","hash":"${noHash}","best_bid":"${noBid}","best_ask":"${noAsk}"}`
    );
  });
  return `{"market":"${market.native}","price_changes":[${rows.join(',')}],"timestamp":"${stamp}","event_type":"price_change"}`;
}

export function lastTradeFrame(market: Market, trade: Trade, stamp: string): string {
  const outcome = tradedOutcome(trade);
  const side = (trade.taker === 'buy') === (outcome === 0) ? 'BUY' : 'SELL';
  return JSON.stringify({
    market: market.native,
    asset_id: market.card.polymarket!.tokens[outcome],
    price: tradePrice(outcome === 0 ? trade.mils : 1_000 - trade.mils),
    size: shortSize(trade.size),
    // Not to be trusted, as at the venue: "0" even where a fee is charged.
    fee_rate_bps: '0',
    side,
    timestamp: stamp,
    event_type: 'last_trade_price',
    transaction_hash: `0x${trade.id}`,
  });
}

export function tickFrame(market: Market, token: 0 | 1, old: string, stamp: string): string {
  return JSON.stringify({
    market: market.native,
    asset_id: market.card.polymarket!.tokens[token],
    old_tick_size: old,
    new_tick_size: tickSize(market),
    timestamp: stamp,
    event_type: 'tick_size_change',
  });
}

export function bestFrame(market: Market, token: 0 | 1, stamp: string): string {
  const [bid, ask] = touch(market, token);
  return JSON.stringify({
    market: market.native,
    asset_id: market.card.polymarket!.tokens[token],
    best_bid: bid,
    best_ask: ask,
    spread: shortPrice(market.ladder.ask - market.ladder.bid),
    timestamp: stamp,
    event_type: 'best_bid_ask',
  });
}

export function newMarketFrame(market: Market, stamp: string): string {
  const { card } = market;
  const names = card.polymarket!;
  return JSON.stringify({
    event_type: 'new_market',
    id: names.gammaId,
    question: card.title,
    market: market.native,
    slug: names.slug,
    description: card.rules,
    assets_ids: names.tokens,
    clob_token_ids: names.tokens,
    outcomes: card.outcomes,
    condition_id: market.native,
    active: true,
    tags: [card.category],
    event_message: {
      id: names.eventId,
      ticker: names.eventSlug,
      slug: names.eventSlug,
      title: card.event.title,
      description: card.rules,
    },
    sports_market_type: '',
    line: '',
    game_start_time: '',
    order_price_min_tick_size: tickSize(market),
    group_item_title: card.negRisk ? card.outcomes[0] : '',
    taker_base_fee: 1000,
    fees_enabled: true,
    fee_schedule: market.fee.venue === 'polymarket' && market.fee.rate !== null ? feeSchedule(market.fee.rate) : null,
    timestamp: stamp,
  });
}

export const feeSchedule = (rate: number): Readonly<Record<string, unknown>> => ({
  exponent: 1,
  rate,
  rebateRate: rate === 0 ? 0 : 0.25,
  takerOnly: true,
});

export function resolvedFrame(market: Market, stamp: string): string {
  const names = market.card.polymarket!;
  // A 50-50 or void result has no winner; what the venue sends then was never captured, so the fields are empty.
  const winner = market.outcome === 'yes' ? 0 : market.outcome === 'no' ? 1 : null;
  return JSON.stringify({
    event_type: 'market_resolved',
    id: names.gammaId,
    market: market.native,
    assets_ids: names.tokens,
    winning_asset_id: winner === null ? '' : names.tokens[winner],
    winning_outcome: winner === null ? '' : market.card.outcomes[winner],
    timestamp: stamp,
    tags: [market.card.category],
  });
}
