import type { HmmParameters } from './hmm.types.js';

/** How a state's place in the order is called, quietest first. */
export type RegimeLabel = 'quiet' | 'normal' | 'volatile';

/** Two log variances closer than this are a tie, in which an earlier order is kept. */
const TIE = 0.2;

/**
 * States from the smallest to the largest variance of feature 0, then by its mean: the order that gives them names.
 *
 * @returns K state indices.
 */
export function canonicalOrder(model: HmmParameters): number[] {
  const { states, features, means, variances } = model;
  return Array.from({ length: states }, (_, k) => k).toSorted(
    (a, b) => variances[a * features] - variances[b * features] || means[a * features] - means[b * features] || a - b,
  );
}

/** The same model with its states in the given order. */
export function reordered(model: HmmParameters, order: readonly number[]): HmmParameters {
  const { states: K, features: D } = model;
  const perFeature = (from: Float64Array): Float64Array =>
    Float64Array.from({ length: K * D }, (_, i) => from[order[Math.floor(i / D)] * D + (i % D)]);
  return {
    states: K,
    features: D,
    start: Float64Array.from(order, (k) => model.start[k]),
    transitions: Float64Array.from(
      { length: K * K },
      (_, i) => model.transitions[order[Math.floor(i / K)] * K + order[i % K]],
    ),
    means: perFeature(model.means),
    variances: perFeature(model.variances),
  };
}

/**
 * The canonical order of a refit, in which neighbours whose variances are as good as equal (within e^0.2) stand as the states
 * they resemble stood in `before`, so that a name does not jump between two states that differ in their mean alone.
 *
 * @param before the earlier model, its states in the order of their names, in the same units as `model`.
 */
export function steadyOrder(model: HmmParameters, before: HmmParameters): number[] {
  const order = canonicalOrder(model);
  if (before.states !== model.states || before.features !== model.features) return order;
  for (let pass = 1; pass < order.length; pass++) {
    for (let i = 0; i + 1 < order.length; i++) {
      const [a, b] = [order[i], order[i + 1]];
      const gap = Math.log(model.variances[b * model.features] / model.variances[a * model.features]);
      if (Math.abs(gap) > TIE) continue;
      const straight = distance(model, a, before, i) + distance(model, b, before, i + 1);
      const crossed = distance(model, b, before, i) + distance(model, a, before, i + 1);
      if (crossed < straight) [order[i], order[i + 1]] = [b, a];
    }
  }
  return order;
}

/** The name of the place `rank` (0 is the quietest) among K states. */
export function regimeLabel(rank: number, states: number): RegimeLabel {
  if (rank === 0) return 'quiet';
  return rank === states - 1 ? 'volatile' : 'normal';
}

/**
 * Whether a state's rows drift: its mean of a feature is more than two standard errors from 0.
 *
 * @param points how many rows the state effectively rests on: the sum of its smoothed probabilities.
 */
export function driftOf(model: HmmParameters, state: number, points: number, feature = 0): 'up' | 'down' | 'flat' {
  const at = state * model.features + feature;
  const error = Math.sqrt(model.variances[at] / points);
  if (!(Math.abs(model.means[at]) > 2 * error)) return 'flat';
  return model.means[at] > 0 ? 'up' : 'down';
}

/** Which state is believed in, with a memory against flicker. Plain data, changed in place. */
export interface Hysteresis {
  /** The state held; -1 before the first one was sure for long enough. */
  state: number;
  /** The state that was sure at the last bars, and for how many. */
  rival: number;
  bars: number;
}

export const noRegime = (): Hysteresis => ({ state: -1, rival: -1, bars: 0 });

/**
 * Moves to another state only when its filtered probability stays above `threshold` for `bars` bars in a row.
 *
 * @returns the state held after this bar, -1 while there is none.
 */
export function hold(memory: Hysteresis, posterior: Float64Array, threshold = 0.8, bars = 3): number {
  let top = 0;
  for (let k = 1; k < posterior.length; k++) if (posterior[k] > posterior[top]) top = k;
  if (!(posterior[top] > threshold) || top === memory.state) {
    memory.rival = -1;
    memory.bars = 0;
    return memory.state;
  }
  memory.bars = memory.rival === top ? memory.bars + 1 : 1;
  memory.rival = top;
  if (memory.bars >= bars) {
    memory.state = top;
    memory.rival = -1;
    memory.bars = 0;
  }
  return memory.state;
}

/** Squared distance of two states by mean, in units of the earlier spread, and by log variance. */
function distance(model: HmmParameters, a: number, before: HmmParameters, b: number): number {
  const D = model.features;
  let sum = 0;
  for (let d = 0; d < D; d++) {
    const variance = before.variances[b * D + d];
    sum += (model.means[a * D + d] - before.means[b * D + d]) ** 2 / variance;
    sum += Math.log(model.variances[a * D + d] / variance) ** 2;
  }
  return sum;
}
