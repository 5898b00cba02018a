import { featureMoments, mulberry32, normals, quantiles, type HmmParameters, type HmmRows } from '#quant';

/** Means and spreads of the regimes the workloads switch between. */
const MEANS = [0, 0.02, -0.03];
const SPREADS = [0.01, 0.05, 0.15];
const SWITCH = 0.03;

/** `count` rows of a chain of `states` regimes, the same for a seed everywhere. */
export function regimeRows(count: number, states: number, features: number, seed: number): HmmRows {
  const random = mulberry32(seed);
  const noise = normals(count * features, mulberry32(seed + 1));
  const values = new Float64Array(count * features);
  let state = 0;
  for (let t = 0; t < count; t++) {
    if (random() < SWITCH) state = Math.floor(random() * states);
    for (let d = 0; d < features; d++) {
      const at = t * features + d;
      values[at] = MEANS[state] + SPREADS[state] * noise[at];
    }
  }
  return { values, features };
}

/** The stated starting point: means at quantiles, variances as shares of the whole, sticky transitions. */
export function statedStart(rows: HmmRows, states: number): HmmParameters {
  const { values, features } = rows;
  const { variances: whole } = featureMoments(rows);
  const means = new Float64Array(states * features);
  const variances = new Float64Array(states * features);
  for (let d = 0; d < features; d++) {
    const column = values.filter((_, at) => at % features === d);
    const centres = quantiles(
      column,
      Array.from({ length: states }, (_, k) => (k + 0.5) / states),
    );
    for (let k = 0; k < states; k++) {
      means[k * features + d] = centres[k];
      variances[k * features + d] = (whole[d] * (k + 1)) / states;
    }
  }
  const transitions = new Float64Array(states * states).fill(0.1 / (states - 1));
  for (let k = 0; k < states; k++) transitions[k * states + k] = 0.9;
  return { states, features, start: new Float64Array(states).fill(1 / states), transitions, means, variances };
}

/** A random walk seen through noise: q = 1e-6 a step, r = 1e-3. */
export function walkSeries(count = 10_000): Float64Array {
  const noise = normals(2 * count, mulberry32(2001));
  const y = new Float64Array(count);
  let level = 0.5;
  for (let t = 0; t < count; t++) {
    level += noise[t] * Math.sqrt(1e-6);
    y[t] = level + noise[count + t] * Math.sqrt(1e-3);
  }
  return y;
}

export interface ProbabilityRows {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** Where the quantile of each (alpha, beta) is asked for. */
  readonly share: Float64Array;
  /** Forecasts and what came of them. */
  readonly p: Float64Array;
  readonly y: Float64Array;
}

export function probabilityRows(count = 100_000): ProbabilityRows {
  const random = mulberry32(3001);
  const draw = (of: (u: number) => number): Float64Array => Float64Array.from({ length: count }, () => of(random()));
  const alpha = draw((u) => 0.5 + 200 * u);
  const beta = draw((u) => 0.5 + 200 * u);
  const share = draw((u) => 0.001 + 0.998 * u);
  const p = draw((u) => u);
  const y = p.map((one) => (random() < one ? 1 : 0));
  return { alpha, beta, share, p, y };
}

/** A year of daily returns. */
export const dailyReturns = (): Float64Array => normals(252, mulberry32(4001)).map((z) => z * 0.01 + 0.0005);
