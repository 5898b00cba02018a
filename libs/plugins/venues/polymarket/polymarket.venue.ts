import { nativeOf, type MarketInfo } from '#core';
import {
  defineVenue,
  type Alias,
  type BookMessage,
  type CatalogueFilter,
  type CataloguePage,
  type LifecycleMessage,
  type SocketDescription,
  type VenueIo,
} from '#plugin-sdk';
import { Type, type Static } from 'typebox';
import { isObject, list, spelling, text } from '../json.js';
import { POLYMARKET, readEvents, readLife } from './polymarket.catalogue.js';
import { polymarketHistory } from './polymarket.history.js';
import { book, wire } from './polymarket.wire.js';

const Config = Type.Object({
  gammaUrl: Type.String({
    title: 'Gamma address',
    description: 'Catalogue and results. Public, no key.',
    default: 'https://gamma-api.polymarket.com',
  }),
  clobUrl: Type.String({
    title: 'CLOB address',
    description: 'Whole books by REST, for resync and probes. Public, no key.',
    default: 'https://clob.polymarket.com',
  }),
  dataUrl: Type.String({
    title: 'Data address',
    description: 'Past trades. Public, no key.',
    default: 'https://data-api.polymarket.com',
  }),
  socketUrl: Type.String({
    title: 'Market socket',
    description: 'Books and trades as they happen. Public, no key.',
    default: 'wss://ws-subscriptions-clob.polymarket.com/ws/market',
  }),
});
type Config = Static<typeof Config>;

const PAGE = 100;
/** Tokens of one request for books. */
const BOOKS_AT_ONCE = 100;
/** `condition_ids` of one request. */
const LIVES_AT_ONCE = 50;

/** Polymarket's international CLOB: public market data, no key. */
export const polymarket = defineVenue<typeof Config>({
  manifest: {
    id: POLYMARKET,
    version: '1.0.0',
    title: 'Polymarket',
    summary: 'International CLOB: public books and trades by socket, catalogue and results from Gamma.',
    sdk: '^1.0.0',
    permissions: ['net:polymarket.com'],
  },
  configSchema: Config,
  // Half of the published 500 requests in 10 s of /books and Gamma's /events; the front delays rather than refuses.
  rest: { tokensPerSecond: 20, burst: 40, defaultCost: 1 },
  wire,
  access: () => ({ how: 'stream', sentence: 'Streams the public market channel; no key is needed.' }),
  listMarkets,
  socket,
  history: polymarketHistory,

  async snapshot(io, markets) {
    const books: BookMessage[] = [];
    for (let from = 0; from < markets.length; from += BOOKS_AT_ONCE)
      books.push(...(await booksOf(io, markets.slice(from, from + BOOKS_AT_ONCE))));
    const served = new Set(books.map((one) => one.native));
    return { books, missing: markets.map((market) => nativeOf(market.id)).filter((native) => !served.has(native)) };
  },

  async resolve(io, markets) {
    const lives: LifecycleMessage[] = [];
    for (let from = 0; from < markets.length; from += LIVES_AT_ONCE) {
      const batch = markets.slice(from, from + LIVES_AT_ONCE);
      const found = new Set<string>();
      // The listing shows closed markets only when asked for them, and then only them.
      for (const closed of ['true', 'false']) {
        const wanted = batch.map((market) => nativeOf(market.id)).filter((native) => !found.has(native));
        if (wanted.length === 0) break;
        for (const life of await livesOf(io, wanted, closed)) {
          if (found.has(life.native)) continue;
          found.add(life.native);
          lives.push(life);
        }
      }
    }
    return lives;
  },
});

