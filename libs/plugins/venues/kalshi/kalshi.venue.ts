import {
  nativeOf,
  OutsideProblem,
  parsePrice,
  parseSize,
  price,
  PRICE_ONE,
  type FeeSchedule,
  type MarketInfo,
} from '#core';
import {
  defineVenue,
  type BookMessage,
  type CatalogueFilter,
  type CataloguePage,
  type CommandIds,
  type LifecycleMessage,
  type RestOptions,
  type SocketDescription,
  type VenueIo,
  type WireSession,
} from '#plugin-sdk';
import { Type, type Static } from 'typebox';
import { instantOf, isObject, list, text, type Json } from '../json.js';
import {
  feesFrom,
  isCombination,
  KALSHI,
  readFeeChanges,
  readGroup,
  readMarket,
  statusOf,
  type FeeChange,
} from './kalshi.catalogue.js';
import { kalshiHistory } from './kalshi.history.js';
import { signedHeaders } from './kalshi.sign.js';
import { bothSides, payout, wire } from './kalshi.wire.js';

const Config = Type.Object({
  restUrl: Type.String({
    title: 'REST address',
    description: 'Catalogue, fees, results and whole books, with the path /trade-api/v2. Demo keys need the demo host.',
    default: 'https://external-api.kalshi.com/trade-api/v2',
  }),
  socketUrl: Type.String({
    title: 'Socket address',
    description: 'Books and trades as they happen, with the path /trade-api/ws/v2. Needs a key.',
    default: 'wss://external-api-ws.kalshi.com/trade-api/ws/v2',
  }),
  keyId: Type.Union([Type.String(), Type.Null()], {
    title: 'Key id',
    description: 'Without a key Kalshi does not stream: books are polled by REST.',
    default: null,
  }),
  privateKey: Type.Union([Type.String(), Type.Null()], {
    title: 'Private key (PEM)',
    description: 'Signs requests and the handshake. Read from a file, never shown.',
    default: null,
  }),
});
type Config = Static<typeof Config>;
type Io = VenueIo<Config>;

const EVENTS_PAGE = 100;
const BOOKS_AT_ONCE = 100;
/** Every request costs this in the venue's tokens. */
const REQUEST = 10;
/** Combos and lists are charged per item in places; whole books are budgeted so. */
const PER_BOOK = 2;
const CHANNELS = ['orderbook_delta', 'trade'] as const;

/** Kalshi's event contracts: streams with a key, polls REST without one. */
export const kalshi = defineVenue<typeof Config>({
  manifest: {
    id: KALSHI,
    version: '1.0.0',
    title: 'Kalshi',
    summary: 'Event contracts: books and trades by signed socket, or by polling REST without a key.',
    sdk: '^1.0.0',
    permissions: ['net:kalshi.com', 'secrets'],
  },
  configSchema: Config,
  rest: { tokensPerSecond: 200, burst: 200, defaultCost: REQUEST },
  wire,
  access: (config) =>
    keyOf(config)
      ? { how: 'stream', sentence: 'Streams with the configured key.' }
      : {
          how: 'poll',
          sentence: 'Polls REST: without a key (KALSHI_KEY_ID, KALSHI_PRIVATE_KEY_FILE) Kalshi does not stream.',
        },
  listMarkets,
  socket,
  history: kalshiHistory<Config>(get),

  async snapshot(io, markets) {
    const books: BookMessage[] = [];
    for (let from = 0; from < markets.length; from += BOOKS_AT_ONCE) {
      books.push(...(await booksOf(io, markets.slice(from, from + BOOKS_AT_ONCE))));
    }
    const served = new Set(books.map((book) => book.native));
    return { books, missing: markets.map((market) => nativeOf(market.id)).filter((native) => !served.has(native)) };
  },

  /** Every week for some hours (venues: 7): markets stay `active` and books stand as they were left. */
  async paused(io) {
    const status = await get(io, '/exchange/status');
    if (!isObject(status) || (status['exchange_active'] !== false && status['trading_active'] !== false)) return null;
    const resumesAt = instantOf(status['exchange_estimated_resume_time']);
    return `Kalshi takes no orders at present${resumesAt === null ? '' : `, by its own word until about ${new Date(resumesAt).toISOString()}`}`;
  },

  async resolve(io, markets) {
    const lives: LifecycleMessage[] = [];
    for (let from = 0; from < markets.length; from += BOOKS_AT_ONCE) {
      const batch = markets.slice(from, from + BOOKS_AT_ONCE);
      const found = await marketsOf(io, batch);
      const listed = new Set(found.map((raw) => text(raw['ticker'])));
      for (const market of batch) if (!listed.has(nativeOf(market.id))) found.push(...(await archived(io, market)));
      lives.push(...found.map(readLife).filter((life) => life !== null));
    }
    return lives;
  },
});

