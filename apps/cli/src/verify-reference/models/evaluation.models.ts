import { Type } from 'typebox';
import { UserProblem } from '#core';
import {
  areaUnderCurve,
  autocorrelation,
  bcaInterval,
  brierScore,
  brierSkill,
  calibrationCurve,
  circularBlocks,
  decomposeBrier,
  deflatedSharpe,
  expectedBestSharpe,
  fitIsotonicMap,
  fitLogisticMap,
  isotonicAt,
  logLoss,
  meanStatistic,
  minimumTrackRecord,
  mulberry32,
  neweyWest,
  percentileInterval,
  performanceOf,
  probabilisticSharpe,
  regress,
  resample,
  resampleAt,
  sharpeStandardError,
  standardError,
  type BootstrapInterval,
  type CalibrationBin,
  type Forecasts,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { maybe } from './case-input.js';

const numbers = Type.Array(Type.Number());

const SEED = 20_260_101;
/** Enough that a percentile of ours and one of theirs differ by far less than what the file allows. */
const RESAMPLES = 100_000;
/** The hurdle of `psrBenchmark` where a case does not state one, per period. */
const USUAL_HURDLE = 0.05;

const ends = (interval: BootstrapInterval | null): number[] | null => interval && [interval.low, interval.high];

const curve = (bins: readonly CalibrationBin[]) => ({
  meanOutcome: bins.map((one) => one.meanOutcome),
  meanForecast: bins.map((one) => one.meanForecast),
});

export const evaluationModels = {
  brier: referenceModel({
    title: 'Brier, log-loss, decomposition, calibration curve',
    input: Type.Object({ p: numbers, y: numbers }),
    run: (forecasts) => ({
      brier: brierScore(forecasts),
      logLoss: logLoss(forecasts),
      decomposition10: decomposeBrier(forecasts, 10),
      brierSkillVsClimatology: brierSkill(forecasts),
      auc: areaUnderCurve(forecasts),
      calibrationUniform10: curve(calibrationCurve(forecasts, 10)),
      calibrationQuantile8: curve(calibrationCurve(forecasts, 8, 'count')),
    }),
  }),
  'calibration-map': referenceModel({
    title: 'logistic and isotonic recalibration; signal->logit shift',
    input: Type.Union([
      Type.Object({ p: numbers, y: numbers, grid: numbers }),
      Type.Object({ signal: numbers, dLogit: numbers }),
    ]),
    run(input) {
      if ('signal' in input) {
        const { intercept, slope, seSlope, tSlope, r2 } = regress(input.signal, input.dLogit);
        return { intercept, slope, seSlopeHC1: seSlope, tSlope, r2 };
      }
      const forecasts: Forecasts = input;
      const isotonic = fitIsotonicMap(forecasts);
      return {
        logistic: fitLogisticMap(forecasts),
        isotonicOnGrid: input.grid.map((p) => isotonicAt(isotonic, p)),
      };
    },
  }),
  performance: referenceModel({
    title: 'Sharpe, Sortino, drawdown, PSR, DSR, ...',
    input: Type.Object({
      returns: numbers,
      periodsPerYear: Type.Number(),
      startEquity: Type.Number(),
      benchmarkSharpe: maybe(Type.Number()),
    }),
    run({ returns, periodsPerYear, startEquity, benchmarkSharpe }, { expected }) {
      const { moments, ...figures } = performanceOf(returns, periodsPerYear, startEquity);
      // How many trials there were, and how they differed, the file says beside the answer.
      const trials = expected['deflated'] as { trials: number; trialSharpeVariance: number } | undefined;
      const lags = [1, 2, 3].map((lag) => autocorrelation(returns, lag));
      return {
        ...figures,
        mean: moments.mean,
        stdev: moments.stdev,
        skew: moments.skew,
        kurtosis: moments.kurtosis,
        psr0: probabilisticSharpe(moments),
        psrBenchmark: probabilisticSharpe(moments, benchmarkSharpe ?? USUAL_HURDLE),
        deflated: trials && {
          trials: trials.trials,
          trialSharpeVariance: trials.trialSharpeVariance,
          sr0: expectedBestSharpe(trials.trials, trials.trialSharpeVariance),
          dsr: deflatedSharpe(moments, trials.trials, trials.trialSharpeVariance),
        },
        minTrackRecord95: minimumTrackRecord(moments),
        sharpeStdErr: sharpeStandardError(moments),
        autocorrPandas: lags.includes(null) ? null : lags,
        neweyWest5: neweyWest(returns, 5),
      };
    },
  }),
  bootstrap: referenceModel({
    title: 'bootstrap confidence intervals of the mean',
    input: Type.Object({
      x: numbers,
      indices: Type.Array(Type.Array(Type.Integer())),
      blockStarts: Type.Array(Type.Array(Type.Integer())),
      blockLength: Type.Integer({ minimum: 1 }),
    }),
    families: { percentile95Given: 'given', blockPercentile95Given: 'given' },
    rule({ name, of, tolerance }) {
      // Drawn by chance on both sides: the file allows a share of the standard error.
      if (name !== 'bca95' && name !== 'percentile95' && name !== 'se') return undefined;
      const share = tolerance['bca_abs_over_se'];
      const se = of.expected['se'];
      return typeof share === 'number' && typeof se === 'number' ? { abs: share * se, rel: 0 } : undefined;
    },
    run({ x, indices, blockStarts, blockLength }) {
      if (![...indices.flat(), ...blockStarts.flat()].every((i) => i >= 0 && i < x.length))
        throw new UserProblem(`indices must be from 0 to ${x.length - 1}`);
      const given = resampleAt(x, meanStatistic, indices);
      const blocks = resampleAt(
        x,
        meanStatistic,
        blockStarts.map((starts) => circularBlocks(starts, blockLength, x.length)),
      );
      const drawn = resample(x, meanStatistic, {
        random: mulberry32(SEED),
        by: { kind: 'values' },
        resamples: RESAMPLES,
      });
      return {
        percentile95Given: ends(percentileInterval(given)),
        blockPercentile95Given: ends(percentileInterval(blocks)),
        bca95: ends(bcaInterval(x, meanStatistic, drawn)),
        percentile95: ends(percentileInterval(drawn)),
        se: standardError(drawn),
      };
    },
  }),
};
