import type { Instant } from '#core';
import type { BookMessage } from '#plugin-sdk';
import type { MarketEntry } from './market-entry.js';

/** An answer that is older than what the socket has brought since says nothing of the book now. */
export const isOlder = ({ venueAt }: BookMessage, market: MarketEntry): boolean =>
  venueAt !== null && venueAt < market.venueAt;

/**
 * The message, without its time where that is yet to come by more than a late one may be old: whatever is told later would
 * count as older, and a book that missed a change as the newest.
 */
export const believed = (message: BookMessage, at: Instant, mostMs = Infinity): BookMessage =>
  message.venueAt !== null && message.venueAt - at > mostMs ? { ...message, venueAt: null } : message;
