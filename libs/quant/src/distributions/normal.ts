import { UserProblem } from '#core';

const SQRT_2PI = Math.sqrt(2 * Math.PI);
/** Up to here the series keeps its digits; beyond it the tail's continued fraction does. */
const SERIES_UP_TO = 3;

/** Density of the standard normal distribution. */
export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / SQRT_2PI;

/**
 * P(Z ≤ x) of a standard normal Z, to about 1e-14 relative in both tails: a series near the middle, Lentz's continued
 * fraction of Mills' ratio outside. For the upper tail use `normalCdf(-x)`, never 1 − it.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  if (size >= SERIES_UP_TO) {
    const tail = size > 40 ? 0 : normalPdf(x) * millsRatio(size);
    return x < 0 ? tail : 1 - tail;
  }
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalPdf(x) * sum;
}

/**
 * The x with P(Z ≤ x) = p, to about 1e-14; ∓∞ at 0 and 1. Acklam's rational start, then Halley's steps on the exact
 * distribution, taken in the nearer tail.
 *
 * @throws UserProblem when p is no probability.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new UserProblem(`a probability is between 0 and 1, not ${p}`);
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

function lowerQuantile(p: number): number {
  if (p === 0) return -Infinity;
  if (p === 0.5) return 0;
  let x = start(p);
  for (let step = 0; step < 4; step++) {
    const off = (normalCdf(x) - p) / normalPdf(x);
    const next = x - off / (1 + 0.5 * x * off);
    if (!(Math.abs(next - x) > 1e-15 * Math.abs(next))) return next;
    x = next;
  }
  return x;
}

/** Relative error about 1e-9. */
function start(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    const above =
      ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const below =
      (((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
    return above / below;
  }
  const q = p - 0.5;
  const r = q * q;
  const above =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (above * q) / below;
}

/** (1 − Φ(x)) / φ(x) = 1/(x + 1/(x + 2/(x + 3/(x + …)))) for x well above 0. */
function millsRatio(x: number): number {
  let f = x;
  let c = x;
  let d = 0;
  for (let k = 1; k < 500; k++) {
    d = 1 / (x + k * d);
    c = x + k / c;
    const change = c * d;
    f *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return 1 / f;
}
