import { betaSf, normalCdf } from '../distributions/index.js';
import { logit } from '../quotes/index.js';

/*
 * What a contract is worth beyond its cost (math 5.3). Costs are all-in, per contract, as probabilities: debit of the
 * whole size, fees included, divided by the size. Both sides' edges are positive at once only within an arbitrage.
 */

export const edgeOfYes = (fair: number, costYes: number): number => fair - costYes;
export const edgeOfNo = (fair: number, costNo: number): number => 1 - fair - costNo;

/** P(fair value of YES > its cost) when its log-odds are N(mean, variance). A cost of 1 or more is never covered. */
export function probabilityYesPays(mean: number, variance: number, costYes: number): number {
  if (costYes >= 1) return 0;
  if (costYes <= 0) return 1;
  return exceeds(mean - logit(costYes), variance);
}

/** The same for NO: P(1 − fair value > cost). */
export function probabilityNoPays(mean: number, variance: number, costNo: number): number {
  if (costNo >= 1) return 0;
  if (costNo <= 0) return 1;
  return exceeds(logit(1 - costNo) - mean, variance);
}

/** P(theta > cost) of a belief Beta(alpha, beta). */
export const betaProbabilityYesPays = (alpha: number, beta: number, costYes: number): number =>
  betaSf(Math.min(1, Math.max(0, costYes)), alpha, beta);

function exceeds(distance: number, variance: number): number {
  if (variance === 0) return distance > 0 ? 1 : 0;
  return normalCdf(distance / Math.sqrt(variance));
}

export interface EdgeRule {
  /** Least edge per contract. */
  readonly minEdge: number;
  /** Least probability that there is an edge. */
  readonly minProbability: number;
  /** Least edge as a share of the spread: half a spread is what noise alone can show. */
  readonly minEdgeOverSpread: number;
}

export const DEFAULT_EDGE_RULE: EdgeRule = { minEdge: 0.02, minProbability: 0.7, minEdgeOverSpread: 0.5 };

/** Why an edge is not worth trading, or `''`. `NaN` anywhere is a reason. */
export function edgeFlaw(
  edge: number,
  probability: number,
  spread: number,
  rule: EdgeRule,
): '' | 'edge' | 'probability' | 'spread' {
  if (!(edge >= rule.minEdge)) return 'edge';
  if (!(probability >= rule.minProbability)) return 'probability';
  return edge >= rule.minEdgeOverSpread * spread ? '' : 'spread';
}
