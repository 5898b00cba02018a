import { Defect } from '#core';
import type { Observed, Reading } from './local-level.js';

const LN_2PI = Math.log(2 * Math.PI);

/**
 * One market at two venues (math 3.7): the first observes x, the second x + basis, where the basis drifts slowly because
 * rules, fees and crowds differ. Plain numbers; no step allocates.
 */
export interface TwoVenues {
  mean: number;
  basis: number;
  /** Covariance of (mean, basis). */
  variance: number;
  covariance: number;
  basisVariance: number;
  /** Of plain observations; a reading that may be held back has none. */
  totalLogLikelihood: number;
  /** Consecutive gated innovations of the first and of the second venue, negative while they point down. */
  run0: number;
  run1: number;
  /** Whether the other venue has spoken against that run since it began. */
  against0: boolean;
  against1: boolean;
}

/** The share of the common state's process variance that the basis moves with. */
export const BASIS_SHARE = 1 / 100;

export function openTwoVenues(mean: number, variance: number, basisVariance: number): TwoVenues {
  if (!(variance >= 0 && basisVariance >= 0)) throw new Defect(`variances ${variance} and ${basisVariance}`);
  return {
    mean,
    basis: 0,
    variance,
    covariance: 0,
    basisVariance,
    totalLogLikelihood: 0,
    run0: 0,
    run1: 0,
    against0: false,
    against1: false,
  };
}

/** Lets time pass: `noise` = q · dt for the common state, a share of it for the basis. @throws Defect below 0. */
export function predictTwoVenues(state: TwoVenues, noise: number, share = BASIS_SHARE): void {
  if (!(noise >= 0)) throw new Defect(`process noise of ${noise}: it must be 0 or more`);
  state.variance += noise;
  state.basisVariance += noise * share;
}

/**
 * What one venue (0 or 1) says. Observations of one moment may come in either order. `NaN` is missing: false. The
 * covariance is updated in Joseph's form with the differences 1 − K written as sums, so it stays positive.
 */
export function observeVenue(state: TwoVenues, venue: 0 | 1, y: number, r: number): boolean {
  const { variance, covariance, basisVariance, mean, basis } = state;
  if (!hearVenue(state, venue, { z: y, r })) return false;
  const total = variance + venue * covariance + venue * (covariance + venue * basisVariance) + r;
  const innovation = y - mean - venue * basis;
  state.totalLogLikelihood -= 0.5 * (LN_2PI + Math.log(total) + (innovation * innovation) / total);
  return true;
}

function hearVenue(state: TwoVenues, venue: 0 | 1, reading: Reading): boolean {
  const { z: y, r } = reading;
  if (Number.isNaN(y) || Number.isNaN(r) || r === Infinity) return false;
  if (r < 0) throw new Defect(`measurement variance of ${r}: it must be 0 or more`);
  const { variance: pxx, covariance: pxb, basisVariance: pbb } = state;
  const hx = pxx + venue * pxb;
  const hb = pxb + venue * pbb;
  const total = hx + venue * hb + r;
  if (total === 0) return false;
  const innovation = y - state.mean - venue * state.basis;
  const kx = hx / total;
  const kb = hb / total;
  state.mean += kx * innovation;
  state.basis += kb * innovation;
  const axx = (venue * hb + r) / total;
  const axb = -venue * kx;
  const abx = -kb;
  const abb = venue === 0 ? 1 : (hx + r) / total;
  state.variance = axx * axx * pxx + 2 * axx * axb * pxb + axb * axb * pbb + kx * kx * r;
  state.covariance = axx * abx * pxx + (axx * abb + axb * abx) * pxb + axb * abb * pbb + kx * kb * r;
  state.basisVariance = abx * abx * pxx + 2 * abx * abb * pxb + abb * abb * pbb + kb * kb * r;
  return true;
}

/**
 * The same with bounded influence (math 3.3, 3.7). Beyond `gate` standard deviations a reading pulls no harder than at it.
 * `jumpAfter` such readings in a row on one side are a real move, and followed, unless the other venue has spoken within the
 * gate since the first of them: then one venue is off by itself, and goes on being held back until the other follows or the
 * basis has learnt it. `reading` keeps its numbers but for r while it is held back.
 */
export function observeVenueRobustly(
  state: TwoVenues,
  venue: 0 | 1,
  reading: Reading,
  gate: number,
  jumpAfter: number,
): Observed {
  const { z, r } = reading;
  if (Number.isNaN(z) || Number.isNaN(r) || r === Infinity) return 'missing';
  const total = state.variance + venue * (2 * state.covariance + state.basisVariance) + r;
  if (total === 0) return 'missing';
  const innovation = z - state.mean - venue * state.basis;
  const size = Math.abs(innovation) / Math.sqrt(total);
  if (size <= gate) {
    noteRun(state, venue, 0);
    hearVenue(state, venue, reading);
    return 'used';
  }
  const before = venue === 0 ? state.run0 : state.run1;
  const run = innovation > 0 ? Math.max(before, 0) + 1 : Math.min(before, 0) - 1;
  noteRun(state, venue, run);
  const against = venue === 0 ? state.against0 : state.against1;
  if (Math.abs(run) >= jumpAfter && !against) {
    if (venue === 0) state.run0 = 0;
    else state.run1 = 0;
    state.variance += innovation * innovation;
    hearVenue(state, venue, reading);
    return 'jump';
  }
  reading.r = (r * size) / gate;
  hearVenue(state, venue, reading);
  reading.r = r;
  return 'gated';
}

/** Notes how long a venue has been beyond the gate, and what that says of the other's run. */
function noteRun(state: TwoVenues, venue: 0 | 1, run: number): void {
  const other = venue === 0 ? state.run1 : state.run0;
  // Within the gate while the other is beyond it: against it. Beyond it on the same side: with it.
  const speaks = run === 0 && other !== 0;
  const agrees = run * other > 0;
  if (venue === 0) {
    state.run0 = run;
    if (speaks) state.against1 = true;
    if (agrees) state.against1 = false;
    if (agrees || Math.abs(run) === 1) state.against0 = false;
  } else {
    state.run1 = run;
    if (speaks) state.against0 = true;
    if (agrees) state.against0 = false;
    if (agrees || Math.abs(run) === 1) state.against1 = false;
  }
}
