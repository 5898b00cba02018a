import { stageOf } from '../model/listing.js';
import type { Feed, Market } from '../model/market.js';
import { badRequest, notFound, ok, type Answer, type Request } from '../wire/http.js';
import { dataTrades } from './history.routes.js';
import { gammaEvent, gammaMarket } from './gamma.objects.js';

const MOST_MARKETS = 100;
const MOST_EVENTS = 500;
const MOST_CONDITIONS = 100;
/** Ended markets a listing goes back to. */
const ENDED = 500;

/** Gamma: discovery, and the Data API's trades at the same address. Keyset listings page by `after_cursor`; a parameter called `cursor` is ignored, as at the venue. */
export function gamma(feed: Feed, request: Request): Answer {
  const { path, query } = request;
  if (path === '/trades') return dataTrades(feed, query);
  if (path === '/markets/keyset')
    return keyset(query, MOST_MARKETS, markets(feed, query), 'markets', (market) => gammaMarket(feed, market));
  if (path === '/events/keyset')
    return keyset(query, MOST_EVENTS, events(feed, query), 'events', (each) => gammaEvent(feed, each));
  // Legacy listings: bare arrays by offset, or by condition.
  if (path === '/markets')
    return offset(query, MOST_MARKETS, markets(feed, query), (market) => gammaMarket(feed, market));
  if (path === '/events') return offset(query, MOST_EVENTS, events(feed, query), (each) => gammaEvent(feed, each));
  const single = /^\/(markets|events)\/(?:(slug)\/)?([^/]+)$/.exec(path);
  if (!single) return notFound('not found');
  const [, what, bySlug, key] = single;
  if (what === 'markets') {
    const market = bySlug ? find(feed, (each) => each.card.polymarket!.slug === key) : feed.findGamma(key);
    return market ? ok(gammaMarket(feed, market)) : notFound('market not found');
  }
  const first = bySlug ? find(feed, (each) => each.card.polymarket!.eventSlug === key) : null;
  const group = first ? feed.siblings(first) : bySlug ? [] : feed.eventById('polymarket', key);
  return group.length > 0 ? ok(gammaEvent(feed, group)) : notFound('event not found');
}

const find = (feed: Feed, test: (market: Market) => boolean): Market | null =>
  feed.listed('polymarket').find(test) ?? feed.ended('polymarket', ENDED).find(test) ?? null;

const closed = (feed: Feed, market: Market): boolean => stageOf(market, feed.now) === 'settled';

function markets(feed: Feed, query: URLSearchParams): readonly Market[] | string {
  const conditions = query.getAll('condition_ids');
  const tokens = query.getAll('clob_token_ids');
  const slugs = query.getAll('slug');
  if (conditions.length > MOST_CONDITIONS) return `condition_ids: at most ${MOST_CONDITIONS}`;
  let found: readonly Market[];
  if (conditions.length > 0) found = conditions.flatMap((native) => feed.find('polymarket', native) ?? []);
  else if (tokens.length > 0) found = tokens.flatMap((token) => feed.findToken(token)?.market ?? []);
  else if (slugs.length > 0)
    found = slugs.flatMap((slug) => find(feed, (market) => market.card.polymarket!.slug === slug) ?? []);
  else found = query.get('closed') === 'true' ? feed.ended('polymarket', ENDED) : feed.listed('polymarket');
  // Closed markets are listed only when asked for, and then only they.
  const wanted = query.get('closed');
  return wanted === null && (conditions.length > 0 || tokens.length > 0 || slugs.length > 0)
    ? found
    : found.filter((market) => closed(feed, market) === (wanted === 'true'));
}

function events(feed: Feed, query: URLSearchParams): readonly (readonly Market[])[] | string {
  const wanted = query.get('closed') === 'true';
  const text = query.get('title_search')?.toLowerCase();
  const ids = query.getAll('id');
  if (ids.length > 0) return ids.map((id) => feed.eventById('polymarket', id)).filter((group) => group.length > 0);
  const seen = new Set<string>();
  const groups: (readonly Market[])[] = [];
  for (const market of wanted ? feed.ended('polymarket', ENDED) : feed.listed('polymarket')) {
    const id = market.card.polymarket!.eventId;
    if (seen.has(id)) continue;
    seen.add(id);
    const group = feed.siblings(market);
    if (group.every((each) => closed(feed, each)) !== wanted) continue;
    if (text && !group[0].card.event.title.toLowerCase().includes(text)) continue;
    groups.push(group);
  }
  return groups;
}

function keyset<T>(
  query: URLSearchParams,
  most: number,
  found: readonly T[] | string,
  name: string,
  show: (each: T) => unknown,
): Answer {
  if (typeof found === 'string') return badRequest(found);
  if (query.has('offset')) return badRequest('offset is not supported, use after_cursor');
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 20) || 20, 1), most);
  const cursor = query.get('after_cursor');
  const from = cursor ? Number(Buffer.from(cursor, 'base64url').toString().replace('after:', '')) : 0;
  if (!Number.isInteger(from) || from < 0) return badRequest('after_cursor is not valid');
  const page = found.slice(from, from + limit);
  const more = from + limit < found.length;
  return ok({
    [name]: page.map(show),
    ...(more ? { next_cursor: Buffer.from(`after:${from + limit}`).toString('base64url') } : {}),
  });
}

function offset<T>(
  query: URLSearchParams,
  most: number,
  found: readonly T[] | string,
  show: (each: T) => unknown,
): Answer {
  if (typeof found === 'string') return badRequest(found);
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 20) || 20, 1), most);
  const from = Math.max(Number(query.get('offset') ?? 0) || 0, 0);
  return ok(found.slice(from, from + limit).map(show));
}
