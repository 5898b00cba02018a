import type { Feed, Market } from '../model/market.js';

const DAY_MS = 86_400_000;

/** Wall time of a sim time. */
export const wallOf = (feed: Feed, at: number): number => Math.floor(feed.origin + at);

/** Wall time at which a market opened. */
export const openedAt = (feed: Feed, market: Market): number => wallOf(feed, market.opensAt);

/**
 * Wall time at which a market is to close. Lasting questions close some weeks ahead, whenever one asks: a demo may run
 * for months.
 */
export function closingAt(feed: Feed, market: Market): number {
  if (market.closesAt < Infinity) return wallOf(feed, market.closesAt);
  // Thresholds of one number are read at one time.
  const slot = market.card.question?.def.strike === undefined ? (market.card.question?.slot ?? 0) : 3;
  const first = feed.origin + (10 + (slot % 12) * 2) * DAY_MS;
  const late = Math.max(0, Math.ceil((feed.origin + feed.now - first) / (30 * DAY_MS)));
  return Math.floor((first + late * 30 * DAY_MS) / 60_000) * 60_000;
}
