import { Defect } from '#core';

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
  totalLogLikelihood: number;
}

/** The share of the common state's process variance that the basis moves with. */
export const BASIS_SHARE = 1 / 100;

export function openTwoVenues(mean: number, variance: number, basisVariance: number): TwoVenues {
  if (!(variance >= 0 && basisVariance >= 0)) throw new Defect(`variances ${variance} and ${basisVariance}`);
  return { mean, basis: 0, variance, covariance: 0, basisVariance, totalLogLikelihood: 0 };
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
  state.totalLogLikelihood -= 0.5 * (LN_2PI + Math.log(total) + (innovation * innovation) / total);
  const axx = (venue * hb + r) / total;
  const axb = -venue * kx;
  const abx = -kb;
  const abb = venue === 0 ? 1 : (hx + r) / total;
  state.variance = axx * axx * pxx + 2 * axx * axb * pxb + axb * axb * pbb + kx * kx * r;
  state.covariance = axx * abx * pxx + (axx * abb + axb * abx) * pxb + axb * abb * pbb + kx * kb * r;
  state.basisVariance = abx * abx * pxx + 2 * abx * abb * pxb + abb * abb * pbb + kb * kb * r;
  return true;
}
