import { Defect } from '#core';

/** What a market's news adds up to: a decaying sum of stances by weight, and of the weights. Mutable and plain. */
export interface NewsImpulse {
  sum: number;
  weight: number;
}

export const openNewsImpulse = (): NewsImpulse => ({ sum: 0, weight: 0 });

/** Lets `dt` seconds pass: both sums halve every `halfLife` (math 9.3). False for a time that goes backwards. */
export function decayImpulse(impulse: NewsImpulse, dt: number, halfLife: number): boolean {
  if (!(dt >= 0)) return false;
  const kept = 2 ** (-dt / halfLife);
  impulse.sum *= kept;
  impulse.weight *= kept;
  return true;
}

/** Hears a stance in [−1, 1] towards YES with its weight (relevance × source × confidence × novelty). */
export function hearStance(impulse: NewsImpulse, stance: number, weight: number): boolean {
  if (!Number.isFinite(stance) || !(weight >= 0)) return false;
  impulse.sum += weight * stance;
  impulse.weight += weight;
  return true;
}

/** Weighted mean stance; 0 before anything was heard. */
export const meanStance = ({ sum, weight }: NewsImpulse): number => (weight > 0 ? sum / weight : 0);

/**
 * How unusual a value is against earlier ones, itself not among them: (x − mean)/max(sd, floor), standard deviation with
 * n − 1; `NaN` while there are fewer than `least` of them.
 */
export function scoreAgainst(values: readonly number[], x: number, least: number, floor: number): number {
  if (values.length < least) return NaN;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return (x - mean) / Math.max(Math.sqrt(squares / (values.length - 1)), floor);
}

/**
 * How unusual each value is against those before it: (x − mean)/max(sd, floor) over the previous `window` values, itself
 * not among them; `NaN` while there are fewer than `least`. Standard deviation with n − 1.
 *
 * @throws Defect for a window or a least number that admits no deviation.
 */
export class RollingScore {
  private readonly values: number[] = [];

  constructor(
    private readonly window: number,
    private readonly least: number,
    private readonly floor: number,
  ) {
    if (!(least >= 2 && window >= least && floor > 0))
      throw new Defect(`a window of ${window}, at least ${least}, floor ${floor}`);
  }

  /** The score of `x`, which counts for the next ones. */
  next(x: number): number {
    const { values } = this;
    const score = scoreAgainst(values, x, this.least, this.floor);
    values.push(x);
    if (values.length > this.window) values.shift();
    return score;
  }
}
