import { PRICE_ONE, priceOf, type FeeRule, type MarketRef, type Outcome } from '#core';
import type { StrategyView } from '#plugin-sdk';
import { unitFee, type ArbitragePlan } from '#quant';

/** How often a quote is gone within a second, and how long the legs behind the first are on their way (math.md 8.6). */
const HAZARD_PER_S = 0.2;
const LEG_DELAY_S = 0.5;
const P_FAIL = 1 - Math.exp(0 - HAZARD_PER_S * LEG_DELAY_S);
const CONTRACT = 100;
const DAY_S = 86_400;
/** Log-odds per √day where nobody says: math.md 3.4. Beyond the most an estimate is an accident. */
const USUAL_VOLATILITY = 0.25;
const MOST_VOLATILITY = 100;

/** A leg in sending order. */
interface Sent {
  readonly market: MarketRef;
  readonly outcome: Outcome;
  readonly fee: FeeRule;
}

/**
 * What a plan may be expected to earn when the legs behind the first may find nothing, micro-dollars: (1 − p) × profit less
 * p × what it costs to sell again what stands naked: spread and fees both ways of all legs but the last, and one standard
 * deviation of how far the price moves meanwhile. Where nobody bids a naked contract is worth nothing.
 */
export function expectedProfit(view: StrategyView, plan: ArbitragePlan, sent: readonly Sent[]): number {
  let naked = 0;
  for (const { market, outcome, fee } of sent.slice(0, -1)) {
    const quote = view.quote(market);
    const ask = priceOf(outcome, outcome === 'yes' ? quote.ask : quote.bid);
    const bid = Math.max(0, priceOf(outcome, outcome === 'yes' ? quote.bid : quote.ask));
    naked += ask - bid + unitFee(fee, ask) + unitFee(fee, bid) + moveOf(view, market, ask);
  }
  return (1 - P_FAIL) * plan.profit - P_FAIL * ((naked * plan.size) / CONTRACT);
}

/** One standard deviation of the price over the time the later legs take: that of the log-odds carried to the price. */
function moveOf(view: StrategyView, market: MarketRef, price: number): number {
  const p = Math.min(PRICE_ONE, Math.max(0, price)) / PRICE_ONE;
  return volatilityOf(view, market) * Math.sqrt(LEG_DELAY_S / DAY_S) * p * (1 - p) * PRICE_ONE;
}

/** Log-odds per √day as a model of the workflow has it, else the usual. */
export function volatilityOf(view: StrategyView, market: MarketRef): number {
  const said = view.estimate(market, 'volatility')?.value;
  return said !== undefined && said >= 0 && said < MOST_VOLATILITY ? said : USUAL_VOLATILITY;
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
