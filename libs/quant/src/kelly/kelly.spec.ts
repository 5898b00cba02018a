import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { betaQuantile, betaSf } from '../distributions/index.js';
import { mulberry32 } from '../random.js';
import { REFERENCE, referenceCases, worst } from '../reference.spec-support.js';
import {
  kellyExclusive,
  kellyFraction,
  kellyGrowth,
  kellyLadder,
  kellySimultaneous,
  payoutAfterWinFee,
  scaledToCap,
  uncertaintyShrink,
  type CostLevel,
} from './index.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const inside = fc.double({ min: 0.02, max: 0.98, noNaN: true });

describe('one bet', () => {
  it('spends the share that grows most, and nothing without an edge', () => {
    fc.assert(
      fc.property(share, inside, fc.double({ min: 0.5, max: 1, noNaN: true }), share, (p, cost, payout, other) => {
        const bet = { p, cost, payout };
        const fraction = kellyFraction(bet);
        if (p * payout <= cost || cost >= payout) expect(fraction).toBe(0);
        expect(kellyGrowth(bet, fraction)).toBeGreaterThanOrEqual(kellyGrowth(bet, other) - 1e-12);
      }),
    );
  });

  it('is all in when it cannot lose, and nothing when it cannot pay more than it costs', () => {
    expect(kellyFraction({ p: 1, cost: 0.9 })).toBe(1);
    expect(kellyGrowth({ p: 1, cost: 0.9 }, 1)).toBeCloseTo(Math.log(1 / 0.9), 12);
    expect(kellyFraction({ p: 1, cost: 1 })).toBe(0);
    expect(kellyFraction({ p: 1, cost: 0.97, payout: payoutAfterWinFee(0.9, 0.4) })).toBe(0);
    expect(kellyGrowth({ p: 0.5, cost: 0.4 }, 1)).toBe(-Infinity);
  });

  it('is not all in on what may lose, however unlikely that is', () => {
    const bet = { p: 1 - 2 ** -53, cost: 0.44284649506923573, payout: 1 - 2 ** -53 };
    expect(kellyFraction(bet)).toBeLessThan(1);
    expect(kellyGrowth(bet, kellyFraction(bet))).toBeGreaterThanOrEqual(kellyGrowth(bet, 0));
  });

  it('holds back with doubt, wholly without an edge', () => {
    expect(uncertaintyShrink({ p: 0.6, cost: 0.5 }, 0)).toBe(1);
    expect(uncertaintyShrink({ p: 0.6, cost: 0.5 }, 0.01)).toBeCloseTo(0.5, 12);
    expect(uncertaintyShrink({ p: 0.5, cost: 0.5 }, 0)).toBe(0);
  });

  it.each([
    () => kellyFraction({ p: 1.1, cost: 0.5 }),
    () => kellyFraction({ p: NaN, cost: 0.5 }),
    () => kellyFraction({ p: 0.5, cost: 0 }),
    () => kellyGrowth({ p: 0.5, cost: 0.5 }, 1.5),
    () => uncertaintyShrink({ p: 0.5, cost: 0.5 }, -1),
    () => kellyLadder({ p: 0.5, wealth: 0, levels: [] }),
    () => kellyLadder({ p: 0.5, wealth: 1, levels: [{ cost: -1, size: 1 }] }),
    () => kellyExclusive([0.7, 0.7], [0.5, 0.5]),
    () => kellyExclusive([0.7], [0.5, 0.5]),
    () => kellyExclusive([0.7], [0]),
    () => kellySimultaneous([0.5], [1], 1),
    () => kellySimultaneous([0.5], [0.4], 0),
    () => kellySimultaneous([0.5], [], 1),
    () => kellySimultaneous([1.5], [0.4], 1),
    () => kellySimultaneous(Array(13).fill(0.6), Array(13).fill(0.5), 1),
  ])('refuses the impossible: %s', (impossible) => {
    expect(impossible).toThrow(UserProblem);
  });
});

