import { UserProblem } from '#core';
import { featureMoments, type HmmFit } from './baum-welch.js';
import { smoothed } from './decode.js';
import { countRows, type HmmRows } from './hmm.types.js';
import { fewestRows, fitHmm, presentRows, rowIsMissing, type MultiStartOptions } from './multi-start.js';

/** One K tried. Information criteria in nats × 2; lower is better. */
export interface OrderCandidate {
  readonly states: number;
  /** `null` where there were too few rows to fit. */
  readonly fit: HmmFit | null;
  readonly parameters: number;
  readonly bic: number;
  readonly aic: number;
  /** Why it must not be chosen, or `''`. */
  readonly refused: string;
}

export interface OrderOptions extends MultiStartOptions {
  /** A further reason not to choose a fit, or `''`: what its states are meant to be is not the model's to know. */
  readonly refuse?: (fit: HmmFit) => string;
}

export interface OrderChoice {
  readonly table: readonly OrderCandidate[];
  /** The accepted K of lowest BIC. */
  readonly lowest: OrderCandidate;
  /** Two states, unless another K's BIC is better by more than 10. */
  readonly preferred: OrderCandidate;
}

const LEAST_VARIANCE_SHARE = 1e-3;
const LEAST_MASS = 0.02;
const LEAST_POINTS = 10;
const CONVINCING = 10;

/** Free parameters of K states and D features: (K−1) + K(K−1) + 2KD. */
export const freeParameters = (states: number, features: number): number =>
  states - 1 + states * (states - 1) + 2 * states * features;

/** −2 ln L + p ln n, in nats × 2. Source: Schwarz 1978. */
export const bic = (logLik: number, parameters: number, rows: number): number =>
  -2 * logLik + parameters * Math.log(rows);

/** −2 ln L + 2p. Source: Akaike 1974. */
export const aic = (logLik: number, parameters: number): number => -2 * logLik + 2 * parameters;

/**
 * Fits every K asked for and chooses by BIC, never a K with a collapsed variance (below 1e-3 of the feature's), a state of
 * less than 2 % of the mass or fewer than 10 effective points: the likelihood of a state on a single point has no bound, so
 * BIC would prefer it. Rows are those that are not missing: the others tell nothing of K.
 *
 * @throws UserProblem when no K can be fitted.
 */
export function selectOrder(rows: HmmRows, states: readonly number[], options: OrderOptions): OrderChoice {
  countRows(rows);
  const count = presentRows(rows);
  const table = states.map((K): OrderCandidate => {
    const parameters = freeParameters(K, rows.features);
    if (count < fewestRows(K, rows.features))
      return { states: K, fit: null, parameters, bic: NaN, aic: NaN, refused: `${count} rows are too few` };
    const fit = fitHmm(rows, K, options);
    const { logLik } = fit;
    return {
      states: K,
      fit,
      parameters,
      bic: bic(logLik, parameters, count),
      aic: aic(logLik, parameters),
      refused: whyNot(rows, fit, count) || (options.refuse?.(fit) ?? ''),
    };
  });
  const accepted = table.filter((one) => one.refused === '').toSorted((a, b) => a.bic - b.bic);
  if (accepted.length === 0)
    throw new UserProblem(
      'no number of states fits these observations',
      table.map((one) => ({ path: `/states/${one.states}`, message: one.refused })),
    );
  const [lowest] = accepted;
  const two = accepted.find((one) => one.states === 2);
  return { table, lowest, preferred: two && two.bic - lowest.bic <= CONVINCING ? two : lowest };
}

function whyNot(rows: HmmRows, fit: HmmFit, count: number): string {
  const { model } = fit;
  const { states: K, features: D } = model;
  if (!Number.isFinite(fit.penalised)) return 'the likelihood is not finite';
  if (fit.emptyStates.length > 0) return `state ${fit.emptyStates[0]} lost all its mass`;
  if (K === 1) return '';
  const { variances } = featureMoments(rows);
  for (let i = 0; i < K * D; i++)
    if (model.variances[i] < LEAST_VARIANCE_SHARE * variances[i % D])
      return `the variance of state ${Math.floor(i / D)} collapsed`;
  const { probabilities } = smoothed(rows, model);
  for (let k = 0; k < K; k++) {
    let mass = 0;
    for (let at = k, from = 0; at < probabilities.length; at += K, from += D)
      if (!rowIsMissing(rows, from)) mass += probabilities[at];
    if (mass < LEAST_POINTS) return `state ${k} rests on ${mass.toFixed(1)} points`;
    if (mass < LEAST_MASS * count) return `state ${k} holds ${((100 * mass) / count).toFixed(1)} % of the rows`;
  }
  return '';
}
