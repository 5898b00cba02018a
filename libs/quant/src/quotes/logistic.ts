/** Quotes are kept this far from 0 and 1 before their log-odds are taken: a tenth of a cent's tick. */
export const QUOTE_EPSILON = 1e-4;

/**
 * p kept within [epsilon, 1 − epsilon]; `NaN` stays. The sum with 0 keeps the result a plain double: handed through as it
 * came, epsilon may be an object on the heap, and so would be every result.
 */
export const clipProbability = (p: number, epsilon: number): number =>
  p < epsilon ? 0 + epsilon : p > 1 - epsilon ? 1 - epsilon : p;

/** Log-odds ln p − ln(1 − p) of a probability; ∓∞ at 0 and 1, `NaN` outside. */
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p);

/** 1 / (1 + e^−x) without overflow at either end. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** ln(1 + e^x); never overflows. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** ln sigmoid(x); −800 at −800, where the sigmoid itself is 0. */
export const logSigmoid = (x: number): number => -softplus(-x);

/** ln Σ e^x; −∞ of nothing. */
export function logSumExp(xs: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < xs.length; i++) if (xs[i] > most) most = xs[i];
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += Math.exp(xs[i] - most);
  return most + Math.log(sum);
}

/**
 * A market's probability with its favourite–longshot bias taken out: sigmoid(a + b·logit p), a and b fitted on settled
 * markets. a = 0, b = 1 changes nothing.
 */
export const unbiased = (p: number, a: number, b: number): number => sigmoid(a + b * logit(p));
