import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { heapGrowth } from '../heap.spec-support.js';
import { betaMean, betaQuantile } from '../distributions/index.js';
import {
  baseRate,
  DEFAULT_BETA_SETTINGS,
  forgetBelief,
  forgetDirichlet,
  hearPrice,
  hearProbabilities,
  marginal,
  openBetaBelief,
  openDirichletBelief,
  ORIGINAL_BETA_SETTINGS,
  originalInterval,
  steadyStrength,
  volumeWeight,
  type BetaSettings,
} from './index.js';

const settings = fc.record({
  priorMean: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  priorStrength: fc.double({ min: 0.5, max: 100, noNaN: true }),
  halfLife: fc.oneof(fc.constant(Infinity), fc.double({ min: 1, max: 1e5, noNaN: true })),
  weight: fc.constantFrom('linear' as const, 'log' as const, 'sqrt' as const),
  volumeScale: fc.double({ min: 1, max: 1_000, noNaN: true }),
  noise: fc.double({ min: 0, max: 0.9, noNaN: true }),
  maxWeight: fc.oneof(fc.constant(Infinity), fc.double({ min: 0.1, max: 50, noNaN: true })),
  maxStrength: fc.oneof(fc.constant(Infinity), fc.double({ min: 100, max: 1_000, noNaN: true })),
});
const trade = fc.record({
  dt: fc.double({ min: 0, max: 1e5, noNaN: true }),
  price: fc.double({ min: -0.1, max: 1.1 }),
  volume: fc.double({ min: -1, max: 1e6 }),
});

describe('a belief', () => {
  it('keeps its counts above 0, its strength under the cap and its mean between what it knew and heard', () => {
    fc.assert(
      fc.property(settings, fc.array(trade, { maxLength: 40 }), (own, trades) => {
        const belief = openBetaBelief(own);
        let low = own.priorMean;
        let high = own.priorMean;
        for (const { dt, price, volume } of trades) {
          forgetBelief(belief, dt, own);
          if (hearPrice(belief, price, volume, own)) {
            low = Math.min(low, price);
            high = Math.max(high, price);
          }
          expect(belief.alpha).toBeGreaterThan(0);
          expect(belief.beta).toBeGreaterThan(0);
          const strength = belief.alpha + belief.beta;
          expect(strength).toBeLessThanOrEqual(Math.max(own.maxStrength, own.priorStrength) * (1 + 1e-9));
          const mean = betaMean(belief.alpha, belief.beta);
          expect(mean).toBeGreaterThanOrEqual(low - 1e-9);
          expect(mean).toBeLessThanOrEqual(high + 1e-9);
        }
      }),
    );
  });

  it('does not care in what order it hears two things at one moment, below the caps', () => {
    const own: BetaSettings = { ...DEFAULT_BETA_SETTINGS, maxStrength: Infinity };
    const one = openBetaBelief(own);
    hearPrice(one, 0.7, 50, own);
    hearPrice(one, 0.2, 300, own);
    const other = openBetaBelief(own);
    hearPrice(other, 0.2, 300, own);
    hearPrice(other, 0.7, 50, own);
    expect(other.alpha).toBeCloseTo(one.alpha, 12);
    expect(other.beta).toBeCloseTo(one.beta, 12);
  });

  it('goes back to its prior when nothing is heard, and not to nothing', () => {
    const belief = openBetaBelief(DEFAULT_BETA_SETTINGS);
    hearPrice(belief, 0.9, 1e5, DEFAULT_BETA_SETTINGS);
    const heard = belief.alpha - 5;
    forgetBelief(belief, 3_600, DEFAULT_BETA_SETTINGS);
    expect(belief.alpha - 5).toBeCloseTo(heard / 2, 12);
    forgetBelief(belief, 3_600_000, DEFAULT_BETA_SETTINGS);
    expect(belief).toEqual({ alpha: 5, beta: 5 });
  });

  it('is left alone by what is no price, no volume or a clock that runs back', () => {
    const belief = openBetaBelief(DEFAULT_BETA_SETTINGS);
    for (const [price, volume] of [
      [0, 10],
      [1, 10],
      [-1, 10],
      [NaN, 10],
      [0.5, 0],
      [0.5, -1],
      [0.5, NaN],
      [0.5, Infinity],
    ])
      expect(hearPrice(belief, price, volume, DEFAULT_BETA_SETTINGS)).toBe(false);
    expect(forgetBelief(belief, -1, DEFAULT_BETA_SETTINGS)).toBe(false);
    expect(forgetBelief(belief, NaN, DEFAULT_BETA_SETTINGS)).toBe(false);
    expect(belief).toEqual({ alpha: 5, beta: 5 });
  });

  it('settles at the strength a steady flow gives it', () => {
    const own: BetaSettings = { ...DEFAULT_BETA_SETTINGS, maxStrength: Infinity };
    const belief = openBetaBelief(own);
    for (let t = 0; t < 20_000; t++) {
      forgetBelief(belief, 10, own);
      hearPrice(belief, 0.6, 20, own);
    }
    const steady = steadyStrength(own, 0.1, volumeWeight(20, own));
    expect((belief.alpha + belief.beta) / steady).toBeCloseTo(1, 2);
  });

  it('refuses settings no belief can have', () => {
    for (const wrong of [
      { priorMean: 0 },
      { priorMean: 1 },
      { priorStrength: 0 },
      { halfLife: 0 },
      { noise: 2 },
      { volumeScale: 0 },
    ])
      expect(() => openBetaBelief({ ...DEFAULT_BETA_SETTINGS, ...wrong })).toThrow(Defect);
  });
});

