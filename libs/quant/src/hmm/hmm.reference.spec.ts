import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../random.js';
import { REFERENCE, referenceCases, worst } from '../reference.spec-support.js';
import {
  aic,
  baumWelch,
  bic,
  canonicalOrder,
  filtered,
  fitHmm,
  freeParameters,
  hmmFromNested,
  HmmFilter,
  hmmRows,
  reordered,
  selectOrder,
  smoothed,
  viterbi,
} from './index.js';

describe('the reference vectors of hmmlearn (need ARBINTEL_REFERENCE)', () => {
  it.skipIf(!REFERENCE).each(referenceCases('hmm-em'))('EM from a given start: %s', (_, { input, expected }) => {
    const rows = hmmRows(input.X, input.lengths);
    const fit = baumWelch(rows, hmmFromNested(input.init), {
      iterations: input.nIter,
      tolerance: input.tol ?? -Infinity,
      prior: { scale: input.covarsPrior, weight: input.covarsWeight },
    });
    const { model } = fit;
    expect(fit.iterations).toBe(expected.iterations);
    expect(worst(fit.history, expected.history)).toBeLessThan(1e-7);
    expect(worst([fit.logLik], [expected.logLik])).toBeLessThan(1e-6);
    expect(worst(model.start, expected.startprob, 1e-6)).toBeLessThan(1e-7);
    expect(worst(model.transitions, expected.transmat.flat(), 1e-6)).toBeLessThan(1e-7);
    expect(worst(model.means, expected.means.flat(), 1e-6)).toBeLessThan(1e-7);
    expect(worst(model.variances, expected.vars.flat(), 1e-6)).toBeLessThan(1e-7);
    const parameters = freeParameters(model.states, model.features);
    expect(worst([bic(fit.logLik, parameters, input.X.length)], [expected.bic])).toBeLessThan(1e-5);
    expect(worst([aic(fit.logLik, parameters)], [expected.aic])).toBeLessThan(1e-5);
    expect(canonicalOrder(model)).toEqual(expected.canonicalOrder);
    if (expected.viterbi === undefined) return;
    const path = viterbi(rows, model);
    expect([...path.path]).toEqual(expected.viterbi);
    expect(worst([path.logProbability], [expected.viterbiLogProb])).toBeLessThan(1e-6);
    expect(worst(smoothed(rows, model).probabilities, expected.posteriors.flat())).toBeLessThan(1e-6);
  });

  it.skipIf(!REFERENCE).each(referenceCases('hmm-restarts'))(
    'the best of many starts, from any seed: %s',
    (_, { input, expected }) => {
      const rows = hmmRows(input.X);
      const reference = reordered(
        hmmFromNested({ ...expected, transmat: expected.transmat, vars: expected.vars }),
        expected.canonicalOrder,
      );
      for (const seed of [1, 2, 3]) {
        const fit = fitHmm(rows, input.nStates, {
          random: mulberry32(seed),
          prior: { scale: input.covarsPrior, weight: input.covarsWeight },
        });
        expect(fit.logLik).toBeGreaterThan(expected.logLik - 1e-3);
        const model = reordered(fit.model, canonicalOrder(fit.model));
        expect(worst(model.means, reference.means)).toBeLessThan(1e-3);
        expect(worst(model.variances, reference.variances, 0.02)).toBe(0);
        expect(worst(model.transitions, reference.transitions)).toBeLessThan(0.01);
        const path = viterbi(rows, fit.model).path;
        const rank = new Map(canonicalOrder(fit.model).map((state, place) => [state, place]));
        const theirs = new Map<number, number>(expected.canonicalOrder.map((s: number, place: number) => [s, place]));
        const agreed = expected.viterbi.filter((s: number, t: number) => theirs.get(s) === rank.get(path[t])).length;
        expect(agreed / path.length).toBeGreaterThanOrEqual(0.99);
      }
    },
  );

  it.skipIf(!REFERENCE).each(referenceCases('hmm-bic'))('order by BIC: %s', (_, { input, expected }) => {
    const table = expected.table as { nStates: number; penalised: number; logLik: number; bic: number }[];
    const graded = table.filter((one) => one.nStates <= 3);
    const choice = selectOrder(
      hmmRows(input.X),
      graded.map((one) => one.nStates),
      {
        random: mulberry32(7),
        starts: 60,
        polished: 5,
        prior: { scale: input.covarsPrior, weight: input.covarsWeight },
      },
    );
    expect(choice.lowest.states).toBe(expected.bicChoice);
    expect(choice.preferred.states).toBe(expected.bicChoice);
    for (const [i, one] of graded.entries()) {
      const { fit, bic: ours } = choice.table[i];
      expect(fit?.penalised).toBeGreaterThan(one.penalised - 0.05);
      expect(fit?.logLik).toBeGreaterThan(one.logLik - 0.5);
      expect(ours).toBeLessThan(one.bic + 1);
    }
  });

  it.skipIf(!REFERENCE).each(referenceCases('hmm-online'))('fixed parameters: %s', (_, { input, expected }) => {
    const model = hmmFromNested(input);
    const rows = hmmRows(input.X);
    const all = filtered(rows, model);
    expect(worst(all.probabilities, expected.filtered.flat())).toBeLessThan(1e-9);
    expect(worst(all.running, expected.cumLogLik, 1e-11)).toBeLessThan(1e-7);
    expect(worst(smoothed(rows, model).probabilities, expected.smoothed.flat())).toBeLessThan(1e-9);
    expect([...viterbi(rows, model).path]).toEqual(expected.viterbi);
    expect(worst([viterbi(rows, model).logProbability], [expected.viterbiLogProb], 1e-11)).toBeLessThan(1e-7);
    const filter = new HmmFilter(model);
    for (let t = 0; t < input.X.length; t++) {
      filter.step(rows.values, t * model.features);
      expect(worst(filter.state.posterior, expected.filtered[t])).toBeLessThan(1e-9);
      expect(worst([filter.state.logLik], [expected.cumLogLik[t]], 1e-11)).toBeLessThan(1e-7);
    }
  });
});
