import { UserProblem } from '#core';

/**
 * The quantile at `share` of values sorted upward, straight between neighbours (type 7, numpy's `linear`).
 *
 * @throws UserProblem without a value, or when the share is not in 0…1.
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new UserProblem('nothing has no quantile');
  if (!(share >= 0 && share <= 1)) throw new UserProblem(`a quantile is at a share between 0 and 1, not ${share}`);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below];
  return below + 1 < sorted.length ? low + (place - below) * (sorted[below + 1] - low) : low;
}

/** Several quantiles of values in any order. @throws UserProblem as `quantileOf`. */
export function quantiles(values: ArrayLike<number>, shares: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from(shares, (share) => quantileOf(sorted, share));
}
