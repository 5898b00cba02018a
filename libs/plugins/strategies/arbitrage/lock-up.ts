import type { Instant } from '#core';
import type { MarketRef } from '#core';
import type { StrategyView } from '#plugin-sdk';

const DAY_MS = 86_400_000;
/** Days from resolution to money: Kalshi settles the next day, Polymarket's oracle has a challenge period of two. */
const PAYOUT_DELAY_DAYS: Readonly<Record<string, number>> = { kalshi: 1, polymarket: 2 };
const USUAL_DELAY_DAYS = 2;

/** Days until the last of the markets has paid; `null` when one does not say or should have paid already. */
export function lockUpDays(view: StrategyView, markets: readonly MarketRef[]): number | null {
  let last: Instant = 0;
  for (const market of markets) {
    const { paysAt } = view.info(market);
    if (paysAt === null || paysAt <= view.now) return null;
    const delay = PAYOUT_DELAY_DAYS[view.venue(market)] ?? USUAL_DELAY_DAYS;
    last = Math.max(last, paysAt + delay * DAY_MS);
  }
  return (last - view.now) / DAY_MS;
}
