import { PRICE_ONE, priceOf, type FeeRule, type MarketRef, type Outcome } from '#core';
import type { StrategyView } from '#plugin-sdk';
import { unitFee, type ArbitragePlan } from '#quant';

/** How often a quote is gone within a second, and how long the legs behind the first are on their way (math.md 8.6). */
const HAZARD_PER_S = 0.2;
const LEG_DELAY_S = 0.5;
const P_FAIL = 1 - Math.exp(0 - HAZARD_PER_S * LEG_DELAY_S);
const CONTRACT = 100;

/** A leg in sending order. */
interface Sent {
  readonly market: MarketRef;
  readonly outcome: Outcome;
  readonly fee: FeeRule;
}

/**
 * What a plan may be expected to earn when the legs behind the first may find nothing, micro-dollars: (1 − p) × profit less
 * p × what it costs to sell again what stands naked, that is spread and fees both ways of all legs but the last. Where nobody
 * bids a naked contract is worth nothing. How far the price moves meanwhile is left out: no volatility is known here.
 */
export function expectedProfit(view: StrategyView, plan: ArbitragePlan, sent: readonly Sent[]): number {
  let naked = 0;
  for (const { market, outcome, fee } of sent.slice(0, -1)) {
    const quote = view.quote(market);
    const ask = priceOf(outcome, outcome === 'yes' ? quote.ask : quote.bid);
    const bid = Math.max(0, priceOf(outcome, outcome === 'yes' ? quote.bid : quote.ask));
    naked += ask - bid + unitFee(fee, ask) + unitFee(fee, bid);
  }
  return (1 - P_FAIL) * plan.profit - P_FAIL * ((naked * plan.size) / CONTRACT);
}

/**
 * Most that a bet on two rule texts agreeing may cost, by Kelly (math.md 8.7): of a set that costs c and pays 1 unless they
 * differ, with probability m, the share ((1 − m) − c) / (1 − c) of what there is. `c` and `m` per unit of the payoff.
 */
export function mostOnAgreement(plan: ArbitragePlan, payoff: number, mismatch: number, cash: number): number {
  if (mismatch <= 0) return cash;
  const c = (plan.cost * CONTRACT) / (plan.size * payoff);
  const share = c >= 1 ? 0 : (1 - mismatch / PRICE_ONE - c) / (1 - c);
  return Math.floor(Math.max(0, share) * cash);
}
