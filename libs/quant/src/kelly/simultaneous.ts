import { UserProblem } from '#core';
import type { Random } from '../random.js';

export interface SimultaneousKelly {
  /** Share of wealth to spend on each bet; the sum is at most the cap. */
  readonly fractions: Float64Array;
  /** Expected log growth, nats. */
  readonly growth: number;
  readonly steps: number;
  readonly converged: boolean;
}

/** Up to this many bets every outcome is looked at; beyond it, a sample. */
const EXACT = 12;
const SAMPLED_STATES = 4096;
/** Weight of the barrier at the end: (bets + 1) × this bounds what growth is left, nats. */
const LAST_BARRIER = 1e-13;

/**
 * Kelly for independent binary bets made at once: maximises E ln(1 − Σf + Σ f_i/c_i over the bets won) with f ≥ 0 and
 * Σf ≤ cap, by Newton's method on a falling log barrier. Exact over all 2^m outcomes up to m = 12, beyond that over a sample
 * of states that stays the same for all steps.
 *
 * @param p probability that each bet pays 1.
 * @param cost all-in cost of each, dollars, between 0 and 1.
 * @param cap most wealth to spend on all together, above 0 and at most 1.
 * @param random needed for more than 12 bets.
 * @throws UserProblem when an argument is out of its range.
 */
export function kellySimultaneous(
  p: readonly number[],
  cost: readonly number[],
  cap: number,
  random?: Random,
): SimultaneousKelly {
  check(p, cost, cap);
  // A bet without an edge of its own gains nothing beside independent others: it stays at exactly 0.
  const worth = p.map((_, i) => i).filter((i) => p[i] > cost[i]);
  const fractions = new Float64Array(p.length);
  if (worth.length === 0) return { fractions, growth: 0, steps: 0, converged: true };
  if (worth.length > EXACT && random === undefined)
    throw new UserProblem(`more than ${EXACT} bets at once need a source of chance`);
  const states = statesOf(
    worth.map((i) => p[i]),
    worth.map((i) => cost[i]),
    random,
  );
  const found = climb(states, worth.length, cap);
  worth.forEach((i, k) => (fractions[i] = found.x[k]));
  return { fractions, growth: growthAt(states, found.x), steps: found.steps, converged: found.converged };
}

/** Each bet's own Kelly share, all scaled down together to the cap: the cheap answer. */
export function scaledToCap(fractions: readonly number[], cap: number): number[] {
  const sum = fractions.reduce((total, one) => total + one, 0);
  return sum <= cap ? [...fractions] : fractions.map((one) => (one * cap) / sum);
}

/** What a unit of each bet adds to wealth in each state (S × m), and the states' probabilities. */
interface States {
  readonly gains: Float64Array;
  readonly weights: Float64Array;
  readonly bets: number;
}

function statesOf(p: readonly number[], cost: readonly number[], random?: Random): States {
  const m = p.length;
  const exact = m <= EXACT;
  const count = exact ? 2 ** m : SAMPLED_STATES;
  const gains = new Float64Array(count * m);
  const weights = new Float64Array(count).fill(exact ? 1 : 1 / count);
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < m; i++) {
      const won = exact ? ((s >> i) & 1) === 1 : (random?.() ?? 1) < p[i];
      gains[s * m + i] = won ? 1 / cost[i] - 1 : -1;
      if (exact) weights[s] *= won ? p[i] : 1 - p[i];
    }
  }
  return { gains, weights, bets: m };
}

function growthAt({ gains, weights, bets }: States, x: Float64Array): number {
  let growth = 0;
  for (let s = 0; s < weights.length; s++) {
    if (weights[s] === 0) continue;
    let gain = 0;
    for (let i = 0; i < bets; i++) gain += x[i] * gains[s * bets + i];
    if (!(gain > -1)) return -Infinity;
    growth += weights[s] * Math.log1p(gain);
  }
  return growth;
}

