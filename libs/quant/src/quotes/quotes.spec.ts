import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '#core';
import {
  clipProbability,
  depthMicroprice,
  devig,
  harmonicDepth,
  imbalance,
  logit,
  logSigmoid,
  logSumExp,
  microprice,
  overround,
  quoteFlaw,
  sigmoid,
  softplus,
  staleness,
  unbiased,
  weightedDepth,
  type DepthView,
  type DevigMethod,
} from './index.js';

const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const size = fc.double({ min: 0.01, max: 1e6, noNaN: true });

describe('log-odds', () => {
  it('undo each other', () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(sigmoid(logit(p))).toBeCloseTo(p, 14);
        expect(logit(1 - p)).toBeCloseTo(-logit(p), 8);
      }),
    );
  });

  it('never overflow', () => {
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
    expect(logSigmoid(-800)).toBe(-800);
    expect(softplus(750)).toBe(750);
    expect(logSumExp([-800, 750, 0])).toBe(750);
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  });

  it('stay finite at the ends of a clipped quote', () => {
    expect(logit(clipProbability(0, 1e-4))).toBeCloseTo(-9.21024, 5);
    expect(logit(clipProbability(1, 1e-4))).toBeCloseTo(9.21024, 5);
    expect(clipProbability(NaN, 1e-4)).toBeNaN();
  });

  it('leave a probability alone that has no bias', () => {
    expect(unbiased(0.03, 0, 1)).toBeCloseTo(0.03, 14);
    expect(unbiased(0.03, 0, 1.2)).toBeLessThan(0.03);
  });
});

describe('a quote', () => {
  it.each([
    [0.4, 0.6, 10, 10, ''],
    [0.5, 0.5, 10, 10, ''],
    [0.4, 0.6, 0, 10, ''],
    [0.6, 0.4, 10, 10, 'crossed'],
    [NaN, 0.4, 10, 10, 'one-sided'],
    [0.4, NaN, 10, 10, 'one-sided'],
    [0, 0.4, 10, 10, 'invalid'],
    [0.4, 1, 10, 10, 'invalid'],
    [0.4, 0.5, -1, 10, 'invalid'],
    [0.4, 0.5, 1, NaN, 'invalid'],
    [0.4, 0.5, 0, 0, 'empty'],
  ] as const)('of %d × %d with sizes %d and %d is flawed by “%s”', (bid, ask, bidSize, askSize, flaw) => {
    expect(quoteFlaw(bid, ask, bidSize, askSize)).toBe(flaw);
  });

  it('has its microprice between its prices, pulled away from the heavy side', () => {
    fc.assert(
      fc.property(probability, probability, size, size, (p, q, bidSize, askSize) => {
        const [bid, ask] = [Math.min(p, q), Math.max(p, q)];
        const micro = microprice(bid, ask, bidSize, askSize);
        expect(micro).toBeGreaterThanOrEqual(bid - 1e-15);
        expect(micro).toBeLessThanOrEqual(ask + 1e-15);
        if (bidSize > askSize) expect(micro).toBeGreaterThanOrEqual((bid + ask) / 2 - 1e-15);
        expect(Math.abs(imbalance(bidSize, askSize))).toBeLessThanOrEqual(1);
        expect(1 - microprice(1 - ask, 1 - bid, askSize, bidSize)).toBeCloseTo(micro, 12);
      }),
    );
  });

  it('has no microprice without size and the empty side’s price with one', () => {
    expect(microprice(0.4, 0.6, 0, 0)).toBeNaN();
    expect(imbalance(0, 0)).toBeNaN();
    expect(microprice(0.4, 0.6, 0, 10)).toBe(0.4);
    expect(harmonicDepth(0, 10)).toBe(0);
    expect(harmonicDepth(10, 30)).toBe(15);
  });
});

describe('depth', () => {
  const book = (bids: readonly (readonly number[])[], asks: readonly (readonly number[])[]): DepthView => {
    const sides = [bids, asks];
    return {
      count: (side) => sides[side].length,
      price: (side, level) => sides[side][level][0],
      size: (side, level) => sides[side][level][1],
    };
  };

  it('counts less the farther it lies', () => {
    const view = book(
      [
        [500_000, 10],
        [480_000, 10],
      ],
      [],
    );
    expect(weightedDepth(view, 0, 10_000)).toBeCloseTo(10 + 10 * Math.exp(-1), 12);
    expect(weightedDepth(view, 0, 10_000, 1)).toBe(10);
    expect(weightedDepth(view, 1, 10_000)).toBe(0);
  });

  it('equals the microprice when there is one level, and is nothing on one side', () => {
    expect(depthMicroprice(book([[500_000, 10]], [[520_000, 30]]), 10_000)).toBe(microprice(500_000, 520_000, 10, 30));
    expect(depthMicroprice(book([[500_000, 10]], []), 10_000)).toBeNaN();
  });
});

describe('staleness', () => {
  it('halves every half-life and ends', () => {
    expect(staleness(0)).toBe(1);
    expect(staleness(30)).toBe(0.5);
    expect(staleness(300)).toBeCloseTo(2 ** -10, 15);
    expect(staleness(300.001)).toBe(0);
    expect(staleness(-5)).toBe(1);
    expect(staleness(NaN)).toBe(0);
  });
});

describe('taking the margin out', () => {
  const methods: readonly DevigMethod[] = ['multiplicative', 'additive', 'power', 'shin', 'logit-shift'];
  const prices = fc.array(fc.double({ min: 0.01, max: 0.95, noNaN: true }), { minLength: 2, maxLength: 12 });

  it.each(methods)('%s gives probabilities that sum to 1, in the order of the prices', (method) => {
    fc.assert(
      fc.property(prices, (given) => {
        fc.pre(method !== 'shin' || overround(given) > 0);
        const { probabilities } = devig(given, method);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        for (const [i, p] of probabilities.entries()) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThan(1);
          for (const [j, other] of probabilities.entries())
            if (given[i] < given[j]) expect(p).toBeLessThanOrEqual(other + 1e-15);
        }
      }),
    );
  });

  it('changes nothing where there is no margin', () => {
    for (const method of methods)
      for (const [i, p] of devig([0.25, 0.25, 0.5], method).probabilities.entries())
        expect(p).toBeCloseTo([0.25, 0.25, 0.5][i], 12);
  });

  it('finds no insiders in a sum below 1', () => {
    expect(devig([0.3, 0.6], 'shin')).toMatchObject({ parameter: 0, method: 'shin' });
  });

  it('falls back where subtracting would leave nothing of an outsider', () => {
    expect(devig([0.01, 0.6, 0.6], 'additive').method).toBe('multiplicative');
  });

  it('refuses what is no set of prices', () => {
    expect(() => devig([0.5])).toThrow(Defect);
    expect(() => devig([0.5, 0])).toThrow(Defect);
    expect(() => devig([0.5, NaN])).toThrow(Defect);
  });
});
