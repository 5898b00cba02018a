import { Defect } from '#core';
import { bracketedMinimum } from '../numeric/index.js';

/** Maximum-likelihood variances of a local level. */
export interface LevelFit {
  /** Process variance per second (per step without times). */
  readonly q: number;
  /** Measurement variance. */
  readonly r: number;
  /** With the exact diffuse start: the first value gives −½ ln 2π. */
  readonly logLikelihood: number;
  /** Where the optimum lies; `q=0` is a constant seen through noise, `r=0` a walk seen clearly. */
  readonly at: 'interior' | 'q=0' | 'r=0';
  /** Finite values of the series. */
  readonly observations: number;
  /** Passes over the series. */
  readonly passes: number;
  readonly converged: boolean;
}

const LN_2PI = Math.log(2 * Math.PI);
/** ln(q/r), q per mean step: beyond these ends the likelihood is that of the boundary. */
const FARTHEST = 16;
const GRID_STEP = 2;
/** A boundary this near the best likelihood is the simpler answer. */
const TIE = 1e-9;

/**
 * Log-likelihood of a series under (q, r) with the exact diffuse start (math 3.5; Durbin & Koopman 2012). `dt` in
 * seconds, absent: 1 each. `NaN` is a missing value.
 *
 * @throws Defect for q < 0, r < 0 or both 0, and for columns of different lengths.
 */
export function levelLogLikelihood(y: ArrayLike<number>, dt: ArrayLike<number> | null, q: number, r: number): number {
  if (!(q >= 0 && r >= 0 && q + r > 0)) throw new Defect(`variances q = ${q} and r = ${r}`);
  const { values, gaps } = observed(y, dt);
  if (values.length === 0) return 0;
  let mean = values[0];
  let variance = r;
  let sum = LN_2PI;
  for (let t = 1; t < values.length; t++) {
    const before = variance + q * gaps[t];
    const total = before + r;
    const innovation = values[t] - mean;
    sum += LN_2PI + Math.log(total) + (innovation * innovation) / total;
    mean += (before / total) * innovation;
    variance = (before * r) / total;
  }
  return -0.5 * sum;
}

/**
 * The variances under which a series is likeliest (math 3.5). For a given q/r the best r has a closed form, so one line
 * search over ln(q/r) is enough; both boundaries are compared, where optima often pile up. About 30 passes.
 *
 * `null` for fewer than three finite values or a series that never moves: nothing can be learned from it. Fit on 200
 * values or more, and pull the result towards its category with `shrunk`.
 *
 * @throws Defect for columns of different lengths or dt < 0.
 */
export function fitLevel(y: ArrayLike<number>, dt: ArrayLike<number> | null = null): LevelFit | null {
  const { values, gaps, meanGap, leastGap } = observed(y, dt);
  const n = values.length;
  const terms = n - 1;
  const profile = new Profile(values, gaps);
  const still = profile.at(0);
  if (n < 3 || !(profile.r > 0)) return null;
  let best: Omit<LevelFit, 'observations' | 'passes'> = {
    q: 0,
    r: profile.r,
    logLikelihood: likelihood(still, terms),
    at: 'q=0',
    converged: true,
  };
  if (meanGap > 0) {
    const value = (logRatio: number): number => profile.at(Math.exp(logRatio) / meanGap);
    let start = -FARTHEST;
    let least = Infinity;
    for (let logRatio = -FARTHEST; logRatio <= FARTHEST; logRatio += GRID_STEP) {
      const here = value(logRatio);
      if (here < least) {
        least = here;
        start = logRatio;
      }
    }
    const found = bracketedMinimum(value, start - GRID_STEP, start + GRID_STEP, 1e-9, start);
    value(found.x);
    const inside = likelihood(found.value, terms);
    if (inside > best.logLikelihood + TIE) {
      const q = (Math.exp(found.x) / meanGap) * profile.r;
      best = { q, r: profile.r, logLikelihood: inside, at: 'interior', converged: found.converged };
    }
    if (leastGap > 0) {
      const clear = seenClearly(values, gaps);
      if (clear.q > 0 && clear.logLikelihood >= best.logLikelihood - TIE)
        best = { ...clear, r: 0, at: 'r=0', converged: true };
    }
  }
  return { ...best, observations: n, passes: profile.passes };
}

/**
 * The process variance under which a series is likeliest when its measurement variance is known: from the book, say, where
 * makers waver together for longer than readings are apart and a free fit would take their wavering for moves. `null` for
 * fewer than three finite values or a series that never moves.
 *
 * @throws Defect unless r > 0, and for columns of different lengths or dt < 0.
 */
export function fitWalk(y: ArrayLike<number>, dt: ArrayLike<number> | null, r: number): LevelFit | null {
  if (!(r > 0)) throw new Defect(`a measurement variance of ${r}: it must be above 0`);
  const { values, gaps, meanGap } = observed(y, dt);
  if (values.length < 3 || !(meanGap > 0) || values.every((value) => value === values[0])) return null;
  const of = (logRatio: number): number => 0 - levelLogLikelihood(values, gaps, (Math.exp(logRatio) * r) / meanGap, r);
  const found = bracketedMinimum(of, -FARTHEST, FARTHEST, 1e-6);
  const constant = levelLogLikelihood(values, gaps, 0, r);
  const still = constant >= 0 - found.value;
  return {
    q: still ? 0 : (Math.exp(found.x) * r) / meanGap,
    r,
    logLikelihood: still ? constant : 0 - found.value,
    at: still ? 'q=0' : 'interior',
    observations: values.length,
    passes: found.evaluations + 1,
    converged: found.converged,
  };
}

