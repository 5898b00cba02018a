import { notional, size } from '#core';
import type { Money, Size } from '#core';
import { annualised } from './annualised.js';
import { LegCost, type ArbitrageLeg, type PlannedLeg } from './leg-cost.js';

export interface ArbitrageTerms {
  /** What one contract of every leg pays together in the worst case, micro-dollars: 1_000_000 for a pair, less its mismatch. */
  readonly payoff: number;
  /** Size step all legs share, hundredths. */
  readonly step: Size;
  readonly maxSize?: Size;
  /** Most money for all debits and the fixed cost. */
  readonly budget?: Money;
  /** Paid once, whatever the size. */
  readonly fixedCost?: Money;
  /** Least profit per contract over the whole size, micro-dollars. */
  readonly minEdge?: number;
  /** A further contract must add at least this before rounding, micro-dollars. */
  readonly minMarginalEdge?: number;
  /** Until the later leg pays; absent, zero or negative: no annualisation. */
  readonly daysToResolution?: number | null;
}

/** Money in micro-dollars; `netEdge` is profit per contract in micro-dollars, not rounded. */
export interface ArbitragePlan {
  readonly size: Size;
  readonly profit: Money;
  /** Sum of all debits, without the fixed cost. */
  readonly cost: Money;
  readonly legs: readonly PlannedLeg[];
  readonly netEdge: number;
  /** Profit over cost and fixed cost. */
  readonly roi: number;
  readonly simpleAnnual: number | null;
  readonly compoundAnnual: number | null;
}

/** Above so many sizes within one stretch only those near its ends are tried. */
const WALK_LIMIT = 20_000;
const NEAR_END = 200;

/** A stretch of sizes over which no leg changes its level, so that profit is linear but for rounding. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly levels: readonly number[];
  /** Profit at `from` and per hundredth within, before rounding, micro-dollars. */
  readonly start: number;
  readonly slope: number;
}

/**
 * Size with the greatest exact profit of buying every leg in equal numbers; `null` when no size earns money under the
 * terms. Ties go to the smaller size.
 *
 * Before rounding, profit is concave and linear between level boundaries, and rounding helps by no more than a few
 * micro-dollars a level. So the walk starts at the top and leaves a stretch as soon as its unrounded profit cannot
 * beat the exact best any more: the same answer as trying every size, at a fraction of the tries.
 */
export function optimise(legs: readonly ArbitrageLeg[], terms: ArbitrageTerms): ArbitragePlan | null {
  const costs = legs.map(costOf);
  const { step } = terms;
  const fixed = terms.fixedCost ?? 0;
  const minEdge = terms.minEdge ?? 0;
  const least = ceilTo(Math.max(step, ...legs.map((leg) => leg.minSize)), step);
  let most = Math.min(terms.maxSize ?? Infinity, ...costs.map((cost) => cost.depth));
  if (!(most >= least) || legs.length === 0) return null;

  const stretches = stretchesOf(costs, terms.payoff, fixed);
  if (terms.minMarginalEdge !== undefined) {
    const poor = stretches.find((stretch) => stretch.slope * 100 < (terms.minMarginalEdge ?? 0));
    if (poor !== undefined) most = Math.min(most, poor.from);
  }
  most = floorTo(most, step);
  if (terms.budget !== undefined) most = affordable(costs, stretches, terms.budget - fixed, step, most);
  if (most < least) return null;

  const favour = costs.reduce((sum, cost) => sum + cost.favour, 0) + 1;
  let best = 0;
  let bestSize = 0;

  const tryStretch = (stretch: Stretch): void => {
    const upward = stretch.slope < 0;
    const low = Math.max(least, floorTo(stretch.from, step) + step);
    let high = Math.min(most, floorTo(stretch.to, step));
    const thinning = minEdge - stretch.slope * 100;
    if (!upward && thinning > 0) {
      // Profit grows here, but too slowly for the least edge: above this size even the bound is too thin.
      const thin = ((stretch.start - stretch.slope * stretch.from + favour) * 100) / thinning;
      high = Math.min(high, ceilTo(Math.max(0, thin), step));
    }
    const points = (high - low) / step + 1;
    for (let i = 0; i < points; i++) {
      if (points > WALK_LIMIT && i === NEAR_END) i = points - NEAR_END;
      const n = upward ? low + i * step : high - i * step;
      const bound = stretch.start + stretch.slope * (n - stretch.from) + favour;
      if (bound < best) return;
      if (upward && bound * 100 < minEdge * n) return;
      let profit = notional(terms.payoff, n) - fixed;
      for (let leg = 0; leg < costs.length; leg++) profit -= costs[leg].debit(n, stretch.levels[leg]);
      if (profit <= 0 || profit * 100 < minEdge * n) continue;
      if (profit > best || (profit === best && n < bestSize)) {
        best = profit;
        bestSize = n;
      }
    }
  };

  let peak = stretches.findIndex((stretch) => stretch.slope <= 0);
  if (peak < 0) peak = stretches.length;
  for (let i = peak - 1; i >= 0; i--) tryStretch(stretches[i]);
  for (let i = peak; i < stretches.length; i++) tryStretch(stretches[i]);
  return bestSize === 0 ? null : planOf(costs, terms, bestSize);
}

