import { Defect } from '#core';
import { observe, observeRobustly, openLocalLevel, predict } from './local-level.js';

/** A recorded series of one level, oldest first. */
export interface LevelSeries {
  /** `NaN` is a missing value. */
  readonly y: ArrayLike<number>;
  /** Seconds since the element before; the first is not used. Absent: 1 each. */
  readonly dt?: ArrayLike<number> | null;
  /** Process variance per second. */
  readonly q: number;
  /** Measurement variance, one for all or one each. */
  readonly r: number | ArrayLike<number>;
}

/**
 * How a filter begins: with the *predicted* state of element 0 (the convention of pykalman), with nothing known, or like
 * the original article, where the first value becomes the state with a given variance and without an update.
 */
export type LevelStart =
  | { readonly kind: 'predicted'; readonly mean: number; readonly variance: number }
  | { readonly kind: 'diffuse' }
  | { readonly kind: 'first-observation'; readonly variance: number };

export interface Robustness {
  /** Standard deviations beyond which an innovation's pull stops growing. */
  readonly gate: number;
  /** Gated innovations in a row on one side that count as a jump. */
  readonly jumpAfter: number;
}

/** Every column has the length of the series; innovations of missing values are `NaN`, their gain and likelihood 0. */
export interface LevelHistory {
  readonly predictedMean: Float64Array;
  readonly predictedVariance: Float64Array;
  readonly innovation: Float64Array;
  readonly innovationVariance: Float64Array;
  readonly gain: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly logLikelihood: Float64Array;
  readonly totalLogLikelihood: number;
}

/**
 * The filter over a whole series (math 3.2), every step kept.
 *
 * @throws Defect for columns of different lengths, q < 0, r < 0 or dt < 0.
 */
export function filterLevel(series: LevelSeries, start: LevelStart, robust: Robustness | null = null): LevelHistory {
  const { y, dt, q, r } = series;
  const n = y.length;
  if ((dt && dt.length !== n) || (typeof r !== 'number' && r.length !== n))
    throw new Defect(`columns of ${n}, ${dt?.length ?? n} and ${typeof r === 'number' ? n : r.length} values`);
  const history = {
    predictedMean: new Float64Array(n),
    predictedVariance: new Float64Array(n),
    innovation: new Float64Array(n),
    innovationVariance: new Float64Array(n),
    gain: new Float64Array(n),
    mean: new Float64Array(n),
    variance: new Float64Array(n),
    logLikelihood: new Float64Array(n),
  };
  const level = start.kind === 'predicted' ? openLocalLevel(start.mean, start.variance) : openLocalLevel(0, Infinity);
  let begun = start.kind !== 'first-observation';
  for (let t = 0; t < n; t++) {
    if (t > 0) predict(level, q * (dt ? dt[t] : 1));
    history.predictedMean[t] = level.mean;
    history.predictedVariance[t] = level.variance;
    if (!begun && !Number.isNaN(y[t])) {
      begun = true;
      level.mean = y[t];
      level.variance = start.kind === 'first-observation' ? start.variance : Infinity;
      history.innovation[t] = NaN;
      history.innovationVariance[t] = NaN;
    } else {
      const noise = typeof r === 'number' ? r : r[t];
      if (robust === null) observe(level, y[t], noise);
      else observeRobustly(level, y[t], noise, robust.gate, robust.jumpAfter);
      history.innovation[t] = level.innovation;
      history.innovationVariance[t] = level.innovationVariance;
      history.gain[t] = level.gain;
      history.logLikelihood[t] = level.logLikelihood;
    }
    history.mean[t] = level.mean;
    history.variance[t] = level.variance;
  }
  return { ...history, totalLogLikelihood: level.totalLogLikelihood };
}

export interface SmoothedLevel {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * What each state looks like knowing the whole series (math 3.6; Rauch, Tung & Striebel 1965). For charts and fits only:
 * a decision made on it would know the future.
 */
export function smoothLevel(history: LevelHistory): SmoothedLevel {
  const { predictedMean, predictedVariance } = history;
  const mean = Float64Array.from(history.mean);
  const variance = Float64Array.from(history.variance);
  for (let t = mean.length - 2; t >= 0; t--) {
    const ahead = predictedVariance[t + 1];
    const weight = ahead === 0 || ahead === Infinity ? 1 : variance[t] / ahead;
    mean[t] += weight * (mean[t + 1] - predictedMean[t + 1]);
    variance[t] += weight * weight * (variance[t + 1] - ahead);
  }
  return { mean, variance };
}
