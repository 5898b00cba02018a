import { ForwardBackward } from './forward-backward.js';
import { countRows, sequenceStarts, type HmmParameters, type HmmRows } from './hmm.types.js';

export interface HmmPosteriors {
  /** n × K, each row sums to 1. */
  readonly probabilities: Float64Array;
  /** Log-likelihood of the rows up to and with each one, nats (n). */
  readonly running: Float64Array;
  readonly logLik: number;
}

/**
 * P(state at t | rows 0…t): what could be known at t, the only kind a decision may use.
 *
 * @throws UserProblem when the rows' shape does not hold.
 */
export function filtered(rows: HmmRows, model: HmmParameters): HmmPosteriors {
  const work = new ForwardBackward(rows, model.states);
  const running = new Float64Array(work.count);
  work.emissions(model);
  const logLik = work.forward(model, running);
  return { probabilities: work.posterior, running, logLik };
}

/**
 * P(state at t | all rows): looks ahead, so for study and fitting only.
 *
 * @throws UserProblem when the rows' shape does not hold.
 */
export function smoothed(rows: HmmRows, model: HmmParameters): Omit<HmmPosteriors, 'running'> {
  const work = new ForwardBackward(rows, model.states);
  work.emissions(model);
  const logLik = work.forward(model);
  work.backward(model);
  return { probabilities: work.posterior, logLik };
}

/**
 * The most likely path of states (n) and its joint log probability with the rows, in log space; a tie goes to the lowest
 * state. It looks ahead, so for study only. Source: Viterbi 1967.
 *
 * @throws UserProblem when the rows' shape does not hold.
 */
export function viterbi(
  rows: HmmRows,
  model: HmmParameters,
): { readonly path: Uint8Array; readonly logProbability: number } {
  const count = countRows(rows);
  const K = model.states;
  const work = new ForwardBackward(rows, K);
  work.emissions(model);
  const { density } = work;
  const logStart = model.start.map(Math.log);
  // Column-major: the sources of one target lie side by side.
  const logTo = new Float64Array(K * K);
  for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) logTo[j * K + i] = Math.log(model.transitions[i * K + j]);
  const from = new Uint8Array(count * K);
  const path = new Uint8Array(count);
  const best = new Float64Array(K);
  const next = new Float64Array(K);
  const starts = sequenceStarts(rows, count);
  let logProbability = 0;
  for (let s = 0; s + 1 < starts.length; s++) {
    const first = starts[s];
    const last = starts[s + 1] - 1;
    for (let k = 0; k < K; k++) best[k] = logStart[k] + density[first * K + k];
    for (let t = first + 1; t <= last; t++) {
      for (let j = 0; j < K; j++) {
        let top = best[0] + logTo[j * K];
        let source = 0;
        for (let i = 1; i < K; i++) {
          const candidate = best[i] + logTo[j * K + i];
          if (candidate > top) {
            top = candidate;
            source = i;
          }
        }
        next[j] = top + density[t * K + j];
        from[t * K + j] = source;
      }
      best.set(next);
    }
    let state = 0;
    for (let k = 1; k < K; k++) if (best[k] > best[state]) state = k;
    logProbability += best[state];
    for (let t = last; t >= first; t--) {
      path[t] = state;
      state = from[t * K + state];
    }
  }
  return { path, logProbability };
}
