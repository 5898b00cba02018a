import { nativeOf, parsePrice, parseSize, price, size, type Instant, type MarketInfo } from '#core';
import type {
  HistoryAsk,
  HistoryCandle,
  HistoryPage,
  HistoryPrices,
  HistoryTrade,
  RestOptions,
  VenueHistory,
  VenueIo,
} from '#plugin-sdk';
import { instantOf, instantOfSeconds, isObject, list, spelling, text, type Json } from '../json.js';

type Get<C> = (io: VenueIo<C>, path: string, options?: RestOptions) => Promise<unknown>;

const TRADES_AT_ONCE = 1_000;
const MINUTE = 60_000;
/** Below the 5,000 that one answer may hold. */
const CANDLES_AT_ONCE = 4_000;

/** Where in the two tiers a walk is: what is older than the venue's cut-off is served from `/historical` only. */
interface Place {
  readonly tier: 'historical' | 'live';
  /** The venue's cursor of trades, or the next second of candles. */
  readonly at: string;
  /** ms; trades before it are in the historical tier. */
  readonly cutoff: Instant;
}

/** Trades of any age, and candles of a minute with bid, ask, price and volume. */
export function kalshiHistory<C>(get: Get<C>): VenueHistory<C> {
  return {
    kinds: ['candles', 'trades'],
    sentence: 'Candles of a minute with bid, ask and volume, and every trade, from the first day of a market.',
    page: (io, market, ask) => (ask.kind === 'candles' ? candles(get, io, market, ask) : trades(get, io, market, ask)),
  };
}

const NOTHING = { candles: [], trades: [], next: null, done: 1, refused: 0 } as const;

async function begin<C>(get: Get<C>, io: VenueIo<C>, of: 'market_settled_ts' | 'trades_created_ts'): Promise<Instant> {
  const answer = await get(io, '/historical/cutoff', { missingIsNull: true });
  return (isObject(answer) ? (instantOf(answer[of]) ?? instantOfSeconds(answer[of])) : null) ?? 0;
}

const seconds = (at: Instant): number => Math.floor(at / 1_000);

async function trades<C>(get: Get<C>, io: VenueIo<C>, market: MarketInfo, ask: HistoryAsk): Promise<HistoryPage> {
  const place = ask.cursor === null ? null : (JSON.parse(ask.cursor) as Place);
  const cutoff = place?.cutoff ?? (await begin(get, io, 'trades_created_ts'));
  const tier = place?.tier ?? (ask.from < cutoff ? 'historical' : 'live');
  const query = new URLSearchParams({
    ticker: nativeOf(market.id),
    limit: String(TRADES_AT_ONCE),
    min_ts: String(seconds(ask.from)),
    // Both ends are within; a second that is asked for twice gives the same ids twice.
    max_ts: String(seconds(ask.to - 1)),
  });
  if (place?.at) query.set('cursor', place.at);
  const root = tier === 'historical' ? '/historical/trades' : '/markets/trades';
  const answer = await get(io, `${root}?${query.toString()}`);
  // Blocks were agreed outside the book (`kalshi.wire`).
  const listed = (isObject(answer) ? list(answer['trades']) : []).filter(isObject);
  const raw = listed.filter((trade) => trade['is_block_trade'] !== true);
  const read = raw.map(readTrade).filter((trade) => trade !== null);
  const cursor = isObject(answer) ? text(answer['cursor']) : '';
  const oldest = Math.min(...read.map((trade) => trade.at), ask.to);
  // Newest first within a tier, the older tier first.
  const share = (from: Instant, to: Instant): number =>
    to <= from ? 1 : cursor === '' ? 1 : Math.min(1, Math.max(0, (to - oldest) / (to - from)));
  const bound = Math.min(Math.max(cutoff, ask.from), ask.to);
  const older = (bound - ask.from) / Math.max(1, ask.to - ask.from);
  const done = tier === 'historical' ? older * share(ask.from, bound) : older + (1 - older) * share(bound, ask.to);
  const go = (next: Place): HistoryPage => ({
    ...NOTHING,
    trades: read,
    refused: raw.length - read.length,
    next: JSON.stringify(next),
    done: Math.min(done, 0.999),
  });
  if (cursor !== '' && listed.length > 0) return go({ tier, at: cursor, cutoff });
  if (tier === 'historical' && ask.to > cutoff) return go({ tier: 'live', at: '', cutoff });
  return { ...NOTHING, trades: read, refused: raw.length - read.length };
}

