import { PRICE_ONE, type Instant, type MarketRef, type Outcome } from '#core';
import type { Session } from './sessions.js';

/**
 * A fair value that was said longer ago than this is no word on the price now. Models write a quiet market down every minute
 * unless told otherwise; one that does not has stopped.
 */
export const FAIR_HOLDS_MS = 10 * 60_000;

/** Models the strategy says it acts on with its config; made once per session, for a config is as long as its session. */
const actsOn = new WeakMap<Session, ReadonlySet<string>>();

/**
 * What a buy is held against: the fair value of the outcome, micro-dollars, as the models say it that the strategy acts on; of
 * any model of the workflow where those say none. Of several the lowest, for a rule of safety takes no side among them
 * (docs/decisions/0010). `null` where none has spoken within ten minutes.
 */
export function fairOf(session: Session, market: MarketRef, outcome: Outcome, now: Instant): number | null {
  let meant = actsOn.get(session);
  if (meant === undefined) {
    const { strategy, workflow } = session;
    actsOn.set(session, (meant = new Set(strategy?.needsModels?.(workflow.config) ?? [])));
  }
  let own: number | null = null;
  let any: number | null = null;
  for (const { plugin } of session.workflow.models) {
    const estimate = session.estimates.get(market, 'fair', plugin);
    if (estimate === null || now - estimate.at > FAIR_HOLDS_MS) continue;
    const worth = (outcome === 'yes' ? estimate.value : 1 - estimate.value) * PRICE_ONE;
    if (any === null || worth < any) any = worth;
    if (meant.has(plugin) && (own === null || worth < own)) own = worth;
  }
  return own ?? any;
}