describe('a ladder', () => {
  const levels = fc.array(
    fc.record({ cost: fc.integer({ min: 1, max: 99 }).map((c) => c / 100), size: fc.integer({ min: 0, max: 40 }) }),
    { maxLength: 5 },
  );

  it('buys what trying every size would buy, whatever is already held', () => {
    fc.assert(
      fc.property(
        inside,
        levels,
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 0, max: 60 }),
        (p, at, w, held) => {
          const wealth = { ifWon: w + held, ifLost: w };
          const found = kellyLadder({ p, wealth, levels: at });
          const sorted = at.toSorted((a, b) => a.cost - b.cost);
          const depth = at.reduce((sum, one) => sum + one.size, 0);
          let best = { contracts: 0, growth: 0 };
          for (let n = 1; n <= depth; n++) {
            const cost = walk(sorted, n);
            if (cost >= w) break;
            const growth = p * Math.log((w + held - cost + n) / (w + held)) + (1 - p) * Math.log((w - cost) / w);
            if (growth > best.growth + 1e-14) best = { contracts: n, growth };
          }
          expect(found.growth).toBeCloseTo(best.growth, 12);
          expect(found.contracts).toBe(best.contracts);
          expect(found.cost).toBeCloseTo(walk(sorted, found.contracts), 9);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is Kelly’s fraction where there is depth without end', () => {
    const { contracts } = kellyLadder({ p: 0.6, wealth: 10_000, levels: [{ cost: 0.5, size: 1e9 }], step: 0.01 });
    expect((contracts * 0.5) / 10_000).toBeCloseTo(kellyFraction({ p: 0.6, cost: 0.5 }), 5);
  });
});

function walk(sorted: readonly CostLevel[], n: number): number {
  let left = n;
  let cost = 0;
  for (const level of sorted) {
    const taken = Math.min(left, level.size);
    cost += taken * level.cost;
    left -= taken;
  }
  return cost;
}

describe('exclusive outcomes', () => {
  const market = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.record({
      raw: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
      none: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      cost: fc.array(inside, { minLength: n, maxLength: n }),
      at: fc.nat(n - 1),
      by: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
    }),
  );

  it('get shares no small change improves', () => {
    fc.assert(
      fc.property(market, ({ raw, none, cost, at, by }) => {
        const total = raw.reduce((a, b) => a + b);
        const p = raw.map((one) => (one / total) * (1 - none));
        const { fractions, growth, reserve } = kellyExclusive(p, cost);
        expect(fractions.reduce((a, b) => a + b)).toBeCloseTo(1 - reserve, 9);
        const other = [...fractions];
        other[at] = Math.max(0, other[at] + by);
        expect(exclusiveGrowth(p, cost, fractions)).toBeCloseTo(growth, 9);
        expect(exclusiveGrowth(p, cost, other)).toBeLessThanOrEqual(growth + 1e-12);
      }),
    );
  });

  it('that are all there are and cost less than 1 together are an arbitrage', () => {
    expect(kellyExclusive([0.6, 0.4], [0.5, 0.3])).toMatchObject({
      arbitrage: true,
      reserve: 0,
      fractions: [0.6, 0.4],
    });
    expect(kellyExclusive([0.5, 0.3], [0.4, 0.4]).arbitrage).toBe(false);
  });
});

function exclusiveGrowth(p: readonly number[], cost: readonly number[], f: readonly number[]): number {
  const cash = 1 - f.reduce((a, b) => a + b, 0);
  if (cash < 0) return -Infinity;
  const none = 1 - p.reduce((a, b) => a + b, 0);
  return p.reduce((sum, one, i) => sum + one * Math.log(cash + f[i] / cost[i]), 0) + none * Math.log(cash);
}

