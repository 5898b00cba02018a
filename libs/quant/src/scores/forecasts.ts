import { UserProblem } from '#core';

/** Probabilities p and what came of them, y: 1 it happened, 0 it did not. Same length, at least one. */
export interface Forecasts {
  readonly p: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** @throws UserProblem when the lists differ in length, are empty, or hold what is no probability or outcome. */
export function checkForecasts({ p, y }: Forecasts): number {
  if (p.length !== y.length) throw new UserProblem(`${p.length} forecasts do not fit ${y.length} outcomes`);
  if (p.length === 0) throw new UserProblem('there is no forecast to score');
  for (let i = 0; i < p.length; i++) {
    if (!(p[i] >= 0 && p[i] <= 1)) throw new UserProblem(`forecast ${i} is ${p[i]}, no probability`);
    if (y[i] !== 0 && y[i] !== 1) throw new UserProblem(`outcome ${i} is ${y[i]}; it must be 0 or 1`);
  }
  return p.length;
}
