import { UserProblem } from '#core';

export interface Drawdown {
  /** Largest fall from a high, as a share of that high. */
  readonly share: number;
  /** The same fall in money. */
  readonly amount: number;
  /** Indices into the equity: where the fall began and where it was deepest. */
  readonly peak: number;
  readonly trough: number;
  /** Most periods in a row below an earlier high. */
  readonly longestUnderwater: number;
}

/**
 * The deepest fall of an equity curve, its start included.
 *
 * @throws UserProblem without a point, or when a high is not above 0: then a share of it says nothing.
 */
export function deepestDrawdown(equity: ArrayLike<number>): Drawdown {
  if (equity.length === 0) throw new UserProblem('an equity curve needs at least its start');
  let deepest = { share: 0, amount: 0, peak: 0, trough: 0 };
  let high = 0;
  let under = 0;
  let longestUnderwater = 0;
  for (let i = 0; i < equity.length; i++) {
    if (equity[i] >= equity[high]) {
      high = i;
      under = 0;
    } else longestUnderwater = Math.max(longestUnderwater, ++under);
    if (!(equity[high] > 0)) throw new UserProblem(`equity is ${equity[high]}; a fall from it has no share`);
    const share = 1 - equity[i] / equity[high];
    if (share > deepest.share) deepest = { share, amount: equity[high] - equity[i], peak: high, trough: i };
  }
  return { ...deepest, longestUnderwater };
}

/** Equity after each of the simple returns, its start first (n + 1). */
export function equityOf(returns: ArrayLike<number>, start = 1): Float64Array {
  const equity = new Float64Array(returns.length + 1);
  equity[0] = start;
  for (let i = 0; i < returns.length; i++) equity[i + 1] = equity[i] * (1 + returns[i]);
  return equity;
}

/** Share of the periods with a result in which it was a gain; `null` without any. */
export function hitRate(returns: ArrayLike<number>): number | null {
  let gains = 0;
  let losses = 0;
  for (let i = 0; i < returns.length; i++) {
    if (returns[i] > 0) gains++;
    else if (returns[i] < 0) losses++;
  }
  return gains + losses > 0 ? gains / (gains + losses) : null;
}

/** Sum of gains over sum of losses; `null` without a loss. */
export function profitFactor(returns: ArrayLike<number>): number | null {
  let gains = 0;
  let losses = 0;
  for (let i = 0; i < returns.length; i++) {
    if (returns[i] > 0) gains += returns[i];
    else losses -= returns[i];
  }
  return losses > 0 ? gains / losses : null;
}

/** Yearly growth that leads from the first to the last equity; `null` when that is not above 0 or no period passed. */
export function compoundGrowth(equity: ArrayLike<number>, periodsPerYear: number): number | null {
  const periods = equity.length - 1;
  const ratio = equity[periods] / equity[0];
  return periods > 0 && ratio > 0 ? Math.expm1((Math.log(ratio) * periodsPerYear) / periods) : null;
}