describe('bets at once', () => {
  const bets = fc.integer({ min: 1, max: 5 }).chain((m) =>
    fc.record({
      p: fc.array(inside, { minLength: m, maxLength: m }),
      cost: fc.array(inside, { minLength: m, maxLength: m }),
      cap: fc.double({ min: 0.05, max: 1, noNaN: true }),
      other: fc.array(share, { minLength: m, maxLength: m }),
    }),
  );

  it('grow at least as much as any other admissible shares', () => {
    fc.assert(
      fc.property(bets, ({ p, cost, cap, other }) => {
        const { fractions, growth, converged } = kellySimultaneous(p, cost, cap);
        expect(converged).toBe(true);
        expect(fractions.reduce((a, b) => a + b)).toBeLessThanOrEqual(cap + 1e-12);
        expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
        const elsewhere = scaledToCap(other, cap * 0.999);
        expect(growth).toBeGreaterThanOrEqual(simultaneousGrowth(p, cost, elsewhere) - 1e-9);
        expect(growth).toBeCloseTo(simultaneousGrowth(p, cost, [...fractions]), 9);
        const nearby = fractions.map((f, i) => Math.max(0, f + 0.001 * (other[i] - 0.5)));
        if (nearby.reduce((a, b) => a + b) <= cap)
          expect(growth).toBeGreaterThanOrEqual(simultaneousGrowth(p, cost, [...nearby]) - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('are the single bet when there is one', () => {
    const { fractions } = kellySimultaneous([0.6], [0.5], 1);
    expect(fractions[0]).toBeCloseTo(0.2, 8);
  });

  it('beyond twelve are sized on a sample, the same one for the same seed', () => {
    const p = Array.from({ length: 14 }, () => 0.55);
    const cost = Array.from({ length: 14 }, () => 0.5);
    const first = kellySimultaneous(p, cost, 0.7, mulberry32(3));
    expect(kellySimultaneous(p, cost, 0.7, mulberry32(3))).toEqual(first);
    expect(first.fractions.reduce((a, b) => a + b)).toBeCloseTo(0.7, 6);
    first.fractions.forEach((f) => expect(Math.abs(f - 0.05)).toBeLessThan(0.04));
  });
});

function simultaneousGrowth(p: readonly number[], cost: readonly number[], f: readonly number[]): number {
  let growth = 0;
  for (let s = 0; s < 2 ** p.length; s++) {
    let weight = 1;
    let wealth = 1;
    for (let i = 0; i < p.length; i++) {
      const won = ((s >> i) & 1) === 1;
      weight *= won ? p[i] : 1 - p[i];
      wealth += (won ? f[i] / cost[i] : 0) - f[i];
    }
    growth += weight * Math.log(wealth);
  }
  return growth;
}

describe('the reference vectors (need ARBINTEL_REFERENCE)', () => {
  it.skipIf(!REFERENCE).each(referenceCases('kelly'))('one bet: %s', (_, { input, expected }) => {
    const payout = payoutAfterWinFee(input.price, input.winFeeRate);
    const cost = input.price + input.feePerContract;
    const bet = { p: input.p, cost, payout };
    const fraction = kellyFraction(bet);
    const mean = input.alpha / (input.alpha + input.beta);
    const variance = (mean * (1 - mean)) / (input.alpha + input.beta + 1);
    expect(
      worst(
        [
          fraction,
          fraction / 2,
          kellyGrowth(bet, fraction),
          kellyFraction({ ...bet, p: mean }),
          uncertaintyShrink({ ...bet, p: mean }, variance),
        ],
        [expected.fraction, expected.half, expected.growth, expected.fractionPosteriorMean, expected.bakerMcHaleShrink],
      ),
    ).toBeLessThan(1e-10);
    const cautious = kellyFraction({ ...bet, p: betaQuantile(input.quantile, input.alpha, input.beta) });
    expect(worst([cautious], [expected.fractionLowerQuantile])).toBeLessThan(1e-6);
    expect(worst([betaSf(cost / payout, input.alpha, input.beta)], [expected.probEdge])).toBeLessThan(1e-10);
  });

  it.skipIf(!REFERENCE).each(referenceCases('kelly-ladder'))('a ladder: %s', (_, { input, expected }) => {
    const found = kellyLadder({
      p: input.p,
      wealth: input.wealth * input.lambda,
      levels: (input.ladder as { price: number; size: number }[]).map(({ price, size }) => ({
        cost: price + input.feeRate * price * (1 - price),
        size,
      })),
    });
    expect(found.contracts).toBe(expected.contracts);
    expect(worst([found.growth, found.cost], [expected.growth, expected.cost], 1e-9)).toBe(0);
  });

  it.skipIf(!REFERENCE).each(referenceCases('kelly-simultaneous'))('bets at once: %s', (_, { input, expected }) => {
    const { growth, fractions } = kellySimultaneous(input.p, input.cost, input.cap);
    expect(growth).toBeGreaterThan(expected.growth - 1e-9);
    expect(worst(fractions, expected.fractions)).toBeLessThan(2e-4);
  });

  it.skipIf(!REFERENCE).each(referenceCases('kelly-exclusive'))('exclusive outcomes: %s', (_, { input, expected }) => {
    const { fractions, reserve, growth } = kellyExclusive(input.p, input.cost);
    expect(
      worst([...fractions, reserve, growth], [...expected.fractions, expected.reserve, expected.growth]),
    ).toBeLessThan(1e-9);
  });
});
