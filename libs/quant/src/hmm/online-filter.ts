import { UserProblem } from '#core';
import type { HmmParameters } from './hmm.types.js';

/** What the filter knows after the rows so far: plain data, structured-cloneable, changed in place. */
export interface HmmFilterState {
  /** K: P(state | rows so far). Before the first row, the start probabilities. */
  readonly posterior: Float64Array;
  /** Rows taken, missing ones with them. */
  rows: number;
  /** Log-likelihood of the rows so far, nats. */
  logLik: number;
}

const RESCUE_BELOW = 1e-280;

/**
 * Forward filter for one model, row by row. `step` allocates nothing: constants and scratch are made once, here.
 * A model and the filter's state are separate, so that a refit can go on from the same posterior.
 *
 * @throws UserProblem when a state given does not belong to a model of K states.
 */
export class HmmFilter {
  private readonly constant: Float64Array;
  private readonly half: Float64Array;
  private readonly logDensity: Float64Array;
  private readonly predicted: Float64Array;

  constructor(
    readonly model: HmmParameters,
    readonly state: HmmFilterState = { posterior: model.start.slice(), rows: 0, logLik: 0 },
  ) {
    const { states: K, features: D, variances } = model;
    if (state.posterior.length !== K)
      throw new UserProblem(`a filter of ${K} states cannot go on from ${state.posterior.length} probabilities`);
    this.half = variances.map((variance) => 0.5 / variance);
    this.constant = new Float64Array(K);
    for (let k = 0; k < K; k++)
      for (let d = 0; d < D; d++) this.constant[k] -= 0.5 * Math.log(2 * Math.PI * variances[k * D + d]);
    this.logDensity = new Float64Array(K);
    this.predicted = new Float64Array(K);
  }

  /**
   * Takes the D values of `row` that begin at `offset`; a missing one (`NaN`) makes the whole row missing: the chain moves
   * on, nothing is learnt. O(K² + KD).
   */
  step(row: Float64Array, offset = 0): void {
    const { model, state, logDensity, predicted, constant, half } = this;
    const { states: K, features: D, means, transitions } = model;
    const { posterior } = state;
    for (let j = 0; j < K; j++) {
      let come = 0;
      if (state.rows === 0) come = posterior[j];
      else for (let i = 0; i < K; i++) come += posterior[i] * transitions[i * K + j];
      predicted[j] = come;
    }
    state.rows++;
    let top = -Infinity;
    for (let j = 0; j < K; j++) {
      let log = constant[j];
      for (let d = 0; d < D; d++) {
        const off = row[offset + d] - means[j * D + d];
        log -= off * off * half[j * D + d];
      }
      logDensity[j] = log;
      if (log > top) top = log;
    }
    if (!(Math.abs(top) < Infinity)) {
      posterior.set(predicted);
      return;
    }
    let total = 0;
    for (let j = 0; j < K; j++) total += posterior[j] = predicted[j] * Math.exp(logDensity[j] - top);
    if (!(total >= RESCUE_BELOW)) {
      // Only states without a way there explain the row: shift by what can be reached instead.
      top = -Infinity;
      for (let j = 0; j < K; j++) {
        logDensity[j] += Math.log(predicted[j]);
        if (logDensity[j] > top) top = logDensity[j];
      }
      total = 0;
      for (let j = 0; j < K; j++) total += posterior[j] = Math.exp(logDensity[j] - top);
    }
    for (let j = 0; j < K; j++) posterior[j] /= total;
    state.logLik += top + Math.log(total);
  }
}
