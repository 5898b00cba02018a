import {
  baumWelch,
  betaCdf,
  betaQuantile,
  brierScore,
  calibrationCurve,
  filterLevel,
  fitHmm,
  fitLevel,
  ForwardBackward,
  HmmFilter,
  mulberry32,
  observe,
  openLocalLevel,
  percentileInterval,
  predict,
  resample,
  sharpeStatistic,
  smoothed,
  smoothLevel,
  viterbi,
  type HmmFit,
  type HmmRows,
} from '#quant';
import { dailyReturns, probabilityRows, regimeRows, statedStart, walkSeries } from './models.workloads.js';

/** One piece of work on a seeded input. */
export interface ModelTask {
  readonly id: string;
  readonly work: string;
  readonly aim: string;
  /** How many of each thing one run does. */
  readonly units: Readonly<Record<string, number>>;
  /** Makes the input, outside the measurement; the run returns what it found. */
  prepare(): () => Readonly<Record<string, number>>;
}

const PRIOR = { scale: 0.01, weight: 1 };
const EM_STEPS = 50;

/** Exactly 50 EM steps from the stated start, buffers made new as for any fit. */
function emSteps(rows: HmmRows, states: number): () => HmmFit {
  const start = statedStart(rows, states);
  return () => baumWelch(rows, start, { iterations: EM_STEPS, tolerance: -Infinity, prior: PRIOR });
}

