import { Defect } from '#core';
import { volumeWeight, type BetaBelief, type BetaSettings } from './fair-value.js';

/** Belief about N exclusive outcomes: Dirichlet counts with the prior they fade toward, both of length N. */
export interface DirichletBelief {
  readonly counts: Float64Array;
  readonly prior: Float64Array;
}

/** Prior probabilities (they are normalised) with the settings' strength. @throws Defect for fewer than two or one ≤ 0. */
export function openDirichletBelief(prior: readonly number[], strength: number): DirichletBelief {
  const total = prior.reduce((sum, p) => sum + p, 0);
  if (prior.length < 2 || !prior.every((p) => p > 0) || !(total < Infinity) || !(strength > 0))
    throw new Defect(`prior probabilities ${prior.join(', ')} of strength ${strength}`);
  const counts = Float64Array.from(prior, (p) => (strength * p) / total);
  return { counts, prior: Float64Array.from(counts) };
}

/** Lets `dt` seconds pass for every outcome, as `forgetBelief` does for one. False for a time that goes backwards. */
export function forgetDirichlet(belief: DirichletBelief, dt: number, halfLife: number): boolean {
  if (!(dt >= 0)) return false;
  const kept = halfLife === Infinity ? 1 : 2 ** (-dt / halfLife);
  for (let i = 0; i < belief.counts.length; i++)
    belief.counts[i] = belief.prior[i] + kept * (belief.counts[i] - belief.prior[i]);
  return true;
}

/**
 * Hears the outcomes' probabilities (of one moment, margin taken out by `devig`) with a volume. False, and nothing
 * changes, when one is not within [0, 1], they do not sum to 1, or there is no volume.
 */
export function hearProbabilities(
  belief: DirichletBelief,
  probabilities: ArrayLike<number>,
  volume: number,
  settings: BetaSettings,
): boolean {
  if (probabilities.length !== belief.counts.length || !(volume > 0 && volume < Infinity)) return false;
  let total = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) return false;
    total += probabilities[i];
  }
  if (Math.abs(total - 1) > 1e-6) return false;
  const weight = volumeWeight(volume, settings);
  let strength = 0;
  for (let i = 0; i < belief.counts.length; i++) {
    belief.counts[i] += (weight * probabilities[i]) / total;
    strength += belief.counts[i];
  }
  if (strength > settings.maxStrength) {
    const share = settings.maxStrength / strength;
    for (let i = 0; i < belief.counts.length; i++) belief.counts[i] *= share;
  }
  return true;
}

/** Belief about one outcome against all others, written into `into`: Beta(count, the rest). */
export function marginal(belief: DirichletBelief, outcome: number, into: BetaBelief): BetaBelief {
  let rest = 0;
  for (let i = 0; i < belief.counts.length; i++) if (i !== outcome) rest += belief.counts[i];
  into.alpha = belief.counts[outcome];
  into.beta = rest;
  return into;
}
