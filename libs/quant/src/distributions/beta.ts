import { Defect } from '#core';
import { digamma, logBeta } from './gamma-functions.js';

/*
 * The Beta distribution to the last few digits. jstat's is good to 8e-8 of a quantile and its density underflows for a few
 * hundred counts (beta.spec.ts shows both), which is too little for tails that are compared with prices; hence our own.
 * No call makes an object.
 */

/** x within [0, 1] and a, b > 0, or a Defect: the caller has lost its counts. */
function check(x: number, a: number, b: number): void {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0 && a < Infinity && b < Infinity))
    throw new Defect(`Beta(${a}, ${b}) at ${x}: the counts must be above 0 and the point between 0 and 1`);
}

/** P(X ≤ x) of X ~ Beta(a, b); its relative accuracy holds in the lower tail. @throws Defect outside the domain. */
export function betaCdf(x: number, a: number, b: number): number {
  check(x, a, b);
  if (x === 0 || x === 1) return x;
  return below(x, 1 - x, Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)), a, b, PRECISE);
}

/** P(X > x), accurate where it is small; never 1 − the other. @throws Defect outside the domain. */
export function betaSf(x: number, a: number, b: number): number {
  check(x, a, b);
  if (x === 0 || x === 1) return 1 - x;
  return below(1 - x, x, Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)), b, a, PRECISE);
}

/** Logarithm of the density; ±∞ at the ends where it is. @throws Defect outside the domain. */
export function betaLogPdf(x: number, a: number, b: number): number {
  check(x, a, b);
  // 0 · ln 0 is 0 here: a uniform end is finite.
  const left = a === 1 ? 0 : (a - 1) * Math.log(x);
  const right = b === 1 ? 0 : (b - 1) * Math.log1p(-x);
  return left + right - logBeta(a, b);
}

export const betaPdf = (x: number, a: number, b: number): number => Math.exp(betaLogPdf(x, a, b));

export const betaMean = (a: number, b: number): number => a / (a + b);
export function betaVariance(a: number, b: number): number {
  const mean = betaMean(a, b);
  return (mean * (b / (a + b))) / (a + b + 1);
}

/** Differential entropy, nats. */
export const betaEntropy = (a: number, b: number): number =>
  logBeta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b);

/** Steps whose scaled size is below this leave an error of about its cube. */
const CLOSE = 1e-4;
/** Relative change of a continued fraction at which it is taken. */
const PRECISE = 1e-15;
const ROUGH = 1e-5;
const MOST_STEPS = 100;

/**
 * The x with P(X ≤ x) = p, to about 1e-13 relative; 0 only where the answer is below the least double. Halley's steps in
 * the log-odds of x on the logarithm of the smaller tail, which is nearly straight there; kept between what is known to
 * be too low and too high.
 *
 * @throws Defect when p is no probability or a count is not above 0.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  check(p, a, b);
  if (p === 0 || p === 1) return p;
  const logB = logBeta(a, b);
  const lower = p <= 0.5;
  const target = Math.log(lower ? p : 1 - p);
  let t = firstLogOdds(p, a, b, logB);
  let low = -Infinity;
  let high = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    // x, y = 1 − x and their logarithms, none of them by cancellation.
    const e = Math.exp(-Math.abs(t));
    const lesser = e / (1 + e);
    const greater = 1 / (1 + e);
    const lnGreater = -Math.log1p(e);
    const lnLesser = lnGreater - Math.abs(t);
    const x = t < 0 ? lesser : greater;
    const y = t < 0 ? greater : lesser;
    const lnX = t < 0 ? lnLesser : lnGreater;
    const lnY = t < 0 ? lnGreater : lnLesser;
    // The first step only has to come near, so its tail may be rough.
    const precision = step === 0 ? ROUGH : PRECISE;
    const front = Math.exp(a * lnX + b * lnY - logB);
    const tail = lower ? below(x, y, front, a, b, precision) : below(y, x, front, b, a, precision);
    // d tail / dt is x^a y^b / B, up to the sign of the tail.
    const slope = front / tail;
    const off = Math.log(tail) - target;
    const tooHigh = lower ? off > 0 : off < 0;
    if (step > 0) {
      if (tooHigh) high = t;
      else low = t;
    }
    const bend = lower ? a * y - b * x - slope : b * x - a * y - slope;
    const newton = off / slope;
    const halley = newton / Math.min(2, Math.max(0.5, 1 - 0.5 * newton * bend));
    let next = lower ? t - halley : t + halley;
    if (!(next >= low && next <= high)) next = between(low, high, t);
    const moved = Math.abs(next - t);
    t = next;
    if (step > 0 && (moved * Math.max(1, slope) < CLOSE || moved <= 4e-16 * Math.abs(t))) break;
  }
  return t < 0 ? Math.exp(t) / (1 + Math.exp(t)) : 1 / (1 + Math.exp(-t));
}

/** A point inside a bracket that may be open at either end. */
function between(low: number, high: number, t: number): number {
  if (low === -Infinity) return Number.isFinite(high) ? high - 1 - Math.abs(high) : t;
  if (high === Infinity) return low + 1 + Math.abs(low);
  return (low + high) / 2;
}