function readTrade(raw: Json): HistoryTrade | null {
  const tradeId = text(raw['trade_id']);
  const at = instantOf(raw['created_time']);
  const yes = parsePrice(text(raw['yes_price_dollars']));
  const count = parseSize(text(raw['count_fp']));
  if (tradeId === '' || at === null || !(yes > 0) || !(count > 0)) return null;
  const side = text(raw['taker_outcome_side']) || text(raw['taker_side']);
  return {
    tradeId,
    at,
    price: price(yes),
    size: size(count),
    taker: side === 'yes' ? 'buy' : side === 'no' ? 'sell' : null,
  };
}

async function candles<C>(get: Get<C>, io: VenueIo<C>, market: MarketInfo, ask: HistoryAsk): Promise<HistoryPage> {
  const native = nativeOf(market.id);
  const place = ask.cursor === null ? null : (JSON.parse(ask.cursor) as Place);
  const cutoff = place?.cutoff ?? (await begin(get, io, 'market_settled_ts'));
  const from = place === null ? ask.from : Number(place.at) * 1_000;
  const to = Math.min(ask.to, from + CANDLES_AT_ONCE * MINUTE);
  // A candle is stamped with the end of its period.
  const query = new URLSearchParams({
    start_ts: String(seconds(from) + 1),
    end_ts: String(seconds(to)),
    period_interval: '1',
  });
  // Candles move to the historical tier with their market, when that is settled and old.
  const live = `/series/${encodeURIComponent(market.venueData['series'] ?? '')}/markets/${encodeURIComponent(native)}/candlesticks?${query.toString()}`;
  const archived = `/historical/markets/${encodeURIComponent(native)}/candlesticks?${query.toString()}`;
  const first =
    place?.tier ?? (market.status === 'settled' && (market.paysAt ?? Infinity) < cutoff ? 'historical' : 'live');
  let tier = first;
  let answer = await get(io, tier === 'live' ? live : archived, { missingIsNull: true });
  if (answer === null) {
    tier = tier === 'live' ? 'historical' : 'live';
    answer = await get(io, tier === 'live' ? live : archived, { missingIsNull: true });
  }
  const raw = (isObject(answer) ? list(answer['candlesticks']) : []).filter(isObject);
  const read = raw.map(readCandle).filter((candle) => candle !== null);
  const page = { ...NOTHING, candles: read, refused: raw.length - read.length };
  if (to >= ask.to || answer === null) return page;
  const next: Place = { tier, at: String(seconds(to)), cutoff };
  return { ...page, next: JSON.stringify(next), done: (to - ask.from) / (ask.to - ask.from) };
}

function readCandle(raw: Json): HistoryCandle | null {
  const end = instantOfSeconds(raw['end_period_ts']);
  if (end === null) return null;
  const volume = parseSize(spelling(raw['volume_fp'] ?? raw['volume']));
  return {
    at: end - MINUTE,
    periodMs: MINUTE,
    // 0 and 1 mean that nobody bids or asks.
    bid: prices(raw['yes_bid'], (value) => value > 0),
    ask: prices(raw['yes_ask'], (value) => value < 1_000_000),
    mid: null,
    price: prices(raw['price'], (value) => value > 0),
    volume: Number.isNaN(volume) ? null : size(volume),
  };
}

/** The live tier spells `open_dollars`, the historical one `open`. */
function prices(value: unknown, stands: (value: number) => boolean): HistoryPrices | null {
  if (!isObject(value)) return null;
  const of = (name: string): number => parsePrice(text(value[`${name}_dollars`] ?? value[name]));
  const [open, high, low, close] = [of('open'), of('high'), of('low'), of('close')];
  if (![open, high, low, close].every((each) => Number.isInteger(each) && stands(each))) return null;
  return { open: price(open), high: price(high), low: price(low), close: price(close) };
}