describe('an update on the live path', () => {
  it('allocates nothing', () => {
    const count = 200_000;
    const belief = openBetaBelief(DEFAULT_BETA_SETTINGS);
    const prices = Float64Array.from({ length: count }, (_, i) => 0.2 + (i % 61) / 100);
    const run = (): void => {
      for (let i = 0; i < count; i++) {
        forgetBelief(belief, 0.5, DEFAULT_BETA_SETTINGS);
        hearPrice(belief, prices[i], 12.5, DEFAULT_BETA_SETTINGS);
      }
    };
    // One boxed number each would be 2.4 MB.
    expect(heapGrowth(run, 100_000)).toBeLessThan(100_000);
  });
});

describe('a base rate', () => {
  it('has half an event on either side and counts for at most a hundred', () => {
    expect(baseRate(0, 0)).toEqual({ priorMean: 0.5, priorStrength: 1 });
    expect(baseRate(3, 9)).toEqual({ priorMean: 0.35, priorStrength: 10 });
    expect(baseRate(300, 900).priorStrength).toBe(100);
    expect(() => baseRate(3, 2)).toThrow(Defect);
  });
});

describe('the original', () => {
  it('takes a thousand shares for a thousand trials', () => {
    const own: BetaSettings = { ...ORIGINAL_BETA_SETTINGS, priorMean: 0.65, priorStrength: 100 };
    const belief = openBetaBelief(own);
    expect(belief).toEqual({ alpha: 65, beta: 35 });
    hearPrice(belief, 0.5, 1_000, own);
    expect(belief.alpha).toBeCloseTo(65 + 450, 12);
    expect(belief.beta).toBeCloseTo(35 + 450, 12);
  });

  it('has an interval that a true one leaves behind in the tail', () => {
    const { low, high } = originalInterval(0.5, 20);
    expect(low).toBe(0);
    expect(high).toBeLessThan(betaQuantile(0.975, 0.5, 20));
  });
});

describe('a belief about several outcomes', () => {
  it('has the beliefs about each as its margins', () => {
    const belief = openDirichletBelief([0.5, 0.3, 0.2], 10);
    expect(hearProbabilities(belief, [0.6, 0.3, 0.1], 200, DEFAULT_BETA_SETTINGS)).toBe(true);
    const one = openBetaBelief({ ...DEFAULT_BETA_SETTINGS, priorMean: 0.3 });
    hearPrice(one, 0.3, 200, DEFAULT_BETA_SETTINGS);
    const second = marginal(belief, 1, { alpha: 0, beta: 0 });
    expect(second.alpha).toBeCloseTo(one.alpha, 12);
    expect(second.beta).toBeCloseTo(one.beta, 12);
  });

  it('fades, is capped, and ignores what are no probabilities', () => {
    const belief = openDirichletBelief([2, 1, 1], 4);
    for (const wrong of [
      [0.5, 0.5],
      [0.5, 0.5, 0.5],
      [1.2, -0.1, -0.1],
      [NaN, 0.5, 0.5],
    ])
      expect(hearProbabilities(belief, wrong, 10, DEFAULT_BETA_SETTINGS)).toBe(false);
    expect(hearProbabilities(belief, [1, 0, 0], 0, DEFAULT_BETA_SETTINGS)).toBe(false);
    expect([...belief.counts]).toEqual([2, 1, 1]);
    for (let i = 0; i < 500; i++) hearProbabilities(belief, [0.2, 0.4, 0.4], 1e4, DEFAULT_BETA_SETTINGS);
    expect(belief.counts[0] + belief.counts[1] + belief.counts[2]).toBeCloseTo(400, 9);
    expect(forgetDirichlet(belief, 1e9, 3_600)).toBe(true);
    expect(belief.counts[0]).toBeCloseTo(2, 9);
    expect(forgetDirichlet(belief, -1, 3_600)).toBe(false);
    expect(() => openDirichletBelief([1], 4)).toThrow(Defect);
    expect(() => openDirichletBelief([1, 0], 4)).toThrow(Defect);
  });
});
