import { chiSquareSf } from '../distributions/index.js';

/** What the innovations of a filter say about it. A filter that fits has mean 0, variance 1 and no memory in them. */
export interface InnovationReport {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  /** Ljung–Box statistic over the lags and the chance of one as large from a filter that fits. */
  readonly ljungBox: number;
  readonly ljungBoxP: number;
  /** At least 200 innovations, and their variance outside 0.5…2: q or r is wrong by that factor. */
  readonly alarm: boolean;
}

const ALARM_FROM = 200;

/**
 * Judges standardised innovations, innovation / √its variance, oldest first; values that are not finite are left out
 * (math 3, diagnostics; Ljung & Box 1978). `null` for too few to look back `lags`.
 */
export function judgeInnovations(standardised: ArrayLike<number>, lags = 10): InnovationReport | null {
  const e = Float64Array.from(standardised).filter(Number.isFinite);
  const n = e.length;
  if (n < 2 * lags || lags < 1) return null;
  let mean = 0;
  for (const value of e) mean += value / n;
  let squares = 0;
  for (const value of e) squares += (value - mean) ** 2;
  const variance = squares / (n - 1);
  let ljungBox = 0;
  for (let lag = 1; lag <= lags; lag++) {
    let products = 0;
    for (let t = lag; t < n; t++) products += (e[t] - mean) * (e[t - lag] - mean);
    // Innovations that never move have no correlation to speak of.
    ljungBox += squares > 0 ? (products / squares) ** 2 / (n - lag) : 0;
  }
  ljungBox *= n * (n + 2);
  return {
    count: n,
    mean,
    variance,
    ljungBox,
    ljungBoxP: chiSquareSf(ljungBox, lags),
    alarm: n >= ALARM_FROM && !(variance >= 0.5 && variance <= 2),
  };
}

/** Innovations of a history in standard deviations; `NaN` where a value was missing or nothing was known. */
export const standardised = (history: {
  readonly innovation: Float64Array;
  readonly innovationVariance: Float64Array;
}): Float64Array =>
  history.innovation.map((value, t) => {
    const variance = history.innovationVariance[t];
    return variance > 0 && variance < Infinity ? value / Math.sqrt(variance) : NaN;
  });