/**
 * A first guess of the quantile's log-odds: the normal approximation of Abramowitz & Stegun 26.5.22 for counts above 1,
 * the leading power of the nearer end otherwise.
 */
function firstLogOdds(p: number, a: number, b: number, logB: number): number {
  if (a > 1 && b > 1) {
    const z = roughNormalQuantile(p);
    const third = (z * z - 3) / 6;
    const alpha = 1 / (2 * a - 1);
    const beta = 1 / (2 * b - 1);
    const h = 2 / (alpha + beta);
    const w = (z * Math.sqrt(Math.max(h + third, 0.1))) / h - (beta - alpha) * (third + 5 / 6 - 2 / (3 * h));
    return Math.log(a / b) + 2 * w;
  }
  const lnLow = (Math.log(p) + Math.log(a) + logB) / a;
  const lnHigh = (Math.log1p(-p) + Math.log(b) + logB) / b;
  // Whichever end's power law speaks of a point that is really near that end.
  if (lnLow < lnHigh) return lnLow < -0.7 ? lnLow - Math.log1p(-Math.exp(lnLow)) : 0;
  return lnHigh < -0.7 ? Math.log1p(-Math.exp(lnHigh)) - lnHigh : 0;
}

/** Standard normal quantile within 4.5e-4. Source: Abramowitz & Stegun 26.2.23. */
function roughNormalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p < 0.5 ? p : 1 - p));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return p < 0.5 ? -z : z;
}

/** P(X ≤ x) from x, y = 1 − x and front = x^a y^b / B: the fraction on the side of the mean where it converges. */
const below = (x: number, y: number, front: number, a: number, b: number, precision: number): number =>
  x * (a + b + 2) <= a + 1 ? front * fraction(x, y, a, b, precision) : 1 - front * fraction(y, x, b, a, precision);

const MOST_TERMS = 500;
const HUGE = 1e120;

/**
 * I_x(a, b) · B(a, b) / (x^a y^b) as a continued fraction, for x ≤ (a + 1)/(a + b + 2). Source: Didonato & Morris 1992,
 * formula 9, evaluated by the forward recurrence of its numerators and denominators; one division a term.
 */
function fraction(x: number, y: number, a: number, b: number, precision: number): number {
  const lead = a - (a + b) * x + 1;
  let inverse = 1 / (a + 1);
  let aBefore = 0;
  let bBefore = 1;
  let aNow = 1;
  let bNow = a * lead * inverse;
  for (let n = 1; n < MOST_TERMS; n++) {
    const inverseBefore = inverse;
    inverse = 1 / (a + 2 * n + 1);
    const w = n * (b - n) * x;
    const alpha = w * x * (a + n - 1) * (a + b + n - 1) * inverseBefore * inverseBefore;
    const beta = n + w * inverseBefore + (a + n) * (lead + n * (1 + y)) * inverse;
    const aNext = alpha * aBefore + beta * aNow;
    const bNext = alpha * bBefore + beta * bNow;
    const change = Math.abs(aNext * bNow - aNow * bNext);
    aBefore = aNow;
    bBefore = bNow;
    aNow = aNext;
    bNow = bNext;
    if (change <= precision * Math.abs(aNow * bBefore)) break;
    if (Math.abs(bNow) > HUGE) {
      aBefore /= bNow;
      bBefore /= bNow;
      aNow /= bNow;
      bNow = 1;
    }
  }
  return aNow / bNow;
}
