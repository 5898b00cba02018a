import { stageOf } from '../model/listing.js';
import type { Feed, Market } from '../model/market.js';
import { closingAt, wallOf } from '../wire/dates.js';
import type { Faults } from '../wire/faults.js';
import { badRequest, notFound, ok, type Answer, type Request } from '../wire/http.js';
import { iso, seconds } from '../wire/spelling.js';
import { bookHash, halves, lastTradePrice, tickSize, touch } from './polymarket.book.js';
import { pricesHistory } from './history.routes.js';
import { spoil } from './polymarket.frames.js';

const NO_BOOK = 'No orderbook exists for the requested token id';

/** The CLOB's public REST: books and market parameters. */
export function clob(feed: Feed, faults: Faults, request: Request): Answer {
  const { path, query } = request;
  const one = (show: (market: Market, outcome: 0 | 1) => unknown): Answer => {
    const found = live(feed, query.get('token_id') ?? '');
    return found ? ok(show(found.market, found.outcome)) : notFound(NO_BOOK);
  };
  if (path === '/time') return ok(seconds(wallOf(feed, feed.now) + faults.skew('polymarket')));
  if (path === '/ok' || path === '/') return ok('OK');
  if (path === '/book') return one((market, outcome) => restBook(feed, faults, market, outcome));
  if (path === '/books' && request.method === 'POST') return books(feed, faults, request.body);
  if (path === '/prices-history') return pricesHistory(feed, query);
  if (path === '/tick-size') return one((market) => ({ minimum_tick_size: Number(tickSize(market)) }));
  if (path === '/neg-risk') return one((market) => ({ neg_risk: market.card.negRisk }));
  if (path === '/midpoint')
    return one((market, outcome) => ({
      mid: String((Number(touch(market, outcome)[0]) + Number(touch(market, outcome)[1])) / 2),
    }));
  if (path === '/spread') return one((market) => ({ spread: String((market.ladder.ask - market.ladder.bid) / 1_000) }));
  if (path === '/price')
    return one((market, outcome) => ({ price: touch(market, outcome)[query.get('side') === 'BUY' ? 0 : 1] }));
  if (path === '/last-trade-price') return one((market) => ({ price: lastTradePrice(market), side: 'BUY' }));
  // Contradicts the schedule, as at the venue: nobody should read it.
  if (path === '/fee-rate') return one(() => ({ base_fee: 1000 }));
  const market = /^\/(clob-markets|markets)\/(0x[0-9a-fA-F]{64})$/.exec(path);
  if (!market) return notFound('not found');
  const found = feed.find('polymarket', market[2].toLowerCase());
  if (!found) return notFound('market not found');
  return ok(market[1] === 'markets' ? clobMarket(feed, found) : shortMarket(found));
}

function live(feed: Feed, token: string): { readonly market: Market; readonly outcome: 0 | 1 } | null {
  const found = feed.findToken(token);
  return found && ['open', 'closed'].includes(stageOf(found.market, feed.now)) ? found : null;
}

function restBook(feed: Feed, faults: Faults, market: Market, token: 0 | 1): unknown {
  const spelled = halves(market);
  const stamp = String(wallOf(feed, market.lastChangeAt) + faults.skew('polymarket'));
  const hash = bookHash(market, token, stamp, spelled);
  return {
    market: market.native,
    asset_id: market.card.polymarket!.tokens[token],
    timestamp: stamp,
    hash: faults.active('polymarket', 'wrong-hash') ? spoil(hash) : hash,
    bids: JSON.parse(spelled.bids[token]),
    asks: JSON.parse(spelled.asks[token]),
    min_order_size: String(market.card.minSize),
    tick_size: tickSize(market),
    neg_risk: market.card.negRisk,
    last_trade_price: lastTradePrice(market),
  };
}

function books(feed: Feed, faults: Faults, body: unknown): Answer {
  if (!Array.isArray(body)) return badRequest('Invalid payload');
  if (body.length > 500) return badRequest('too many token ids');
  const tokens = body.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'token_id' in each ? String(each.token_id) : '',
  );
  return ok(
    tokens.flatMap((token) => {
      const found = live(feed, token);
      return found ? [restBook(feed, faults, found.market, found.outcome)] : [];
    }),
  );
}

function clobMarket(feed: Feed, market: Market): unknown {
  const { card } = market;
  const stage = stageOf(market, feed.now);
  const final = stage === 'settled';
  const middle =
    market.ladder.bid > 0 && market.ladder.ask < 1_000 ? (market.ladder.bid + market.ladder.ask) / 2_000 : 0.5;
  const worth = (token: 0 | 1): number => {
    if (!final) return token === 0 ? middle : 1 - middle;
    if (market.outcome === 'half') return 0.5;
    if (market.outcome === 'void') return 0;
    return (market.outcome === 'yes') === (token === 0) ? 1 : 0;
  };
  return {
    enable_order_book: true,
    active: true,
    closed: final,
    archived: false,
    accepting_orders: stage === 'open',
    minimum_order_size: card.minSize,
    minimum_tick_size: Number(tickSize(market)),
    condition_id: market.native,
    question_id: card.polymarket!.negRiskId,
    question: card.title,
    description: card.rules,
    market_slug: card.polymarket!.slug,
    end_date_iso: iso(closingAt(feed, market)),
    game_start_time: null,
    seconds_delay: 0,
    maker_base_fee: 1000,
    taker_base_fee: 1000,
    neg_risk: card.negRisk,
    neg_risk_market_id: card.negRisk ? card.polymarket!.negRiskId : '',
    is_50_50_outcome: final && market.outcome === 'half',
    tokens: ([0, 1] as const).map((token) => ({
      token_id: card.polymarket!.tokens[token],
      outcome: card.outcomes[token],
      price: worth(token),
      winner: final && worth(token) === 1,
    })),
    tags: [card.category, 'All'],
  };
}

function shortMarket(market: Market): unknown {
  const names = market.card.polymarket!;
  return {
    c: market.native,
    mts: Number(tickSize(market)),
    mos: market.card.minSize,
    nr: market.card.negRisk,
    ...(market.fee.venue === 'polymarket' && market.fee.rate !== null
      ? { fd: { r: market.fee.rate, e: 1, to: true } }
      : {}),
    t: names.tokens.map((token, i) => ({ t: token, o: market.card.outcomes[i] })),
  };
}
