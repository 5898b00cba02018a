import { stageOf } from '../model/listing.js';
import { MINUTE_MS } from '../model/maker.js';
import type { Feed, Market, PastMinute } from '../model/market.js';
import { SETTLED_AFTER_MS } from '../model/question.types.js';
import { wallOf } from '../wire/dates.js';
import { badRequest, notFound, ok, type Answer } from '../wire/http.js';
import { iso, longPrice, longSize, seconds } from '../wire/spelling.js';

/** Here everything is quick: what the venue keeps at hand for months is archived after a quarter of a minute. */
const ARCHIVED_AFTER_MS = 15_000;
const MOST_CANDLES = 5_000;

/** Wall time before which trades, and markets that had settled, are served from the historical tier only. */
export const cutoffOf = (feed: Feed): number => wallOf(feed, feed.now) - ARCHIVED_AFTER_MS;

export const cutoff = (feed: Feed): Answer => {
  const at = iso(cutoffOf(feed));
  return ok({ market_settled_ts: at, trades_created_ts: at, orders_updated_ts: at });
};

const archived = (feed: Feed, market: Market): boolean =>
  stageOf(market, feed.now) === 'settled' && wallOf(feed, market.closesAt + SETTLED_AFTER_MS) < cutoffOf(feed);

/** `/series/…/candlesticks` and its historical twin: one knows what the other does not, and they spell differently. */
export function candlesticks(
  feed: Feed,
  market: Market | null,
  tier: 'live' | 'historical',
  query: URLSearchParams,
): Answer {
  if (!market || archived(feed, market) !== (tier === 'historical')) return notFound('not found');
  const [start, end] = [Number(query.get('start_ts')), Number(query.get('end_ts'))];
  const minutes = Number(query.get('period_interval'));
  if (!(end >= start) || ![1, 60, 1_440].includes(minutes)) return badRequest('start_ts, end_ts or period_interval');
  if ((end - start) / (60 * minutes) > MOST_CANDLES) return badRequest(`more than ${MOST_CANDLES} candlesticks`);
  const period = minutes * MINUTE_MS;
  const past = feed.past?.(market, start * 1_000 - feed.origin - period, end * 1_000 - feed.origin) ?? [];
  const groups = new Map<number, PastMinute[]>();
  for (const minute of past) {
    const endsAt = (Math.floor(wallOf(feed, minute.at) / period) + 1) * period;
    if (endsAt / 1_000 < start || endsAt / 1_000 > end) continue;
    groups.set(endsAt, [...(groups.get(endsAt) ?? []), minute]);
  }
  return ok({
    ticker: market.native,
    candlesticks: [...groups].map(([endsAt, inside]) => candle(feed, market, endsAt, period, inside, tier)),
  });
}

function candle(
  feed: Feed,
  market: Market,
  endsAt: number,
  period: number,
  minutes: readonly PastMinute[],
  tier: 'live' | 'historical',
): unknown {
  const trades = market.trades.filter(({ at }) => {
    const wall = wallOf(feed, at);
    return wall >= endsAt - period && wall < endsAt;
  });
  const suffix = tier === 'live' ? '_dollars' : '';
  const spelled = (values: readonly number[]): unknown => {
    const [open, high, low, close] = [values[0], Math.max(...values), Math.min(...values), values[values.length - 1]];
    return Object.fromEntries(
      Object.entries({ open, high, low, close }).map(([name, mils]) => [`${name}${suffix}`, longPrice(mils)]),
    );
  };
  const volume = longSize(trades.reduce((sum, trade) => sum + trade.size, 0));
  const interest = longSize(Math.round(market.volume * 0.6));
  return {
    end_period_ts: seconds(endsAt),
    yes_bid: spelled(minutes.flatMap(({ bid }) => bid)),
    yes_ask: spelled(minutes.flatMap(({ ask }) => ask)),
    price: trades.length > 0 ? spelled(trades.map(({ mils }) => mils)) : { [`previous${suffix}`]: null },
    ...(tier === 'live' ? { volume_fp: volume, open_interest_fp: interest } : { volume, open_interest: interest }),
  };
}