const keyOf = (config: Config): { readonly id: string; readonly pem: string } | null =>
  config.keyId && config.privateKey ? { id: config.keyId, pem: config.privateKey } : null;

/** Signed when there is a key: it raises the limits and opens what is closed to strangers. */
function get(io: Io, path: string, options: RestOptions = {}): Promise<unknown> {
  const url = `${io.config.restUrl}${path}`;
  const key = keyOf(io.config);
  return io.get(url, key ? { ...options, headers: () => signedHeaders(key, 'GET', url, io.now()) } : options);
}

/** What settled long ago is served from another place only (venues: 3.1, `/historical`). */
async function archived(io: Io, market: MarketInfo): Promise<Json[]> {
  const path = `/historical/markets/${encodeURIComponent(nativeOf(market.id))}`;
  const answer = await get(io, path, { missingIsNull: true });
  return isObject(answer) && isObject(answer['market']) ? [answer['market']] : [];
}

async function* listMarkets(io: Io, filter: CatalogueFilter): AsyncGenerator<CataloguePage> {
  const fees = new Map<string, FeeSchedule | null>();
  const changes = readFeeChanges(await get(io, '/series/fee_changes', { missingIsNull: true }));
  const seen = new Set<string>();
  let cursor = '';
  let listed = 0;
  do {
    const query = new URLSearchParams({ status: 'open', with_nested_markets: 'true', limit: String(EVENTS_PAGE) });
    if (cursor) query.set('cursor', cursor);
    const answer = await get(io, `/events?${query.toString()}`);
    const events = (isObject(answer) ? list(answer['events']) : []).filter(isObject).filter((event) => {
      const id = text(event['event_ticker']);
      return id !== '' && !seen.has(id) && seen.add(id);
    });
    if (events.length === 0) return;
    for (const event of events) {
      const series = text(event['series_ticker']);
      if (!fees.has(series)) fees.set(series, await seriesFees(io, series, changes.get(series)));
    }
    const page = readEvents(events, fees, filter.text);
    yield page;
    listed += page.markets.length;
    cursor = isObject(answer) ? text(answer['cursor']) : '';
  } while (cursor && listed < filter.limit);
}

async function seriesFees(io: Io, series: string, changes?: readonly FeeChange[]): Promise<FeeSchedule | null> {
  const answer = await get(io, `/series/${encodeURIComponent(series)}`, { missingIsNull: true });
  const raw = isObject(answer) && isObject(answer['series']) ? answer['series'] : null;
  return raw ? feesFrom(raw['fee_type'], raw['fee_multiplier'], changes) : null;
}

export function readEvents(
  events: readonly Json[],
  fees: ReadonlyMap<string, FeeSchedule | null>,
  filter = '',
): CataloguePage {
  const page = {
    groups: [] as CataloguePage['groups'][number][],
    markets: [] as MarketInfo[],
    refused: [] as string[],
  };
  for (const event of events) {
    if (filter && !text(event['title']).toLowerCase().includes(filter.toLowerCase())) continue;
    const members = list(event['markets'])
      .filter(isObject)
      .filter((market) => !isCombination(market));
    // An override of the event wins over its series.
    const override = event['fee_type_override'];
    const schedule = override
      ? feesFrom(override, event['fee_multiplier_override'])
      : (fees.get(text(event['series_ticker'])) ?? null);
    for (const raw of members) {
      const read = readMarket(raw, event, schedule, members.length > 1);
      if (typeof read === 'string') page.refused.push(read);
      else page.markets.push(read);
    }
    if (members.length > 1) page.groups.push(readGroup(event, members));
  }
  return page;
}

async function booksOf(io: Io, markets: readonly MarketInfo[]): Promise<BookMessage[]> {
  const query = new URLSearchParams();
  for (const market of markets) query.append('tickers', nativeOf(market.id));
  let answer: unknown;
  try {
    answer = await get(io, `/markets/orderbooks?${query.toString()}`, { cost: REQUEST + PER_BOOK * markets.length });
  } catch (error) {
    // The specification says that books need a key, the prose that they do not: without one the quotes must do.
    if (!(error instanceof OutsideProblem) || error.status !== 401 || keyOf(io.config)) throw error;
    return (await marketsOf(io, markets)).map(topOf).filter((book) => book !== null);
  }
  const raw = isObject(answer) ? list(answer['orderbooks']) : list(answer);
  return raw.filter(isObject).flatMap((one): BookMessage[] => {
    const book = isObject(one['orderbook_fp']) ? one['orderbook_fp'] : {};
    const levels = bothSides(book['yes_dollars'], book['no_dollars']);
    const native = text(one['ticker']) || text(one['market_ticker']);
    return levels && native ? [{ kind: 'book', native, mode: 'snapshot', levels, venueAt: null }] : [];
  });
}

