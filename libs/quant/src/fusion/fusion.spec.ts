import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import { betaLogPdf } from '../distributions/index.js';
import { logit, sigmoid } from '../quotes/index.js';
import {
  addPrecisions,
  betaProbabilityYesPays,
  DEFAULT_EDGE_RULE,
  edgeFlaw,
  edgeOfNo,
  edgeOfYes,
  logLinearPool,
  logOddsOfBeta,
  openLogOdds,
  probabilityNoPays,
  probabilityYesPays,
  shrunkToMarket,
  type LogOdds,
} from './index.js';

const belief = fc.record({
  mean: fc.double({ min: -6, max: 6, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 10, noNaN: true }),
});
const into = openLogOdds;

describe('a Beta belief in log-odds', () => {
  it('has the mean and variance a fine sum gives', () => {
    for (const [a, b] of [
      [0.7, 3],
      [5, 5],
      [65, 35],
    ]) {
      let [weights, first, second] = [0, 0, 0];
      for (let t = -40; t <= 40; t += 0.001) {
        const x = sigmoid(t);
        const weight = x === 0 || x === 1 ? 0 : Math.exp(betaLogPdf(x, a, b) + Math.log(x) + Math.log1p(-x));
        weights += weight;
        first += weight * t;
        second += weight * t * t;
      }
      const mean = first / weights;
      const { mean: got, variance } = logOddsOfBeta(a, b, into());
      expect(got).toBeCloseTo(mean, 8);
      expect(variance).toBeCloseTo(second / weights - mean * mean, 7);
    }
    expect(() => logOddsOfBeta(0, 1, into())).toThrow(Defect);
  });
});

describe('pooling two beliefs', () => {
  const between = (one: LogOdds, two: LogOdds, got: number): void => {
    expect(got).toBeGreaterThanOrEqual(Math.min(one.mean, two.mean) - 1e-9);
    expect(got).toBeLessThanOrEqual(Math.max(one.mean, two.mean) + 1e-9);
  };

  it('of their own evidence is surer than either', () => {
    fc.assert(
      fc.property(belief, belief, (one, two) => {
        const both = addPrecisions(one, two, into());
        expect(both.variance).toBeLessThan(Math.min(one.variance, two.variance));
        between(one, two, both.mean);
        const mirrored = addPrecisions(two, one, into());
        expect(mirrored.mean).toBeCloseTo(both.mean, 10);
      }),
    );
  });

  it('of the same evidence is never surer than the surer', () => {
    fc.assert(
      fc.property(belief, belief, fc.double({ min: 0, max: 1, noNaN: true }), (one, two, omega) => {
        const both = logLinearPool(one, two, into(), omega);
        expect(both.variance).toBeGreaterThanOrEqual(Math.min(one.variance, two.variance) * (1 - 1e-12));
        expect(both.variance).toBeLessThanOrEqual(Math.max(one.variance, two.variance) * (1 + 1e-12));
        between(one, two, both.mean);
      }),
    );
  });

  it('of a belief with itself changes nothing, and may be written over one of them', () => {
    const one = { mean: 0.4, variance: 0.2 };
    expect(logLinearPool(one, { ...one }, into()).variance).toBeCloseTo(0.2, 15);
    expect(logLinearPool(one, { mean: 9, variance: 1 }, one, 1)).toBe(one);
    expect(one).toEqual({ mean: 0.4, variance: 0.2 });
  });

  it('hears nothing from a belief that knows nothing, and only the one that is certain', () => {
    const none = openLogOdds();
    const one = { mean: 0.4, variance: 0.2 };
    expect(addPrecisions(none, one, into()).mean).toBeCloseTo(0.4, 15);
    expect(addPrecisions(none, openLogOdds(), into()).variance).toBe(Infinity);
    expect(addPrecisions({ mean: 2, variance: 0 }, one, into())).toEqual({ mean: 2, variance: 0 });
    expect(logLinearPool(one, { mean: 2, variance: 0 }, into())).toEqual({ mean: 2, variance: 0 });
    expect(() => logLinearPool(one, one, into(), 1.1)).toThrow(Defect);
  });

  it('with the market ends at it or stays', () => {
    expect(shrunkToMarket(1, 0.2, 0)).toBe(0.2);
    expect(shrunkToMarket(1, 0.2, 1)).toBe(1);
    expect(shrunkToMarket(1, 0.2, 0.5)).toBeCloseTo(0.6, 15);
  });
});

describe('an edge', () => {
  const cost = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  it('is on at most one side while both sides together cost 1 or more', () => {
    fc.assert(
      fc.property(cost, cost, cost, (fair, yes, no) => {
        fc.pre(yes + no >= 1);
        expect(edgeOfYes(fair, yes) > 1e-12 && edgeOfNo(fair, no) > 1e-12).toBe(false);
      }),
    );
  });

  it('is as likely as not at the fair price, and likelier the cheaper', () => {
    fc.assert(
      fc.property(belief, cost, ({ mean, variance }, c) => {
        expect(probabilityYesPays(mean, variance, sigmoid(mean))).toBeCloseTo(0.5, 6);
        expect(probabilityYesPays(mean, variance, c * 0.9)).toBeGreaterThanOrEqual(
          probabilityYesPays(mean, variance, c),
        );
        // Buying NO at 1 − c bets against buying YES at c.
        expect(probabilityNoPays(mean, variance, 1 - c)).toBeCloseTo(1 - probabilityYesPays(mean, variance, c), 6);
      }),
    );
  });

  it('is impossible at a cost of 1, sure at none, and decided when nothing is uncertain', () => {
    expect(probabilityYesPays(3, 1, 1)).toBe(0);
    expect(probabilityNoPays(-3, 1, 1.01)).toBe(0);
    expect(probabilityYesPays(-3, 1, 0)).toBe(1);
    expect(probabilityNoPays(3, 1, -0.1)).toBe(1);
    expect(probabilityYesPays(logit(0.6), 0, 0.5)).toBe(1);
    expect(probabilityYesPays(logit(0.4), 0, 0.5)).toBe(0);
    expect(betaProbabilityYesPays(5, 5, 0.5)).toBeCloseTo(0.5, 13);
    expect(betaProbabilityYesPays(5, 5, 1.2)).toBe(0);
  });

  it('is worth trading when it is large, likely, and more than half the spread', () => {
    const flaw = (edge: number, probability: number, spread: number) =>
      edgeFlaw(edge, probability, spread, DEFAULT_EDGE_RULE);
    expect(flaw(0.03, 0.8, 0.04)).toBe('');
    expect(flaw(0.01, 0.8, 0.01)).toBe('edge');
    expect(flaw(0.03, 0.6, 0.04)).toBe('probability');
    expect(flaw(0.03, 0.8, 0.08)).toBe('spread');
    expect(flaw(NaN, 0.8, 0.01)).toBe('edge');
    expect(flaw(0.03, NaN, 0.01)).toBe('probability');
    expect(flaw(0.03, 0.8, NaN)).toBe('spread');
  });
});
