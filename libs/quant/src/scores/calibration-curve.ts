import { UserProblem } from '#core';
import { quantiles } from '../bootstrap/quantile.js';
import { checkForecasts, type Forecasts } from './forecasts.js';

/** Forecasts that fell into one bin; bins without any are left out. */
export interface CalibrationBin {
  readonly bin: number;
  readonly count: number;
  readonly meanForecast: number;
  readonly meanOutcome: number;
}

export interface BrierDecomposition {
  /** Σ w (f̄ − ō)²: how far forecasts are from what happens after them; 0 is best. */
  readonly reliability: number;
  /** Σ w (ō_bin − ō)²: how far the bins differ in what happens; more is better. */
  readonly resolution: number;
  /** ō(1 − ō): of the outcomes alone. */
  readonly uncertainty: number;
  /** Variance of the forecasts within their bins. */
  readonly withinBinVariance: number;
  /** Twice the covariance of forecast and outcome within the bins. */
  readonly withinBinCovariance: number;
  /** Resolution − variance + covariance within bins: does not depend on the bins' width as much. */
  readonly generalizedResolution: number;
  /** Expected calibration error, Σ w |f̄ − ō|. */
  readonly ece: number;
  readonly bins: readonly CalibrationBin[];
}

/** Sums of one bin. */
interface Sums {
  readonly counts: Float64Array;
  readonly forecasts: Float64Array;
  readonly outcomes: Float64Array;
}

/**
 * Brier = reliability − resolution + uncertainty + within-bin variance − within-bin covariance, exactly, on bins of equal
 * width; a forecast on an edge falls into the lower bin. Sources: Murphy 1973; Stephenson, Coelho & Jolliffe 2008.
 *
 * @throws UserProblem for what are no forecasts, or without a bin.
 */
export function decomposeBrier(forecasts: Forecasts, bins = 10): BrierDecomposition {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  const edges = uniformEdges(bins);
  const { counts, forecasts: f, outcomes: o } = sums(forecasts, edges);
  let share = 0;
  for (let i = 0; i < count; i++) share += y[i] / count;
  let reliability = 0;
  let resolution = 0;
  let ece = 0;
  for (let b = 0; b < bins; b++) {
    if (counts[b] === 0) continue;
    const off = (f[b] - o[b]) / counts[b];
    reliability += (counts[b] / count) * off * off;
    resolution += (counts[b] / count) * (o[b] / counts[b] - share) ** 2;
    ece += (counts[b] / count) * Math.abs(off);
  }
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < count; i++) {
    const b = binOf(p[i], edges);
    const off = p[i] - f[b] / counts[b];
    variance += (off * off) / count;
    covariance += (2 * off * (y[i] - o[b] / counts[b])) / count;
  }
  return {
    reliability,
    resolution,
    uncertainty: share * (1 - share),
    withinBinVariance: variance,
    withinBinCovariance: covariance,
    generalizedResolution: resolution - variance + covariance,
    ece,
    bins: filled({ counts, forecasts: f, outcomes: o }),
  };
}

/**
 * Mean forecast against the share that happened, in bins of equal width or of equally many forecasts.
 *
 * @throws UserProblem for what are no forecasts, or without a bin.
 */
export function calibrationCurve(
  forecasts: Forecasts,
  bins = 10,
  by: 'width' | 'count' = 'width',
): readonly CalibrationBin[] {
  checkForecasts(forecasts);
  const edges = by === 'width' ? uniformEdges(bins) : quantiles(forecasts.p, uniformEdges(bins));
  return filled(sums(forecasts, edges));
}

/** The bins' inner edges, 1/B … (B−1)/B. */
function uniformEdges(bins: number): Float64Array {
  if (!Number.isInteger(bins) || bins < 1) throw new UserProblem(`${bins} is no number of bins`);
  return Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
}

/** How many inner edges lie below `p`. */
function binOf(p: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < p) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sums({ p, y }: Forecasts, edges: Float64Array): Sums {
  const bins = edges.length + 1;
  const counts = new Float64Array(bins);
  const forecasts = new Float64Array(bins);
  const outcomes = new Float64Array(bins);
  for (let i = 0; i < p.length; i++) {
    const b = binOf(p[i], edges);
    counts[b]++;
    forecasts[b] += p[i];
    outcomes[b] += y[i];
  }
  return { counts, forecasts, outcomes };
}

function filled({ counts, forecasts, outcomes }: Sums): CalibrationBin[] {
  return Array.from(counts, (count, bin) => ({
    bin,
    count,
    meanForecast: forecasts[bin] / count,
    meanOutcome: outcomes[bin] / count,
  })).filter((one) => one.count > 0);
}
