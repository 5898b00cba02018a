import { nativeOf, parseDecimal, parsePrice, price, PRICE_ONE, size, type MarketInfo, type Price } from '#core';
import type {
  HistoryAsk,
  HistoryCandle,
  HistoryPage,
  HistoryPrices,
  HistoryTrade,
  VenueHistory,
  VenueIo,
} from '#plugin-sdk';
import { instantOfSeconds, isObject, list, numeric, spelling, text, type Json } from '../json.js';

interface Addresses {
  readonly clobUrl: string;
  readonly dataUrl: string;
}

const MINUTE = 60_000;
/** A week of minutes in one answer. */
const PRICES_SPAN = 7 * 24 * 60 * MINUTE;
const TRADES_AT_ONCE = 500;
/** Behind this the venue serves no trades. */
const FARTHEST_TRADE = 3_000;
/** A page begins so many trades before the end of the last one: trades of one transaction are told apart by their count. */
const OVERLAP = 50;
/** `/trades` allows 200 requests in 10 s; half of that is ours. */
const TRADES_COST = 2;

/** Middle prices of every minute, and the newest trades: older ones are out of reach there. */
export const polymarketHistory: VenueHistory<Addresses> = {
  kinds: ['candles', 'trades'],
  sentence: 'A middle price a minute, without sizes; of trades only the newest 3,500 of a market.',
  page: (io, market, ask) => (ask.kind === 'candles' ? prices(io, market, ask) : trades(io, market, ask)),
};

const NOTHING = { candles: [], trades: [], next: null, done: 1, refused: 0 } as const;

async function prices(io: VenueIo<Addresses>, market: MarketInfo, ask: HistoryAsk): Promise<HistoryPage> {
  const from = ask.cursor === null ? ask.from : Number(ask.cursor);
  const to = Math.min(ask.to, from + PRICES_SPAN);
  // The parameter is called market and takes a token.
  const query = new URLSearchParams({
    market: market.venueData['yesToken'] ?? '',
    startTs: String(Math.floor(from / 1_000)),
    endTs: String(Math.ceil(to / 1_000)),
    fidelity: '1',
  });
  const answer = await io.get(`${io.config.clobUrl}/prices-history?${query.toString()}`, { missingIsNull: true });
  const raw = isObject(answer) ? list(answer['history']) : [];
  const minutes = new Map<number, HistoryPrices>();
  let refused = 0;
  for (const point of raw) {
    const at = isObject(point) ? instantOfSeconds(point['t']) : null;
    const p = isObject(point) ? priceOf(point['p']) : null;
    if (at === null || p === null) {
      refused++;
      continue;
    }
    const start = Math.floor(at / MINUTE) * MINUTE;
    const before = minutes.get(start);
    minutes.set(start, {
      open: before?.open ?? p,
      high: before && before.high > p ? before.high : p,
      low: before && before.low < p ? before.low : p,
      close: p,
    });
  }
  const candles = [...minutes].map(([at, mid]): HistoryCandle => ({
    at,
    periodMs: MINUTE,
    bid: null,
    ask: null,
    mid,
    price: null,
    volume: null,
  }));
  if (to >= ask.to) return { ...NOTHING, candles, refused };
  return { ...NOTHING, candles, refused, next: String(to), done: (to - ask.from) / (ask.to - ask.from) };
}

/** A JSON number, perhaps with the noise of a binary fraction. */
function priceOf(value: unknown): Price | null {
  const given = numeric(value);
  if (!(given >= 0 && given <= 1)) return null;
  return price(parsePrice(given.toFixed(6)));
}

async function trades(io: VenueIo<Addresses>, market: MarketInfo, ask: HistoryAsk): Promise<HistoryPage> {
  const offset = ask.cursor === null ? 0 : Number(ask.cursor);
  const query = new URLSearchParams({
    market: nativeOf(market.id),
    limit: String(TRADES_AT_ONCE),
    offset: String(offset),
    takerOnly: 'true',
  });
  const answer = await io.get(`${io.config.dataUrl}/trades?${query.toString()}`, {
    cost: TRADES_COST,
    missingIsNull: true,
  });
  const raw = list(answer);
  const seen = new Map<string, number>();
  const read = raw.map((one) => (isObject(one) ? readTrade(one, market, seen) : null)).filter((one) => one !== null);
  const page = { ...NOTHING, trades: read, refused: raw.length - read.length };
  const oldest = Math.min(...read.map((trade) => trade.at));
  const next = offset + TRADES_AT_ONCE - OVERLAP;
  if (raw.length < TRADES_AT_ONCE || oldest < ask.from || next > FARTHEST_TRADE) return page;
  return { ...page, next: String(next), done: Math.min(0.999, next / FARTHEST_TRADE) };
}

/** Of a NO token: the same trade seen from the other side of the one book. */
function readTrade(raw: Json, market: MarketInfo, seen: Map<string, number>): HistoryTrade | null {
  const at = instantOfSeconds(raw['timestamp']);
  const told = priceOf(raw['price']);
  const count = parseDecimal(numeric(raw['size']).toFixed(2), 2);
  const token = text(raw['asset']);
  const side = text(raw['side']).toUpperCase();
  const yes = token === market.venueData['yesToken'];
  if (at === null || told === null || !(count > 0) || (!yes && token !== market.venueData['noToken'])) return null;
  const buys = side === 'BUY' ? yes : side === 'SELL' ? !yes : null;
  const parts = [raw['transactionHash'], raw['proxyWallet'], token, side, raw['price'], raw['size']].map(spelling);
  const key = parts.join(' ');
  const nth = seen.get(key) ?? 0;
  seen.set(key, nth + 1);
  return {
    // A transaction may carry several trades that are equal in everything.
    tradeId: `${parts[0]}-${shortHash(key)}-${nth}`,
    at,
    price: yes ? told : price(PRICE_ONE - told),
    size: size(count),
    taker: buys === null ? null : buys ? 'buy' : 'sell',
  };
}

/** FNV-1a over UTF-16 units, hex: tells trades of one transaction apart, nothing more. */
function shortHash(value: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
