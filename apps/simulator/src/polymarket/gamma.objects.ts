import { stageOf } from '../model/listing.js';
import type { Feed, Market } from '../model/market.js';
import { closingAt, openedAt, wallOf } from '../wire/dates.js';
import { iso } from '../wire/spelling.js';
import { feeSchedule } from './polymarket.frames.js';
import { lastTradePrice } from './polymarket.book.js';

type Json = Readonly<Record<string, unknown>>;

/** What the two outcomes are worth, as Gamma tells it: quoted middle while open, the result when resolved. */
function outcomePrices(feed: Feed, market: Market): readonly [string, string] {
  const stage = stageOf(market, feed.now);
  if (stage === 'determined' || stage === 'settled') {
    if (market.outcome === 'yes') return ['1', '0'];
    if (market.outcome === 'no') return ['0', '1'];
    if (market.outcome === 'half') return ['0.5', '0.5'];
    if (market.outcome === 'void') return ['0', '0'];
  }
  const { bid, ask } = market.ladder;
  const middle = bid > 0 && ask < 1_000 ? (bid + ask) / 2 : market.lastTrade || 500;
  return [String(middle / 1_000), String((1_000 - middle) / 1_000)];
}

/** "2026-09-27 03:00:00+00", as `closedTime` is written. */
const spaced = (wall: number): string => `${iso(wall).slice(0, 19).replace('T', ' ')}+00`;

/** A market of Gamma. Lists inside are strings that hold JSON, some numbers are strings: as at the venue. */
export function gammaMarket(feed: Feed, market: Market, nested = false): Json {
  const { card } = market;
  const names = card.polymarket!;
  const stage = stageOf(market, feed.now);
  const open = stage === 'open';
  const resolved = stage === 'settled';
  const { bid, ask } = market.ladder;
  const volume = market.volume / 100;
  const ends = closingAt(feed, market);
  const rate = market.fee.venue === 'polymarket' ? market.fee.rate : null;
  return {
    id: names.gammaId,
    question: card.title,
    conditionId: market.native,
    slug: names.slug,
    resolutionSource: '',
    endDate: iso(ends),
    endDateIso: iso(ends).slice(0, 10),
    startDate: iso(openedAt(feed, market)),
    startDateIso: iso(openedAt(feed, market)).slice(0, 10),
    createdAt: iso(openedAt(feed, market)),
    updatedAt: iso(wallOf(feed, feed.now)),
    liquidity: (volume / 20).toFixed(5),
    liquidityNum: Number((volume / 20).toFixed(5)),
    description: card.rules,
    outcomes: JSON.stringify(card.outcomes),
    outcomePrices: JSON.stringify(outcomePrices(feed, market)),
    clobTokenIds: JSON.stringify(names.tokens),
    umaResolutionStatuses: JSON.stringify(
      resolved ? ['proposed', 'resolved'] : stage === 'determined' ? ['proposed'] : [],
    ),
    ...(resolved
      ? { umaResolutionStatus: 'resolved', closedTime: spaced(wallOf(feed, market.closesAt)) }
      : stage === 'determined'
        ? { umaResolutionStatus: 'proposed' }
        : {}),
    volume: volume.toFixed(2),
    volumeNum: volume,
    volume24hr: Math.round(volume / 3),
    active: true,
    closed: resolved,
    archived: false,
    restricted: true,
    acceptingOrders: open,
    enableOrderBook: true,
    orderPriceMinTickSize: market.grid === 'cent' ? 0.01 : 0.001,
    orderMinSize: card.minSize,
    groupItemTitle: card.negRisk ? (card.question?.def.yes ?? card.title) : '',
    negRisk: card.negRisk,
    ...(card.negRisk ? { negRiskMarketID: names.negRiskId, negRiskRequestID: names.negRiskId } : {}),
    negRiskOther: card.negRiskOther,
    clearBookOnStart: false,
    secondsDelay: 0,
    makerBaseFee: 1000,
    takerBaseFee: 1000,
    feesEnabled: true,
    feeType: market.fee.type,
    ...(rate === null ? {} : { feeSchedule: feeSchedule(rate) }),
    ...(bid > 0 ? { bestBid: bid / 1_000 } : {}),
    ...(ask < 1_000 ? { bestAsk: ask / 1_000 } : {}),
    ...(bid > 0 && ask < 1_000 ? { spread: (ask - bid) / 1_000 } : {}),
    lastTradePrice: Number(lastTradePrice(market) || '0'),
    ...(nested ? {} : { events: [gammaEvent(feed, feed.siblings(market), false)] }),
  };
}

export function gammaEvent(feed: Feed, markets: readonly Market[], nested = true): Json {
  const [first] = markets;
  const names = first.card.polymarket!;
  const ended = markets.every((market) => stageOf(market, feed.now) === 'settled');
  const volume = markets.reduce((sum, market) => sum + market.volume / 100, 0);
  return {
    id: names.eventId,
    ticker: names.eventSlug,
    slug: names.eventSlug,
    title: first.card.event.title,
    description: first.card.rules,
    resolutionSource: '',
    startDate: iso(openedAt(feed, first)),
    creationDate: iso(openedAt(feed, first)),
    createdAt: iso(openedAt(feed, first)),
    endDate: iso(closingAt(feed, first)),
    active: true,
    closed: ended,
    archived: false,
    new: false,
    featured: false,
    restricted: true,
    liquidity: volume / 20,
    volume,
    volume24hr: Math.round(volume / 3),
    openInterest: 0,
    enableOrderBook: true,
    negRisk: first.card.negRisk,
    enableNegRisk: first.card.negRisk,
    ...(first.card.negRisk ? { negRiskMarketID: names.negRiskId } : {}),
    negRiskAugmented: first.card.negRisk && first.card.event.augmented,
    tags: [{ id: '1', label: first.card.category, slug: first.card.category.toLowerCase() }],
    ...(nested ? { markets: markets.map((market) => gammaMarket(feed, market, true)) } : {}),
  };
}
