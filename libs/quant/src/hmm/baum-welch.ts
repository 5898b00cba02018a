import { UserProblem } from '#core';
import { ForwardBackward } from './forward-backward.js';
import { copyHmm, type HmmParameters, type HmmRows } from './hmm.types.js';

/** Prior of every variance: v = (prior + Σγ(x−μ)²) / max(max(weight−1, 0) + Σγ, 1e-5). */
export interface VariancePrior {
  /** c₀ per feature, in the feature's units squared, or one for all; at least 0. */
  readonly scale: number | Float64Array;
  /** w₀, at least 0; 1 adds nothing below the line. */
  readonly weight: number;
}

export interface BaumWelchOptions {
  readonly iterations: number;
  /**
   * Stops when the gain falls below this; `-Infinity` never stops early.
   * `plain` compares log-likelihoods as hmmlearn does; `penalised` compares log-likelihood plus the variances' log prior,
   * relative to its size, which is what the M-step climbs.
   */
  readonly tolerance: number;
  readonly stop?: 'plain' | 'penalised';
  readonly prior?: VariancePrior;
  /**
   * Moves from each state to itself that are taken as seen before the first row, at least 0: a Dirichlet prior for states
   * that last. 0, the default, is hmmlearn's.
   */
  readonly staying?: number;
}

export interface HmmFit {
  readonly model: HmmParameters;
  /** Of the model returned, nats. */
  readonly logLik: number;
  /** `logLik` plus the variances' log prior (up to a constant): the objective EM climbs. */
  readonly penalised: number;
  /** Log-likelihood before each M-step. */
  readonly history: readonly number[];
  readonly iterations: number;
  readonly converged: boolean;
  /** States nothing moves out of any more, because they hold no mass: the fit is not to be used as it is. */
  readonly emptyStates: readonly number[];
}

const NO_PRIOR: VariancePrior = { scale: 0, weight: 1 };
/** A variance never falls below this share of the feature's own variance: a constant series must not divide by 0. */
const FLOOR_SHARE = 1e-8;

/**
 * Maximum a posteriori fit by expectation–maximisation from a given start, with hmmlearn's M-step (initial probabilities and
 * transitions that are 0 stay 0; a row of transitions without mass keeps its zeros and is reported). Missing rows carry the
 * chain but no emission.
 *
 * Sources: Rabiner 1989; Bilmes 1998; hmmlearn 0.3 for the prior's form.
 *
 * @throws UserProblem when rows and start do not fit each other, or iterations or prior are below 0.
 */
export function baumWelch(
  rows: HmmRows,
  start: HmmParameters,
  options: BaumWelchOptions,
  workspace = new ForwardBackward(rows, start.states),
): HmmFit {
  if (start.features !== rows.features)
    throw new UserProblem(`the model has ${start.features} features, the rows have ${rows.features}`);
  const prior = options.prior ?? NO_PRIOR;
  if (!(options.iterations >= 0) || !(prior.weight >= 0) || !(priorOf(prior, 0) >= 0))
    throw new UserProblem('iterations and the variance prior must not be negative');
  const staying = options.staying ?? 0;
  if (!(staying >= 0)) throw new UserProblem(`moves taken as seen are at least 0, not ${staying}`);
  const model = copyHmm(start);
  const floors = varianceFloors(workspace.rows);
  const history: number[] = [];
  let converged = false;
  let before = -Infinity;
  while (history.length < options.iterations && !converged) {
    workspace.emissions(model);
    const logLik = workspace.forward(model);
    workspace.backward(model);
    const objective = options.stop === 'penalised' ? logLik + logPrior(model, prior, staying) : logLik;
    const size = options.stop === 'penalised' ? 1 + Math.abs(objective) : 1;
    converged = objective - before < options.tolerance * size;
    before = objective;
    history.push(logLik);
    maximise(workspace, model, prior, staying, floors);
  }
  workspace.emissions(model);
  const logLik = workspace.forward(model);
  return {
    model,
    logLik,
    penalised: logLik + logPrior(model, prior, staying),
    history,
    iterations: history.length,
    converged,
    emptyStates: emptyStates(model),
  };
}

