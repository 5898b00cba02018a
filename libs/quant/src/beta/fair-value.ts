import { Defect } from '#core';

/** Counts that stand for a belief: Beta(alpha, beta). Mutable, plain, changed in place; no step allocates. */
export interface BetaBelief {
  alpha: number;
  beta: number;
}

/** How a trade's volume becomes pseudo-counts: as it is, ln(1 + it) or its root, after division by the scale. */
export type VolumeWeight = 'linear' | 'log' | 'sqrt';

export interface BetaSettings {
  /** What is believed before anything was heard, in (0, 1), and how many settled events that rests on. */
  readonly priorMean: number;
  readonly priorStrength: number;
  /** Seconds after which half of what was heard is forgotten; `Infinity` never. */
  readonly halfLife: number;
  readonly weight: VolumeWeight;
  /** Contracts that count as one before the weight. */
  readonly volumeScale: number;
  /** Share of every trade taken for noise, 0…1. */
  readonly noise: number;
  /** Most one trade may count, and most all may count with the prior; `Infinity` no cap. */
  readonly maxWeight: number;
  readonly maxStrength: number;
}

export const DEFAULT_BETA_SETTINGS: BetaSettings = {
  priorMean: 0.5,
  priorStrength: 10,
  halfLife: 3_600,
  weight: 'log',
  volumeScale: 100,
  noise: 0.1,
  maxWeight: 5,
  maxStrength: 400,
};

/** The original's: every contract is a trial and nothing is forgotten, so that a thousand shares settle the matter. */
export const ORIGINAL_BETA_SETTINGS: BetaSettings = {
  ...DEFAULT_BETA_SETTINGS,
  halfLife: Infinity,
  weight: 'linear',
  volumeScale: 1,
  maxWeight: Infinity,
  maxStrength: Infinity,
};

/** Base rates count as at most this many events. */
const MOST_PRIOR_EVENTS = 100;

/** Settings' prior from k of n settled events of the same kind (Jeffreys' half on either side), capped at 100 events. */
export function baseRate(k: number, n: number): { readonly priorMean: number; readonly priorStrength: number } {
  if (!(k >= 0 && n >= k)) throw new Defect(`${k} of ${n} events`);
  return { priorMean: (k + 0.5) / (n + 1), priorStrength: Math.min(n + 1, MOST_PRIOR_EVENTS) };
}

/** The prior as counts. @throws Defect for settings no belief can have. */
export function openBetaBelief(settings: BetaSettings): BetaBelief {
  const { priorMean, priorStrength, halfLife, volumeScale, noise, maxWeight, maxStrength } = settings;
  if (!(priorMean > 0 && priorMean < 1 && priorStrength > 0))
    throw new Defect(`a prior of mean ${priorMean} and strength ${priorStrength}`);
  if (!(halfLife > 0 && volumeScale > 0 && noise >= 0 && noise <= 1 && maxWeight >= 0 && maxStrength > 0))
    throw new Defect(`half-life ${halfLife}, scale ${volumeScale}, noise ${noise}, caps ${maxWeight}, ${maxStrength}`);
  return { alpha: priorMean * priorStrength, beta: (1 - priorMean) * priorStrength };
}

/**
 * Lets `dt` seconds pass (math 4.2): what was heard fades toward the prior, not toward nothing. False, and nothing
 * changes, for a time that goes backwards.
 */
export function forgetBelief(belief: BetaBelief, dt: number, settings: BetaSettings): boolean {
  if (!(dt >= 0)) return false;
  if (settings.halfLife === Infinity || dt === 0) return true;
  const kept = 2 ** (-dt / settings.halfLife);
  const alpha = settings.priorMean * settings.priorStrength;
  const beta = (1 - settings.priorMean) * settings.priorStrength;
  belief.alpha = alpha + kept * (belief.alpha - alpha);
  belief.beta = beta + kept * (belief.beta - beta);
  return true;
}

/** Pseudo-counts of a volume under the settings. */
export function volumeWeight(volume: number, settings: BetaSettings): number {
  const scaled = volume / settings.volumeScale;
  const weight =
    settings.weight === 'linear' ? scaled : settings.weight === 'log' ? Math.log1p(scaled) : Math.sqrt(scaled);
  return Math.min(weight * (1 - settings.noise), settings.maxWeight);
}

/**
 * Hears a price with its volume, after `forgetBelief`: a power-prior update with as many pseudo-counts as the volume is
 * worth (Ibrahim & Chen 2000). Prices are no draws of the outcome, so the interval is as honest as `maxStrength` is;
 * calibrate that on settled markets. False, and nothing changes, for a price outside (0, 1) or no volume.
 */
export function hearPrice(belief: BetaBelief, price: number, volume: number, settings: BetaSettings): boolean {
  if (!(price > 0 && price < 1 && volume > 0 && volume < Infinity)) return false;
  const weight = volumeWeight(volume, settings);
  belief.alpha += weight * price;
  belief.beta += weight * (1 - price);
  const strength = belief.alpha + belief.beta;
  if (strength > settings.maxStrength) {
    const share = settings.maxStrength / strength;
    belief.alpha *= share;
    belief.beta *= share;
  }
  return true;
}

/** Strength a steady flow of `rate` trades per second of weight `w` each settles at: n0 + w · rate · halfLife / ln 2. */
export const steadyStrength = (settings: BetaSettings, rate: number, weight: number): number =>
  settings.priorStrength + (weight * rate * settings.halfLife) / Math.LN2;

/**
 * The original's interval: mean ± 1.96 standard deviations, clipped to [0, 1]. Wrong in the tails, where it is clipped;
 * kept to reproduce it.
 */
export function originalInterval(alpha: number, beta: number): { readonly low: number; readonly high: number } {
  const strength = alpha + beta;
  const mean = alpha / strength;
  const reach = 1.96 * Math.sqrt((mean * (1 - mean)) / (strength + 1));
  return { low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}