/** One token's book is enough: the other's is its mirror. */
async function booksOf(io: VenueIo<Config>, markets: readonly MarketInfo[]): Promise<BookMessage[]> {
  const byToken = new Map(markets.map((market) => [market.venueData['yesToken'] ?? '', market]));
  byToken.delete('');
  if (byToken.size === 0) return [];
  const answer = await io.post(
    `${io.config.clobUrl}/books`,
    [...byToken.keys()].map((token) => ({ token_id: token })),
  );
  const alias = (name: string): Alias | undefined => {
    const market = byToken.get(name);
    return market ? { native: nativeOf(market.id), token: 0 } : undefined;
  };
  return list(answer)
    .flatMap((one) => (isObject(one) ? book(one, alias) : []))
    .filter((one): one is BookMessage => one.kind === 'book');
}

async function livesOf(io: VenueIo<Config>, natives: readonly string[], closed: string): Promise<LifecycleMessage[]> {
  const query = new URLSearchParams({ limit: String(PAGE), closed });
  for (const native of natives) query.append('condition_ids', native);
  const answer = await io.get(`${io.config.gammaUrl}/markets/keyset?${query.toString()}`);
  const raw = isObject(answer) ? list(answer['markets']) : list(answer);
  return raw.map(readLife).filter((life): life is LifecycleMessage => life !== null);
}

/**
 * Gamma's open events, busiest first. A cursor that is not understood is ignored there and page 1 comes again, for
 * ever: a page without an event not seen before ends the walk.
 */
async function* listMarkets(io: VenueIo<Config>, filter: CatalogueFilter): AsyncGenerator<CataloguePage> {
  const seen = new Set<string>();
  let cursor = '';
  let listed = 0;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE),
      closed: 'false',
      order: 'volume24hr',
      ascending: 'false',
    });
    if (filter.text) query.set('title_search', filter.text);
    if (cursor) query.set('after_cursor', cursor);
    const answer = await io.get(`${io.config.gammaUrl}/events/keyset?${query.toString()}`);
    const events = (isObject(answer) ? list(answer['events']) : list(answer)).filter((event) => {
      const id = isObject(event) ? spelling(event['id']) : '';
      return id !== '' && !seen.has(id) && seen.add(id);
    });
    if (events.length === 0) return;
    const page = readEvents(events);
    yield page;
    listed += page.markets.length;
    cursor = isObject(answer) ? text(answer['next_cursor']) : '';
  } while (cursor && listed < filter.limit);
}

/**
 * Both tokens of each market: changes of both come in one frame, but a trade is told of one token only, and each book
 * brings its own proof.
 */
function socket(config: Config): SocketDescription {
  const tokens = (markets: readonly MarketInfo[]): string[] =>
    markets.flatMap(({ venueData }) => [venueData['yesToken'] ?? '', venueData['noToken'] ?? '']).filter(Boolean);
  const operation = (markets: readonly MarketInfo[], what: 'subscribe' | 'unsubscribe'): string[] =>
    markets.length === 0
      ? []
      : [JSON.stringify({ assets_ids: tokens(markets), operation: what, custom_feature_enabled: true })];
  return {
    url: config.socketUrl,
    // Books were lost above 500 tokens a connection; others stay at 200 (venues: 3.1).
    marketsPerConnection: 100,
    headers: () => ({}),
    subscribe: (markets) => [
      JSON.stringify({ type: 'market', assets_ids: tokens(markets), custom_feature_enabled: true }),
    ],
    change: (add, drop) => [...operation(drop, 'unsubscribe'), ...operation(add, 'subscribe')],
    // Re-subscribing a held token brings no book: only REST does.
    refresh: () => [],
    // PONG travels behind the data, up to 9.5 s late in heavy traffic.
    heartbeat: { send: 'PING', everyMs: 10_000, deadAfterMs: 30_000, probeAfterMs: 15_000 },
    closed: (code, reason) => {
      if (code === 1000 && /resolved/i.test(reason))
        return { retry: false, sentence: 'Polymarket ended the connection: every market on it is resolved' };
      if (code === 1013) return { retry: true, sentence: 'Polymarket dropped us as a slow reader' };
      return { retry: true, sentence: 'the connection to Polymarket ended' };
    },
  };
}