/** −Σ c₀ / 2v − max(w₀−1, 0)/2 · ln v + staying · Σ ln A_kk: the log prior whose M-step this is. */
export function logPrior(model: HmmParameters, prior: VariancePrior, staying = 0): number {
  const power = Math.max(prior.weight - 1, 0) / 2;
  let sum = 0;
  for (let i = 0; i < model.variances.length; i++) {
    sum -= priorOf(prior, i % model.features) / (2 * model.variances[i]);
    if (power > 0) sum -= power * Math.log(model.variances[i]);
  }
  for (let k = 0; k < model.states; k++) {
    const stays = model.transitions[k * model.states + k];
    if (staying > 0 && stays > 0) sum += staying * Math.log(stays);
  }
  return sum;
}

/** Mean and population variance of each feature over the rows that are not missing; 0 without any. */
export function featureMoments(rows: HmmRows): { readonly means: Float64Array; readonly variances: Float64Array } {
  const { values, features: D } = rows;
  const means = new Float64Array(D);
  const variances = new Float64Array(D);
  for (let d = 0; d < D; d++) {
    let count = 0;
    let sum = 0;
    for (let at = d; at < values.length; at += D) {
      if (values[at] !== values[at]) continue;
      sum += values[at];
      count++;
    }
    const mean = count > 0 ? sum / count : 0;
    let squares = 0;
    for (let at = d; at < values.length; at += D) if (values[at] === values[at]) squares += (values[at] - mean) ** 2;
    means[d] = mean;
    variances[d] = count > 0 ? squares / count : 0;
  }
  return { means, variances };
}

function maximise(
  work: ForwardBackward,
  model: HmmParameters,
  prior: VariancePrior,
  staying: number,
  floors: Float64Array,
): void {
  const { states: K, features: D, start, transitions, means, variances } = model;
  const { begins, moves, posterior } = work;
  const { values } = work.rows;
  normalise(begins, 0, K, start);
  for (let i = 0; i < K; i++) {
    // A state that has lost all mass is still told by its row of zeros.
    if (moves.subarray(i * K, (i + 1) * K).some((mass) => mass > 0)) moves[i * K + i] += staying;
    normalise(moves, i * K, K, transitions);
  }
  for (let k = 0; k < K; k++) {
    for (let d = 0; d < D; d++) {
      // Counted from the mean before, which is near the new one: one pass, and the squares keep their digits.
      const origin = means[k * D + d];
      let mass = 0;
      let sum = 0;
      let squares = 0;
      for (let at = d, p = k; at < values.length; at += D, p += K) {
        const off = values[at] - origin;
        if (off !== off) continue;
        const weight = posterior[p];
        mass += weight;
        sum += weight * off;
        squares += weight * off * off;
      }
      // A state that has lost all mass keeps its mean; its variance is the prior's.
      const shift = mass > 0 ? sum / mass : 0;
      means[k * D + d] = origin + shift;
      const below = Math.max(Math.max(prior.weight - 1, 0) + mass, 1e-5);
      const spread = Math.max(squares - sum * shift, 0);
      variances[k * D + d] = Math.max((priorOf(prior, d) + spread) / below, floors[d]);
    }
  }
}

/** Writes `from[at…]` into `to[at…]` with sum 1; what `to` has at exactly 0 stays 0, a run without mass becomes zeros. */
function normalise(from: Float64Array, at: number, length: number, to: Float64Array): void {
  let sum = 0;
  for (let i = at; i < at + length; i++) if (to[i] > 0) sum += from[i];
  for (let i = at; i < at + length; i++) if (to[i] > 0) to[i] = sum > 0 ? from[i] / sum : 0;
}

function varianceFloors(rows: HmmRows): Float64Array {
  const { means, variances } = featureMoments(rows);
  return variances.map((variance, d) => Math.max(FLOOR_SHARE * variance, 1e-16 * means[d] ** 2, 1e-100));
}

function emptyStates(model: HmmParameters): number[] {
  const { states: K, transitions } = model;
  return Array.from({ length: K }, (_, k) => k).filter((k) =>
    transitions.subarray(k * K, (k + 1) * K).every((p) => p === 0),
  );
}

const priorOf = (prior: VariancePrior, d: number): number =>
  typeof prior.scale === 'number' ? prior.scale : prior.scale[d];
