import { Defect } from '#core';

const LN_2PI = Math.log(2 * Math.PI);
/** With no variance anywhere, an observation this near the state agrees with it. */
const SAME = 1e-12;

/** What an observation did to the state. */
export type Observed = 'missing' | 'used' | 'gated' | 'jump';

/**
 * A random walk seen through noise (math 3.1): x moves with variance q per second, y = x + noise of variance r. One
 * mutable object of numbers: it can be saved, restored and shown as it is, and no step allocates.
 */
export interface LocalLevel {
  /** Mean and variance of x given all that was observed. A variance of `Infinity` is "nothing known yet". */
  mean: number;
  variance: number;
  /** Of the last observation: y − predicted mean, its variance, and the weight it got. */
  innovation: number;
  innovationVariance: number;
  gain: number;
  /** Log-likelihood of the last observation, and of all. */
  logLikelihood: number;
  totalLogLikelihood: number;
  /** Consecutive gated innovations, negative while they point down. */
  gatedRun: number;
}

/** What can be moved from outside: the state of one venue, or of two. */
export type Moved = Pick<LocalLevel, 'mean' | 'variance'>;

/** What a quote or a trade says: log-odds and their variance. Written in place; `NaN` both when it says nothing. */
export interface Reading {
  z: number;
  r: number;
}

export const openReading = (): Reading => ({ z: NaN, r: NaN });

/** From how many standard deviations on an observation is held back, and how many in a row are followed after all. */
export interface GateRule {
  readonly gate: number;
  readonly jumpAfter: number;
}

/** A level before its first observation. `variance` 0 is certain, `Infinity` diffuse. @throws Defect below 0. */
export function openLocalLevel(mean: number, variance: number): LocalLevel {
  notBelowZero('variance', variance);
  return {
    mean,
    variance,
    innovation: 0,
    innovationVariance: 0,
    gain: 0,
    logLikelihood: 0,
    totalLogLikelihood: 0,
    gatedRun: 0,
  };
}

/** Lets time pass: `noise` = q · dt is added to the variance. @throws Defect below 0. */
export function predict(level: LocalLevel, noise: number): void {
  if (!(noise >= 0)) notBelowZero('process noise', noise);
  level.variance += noise;
}

/**
 * One observation `y` with measurement variance `r` (math 3.2). `NaN` in either, or an infinite r, is a missing
 * observation: the prediction stands. Source: Kalman 1960; exact diffuse start: Durbin & Koopman 2012, ch. 5.
 *
 * @throws Defect for r < 0, or a certain state that a certain observation contradicts.
 */
export function observe(level: LocalLevel, y: number, r: number): Observed {
  if (Number.isNaN(y) || Number.isNaN(r) || r === Infinity) return missed(level);
  if (r < 0) notBelowZero('measurement variance', r);
  const before = level.variance;
  const innovation = y - level.mean;
  if (before === Infinity) return begin(level, y, r);
  const total = before + r;
  if (total === 0) return agree(level, innovation);
  level.innovation = innovation;
  level.innovationVariance = total;
  level.logLikelihood = -0.5 * (LN_2PI + Math.log(total) + (innovation * innovation) / total);
  level.totalLogLikelihood += level.logLikelihood;
  update(level, before, innovation, r);
  return 'used';
}

/**
 * The same with bounded influence (math 3.3): beyond `gate` standard deviations the measurement counts as so much
 * noisier that its pull stops growing, so a sweep of the book hardly moves the state. `jumpAfter` such innovations in a
 * row on one side are a real jump: the last of them opens the filter by its square and is used whole. `Infinity` never
 * opens. The log-likelihood keeps the plain variance. Source: Masreliez & Martin 1977; Huber's function.
 *
 * @throws Defect as `observe`.
 */
export const observeRobustly = (level: LocalLevel, y: number, r: number, gate: number, jumpAfter: number): Observed =>
  observeReading(level, { z: y, r }, { gate, jumpAfter });

/** The same of numbers that stay where they are: handed over one by one they would be put on the heap. */
export function observeReading(level: LocalLevel, reading: Reading, rule: GateRule): Observed {
  const { z: y, r } = reading;
  const { gate, jumpAfter } = rule;
  if (Number.isNaN(y) || Number.isNaN(r) || r === Infinity) return missed(level);
  if (r < 0) notBelowZero('measurement variance', r);
  const before = level.variance;
  const innovation = y - level.mean;
  if (before === Infinity) return begin(level, y, r);
  const total = before + r;
  if (total === 0) return agree(level, innovation);
  const size = Math.abs(innovation) / Math.sqrt(total);
  level.innovation = innovation;
  level.innovationVariance = total;
  level.logLikelihood = -0.5 * (LN_2PI + Math.log(total) + (innovation * innovation) / total);
  level.totalLogLikelihood += level.logLikelihood;
  if (size <= gate) {
    level.gatedRun = 0;
    update(level, before, innovation, r);
    return 'used';
  }
  const run = innovation > 0 ? Math.max(level.gatedRun, 0) + 1 : Math.min(level.gatedRun, 0) - 1;
  if (Math.abs(run) >= jumpAfter) {
    level.gatedRun = 0;
    update(level, before + innovation * innovation, innovation, r);
    return 'jump';
  }
  level.gatedRun = run;
  update(level, before, innovation, (r * size) / gate);
  return 'gated';
}

/** Moves the state by what is known from elsewhere, with that knowledge's own variance (math 9.4). */
export function push(level: Moved, shift: number, variance: number): void {
  if (!(variance >= 0)) notBelowZero('variance of a shift', variance);
  level.mean += shift;
  level.variance += variance;
}

/** Variance before·r/(before + r) rather than (1 − K)·before, which cancels when r is small. */
function update(level: LocalLevel, before: number, innovation: number, r: number): void {
  const total = before + r;
  level.gain = before / total;
  level.mean += level.gain * innovation;
  level.variance = (before * r) / total;
}

function missed(level: LocalLevel): Observed {
  level.innovation = NaN;
  level.innovationVariance = NaN;
  level.gain = 0;
  level.logLikelihood = 0;
  return 'missing';
}

function begin(level: LocalLevel, y: number, r: number): Observed {
  level.mean = y;
  level.variance = r;
  level.innovation = 0;
  level.innovationVariance = Infinity;
  level.gain = 1;
  level.logLikelihood = -0.5 * LN_2PI;
  level.totalLogLikelihood += level.logLikelihood;
  return 'used';
}

function agree(level: LocalLevel, innovation: number): Observed {
  if (Math.abs(innovation) >= SAME)
    throw new Defect(`an observation without noise is ${innovation} away from a state without doubt`);
  return missed(level);
}

function notBelowZero(what: string, value: number): void {
  if (!(value >= 0)) throw new Defect(`${what} of ${value}: it must be 0 or more`);
}

/**
 * Steady state for a constant process noise Q per step and measurement variance R: predicted variance, and the gain the
 * filter settles at, where it is an exponential average with that weight (memory of about 1/gain steps).
 */
export function steadyState(q: number, r: number): { readonly predictedVariance: number; readonly gain: number } {
  const predictedVariance = (q + Math.sqrt(q * q + 4 * q * r)) / 2;
  return { predictedVariance, gain: q === 0 ? 0 : predictedVariance / (predictedVariance + r) };
}
