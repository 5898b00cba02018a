import { ASK, BID, PRICE_ONE, type BookSide, type MarketRef, type TradeEvent } from '#core';
import type { Order, World } from './world.js';

/**
 * Where an order of ours would stand among those the venue shows. Nobody tells us, so the least favourable is taken: behind
 * all that was there when it came. Only trades at its price and depth that disappears in front of it move it on; a quote
 * that touches its price fills nothing.
 */
export interface QueuePlace {
  readonly order: string;
  readonly side: BookSide;
  /** Price of YES. */
  readonly price: number;
  size: number;
  /** Contracts before it, hundredths. */
  ahead: number;
}

/** The side of the YES book an order stands on: bids for what makes YES dearer, asks for the opposite. */
const standsOn = ({ outcome, action }: Pick<Order, 'outcome' | 'action'>): BookSide =>
  (outcome === 'yes') === (action === 'buy') ? BID : ASK;

export function queueUp(world: World, order: Order): void {
  const side = standsOn(order);
  const price = order.outcome === 'yes' ? order.limit : PRICE_ONE - order.limit;
  const places = world.queues.get(order.ref) ?? [];
  world.queues.set(order.ref, places);
  const ahead = world.markets.get(order.ref).book.sizeAt(side, price);
  places.push({ order: order.id, side, price, size: order.size, ahead });
}

export function leaveQueue(world: World, order: Order): void {
  const left = (world.queues.get(order.ref) ?? []).filter((place) => place.order !== order.id);
  if (left.length > 0) world.queues.set(order.ref, left);
  else world.queues.delete(order.ref);
}

/** The book has changed: no more can be ahead than there is. */
export function queueMoved(world: World, market: MarketRef): void {
  const { book } = world.markets.get(market);
  for (const place of world.queues.get(market) ?? [])
    place.ahead = Math.min(place.ahead, book.sizeAt(place.side, place.price));
}

/**
 * What of a trade reached our orders. At their price it takes what is ahead first; beyond it they were passed, and the trade
 * met them before. All of ours together get no more than was traded. Of a trade whose taker is unknown only the price
 * beyond counts.
 */
export function reached(world: World, event: TradeEvent): readonly { readonly order: string; readonly size: number }[] {
  const places = world.queues.get(event.market);
  if (places === undefined) return [];
  const market = world.markets.get(event.market);
  if (!market.continuous || market.crossed || world.markets.shutReason(market, world.journal.at) !== '') return [];
  const fills: { order: string; size: number }[] = [];
  let left: number = event.size;
  for (const place of places) {
    const { side, price } = place;
    const taken = event.taker === null ? null : event.taker === 'buy' ? ASK : BID;
    if (taken !== null && taken !== side) continue;
    const beyond = side === BID ? event.price < price : event.price > price;
    const at = taken !== null && event.price === price;
    if (!beyond && !at) continue;
    const past = beyond ? event.size : event.size - place.ahead;
    place.ahead = beyond ? 0 : Math.max(0, place.ahead - event.size);
    const size = Math.min(place.size, past, left);
    if (size <= 0) continue;
    place.size -= size;
    left -= size;
    fills.push({ order: place.order, size });
  }
  return fills;
}