/** −½((n−1)(ln 2π + 1) + value) − ½ ln 2π: the first value only pays its constant. */
const likelihood = (value: number, terms: number): number => -0.5 * (terms * (LN_2PI + 1) + value + LN_2PI);

/** Filter passes with r = 1, which leave −2 × the log-likelihood maximised over r, less its constants. */
class Profile {
  /** The r that maximises the likelihood of the last pass. */
  r = NaN;
  passes = 0;

  constructor(
    private readonly values: Float64Array,
    private readonly gaps: Float64Array,
  ) {}

  at(ratio: number): number {
    const { values, gaps } = this;
    const n = values.length;
    let mean = values[0];
    let variance = 1;
    let squares = 0;
    let logs = 0;
    // One logarithm for many factors: each is between 1 and what keeps their product finite.
    let product = 1;
    for (let t = 1; t < n; t++) {
      const before = variance + ratio * gaps[t];
      const total = before + 1;
      const weight = 1 / total;
      const innovation = values[t] - mean;
      variance = before * weight;
      mean += variance * innovation;
      squares += innovation * innovation * weight;
      product *= total;
      if (product > 1e200) {
        logs += Math.log(product);
        product = 1;
      }
    }
    this.passes++;
    this.r = squares / (n - 1);
    return (n - 1) * Math.log(this.r) + logs + Math.log(product);
  }
}

function seenClearly(values: Float64Array, gaps: Float64Array): { q: number; logLikelihood: number } {
  const terms = values.length - 1;
  let squares = 0;
  let logs = 0;
  for (let t = 1; t <= terms; t++) {
    squares += (values[t] - values[t - 1]) ** 2 / gaps[t];
    logs += Math.log(gaps[t]);
  }
  const q = squares / terms;
  return { q, logLikelihood: likelihood(terms * Math.log(q) + logs, terms) };
}

/** The finite values and the time since the one before; what passes at a missing value belongs to the next gap. */
function observed(y: ArrayLike<number>, dt: ArrayLike<number> | null) {
  if (dt && dt.length !== y.length) throw new Defect(`${y.length} values with ${dt.length} times`);
  const values = new Float64Array(y.length);
  const gaps = new Float64Array(y.length);
  let n = 0;
  let gap = 0;
  let all = 0;
  let leastGap = Infinity;
  for (let t = 0; t < y.length; t++) {
    const passed = dt ? dt[t] : 1;
    if (t > 0) {
      if (!(passed >= 0)) throw new Defect(`time step ${t} is ${passed}: it must be 0 or more`);
      gap += passed;
    }
    if (!Number.isFinite(y[t])) continue;
    values[n] = y[t];
    gaps[n] = gap;
    if (n > 0) {
      all += gap;
      if (gap < leastGap) leastGap = gap;
    }
    gap = 0;
    n++;
  }
  return { values: values.subarray(0, n), gaps: gaps.subarray(0, n), meanGap: n > 1 ? all / (n - 1) : 0, leastGap };
}

const NUDGE = 1e-3;

/**
 * Standard errors of ln q and ln r from the curvature of the log-likelihood at a fit; `null` at a boundary or where the
 * likelihood does not curve down.
 */
export function fitErrors(
  y: ArrayLike<number>,
  dt: ArrayLike<number> | null,
  fit: LevelFit,
): { readonly lnQ: number; readonly lnR: number } | null {
  if (fit.at !== 'interior') return null;
  const at = (i: number, j: number): number =>
    levelLogLikelihood(y, dt, fit.q * Math.exp(i * NUDGE), fit.r * Math.exp(j * NUDGE));
  const here = at(0, 0);
  const qq = (at(1, 0) - 2 * here + at(-1, 0)) / NUDGE ** 2;
  const rr = (at(0, 1) - 2 * here + at(0, -1)) / NUDGE ** 2;
  const qr = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * NUDGE ** 2);
  const determinant = qq * rr - qr * qr;
  if (!(qq < 0 && determinant > 0)) return null;
  return { lnQ: Math.sqrt(-rr / determinant), lnR: Math.sqrt(-qq / determinant) };
}

/**
 * A market's variances pulled towards its category's in logarithms, with weight n/(n + 200): a short history says
 * little. A boundary (0) counts as `floor` of the category's value.
 */
export function shrunk(
  fit: LevelFit,
  category: { readonly q: number; readonly r: number },
  floor = 1e-6,
): { readonly q: number; readonly r: number } {
  const weight = fit.observations / (fit.observations + 200);
  const pull = (own: number, theirs: number): number =>
    Math.exp(weight * Math.log(Math.max(own, floor * theirs)) + (1 - weight) * Math.log(theirs));
  return { q: pull(fit.q, category.q), r: pull(fit.r, category.r) };
}