export function modelTasks(): readonly ModelTask[] {
  const small = (): HmmRows => regimeRows(500, 2, 1, 1001);
  const large = (): HmmRows => regimeRows(5_000, 3, 2, 1002);
  return [
    {
      id: 'H1',
      work: 'HMM fit, 500 × 1, 2 states, 50 EM steps',
      aim: 'hmmlearn scaling 6.8 ms',
      units: { rowSteps: 500 * EM_STEPS },
      prepare() {
        const fit = emSteps(small(), 2);
        return () => ({ logLik: fit().logLik, known: 983.8675843316 });
      },
    },
    {
      id: 'H2',
      work: 'HMM fit, 5,000 × 2, 3 states, 50 EM steps',
      aim: 'under 45 ms',
      units: { rowSteps: 5_000 * EM_STEPS },
      prepare() {
        const fit = emSteps(large(), 3);
        return () => ({ logLik: fit().logLik, known: 16107.427077356 });
      },
    },
    {
      id: 'H3',
      work: 'Viterbi, 5,000 × 2, 3 states',
      aim: '',
      units: { rows: 5_000 },
      prepare() {
        const rows = large();
        const { model } = emSteps(rows, 3)();
        return () => ({ logProbability: viterbi(rows, model).logProbability });
      },
    },
    {
      id: 'H4',
      work: 'posteriors, 5,000 × 2, 3 states',
      aim: '',
      units: { rows: 5_000 },
      prepare() {
        const rows = large();
        const { model } = emSteps(rows, 3)();
        return () => ({ logLik: smoothed(rows, model).logLik });
      },
    },
    {
      id: 'H5',
      work: 'one forward filter step at a time, 5,000 × 2, 3 states',
      aim: '',
      units: { steps: 5_000 },
      prepare() {
        const rows = large();
        const { model } = emSteps(rows, 3)();
        const work = new ForwardBackward(rows, 3);
        work.emissions(model);
        const known = work.forward(model);
        return () => {
          const filter = new HmmFilter(model);
          for (let t = 0; t < 5_000; t++) filter.step(rows.values, t * 2);
          return { logLik: filter.state.logLik, known };
        };
      },
    },
    {
      id: 'H6',
      work: 'HMM, best of 10 starts, at most 200 steps, 500 × 1, 2 states',
      aim: 'hmmlearn 286 ms',
      units: { fits: 1 },
      prepare() {
        const rows = small();
        return () => {
          const fit = fitHmm(rows, 2, {
            random: mulberry32(6),
            starts: 10,
            iterations: 200,
            tolerance: 1e-4 / 1000,
            prior: PRIOR,
          });
          return { logLik: fit.logLik };
        };
      },
    },
    {
      id: 'K1',
      work: 'Kalman filter, 10,000 live updates',
      aim: 'at least 10,000,000 updates a second',
      units: { updates: 10_000 },
      prepare() {
        const y = walkSeries();
        return () => {
          const level = openLocalLevel(0.5, 1);
          for (let t = 0; t < y.length; t++) {
            if (t > 0) predict(level, 1e-6);
            observe(level, y[t], 1e-3);
          }
          return { mean: level.mean, known: 0.6069259646163 };
        };
      },
    },
    {
      id: 'K2',
      work: 'Kalman filter kept and smoothed, 10,000 points',
      aim: '',
      units: { points: 10_000 },
      prepare() {
        const y = walkSeries();
        const series = { y, q: 1e-6, r: 1e-3 };
        return () => {
          const history = filterLevel(series, { kind: 'predicted', mean: 0.5, variance: 1 });
          return { first: smoothLevel(history).mean[0] };
        };
      },
    },
    {
      id: 'K6',
      work: 'Kalman maximum likelihood of (q, r), 500 points',
      aim: '1 ms; statsmodels 12.3 ms',
      units: { fits: 1 },
      prepare() {
        const y = walkSeries().subarray(0, 500);
        return () => {
          const fit = fitLevel(y);
          return { logLik: fit?.logLikelihood ?? NaN, passes: fit?.passes ?? NaN };
        };
      },
    },
    {
      id: 'B1',
      work: '100,000 beta quantiles',
      aim: 'at most 1 µs each at 1e-10; scipy 0.8 µs',
      units: { quantiles: 100_000 },
      prepare() {
        const { alpha, beta, share } = probabilityRows();
        return () => {
          let sum = 0;
          for (let i = 0; i < share.length; i++) sum += betaQuantile(share[i], alpha[i], beta[i]);
          return { sum, known: 49962.870873737 };
        };
      },
    },
    {
      id: 'B2',
      work: '100,000 beta distribution functions',
      aim: '',
      units: { values: 100_000 },
      prepare() {
        const { alpha, beta, share } = probabilityRows();
        return () => {
          let sum = 0;
          for (let i = 0; i < share.length; i++) sum += betaCdf(share[i], alpha[i], beta[i]);
          return { sum, known: 50036.398281 };
        };
      },
    },
    {
      id: 'B3',
      work: '2,000 beta quantiles, and what they miss when put back',
      aim: '1e-10',
      units: { quantiles: 2_000 },
      prepare() {
        const { alpha, beta, share } = probabilityRows();
        return () => {
          let worst = 0;
          for (let i = 0; i < 2_000; i++) {
            const x = betaQuantile(share[i], alpha[i], beta[i]);
            worst = Math.max(worst, Math.abs(betaCdf(x, alpha[i], beta[i]) / share[i] - 1));
          }
          return { worstRelativeError: worst };
        };
      },
    },
    {
      id: 'E1',
      work: 'bootstrap of a Sharpe ratio, 10,000 × 252',
      aim: 'numpy 20 ms',
      units: { draws: 10_000 * 252 },
      prepare() {
        const returns = dailyReturns();
        return () => {
          const random = mulberry32(4002);
          return { ...percentileInterval(resample(returns, sharpeStatistic, { random, by: { kind: 'values' } })) };
        };
      },
    },
    {
      id: 'E1b',
      work: 'the same in circular blocks of 6',
      aim: '',
      units: { draws: 10_000 * 252 },
      prepare() {
        const returns = dailyReturns();
        return () => {
          const random = mulberry32(4002);
          const by = { kind: 'blocks', length: 6 } as const;
          return { ...percentileInterval(resample(returns, sharpeStatistic, { random, by })) };
        };
      },
    },
    {
      id: 'E2',
      work: 'Brier score and calibration curve in 10 bins, 100,000 forecasts',
      aim: 'scikit-learn 13.5 ms',
      units: { forecasts: 100_000 },
      prepare() {
        const forecasts = probabilityRows();
        return () => ({
          bins: calibrationCurve(forecasts, 10).length,
          brier: brierScore(forecasts),
          known: 0.167077080195,
        });
      },
    },
  ];
}