function climb(states: States, m: number, cap: number): { x: Float64Array; steps: number; converged: boolean } {
  const x = new Float64Array(m).fill((0.5 * cap) / m);
  const trial = new Float64Array(m);
  const gradient = new Float64Array(m);
  const hessian = new Float64Array(m * m);
  const aim = (at: Float64Array, barrier: number): number => {
    let sum = 0;
    let value = growthAt(states, at);
    for (let i = 0; i < m; i++) {
      if (!(at[i] > 0)) return -Infinity;
      sum += at[i];
      value += barrier * Math.log(at[i]);
    }
    return sum < cap ? value + barrier * Math.log(cap - sum) : -Infinity;
  };
  let steps = 0;
  let slope = 0;
  for (let barrier = 1e-2; barrier > LAST_BARRIER / 10; barrier /= 10) {
    for (let inner = 0; inner < 50; inner++) {
      derivatives(states, x, cap, barrier, gradient, hessian);
      const step = solvePositive(hessian, gradient, m);
      steps++;
      slope = 0;
      for (let i = 0; i < m; i++) slope += step[i] * gradient[i];
      if (!(slope > 1e-3 * barrier)) break;
      const here = aim(x, barrier);
      let length = 1;
      let gained = false;
      for (; length > 1e-12; length /= 2) {
        for (let i = 0; i < m; i++) trial[i] = x[i] + length * step[i];
        if (aim(trial, barrier) >= here + 1e-4 * length * slope) {
          gained = true;
          break;
        }
      }
      // No step uphill is left that a double can tell from standing still.
      if (!gained) break;
      x.set(trial);
    }
  }
  return { x, steps, converged: slope < 1e-10 };
}

/** Gradient and negative Hessian of the aim with its barrier. */
function derivatives(
  { gains, weights, bets: m }: States,
  x: Float64Array,
  cap: number,
  barrier: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  gradient.fill(0);
  hessian.fill(0);
  let left = cap;
  for (let i = 0; i < m; i++) left -= x[i];
  for (let s = 0; s < weights.length; s++) {
    const row = s * m;
    let wealth = 1;
    for (let i = 0; i < m; i++) wealth += x[i] * gains[row + i];
    const first = weights[s] / wealth;
    const second = first / wealth;
    for (let i = 0; i < m; i++) {
      gradient[i] += first * gains[row + i];
      for (let j = 0; j <= i; j++) hessian[i * m + j] += second * gains[row + i] * gains[row + j];
    }
  }
  for (let i = 0; i < m; i++) {
    gradient[i] += barrier / x[i] - barrier / left;
    for (let j = 0; j <= i; j++) {
      hessian[i * m + j] += barrier / (left * left);
      hessian[j * m + i] = hessian[i * m + j];
    }
    hessian[i * m + i] += barrier / (x[i] * x[i]);
  }
}

/** Solves H s = g for a positive definite H by Cholesky's decomposition; H is overwritten. */
function solvePositive(h: Float64Array, g: Float64Array, m: number): Float64Array {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = h[i * m + j];
      for (let k = 0; k < j; k++) sum -= h[i * m + k] * h[j * m + k];
      h[i * m + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / h[j * m + j];
    }
  }
  const s = g.slice();
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < i; k++) s[i] -= h[i * m + k] * s[k];
    s[i] /= h[i * m + i];
  }
  for (let i = m - 1; i >= 0; i--) {
    for (let k = i + 1; k < m; k++) s[i] -= h[k * m + i] * s[k];
    s[i] /= h[i * m + i];
  }
  return s;
}

function check(p: readonly number[], cost: readonly number[], cap: number): void {
  if (p.length !== cost.length) throw new UserProblem(`${p.length} probabilities do not fit ${cost.length} costs`);
  if (!p.every((one) => one >= 0 && one <= 1)) throw new UserProblem('a probability is between 0 and 1');
  if (!cost.every((one) => one > 0 && one < 1)) throw new UserProblem('a cost is between 0 and 1 dollar');
  if (!(cap > 0 && cap <= 1)) throw new UserProblem(`a cap on wealth is above 0 and at most 1, not ${cap}`);
}
