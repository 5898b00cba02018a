import { stageOf } from '../model/listing.js';
import type { Feed, Market } from '../model/market.js';
import { wallOf } from '../wire/dates.js';
import type { Faults } from '../wire/faults.js';
import { badRequest, notFound, ok, type Answer, type Request } from '../wire/http.js';
import { iso, seconds } from '../wire/spelling.js';
import { noLevels, tradeMsg, yesLevels } from './kalshi.book.js';
import { candlesticks, cutoff, cutoffOf } from './kalshi.history.js';
import { checkSignature, type ExchangeKey } from './kalshi.key.js';
import { kalshiEvent, kalshiMarket, kalshiSeries } from './kalshi.objects.js';

const ROOT = '/trade-api/v2';
const COST = 10;
const ENDED = 1_000;
/** Filter value → stages of objects it means. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  unopened: ['unopened'],
  open: ['open'],
  paused: [],
  closed: ['closed', 'determined'],
  settled: ['settled'],
};

export interface FeeChange {
  readonly at: number;
  readonly market: Market;
}

/** The exchange's REST: a token bucket, signatures when given, cursors. */
export class KalshiRest {
  #tokens: number;
  #filledAt = Date.now();
  readonly feeChanges: FeeChange[] = [];

  constructor(
    readonly feed: Feed,
    readonly key: ExchangeKey,
    readonly faults: Faults,
    /** Read tokens per second; a request costs 10. */
    readonly budget: number,
  ) {
    this.#tokens = budget;
  }

  answer(request: Request): Answer {
    if (!request.path.startsWith(`${ROOT}/`)) return notFound('not found');
    const signed = checkSignature(
      this.key,
      request.headers,
      request.method,
      request.path,
      Date.now() + this.faults.skew('kalshi'),
    );
    if (signed.kind === 'bad')
      return { status: 401, body: { error: { code: 'authentication_error', message: signed.reason } } };
    if (!this.#pay()) return { status: 429, body: { error: 'too many requests' } };
    if (request.method !== 'GET') return { status: 405, body: { error: 'method not allowed' } };
    return this.#route(request.path.slice(ROOT.length), request.query);
  }

  #pay(): boolean {
    const now = Date.now();
    this.#tokens = Math.min(this.budget, this.#tokens + ((now - this.#filledAt) / 1_000) * this.budget);
    this.#filledAt = now;
    if (this.#tokens < COST) return false;
    this.#tokens -= COST;
    return true;
  }

  #route(path: string, query: URLSearchParams): Answer {
    const { feed } = this;
    switch (path) {
      case '/exchange/status':
        return ok({ exchange_active: true, trading_active: true, exchange_estimated_resume_time: null });
      case '/exchange/schedule':
        return ok({ schedule: schedule() });
      case '/events':
        return this.#events(query);
      case '/markets':
        return this.#markets(query);
      case '/markets/orderbooks': {
        const tickers = query.getAll('tickers').flatMap((text) => text.split(','));
        if (tickers.length === 0 || tickers.length > 100) return badRequest('tickers: 1 to 100');
        const found = tickers.flatMap((ticker) => feed.find('kalshi', ticker) ?? []);
        return ok({ orderbooks: found.map((market) => ({ ticker: market.native, ...book(market, 0) })) });
      }
      case '/markets/trades':
        return this.#trades(query, 'live');
      case '/historical/trades':
        return this.#trades(query, 'historical');
      case '/historical/cutoff':
        return cutoff(feed);
      case '/series/fee_changes':
        return ok({
          series_fee_change_arr: this.feeChanges.map(({ at, market }, i) => ({
            id: String(i + 1),
            series_ticker: market.card.kalshi!.series,
            fee_type: market.fee.type,
            fee_multiplier: market.fee.venue === 'kalshi' ? market.fee.multiplier : 1,
            scheduled_ts: iso(wallOf(feed, at)),
          })),
        });
      case '/series':
        return ok({
          series: [
            ...new Map(
              this.feed.listed('kalshi').map((market) => [market.card.kalshi!.series, kalshiSeries(market)]),
            ).values(),
          ],
        });
    }
    const [, tier, ticker] = /^\/(series\/[^/]+|historical)\/markets\/([^/]+)\/candlesticks$/.exec(path) ?? [];
    if (tier) {
      const market = feed.find('kalshi', ticker);
      return candlesticks(feed, market, tier === 'historical' ? 'historical' : 'live', query);
    }
    const [, kind, name, tail] = /^\/(series|events|markets)\/([^/]+)(\/orderbook)?$/.exec(path) ?? [];
    if (kind === 'series') {
      const market = feed.listed('kalshi').find((each) => each.card.kalshi!.series === name);
      return market ? ok({ series: kalshiSeries(market) }) : missing();
    }
    if (kind === 'events') {
      const markets = feed.eventById('kalshi', name);
      if (markets.length === 0) return missing();
      const nested = query.get('with_nested_markets') === 'true';
      return ok({
        event: kalshiEvent(feed, markets, nested),
        ...(nested ? {} : { markets: markets.map((market) => kalshiMarket(feed, market)) }),
      });
    }
    if (kind === 'markets') {
      const market = feed.find('kalshi', name);
      if (!market) return missing();
      return ok(tail ? book(market, Number(query.get('depth') ?? 0) || 0) : { market: kalshiMarket(feed, market) });
    }
    return missing();
  }

