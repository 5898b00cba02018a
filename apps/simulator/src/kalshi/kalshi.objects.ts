import { ASK, BID } from '../model/ladder.js';
import { stageOf } from '../model/listing.js';
import type { Feed, Market, MarketStage } from '../model/market.js';
import { SETTLED_AFTER_MS } from '../model/question.types.js';
import { closingAt, openedAt, wallOf } from '../wire/dates.js';
import { iso, longPrice, longSize } from '../wire/spelling.js';
import { priceRanges, settlement, structureName } from './kalshi.book.js';

type Json = Readonly<Record<string, unknown>>;

/** Objects use one vocabulary, filters another. */
export const STATUS: Readonly<Record<MarketStage, string>> = {
  unopened: 'initialized',
  open: 'active',
  closed: 'closed',
  determined: 'determined',
  settled: 'finalized',
};

export function kalshiMarket(feed: Feed, market: Market): Json {
  const { card, ladder } = market;
  const stage = stageOf(market, feed.now);
  const known = stage === 'determined' || stage === 'settled';
  const closes = closingAt(feed, market);
  const { result, value } = settlement(market);
  const bidSize = ladder.bid > 0 ? ladder.size(BID, ladder.bid) : 0;
  const askSize = ladder.ask < 1_000 ? ladder.size(ASK, ladder.ask) : 0;
  const last = market.lastTrade || 500;
  return {
    ticker: market.native,
    event_ticker: card.kalshi!.event,
    market_type: 'binary',
    title: card.title,
    yes_sub_title: card.outcomes[0],
    // Repeats the YES side, as it does at the venue.
    no_sub_title: card.outcomes[0],
    status: STATUS[stage],
    created_time: iso(openedAt(feed, market)),
    updated_time: iso(wallOf(feed, market.lastChangeAt)),
    open_time: iso(openedAt(feed, market)),
    close_time: iso(closes),
    expected_expiration_time: iso(closes),
    expiration_time: iso(closes),
    latest_expiration_time: iso(closes + 7 * 86_400_000),
    occurrence_datetime: iso(closes),
    yes_bid_dollars: longPrice(ladder.bid),
    yes_ask_dollars: longPrice(ladder.ask),
    no_bid_dollars: longPrice(1_000 - ladder.ask),
    no_ask_dollars: longPrice(1_000 - ladder.bid),
    yes_bid_size_fp: longSize(bidSize),
    yes_ask_size_fp: longSize(askSize),
    last_price_dollars: longPrice(last),
    previous_price_dollars: longPrice(last),
    previous_yes_bid_dollars: longPrice(ladder.bid),
    previous_yes_ask_dollars: longPrice(ladder.ask),
    volume_fp: longSize(market.volume),
    volume_24h_fp: longSize(Math.round(market.volume / 3)),
    open_interest_fp: longSize(Math.round(market.volume * 0.6)),
    notional_value_dollars: '1.0000',
    liquidity_dollars: '0.0000',
    result: known ? result : '',
    ...(known ? { settlement_value_dollars: value } : {}),
    ...(stage === 'settled' ? { settlement_ts: iso(wallOf(feed, market.closesAt + SETTLED_AFTER_MS)) } : {}),
    expiration_value: known ? (result === 'yes' ? card.outcomes[0] : result) : '',
    settlement_timer_seconds: Math.round(SETTLED_AFTER_MS / 1_000),
    can_close_early: true,
    early_close_condition: 'This market will close and expire after the outcome is known.',
    ...strikeOf(market),
    rules_primary: card.rules,
    rules_secondary: '',
    price_level_structure: structureName(market.grid),
    price_ranges: priceRanges(market.grid),
    fractional_trading_enabled: false,
    exchange_index: 0,
  };
}

/** A threshold as the venue states it; teams and names are structured. */
export const strikeOf = (market: Market): Json => {
  const strike = market.card.question?.def.strike;
  return strike === undefined ? { strike_type: 'structured' } : { strike_type: 'greater', floor_strike: strike };
};

export function kalshiEvent(feed: Feed, markets: readonly Market[], nested: boolean): Json {
  const [first] = markets;
  const settled = markets.every((market) => stageOf(market, feed.now) === 'settled');
  return {
    event_ticker: first.card.kalshi!.event,
    series_ticker: first.card.kalshi!.series,
    title: first.card.event.title,
    sub_title: '',
    mutually_exclusive: first.card.event.exclusive,
    collateral_return_type: first.card.event.exclusive && markets.length > 1 ? 'MECNET' : '',
    strike_period: '',
    category: first.card.category,
    available_on_brokers: true,
    exchange_index: 0,
    ...(first.feeOverridden && first.fee.venue === 'kalshi'
      ? { fee_type_override: first.fee.type, fee_multiplier_override: first.fee.multiplier }
      : {}),
    // Settled events come back without their markets.
    ...(nested && !settled ? { markets: markets.map((market) => kalshiMarket(feed, market)) } : {}),
  };
}

export function kalshiSeries(market: Market): Json {
  const { fee, card } = market;
  return {
    ticker: card.kalshi!.series,
    title: card.event.title,
    category: card.category,
    tags: [],
    frequency: 'custom',
    fee_type: fee.venue === 'kalshi' ? fee.type : 'quadratic',
    fee_multiplier: fee.venue === 'kalshi' ? fee.multiplier : 1,
    settlement_sources: [{ name: 'the simulator', url: 'http://127.0.0.1/' }],
    contract_url: '',
    exchange_index: 0,
  };
}
