import { Type } from 'typebox';
import {
  aic,
  baumWelch,
  bic,
  canonicalOrder,
  filtered,
  fitHmm,
  freeParameters,
  hmmFromNested,
  hmmRows,
  hmmToNested,
  mulberry32,
  reordered,
  selectOrder,
  smoothed,
  viterbi,
  type HmmParameters,
} from '#quant';
import { referenceModel, type ExpectedField, type ReferenceCase } from '../reference-model.js';
import { maybe } from './case-input.js';

const vector = Type.Array(Type.Number());
const matrix = Type.Array(vector);
const rows = Type.Array(Type.Array(Type.Union([Type.Number(), Type.Null()])), { minItems: 1 });
const parameters = { startprob: vector, transmat: matrix, means: matrix, vars: matrix };
const prior = { covarsPrior: Type.Number({ minimum: 0 }), covarsWeight: Type.Number({ minimum: 0 }) };

/** Fits start from chance; the same seed gives the same answer every time. */
const SEED = 20_260_101;
/** An order is chosen from likelihoods that lie close together, so every K is searched widely. */
const THOROUGH = { starts: 60, polished: 5 };

const probabilities = (flat: Float64Array, states: number): Float64Array[] =>
  Array.from({ length: flat.length / states }, (_, t) => flat.subarray(t * states, (t + 1) * states));

function listOf(expected: ReferenceCase['expected'], name: string): readonly number[] {
  const list = expected[name];
  return Array.isArray(list) ? (list as readonly number[]) : [];
}

/** Puts our states in the places of the reference's, by the order both call canonical. */
function matched(model: HmmParameters, theirs: readonly number[]): HmmParameters {
  const ours = canonicalOrder(model);
  if (theirs.length !== ours.length) return reordered(model, ours);
  const places = ours.map((_, state) => ours[theirs.indexOf(state)] ?? state);
  return reordered(model, places);
}

/** Of one K in the table: nothing is asked of a K beyond those the file grades. */
function orderRule({ path, of, tolerance }: ExpectedField): 'ungraded' | undefined {
  const index = /^table\[(\d+)\]/.exec(path)?.[1];
  const table: unknown = of.expected['table'];
  const most = tolerance['gradeStatesUpTo'];
  if (index === undefined || !Array.isArray(table) || typeof most !== 'number') return undefined;
  return (table[Number(index)] as { nStates: number }).nStates > most ? 'ungraded' : undefined;
}

export const hmmModels = {
  'hmm-em': referenceModel({
    title: 'Gaussian HMM, diag: Baum-Welch from a given start',
    input: Type.Object({
      X: rows,
      lengths: maybe(Type.Array(Type.Integer())),
      nIter: Type.Integer({ minimum: 0 }),
      tol: maybe(Type.Number()),
      ...prior,
      init: Type.Object(parameters),
    }),
    families: {
      startprob: 'param',
      transmat: 'param',
      means: 'param',
      vars: 'param',
      posteriors: 'posterior',
      viterbiLogProb: 'logLik',
      bic: 'logLik',
      aic: 'logLik',
    },
    run({ X, lengths, nIter, tol, covarsPrior, covarsWeight, init }) {
      const observed = hmmRows(X, lengths);
      const fit = baumWelch(observed, hmmFromNested(init), {
        iterations: nIter,
        tolerance: tol ?? -Infinity,
        prior: { scale: covarsPrior, weight: covarsWeight },
      });
      const free = freeParameters(fit.model.states, fit.model.features);
      const path = viterbi(observed, fit.model);
      return {
        ...hmmToNested(fit.model),
        logLik: fit.logLik,
        iterations: fit.iterations,
        history: fit.history,
        bic: bic(fit.logLik, free, X.length),
        aic: aic(fit.logLik, free),
        viterbi: path.path,
        viterbiLogProb: path.logProbability,
        posteriors: probabilities(smoothed(observed, fit.model).probabilities, fit.model.states),
        canonicalOrder: canonicalOrder(fit.model),
      };
    },
  }),
  'hmm-restarts': referenceModel({
    title: 'Gaussian HMM, diag: global optimum over restarts',
    input: Type.Object({ X: rows, nStates: Type.Integer({ minimum: 1 }), ...prior }),
    families: { means: 'mean', vars: 'var', transmat: 'trans', startprob: 'trans', viterbiLogProb: 'logLik' },
    ungraded: [
      'iterations',
      'history',
      'posteriors',
      'viterbiLogProb',
      'restartLogLiks',
      'bestSeed',
      'hmmlearnOutOfTheBoxLogLiks',
      'bic',
      'aic',
    ],
    agreements: { viterbi: 'viterbiAgreement' },
    optimum: {
      objective: 'logLik',
      better: 'higher',
      broken: (_, { vars, logLik }) =>
        Number.isFinite(logLik) && (vars as number[][]).flat().every((v) => v > 0) ? [] : ['the fit is not finite'],
    },
    run({ X, nStates, covarsPrior, covarsWeight }, { expected }) {
      const observed = hmmRows(X);
      const fit = fitHmm(observed, nStates, {
        random: mulberry32(SEED),
        prior: { scale: covarsPrior, weight: covarsWeight },
      });
      const model = matched(fit.model, listOf(expected, 'canonicalOrder'));
      return {
        ...hmmToNested(model),
        logLik: fit.logLik,
        viterbi: viterbi(observed, model).path,
        canonicalOrder: canonicalOrder(model),
      };
    },
  }),
  'hmm-bic': referenceModel({
    title: 'Gaussian HMM order selection',
    input: Type.Object({ X: rows, ...prior }),
    families: { 'table.aic': 'bic' },
    ungraded: ['table.vars'],
    oneSided: { 'table.penalised': 'higher', 'table.logLik': 'higher', 'table.bic': 'lower', 'table.aic': 'lower' },
    rule: orderRule,
    run({ X, covarsPrior, covarsWeight }, { expected }) {
      const table = (expected['table'] ?? []) as readonly { readonly nStates: number }[];
      const choice = selectOrder(
        hmmRows(X),
        table.map((one) => one.nStates),
        { random: mulberry32(SEED), ...THOROUGH, prior: { scale: covarsPrior, weight: covarsWeight } },
      );
      return {
        bicChoice: choice.lowest.states,
        table: choice.table.map((one) => ({
          nStates: one.states,
          nParams: one.parameters,
          logLik: one.fit?.logLik,
          penalised: one.fit?.penalised,
          bic: one.bic,
          aic: one.aic,
        })),
      };
    },
  }),
  'hmm-online': referenceModel({
    title: 'forward filter / smoother / Viterbi with fixed parameters',
    input: Type.Object({ X: rows, ...parameters }),
    families: { filtered: 'prob', smoothed: 'prob', cumLogLik: 'logLik', viterbiLogProb: 'logLik' },
    run({ X, ...nested }) {
      const model = hmmFromNested(nested);
      const observed = hmmRows(X);
      const live = filtered(observed, model);
      const path = viterbi(observed, model);
      return {
        filtered: probabilities(live.probabilities, model.states),
        cumLogLik: live.running,
        smoothed: probabilities(smoothed(observed, model).probabilities, model.states),
        viterbi: path.path,
        viterbiLogProb: path.logProbability,
      };
    },
  }),
};
