import { push, type Moved } from './local-level.js';

/** Fitted response of the log-odds to one standard deviation of news (math 9.4). `slope` 0 where the fit proved nothing. */
export interface NewsResponse {
  readonly slope: number;
  readonly slopeError: number;
  /** Variance of the move the fit does not explain, log-odds². */
  readonly residualVariance: number;
  /** Largest shift either way, log-odds. */
  readonly most: number;
}

/** The part of the state that news has put there and prices have not confirmed, as one mutable value. */
export interface NewsControl {
  shift: number;
}

export const openNewsControl = (): NewsControl => ({ shift: 0 });

/** News of strength `z` moves the state by clip(slope · z) and widens it by the error of that response. Returns the shift. */
export function hearNews(level: Moved, control: NewsControl, z: number, response: NewsResponse): number {
  if (!Number.isFinite(z)) return 0;
  const shift = Math.max(-response.most, Math.min(response.most, response.slope * z));
  if (shift === 0) return 0;
  push(level, shift, response.slopeError ** 2 * z * z + response.residualVariance);
  control.shift += shift;
  return shift;
}

/**
 * Takes back what news put there at its half-life, seconds: unconfirmed excitement fades.
 */
export function fadeNews(level: Moved, control: NewsControl, dt: number, halfLife: number): void {
  if (control.shift === 0 || !(dt > 0)) return;
  const left = control.shift * 2 ** (-dt / halfLife);
  level.mean -= control.shift - left;
  control.shift = Math.abs(left) < 1e-9 ? 0 : left;
}

/** After an observation: the share `gain` of the state now comes from prices. */
export function confirmNews(control: NewsControl, gain: number): void {
  control.shift *= 1 - gain;
}
