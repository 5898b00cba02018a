import { PRICE_ONE } from '#core';

/** Best price at which an outcome can be bought given the top of the YES book (-1 an empty side); `NaN` when nobody sells. */
export function bestBuy(outcome: 'yes' | 'no', bid: number, ask: number): number {
  if (outcome === 'yes') return ask < 0 ? NaN : ask;
  return bid < 0 ? NaN : PRICE_ONE - bid;
}

/**
 * The cheap test before any ladder is walked: what a pair pays more than it costs at the top of both books, before fees,
 * micro-dollars per contract. `NaN` when one cannot be bought, which no comparison holds for.
 */
export const grossEdge = (payoff: number, first: number, second: number): number => payoff - first - second;
