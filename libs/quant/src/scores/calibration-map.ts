import { logit, sigmoid, softplus } from '../quotes/logistic.js';
import { checkForecasts, type Forecasts } from './forecasts.js';

/** p ↦ sigmoid(a + b·logit p); a = 0, b = 1 changes nothing. */
export interface LogisticMap {
  readonly a: number;
  readonly b: number;
  /** Standard errors from the curvature of the likelihood. */
  readonly seA: number;
  readonly seB: number;
  /** Nats. */
  readonly logLik: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Forecasts of exactly 0 or 1 have log-odds of this probability's size. */
const LOGIT_EPSILON = 1e-15;
/** Keeps the fit finite where the forecasts separate the outcomes; too small to be seen elsewhere. */
const RIDGE = 1e-6;
const MOST_STEPS = 100;

/**
 * Maximum likelihood fit of outcomes on the log-odds of their forecasts, by Newton's method with a step that only goes
 * uphill. `null` where all outcomes are the same: nothing can be learnt from them.
 *
 * @throws UserProblem for what are no forecasts.
 */
export function fitLogisticMap(forecasts: Forecasts): LogisticMap | null {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  let happened = 0;
  for (let i = 0; i < count; i++) happened += y[i];
  if (happened === 0 || happened === count) return null;
  const x = Float64Array.from({ length: count }, (_, i) =>
    logit(Math.min(Math.max(p[i], LOGIT_EPSILON), 1 - LOGIT_EPSILON)),
  );
  let a = 0;
  let b = 1;
  let aim = penalised(x, y, a, b);
  let iterations = 0;
  let converged = false;
  let curvature = slopes(x, y, a, b);
  while (iterations < MOST_STEPS && !converged) {
    iterations++;
    const { ga, gb, haa, hab, hbb } = curvature;
    const det = haa * hbb - hab * hab;
    const da = (ga * hbb - gb * hab) / det;
    const db = (gb * haa - ga * hab) / det;
    let length = 1;
    let next = penalised(x, y, a + da, b + db);
    while (!(next >= aim) && length > 1e-10) {
      length /= 2;
      next = penalised(x, y, a + length * da, b + length * db);
    }
    converged = Math.abs(da * ga + db * gb) < 1e-14 * (1 + Math.abs(aim)) || !(next >= aim);
    if (next >= aim) {
      a += length * da;
      b += length * db;
      aim = next;
    }
    curvature = slopes(x, y, a, b);
  }
  const { haa, hab, hbb } = curvature;
  const det = haa * hbb - hab * hab;
  return {
    a,
    b,
    seA: Math.sqrt(hbb / det),
    seB: Math.sqrt(haa / det),
    logLik: aim + (RIDGE / 2) * (a * a + (b - 1) ** 2),
    iterations,
    converged,
  };
}

/** A step-free rising map through the points (x, value), flat outside them. */
export interface IsotonicMap {
  /** Rising, without repetition. */
  readonly x: Float64Array;
  /** Never falling, 0…1. */
  readonly value: Float64Array;
}

/**
 * The never-falling map nearest to the outcomes in squares, by pooling adjacent violators; equal forecasts are one point.
 * Sources: Zadrozny & Elkan 2002; Barlow et al. 1972.
 *
 * @throws UserProblem for what are no forecasts.
 */
export function fitIsotonicMap(forecasts: Forecasts): IsotonicMap {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((i, j) => p[i] - p[j]);
  const x: number[] = [];
  const blocks: { mean: number; weight: number; points: number }[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    let yes = 0;
    for (; to < count && p[order[to]] === p[order[from]]; to++) yes += y[order[to]];
    x.push(p[order[from]]);
    let block = { mean: yes / (to - from), weight: to - from, points: 1 };
    for (let last = blocks.at(-1); last && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = {
        mean: (last.mean * last.weight + block.mean * block.weight) / weight,
        weight,
        points: last.points + block.points,
      };
    }
    blocks.push(block);
  }
  const value = blocks.flatMap(({ mean, points }) => Array.from({ length: points }, () => mean));
  return { x: Float64Array.from(x), value: Float64Array.from(value) };
}

/** The map at `p`, straight between its points. */
export function isotonicAt({ x, value }: IsotonicMap, p: number): number {
  const last = x.length - 1;
  if (!(p > x[0])) return value[0];
  if (p >= x[last]) return value[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= p) low = middle;
    else high = middle;
  }
  const share = (p - x[low]) / (x[high] - x[low]);
  return value[low] + share * (value[high] - value[low]);
}

function penalised(x: Float64Array, y: ArrayLike<number>, a: number, b: number): number {
  let sum = -(RIDGE / 2) * (a * a + (b - 1) ** 2);
  for (let i = 0; i < x.length; i++) {
    const z = a + b * x[i];
    sum -= softplus(y[i] === 1 ? -z : z);
  }
  return sum;
}

/** Gradient and negative Hessian of the penalised log-likelihood. */
function slopes(x: Float64Array, y: ArrayLike<number>, a: number, b: number) {
  let ga = -RIDGE * a;
  let gb = -RIDGE * (b - 1);
  let haa = RIDGE;
  let hab = 0;
  let hbb = RIDGE;
  for (let i = 0; i < x.length; i++) {
    const fitted = sigmoid(a + b * x[i]);
    const weight = fitted * (1 - fitted);
    ga += y[i] - fitted;
    gb += (y[i] - fitted) * x[i];
    haa += weight;
    hab += weight * x[i];
    hbb += weight * x[i] * x[i];
  }
  return { ga, gb, haa, hab, hbb };
}
