/** Moments of a series of returns. Skew and kurtosis are the population's, kurtosis not in excess. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Divided by n − 1; `null` below two values. */
  readonly stdev: number | null;
  /** `null` where the series does not vary. */
  readonly skew: number | null;
  readonly kurtosis: number | null;
}

/** Spreads below this share of the largest value are what rounding left of 0. */
const VARIES = 1e-14;

/** Two passes, so that a mean far from 0 costs no digits. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const count = values.length;
  let sum = 0;
  let size = 0;
  for (let i = 0; i < count; i++) {
    sum += values[i];
    size = Math.max(size, Math.abs(values[i]));
  }
  const mean = count > 0 ? sum / count : NaN;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = 0; i < count; i++) {
    const off = values[i] - mean;
    m2 += off * off;
    m3 += off * off * off;
    m4 += off * off * off * off;
  }
  if (count < 2) return { count, mean, stdev: null, skew: null, kurtosis: null };
  const stdev = Math.sqrt(m2 / (count - 1));
  if (!(stdev > VARIES * size)) return { count, mean, stdev: 0, skew: null, kurtosis: null };
  const variance = m2 / count;
  return { count, mean, stdev, skew: m3 / count / variance ** 1.5, kurtosis: m4 / count / (variance * variance) };
}

/**
 * Correlation of the series with itself `lag` periods earlier, each part about its own mean; `null` below ten values or where
 * a part does not vary.
 */
export function autocorrelation(values: ArrayLike<number>, lag: number): number | null {
  const count = values.length - lag;
  if (values.length < 10 || lag < 1 || count < 2 || !varies(values)) return null;
  let early = 0;
  let late = 0;
  for (let i = 0; i < count; i++) {
    early += values[i] / count;
    late += values[i + lag] / count;
  }
  let ee = 0;
  let ll = 0;
  let el = 0;
  for (let i = 0; i < count; i++) {
    ee += (values[i] - early) ** 2;
    ll += (values[i + lag] - late) ** 2;
    el += (values[i] - early) * (values[i + lag] - late);
  }
  return ee > 0 && ll > 0 ? el / Math.sqrt(ee * ll) : null;
}

/**
 * Standard error of the mean of a series whose values depend on each other, and the mean's t: Bartlett weights up to `lags`,
 * no small-sample factor. `null` with no more values than lags or where the estimate is not above 0.
 * Source: Newey & West 1987.
 */
export function neweyWest(values: ArrayLike<number>, lags = 5): { readonly seMean: number; readonly t: number } | null {
  const count = values.length;
  if (count <= lags) return null;
  const { mean, stdev } = momentsOf(values);
  if (stdev === null || stdev === 0) return null;
  let long = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let sum = 0;
    for (let i = lag; i < count; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
    long += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * (sum / count);
  }
  if (!(long > 0)) return null;
  const seMean = Math.sqrt(long / count);
  return { seMean, t: mean / seMean };
}

const varies = (values: ArrayLike<number>): boolean => (momentsOf(values).stdev ?? 0) > 0;
