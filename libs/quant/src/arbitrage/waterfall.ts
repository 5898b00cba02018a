import { notional } from '#core';
import type { Money, WaterfallStep } from '#core';
import type { ArbitragePlan } from './optimiser.js';

export interface WaterfallTerms {
  /** What a contract of every leg pays when all goes by the rules, micro-dollars. */
  readonly payoff: number;
  /** Name of each leg's venue, in the plan's order; legs of one venue share a line. */
  readonly venues: readonly string[];
  readonly fixedCost: number;
  /** What the plan's payoff was lowered by for rules that may differ, micro-dollars per contract; 0 has no line. */
  readonly mismatch: number;
}

/** From gross to net for the whole size of a plan. All lines but the last add up to the last. */
export function waterfall(plan: ArbitragePlan, terms: WaterfallTerms): readonly WaterfallStep[] {
  const steps: WaterfallStep[] = [];
  const line = (label: string, amount: number): void => {
    steps.push({ label, amount: (amount + 0) as Money });
  };
  const paid = notional(terms.payoff, plan.size);
  line(
    'Gross',
    plan.legs.reduce<number>((left, leg) => left - leg.notional, paid),
  );
  const fees = new Map<string, number>();
  plan.legs.forEach((leg, i) => fees.set(terms.venues[i], (fees.get(terms.venues[i]) ?? 0) + leg.fee));
  for (const [venue, fee] of fees) line(`Fees ${venue}`, -fee);
  if (terms.fixedCost !== 0) line('Fixed cost', -terms.fixedCost);
  if (terms.mismatch !== 0) line('Rule mismatch', notional(terms.payoff - terms.mismatch, plan.size) - paid);
  line('Net', plan.profit);
  return steps;
}