/** The legs asked about last: first for the best size, then for what another would have brought. */
const recent: LegCost[] = [];
const RECENT = 4;
let oldest = 0;

function costOf(leg: ArbitrageLeg): LegCost {
  for (let i = 0; i < recent.length; i++) if (recent[i].leg === leg) return recent[i];
  const cost = new LegCost(leg);
  recent[oldest] = cost;
  oldest = (oldest + 1) % RECENT;
  return cost;
}

/** The exact plan at a given size, good or bad; `null` when a ladder does not hold it. For showing what was refused. */
export function planAt(legs: readonly ArbitrageLeg[], terms: ArbitrageTerms, at: Size): ArbitragePlan | null {
  const costs = legs.map(costOf);
  if (!(at > 0) || costs.some((cost) => cost.depth < at)) return null;
  return planOf(costs, terms, at);
}

function planOf(costs: readonly LegCost[], terms: ArbitrageTerms, n: number): ArbitragePlan {
  const legs = costs.map((cost) => cost.plan(n));
  const fixed = terms.fixedCost ?? 0;
  const cost = legs.reduce((sum, leg) => sum + leg.debit, 0);
  const profit = notional(terms.payoff, n) - cost - fixed;
  const roi = profit / (cost + fixed);
  const yearly = annualised(roi, terms.daysToResolution ?? null);
  return {
    size: size(n),
    profit: profit as Money,
    cost: cost as Money,
    legs,
    netEdge: (profit * 100) / n,
    roi,
    simpleAnnual: yearly?.simple ?? null,
    compoundAnnual: yearly?.compound ?? null,
  };
}

function stretchesOf(costs: readonly LegCost[], payoff: number, fixed: number): Stretch[] {
  const stretches: Stretch[] = [];
  const levels = costs.map(() => 0);
  const depth = Math.min(...costs.map((cost) => cost.depth));
  let from = 0;
  let start = -fixed;
  while (from < depth) {
    let to = depth;
    let unit = 0;
    for (let leg = 0; leg < costs.length; leg++) {
      to = Math.min(to, costs[leg].starts[levels[leg] + 1]);
      unit += costs[leg].unit[levels[leg]];
    }
    const slope = (payoff - unit) / 100;
    stretches.push({ from, to, levels: [...levels], start, slope });
    start += slope * (to - from);
    from = to;
    for (let leg = 0; leg < costs.length; leg++) if (costs[leg].starts[levels[leg] + 1] === to) levels[leg]++;
  }
  return stretches;
}

/** Largest size up to `most` whose debits fit the money. Debits never fall with size, so halving finds it. */
function affordable(
  costs: readonly LegCost[],
  stretches: readonly Stretch[],
  budget: number,
  step: number,
  most: number,
): number {
  let low = 0;
  let high = Math.floor(most / step);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const n = middle * step;
    const stretch = stretches.find((candidate) => candidate.to >= n);
    const debits =
      stretch === undefined ? Infinity : costs.reduce((sum, cost, leg) => sum + cost.debit(n, stretch.levels[leg]), 0);
    if (debits <= budget) low = middle;
    else high = middle - 1;
  }
  return low * step;
}

const floorTo = (n: number, step: number): number => n - (n % step);
const ceilTo = (n: number, step: number): number => Math.ceil(n / step) * step;
