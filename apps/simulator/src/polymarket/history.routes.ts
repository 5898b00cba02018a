import type { Feed, Market, Trade } from '../model/market.js';
import { wallOf } from '../wire/dates.js';
import { badRequest, ok, type Answer } from '../wire/http.js';
import { seconds } from '../wire/spelling.js';
import { createHash } from 'node:crypto';

const MOST_TRADES = 500;
const FARTHEST_TRADE = 3_000;
const MOST_POINTS = 11_000;

/** `/prices-history`: the parameter is called market and takes a token. Middle prices, a point each `fidelity` minutes. */
export function pricesHistory(feed: Feed, query: URLSearchParams): Answer {
  const found = feed.findToken(query.get('market') ?? '');
  const [start, end] = [
    Number(query.get('startTs') ?? 0),
    Number(query.get('endTs') ?? seconds(wallOf(feed, feed.now))),
  ];
  const every = Math.max(1, Number(query.get('fidelity') ?? 1) || 1);
  if (!(end >= start)) return badRequest('startTs must not be after endTs');
  if (!found) return ok({ history: [] });
  const minutes = feed.past?.(found.market, start * 1_000 - feed.origin, end * 1_000 - feed.origin) ?? [];
  const history = minutes
    .filter((_, i) => i % every === 0)
    .slice(0, MOST_POINTS)
    .map(({ at, bid, ask }) => {
      const middle = (bid[3] + ask[3]) / 2_000;
      return { t: seconds(wallOf(feed, at)) + 2, p: found.outcome === 0 ? middle : 1 - middle };
    });
  return ok({ history });
}

/** The Data API's trades: newest first, times in seconds, numbers as numbers, and no further back than the offset goes. */
export function dataTrades(feed: Feed, query: URLSearchParams): Answer {
  const market = feed.find('polymarket', query.get('market') ?? '');
  const limit = Math.min(Number(query.get('limit') ?? 100) || 100, MOST_TRADES);
  const offset = Number(query.get('offset') ?? 0) || 0;
  if (offset > FARTHEST_TRADE) return badRequest('max historical activity offset of 3000 exceeded');
  if (!market) return ok([]);
  return ok(
    market.trades
      .toReversed()
      .slice(offset, offset + limit)
      .map((trade) => shown(feed, market, trade)),
  );
}

function shown(feed: Feed, market: Market, trade: Trade): unknown {
  const { card } = market;
  const hash = createHash('sha256').update(trade.id).digest('hex');
  // Some are told of the other token: the same trade from the other side.
  const outcome = trade.outcome ?? (hash.charCodeAt(0) % 2 === 0 ? 0 : 1);
  return {
    proxyWallet: `0x${hash.slice(0, 40)}`,
    side: (trade.taker === 'buy') === (outcome === 0) ? 'BUY' : 'SELL',
    asset: card.polymarket!.tokens[outcome],
    conditionId: market.native,
    size: trade.size / 100,
    price: (outcome === 0 ? trade.mils : 1_000 - trade.mils) / 1_000,
    timestamp: seconds(wallOf(feed, trade.at)),
    title: card.title,
    slug: card.polymarket!.slug,
    eventSlug: card.polymarket!.eventSlug,
    outcome: card.outcomes[outcome],
    outcomeIndex: outcome,
    transactionHash: `0x${hash}`,
  };
}