  #events(query: URLSearchParams): Answer {
    const status = query.get('status');
    if (status !== null && !FILTERS[status]) return badRequest('status is not valid');
    const groups = new Map<string, readonly Market[]>();
    for (const market of this.#pool(status)) {
      const id = market.card.kalshi!.event;
      if (!groups.has(id)) groups.set(id, this.feed.siblings(market));
    }
    const series = query.get('series_ticker');
    const found = [...groups.values()].filter(([first]) => series === null || first.card.kalshi!.series === series);
    const nested = query.get('with_nested_markets') === 'true';
    return page(query, found, 100, 200, 'events', (markets) => kalshiEvent(this.feed, markets, nested));
  }

  #markets(query: URLSearchParams): Answer {
    const status = query.get('status');
    if (status !== null && !FILTERS[status]) return badRequest('status is not valid');
    const tickers = query.get('tickers');
    const [event, series] = [query.get('event_ticker'), query.get('series_ticker')];
    let found: readonly Market[] = tickers
      ? tickers.split(',').flatMap((ticker) => this.feed.find('kalshi', ticker) ?? [])
      : event
        ? this.feed.eventById('kalshi', event)
        : this.#pool(status);
    if (series) found = found.filter((market) => market.card.kalshi!.series === series);
    if (status !== null && (tickers || event))
      found = found.filter((market) => FILTERS[status].includes(stageOf(market, this.feed.now)));
    return page(query, found, 100, 1_000, 'markets', (market) => kalshiMarket(this.feed, market));
  }

  /** Markets a listing with this status filter starts from. */
  #pool(status: string | null): readonly Market[] {
    if (status === 'settled') return this.feed.ended('kalshi', ENDED);
    const listed = this.feed.listed('kalshi');
    return status === null
      ? listed
      : listed.filter((market) => FILTERS[status].includes(stageOf(market, this.feed.now)));
  }

  /** A trade is in one of the two tiers, by its age. */
  #trades(query: URLSearchParams, tier: 'live' | 'historical'): Answer {
    const ticker = query.get('ticker');
    const markets = ticker ? [this.feed.find('kalshi', ticker)] : this.feed.listed('kalshi');
    const [from, to] = [Number(query.get('min_ts') ?? 0), Number(query.get('max_ts') ?? Infinity)];
    const trades = markets
      .flatMap((market) =>
        market ? market.trades.map((trade) => ({ market, trade, wall: wallOf(this.feed, trade.at) })) : [],
      )
      .filter(({ wall }) => seconds(wall) >= from && seconds(wall) <= to)
      .filter(({ wall }) => wall < cutoffOf(this.feed) === (tier === 'historical'))
      .sort((a, b) => b.wall - a.wall);
    return page(query, trades, 100, 1_000, 'trades', ({ market, trade, wall }) => {
      const { market_ticker, ts: _ts, ts_ms: _tsMs, ...rest } = tradeMsg(market, trade, wall);
      return { ...rest, ticker: market_ticker, created_time: iso(wall) };
    });
  }
}

const missing = (): Answer => ({ status: 404, body: { error: { code: 'not_found', message: 'not found' } } });

function book(market: Market, depth: number): { readonly orderbook_fp: unknown } {
  const cut = (levels: [string, string][]): [string, string][] => (depth > 0 ? levels.slice(-depth) : levels);
  return { orderbook_fp: { yes_dollars: cut(yesLevels(market)), no_dollars: cut(noLevels(market)) } };
}

/** Cursor is opaque; empty at the end. */
function page<T>(
  query: URLSearchParams,
  found: readonly T[],
  usual: number,
  most: number,
  name: string,
  show: (each: T) => unknown,
): Answer {
  const limit = Math.min(Number(query.get('limit') ?? usual) || usual, most);
  const cursor = query.get('cursor');
  const from = cursor ? Number(Buffer.from(cursor, 'base64url').toString()) : 0;
  if (!Number.isInteger(from) || from < 0) return badRequest('cursor is not valid');
  const more = from + limit < found.length;
  return ok({
    [name]: found.slice(from, from + limit).map(show),
    cursor: more ? Buffer.from(String(from + limit)).toString('base64url') : '',
  });
}

function schedule(): unknown {
  const day = [{ open_time: '00:00', close_time: '00:00' }];
  return {
    standard_hours: [
      {
        start_time: '2026-01-01T00:00:00Z',
        end_time: '2030-01-01T00:00:00Z',
        monday: day,
        tuesday: day,
        wednesday: day,
        thursday: day,
        friday: day,
        saturday: day,
        sunday: day,
      },
    ],
    maintenance_windows: [],
  };
}