async function marketsOf(io: Io, markets: readonly MarketInfo[]): Promise<Json[]> {
  const query = new URLSearchParams({
    limit: String(BOOKS_AT_ONCE),
    tickers: markets.map((market) => nativeOf(market.id)).join(','),
  });
  const answer = await get(io, `/markets?${query.toString()}`);
  return (isObject(answer) ? list(answer['markets']) : []).filter(isObject);
}

/** The best level of each side as `/markets` shows it; prices 0 and 1 mean that there is none. */
function topOf(raw: Json): BookMessage | null {
  const levels: number[] = [];
  const bid = parsePrice(text(raw['yes_bid_dollars']));
  const ask = parsePrice(text(raw['yes_ask_dollars']));
  const bidSize = parseSize(text(raw['yes_bid_size_fp']));
  const askSize = parseSize(text(raw['yes_ask_size_fp']));
  if (bid > 0 && bid < PRICE_ONE && bidSize > 0) levels.push(0, bid, bidSize);
  if (ask > 0 && ask < PRICE_ONE && askSize > 0) levels.push(1, ask, askSize);
  const native = text(raw['ticker']);
  return native ? { kind: 'book', native, mode: 'snapshot', levels: Float64Array.from(levels), venueAt: null } : null;
}

export function readLife(raw: Json): LifecycleMessage | null {
  const native = text(raw['ticker']);
  const status = statusOf(raw['status']);
  if (!native || !status) return null;
  const closesAt = instantOf(raw['close_time']);
  const life = { kind: 'lifecycle' as const, native, venueAt: null, ...(closesAt === null ? {} : { closesAt }) };
  const yesPays =
    status === 'determined' || status === 'settled' ? payout(raw['settlement_value_dollars'], raw['result']) : null;
  // Settled without a value: the next poll may know it; until then it is not over.
  if (yesPays === null) return { ...life, status: status === 'settled' ? 'determined' : status };
  return {
    ...life,
    status,
    resolution: { outcome: { kind: 'value', yesPays: price(yesPays) }, final: status === 'settled' },
  };
}

function socket(config: Config): SocketDescription | null {
  const key = keyOf(config);
  if (!key) return null;
  const tickers = (markets: readonly MarketInfo[]): string[] => markets.map((market) => nativeOf(market.id));
  const update = (
    markets: readonly MarketInfo[],
    action: string,
    channels: readonly string[],
    session: WireSession,
    ids: CommandIds,
  ): string[] =>
    channels.flatMap((channel) => {
      const sid = Number(session.streams.get(channel));
      if (markets.length === 0 || !Number.isInteger(sid)) return [];
      return [
        JSON.stringify({
          id: ids.next(),
          cmd: 'update_subscription',
          params: { sid, action, market_tickers: tickers(markets) },
        }),
      ];
    });
  // `use_yes_price` decides whether NO levels are NO prices; its default was announced to change.
  const subscribe = (markets: readonly MarketInfo[], ids: CommandIds): string =>
    JSON.stringify({
      id: ids.next(),
      cmd: 'subscribe',
      params: { channels: CHANNELS, market_tickers: tickers(markets), use_yes_price: false },
    });
  return {
    url: config.socketUrl,
    // One gap spoils every book of the connection: fewer markets, less damage.
    marketsPerConnection: 100,
    headers: (now) => signedHeaders(key, 'GET', config.socketUrl, now),
    subscribe: (markets, ids) => [
      subscribe(markets, ids),
      JSON.stringify({ id: ids.next(), cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } }),
    ],
    change: (add, drop, session, ids) => [
      ...update(drop, 'delete_markets', CHANNELS, session, ids),
      // Until each channel is acknowledged it cannot be added to by its sid; a second subscription merges into the first.
      ...(add.length === 0
        ? []
        : CHANNELS.every((channel) => session.streams.has(channel))
          ? update(add, 'add_markets', CHANNELS, session, ids)
          : [subscribe(add, ids)]),
    ],
    refresh: (markets, session, ids) => update(markets, 'get_snapshot', [CHANNELS[0]], session, ids),
    heartbeat: { send: null, everyMs: 10_000, deadAfterMs: 35_000, probeAfterMs: 15_000 },
    closed: (code) => ({
      retry: true,
      sentence: code === 1008 ? 'Kalshi refused the connection' : 'the connection to Kalshi ended',
    }),
  };
}
