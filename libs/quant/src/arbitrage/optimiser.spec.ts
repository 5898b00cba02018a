import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, orderCost, parsePrice, parseSize, price, size } from '#core';
import type { FeeRule, KalshiPrecision } from '#core';
import { optimise, planAt, waterfall, type ArbitrageLeg, type ArbitragePlan, type ArbitrageTerms } from './index.js';

const kalshi = { kind: 'kalshi', takerRate: 70_000, makerRate: 17_500, multiplier: 1_000_000 } as const;
const polymarket = { kind: 'polymarket', rate: 40_000, exponent: 1, rounding: 'floor' } as const;
const none: FeeRule = { kind: 'none' };

type Levels = readonly (readonly [number, number])[];

function leg(levels: Levels, fee: FeeRule = none, minSize = 0, precision: KalshiPrecision = 'cent'): ArbitrageLeg {
  return {
    ladder: levels.map(([p, s]) => ({ price: price(p), size: size(s) })),
    fee,
    precision,
    minSize: size(minSize),
  };
}

const pays: ArbitrageTerms = { payoff: 1_000_000, step: size(100) };

/** Every admissible size, by the definition. */
function bruteForce(legs: readonly ArbitrageLeg[], terms: ArbitrageTerms): { size: number; profit: number } {
  const fixed = terms.fixedCost ?? 0;
  const depth = Math.min(
    ...legs.map((one) => one.ladder.reduce((sum, level) => sum + level.size, 0)),
    terms.maxSize ?? Infinity,
  );
  const least = Math.max(...legs.map((one) => one.minSize));
  let best = { size: 0, profit: 0 };
  for (let n = terms.step as number; n <= depth; n += terms.step) {
    if (n < least) continue;
    let debits = 0;
    for (const one of legs) {
      let left = n;
      const parts = [];
      for (const level of one.ladder.toSorted((a, b) => a.price - b.price)) {
        const taken = Math.min(left, level.size);
        if (taken > 0) parts.push({ price: level.price, size: size(taken) });
        left -= taken;
      }
      debits += orderCost(one.fee, merged(parts), one.precision, 'buy').cash;
    }
    const profit = (terms.payoff * n) / 100 - debits - fixed;
    if (debits + fixed > (terms.budget ?? Infinity) || profit <= 0 || profit * 100 < (terms.minEdge ?? 0) * n) continue;
    if (profit > best.profit) best = { size: n, profit };
  }
  return best;
}

type Parts = { price: ReturnType<typeof price>; size: ReturnType<typeof size> }[];

/** One fill per price, as a venue's book has one level per price. */
function merged(parts: Parts): Parts {
  const byPrice = new Map<number, number>();
  for (const part of parts) byPrice.set(part.price, (byPrice.get(part.price) ?? 0) + part.size);
  return [...byPrice].map(([p, s]) => ({ price: price(p), size: size(s) }));
}

describe('optimise', () => {
  it('takes 1.27 cents where the original article saw three', () => {
    const plan = optimise([leg([[520_000, 50_000]]), leg([[450_000, 50_000]], kalshi)], {
      ...pays,
      daysToResolution: 30,
    });
    expect(plan).toMatchObject({ size: 50_000, profit: 6_330_000, cost: 493_670_000 });
    expect(plan?.legs.map((one) => one.fee)).toEqual([0, 8_670_000]);
  });

  it('does nothing when fees eat the edge, a ladder is empty or the minimum exceeds the depth', () => {
    expect(optimise([leg([[490_000, 10_000]]), leg([[500_000, 10_000]], kalshi)], pays)).toBeNull();
    expect(optimise([leg([]), leg([[400_000, 10_000]])], pays)).toBeNull();
    expect(optimise([leg([[400_000, 300]], none, 500), leg([[400_000, 10_000]])], pays)).toBeNull();
    expect(optimise([], pays)).toBeNull();
  });

  it('walks unsorted ladders with equal prices as the sorted ones', () => {
    const tidy = optimise(
      [
        leg([
          [400_000, 300],
          [450_000, 500],
        ]),
        leg([[500_000, 1_000]]),
      ],
      pays,
    );
    const untidy = optimise(
      [
        leg([
          [450_000, 500],
          [400_000, 100],
          [400_000, 200],
          [390_000, 0],
        ]),
        leg([[500_000, 1_000]]),
      ],
      pays,
    );
    expect(untidy).toEqual(tidy);
  });

  it('never rounds a depth below the step up', () => {
    const plan = optimise([leg([[400_000, 299]]), leg([[400_000, 10_000]])], pays);
    expect(plan?.size).toBe(200);
  });

  it('stops where a further contract earns less than the least marginal edge', () => {
    const legs = [
      leg([
        [400_000, 1_000],
        [480_000, 1_000],
        [495_000, 1_000],
      ]),
      leg([[500_000, 10_000]]),
    ];
    expect(optimise(legs, pays)?.size).toBe(3_000);
    expect(optimise(legs, { ...pays, minMarginalEdge: 10_000 })?.size).toBe(2_000);
    expect(optimise(legs, { ...pays, minMarginalEdge: 50_000 })?.size).toBe(1_000);
    expect(optimise(legs, { ...pays, minMarginalEdge: 200_000 })).toBeNull();
  });

  it('spends no more than the budget, fixed cost included', () => {
    const legs = [leg([[400_000, 100_000]]), leg([[500_000, 100_000]], kalshi)];
    const plan = optimise(legs, { ...pays, budget: money(50_000_000), fixedCost: money(1_000_000) });
    expect((plan?.cost ?? 0) + 1_000_000).toBeLessThanOrEqual(50_000_000);
    expect(planAt(legs, pays, size((plan?.size ?? 0) + 100))?.cost).toBeGreaterThan(49_000_000);
  });

  it('finds the least edge in the middle of a level deeper than it would walk', () => {
    const legs = [
      leg([
        [400_000, 10_000_000],
        [490_000, 90_000_000],
      ]),
      leg([[500_000, 100_000_000]]),
    ];
    const plan = optimise(legs, { payoff: 1_000_000, step: size(1), minEdge: 40_000 });
    // 0.1 on the first 100,000 and 0.01 on the rest average 0.04 at 300,000 contracts.
    expect(plan?.size).toBe(30_000_000);
  });

  it('equals trying every size', () => {
    const level = fc.tuple(
      fc.integer({ min: 1, max: 99 }).map((cents) => cents * 10_000),
      fc.integer({ min: 1, max: 3_000 }),
    );
    const rule = fc.constantFrom<FeeRule>(
      kalshi,
      polymarket,
      none,
      { ...kalshi, multiplier: 500_000 },
      { ...polymarket, exponent: 2, rate: 250_000, rounding: 'half-up' },
      {
        ...kalshi,
        rounding: 'order-cent',
      },
    );
    const anyLeg = fc.record({
      levels: fc.array(level, { minLength: 1, maxLength: 5 }),
      rule,
      minSize: fc.constantFrom(0, 100, 500),
      precision: fc.constantFrom<KalshiPrecision>('direct', 'cent'),
    });
    const maybe = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(anyLeg, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 7, 100),
        fc.integer({ min: 1, max: 3 }),
        maybe(4_000),
        maybe(60_000_000),
        maybe(300_000),
        maybe(60_000),
        (parts, step, payoff, maxSize, budget, fixedCost, minEdge) => {
          const legs = parts.map((one) => leg(one.levels, one.rule, one.minSize, one.precision));
          const terms = {
            payoff: payoff * 1_000_000,
            step: size(step),
            maxSize,
            budget,
            fixedCost,
            minEdge,
          } as ArbitrageTerms;
          const plan = optimise(legs, terms);
          expect({ size: plan?.size ?? 0, profit: plan?.profit ?? 0 }).toEqual(bruteForce(legs, terms));
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('waterfall', () => {
  it('adds up to the profit, fees by venue', () => {
    const mismatch = 13_000;
    const legs = [leg([[400_000, 1_234]], polymarket), leg([[500_000, 2_000]], kalshi), leg([[30_000, 2_000]], kalshi)];
    const terms = { payoff: 1_000_000 - mismatch, step: size(100), fixedCost: money(50_000) };
    const plan = optimise(legs, terms);
    expect(plan).not.toBeNull();
    if (plan === null) return;
    const steps = waterfall(plan, {
      payoff: 1_000_000,
      venues: ['polymarket', 'kalshi', 'kalshi'],
      fixedCost: 50_000,
      mismatch,
    });
    expect(steps.map((step) => step.label)).toEqual([
      'Gross',
      'Fees polymarket',
      'Fees kalshi',
      'Fixed cost',
      'Rule mismatch',
      'Net',
    ]);
    expect(steps.slice(0, -1).reduce((sum, step) => sum + step.amount, 0)).toBe(steps.at(-1)?.amount);
    expect(steps.at(-1)?.amount).toBe(plan.profit);
  });
});

describe('arbitrage against the reference vectors', () => {
  interface Case {
    id: string;
    input: {
      legs: { ladder: { price: number; size: number }[]; minSize: number; fee: ReferenceFee }[];
      payoff: number;
      params: {
        daysToResolution?: number;
        minEdge?: number;
        budget?: number;
        step?: number | string;
        fixedCost?: number;
        maxContracts?: number;
      };
    };
    expected: {
      contracts: number;
      profit: number;
      cost?: number;
      fees?: number[];
      debits?: number[];
      avgPrices?: number[];
      roi?: number;
      netEdgePerContract?: number;
      simpleAnnual?: number;
      compoundAnnual?: number;
    };
  }
  type ReferenceFee =
    | { kind: 'none' }
    | { kind: 'kalshi'; rate: string; precision: string }
    | { kind: 'polymarket'; rate: string; exponent: number; rounding: 'floor' };

  const reference = process.env['ARBINTEL_REFERENCE'];
  const micros = (dollars: number): number => Math.round(dollars * 1_000_000);
  const optionalMoney = (dollars: number | undefined) => (dollars === undefined ? undefined : money(micros(dollars)));

  function ruleOf(fee: ReferenceFee): FeeRule {
    if (fee.kind === 'none') return none;
    const rate = parsePrice(fee.rate);
    return fee.kind === 'kalshi'
      ? { ...kalshi, takerRate: rate }
      : { kind: 'polymarket', rate, exponent: fee.exponent, rounding: fee.rounding };
  }

  /** The reference allows 10^-9 on rates; ten places are compared. */
  const rounded = (value: number | null | undefined): number | null =>
    value === undefined || value === null ? null : Number(value.toFixed(10));

  /** A plan with the names and units of the reference. */
  const shown = (plan: ArbitragePlan | null) =>
    plan === null
      ? null
      : {
          size: plan.size,
          profit: plan.profit,
          cost: plan.cost,
          fees: plan.legs.map((one) => one.fee),
          debits: plan.legs.map((one) => one.debit),
          averages: plan.legs.map((one) => rounded(one.averagePrice)),
          roi: rounded(plan.roi),
          netEdge: rounded(plan.netEdge / 1_000_000),
          simpleAnnual: rounded(plan.simpleAnnual),
          compoundAnnual: rounded(plan.compoundAnnual),
        };

  it.skipIf(reference === undefined).each(['arb-pair', 'arb-bundle'])(
    'gives every number of %s (needs ARBINTEL_REFERENCE)',
    (name) => {
      const { cases } = JSON.parse(readFileSync(join(reference ?? '', `${name}.json`), 'utf8')) as { cases: Case[] };
      for (const { id, input, expected } of cases) {
        const legs = input.legs.map((one) => ({
          ladder: one.ladder.map((level) => ({
            price: parsePrice(String(level.price)),
            size: parseSize(String(level.size)),
          })),
          fee: ruleOf(one.fee),
          precision:
            one.fee.kind === 'kalshi' && one.fee.precision === '0.0001' ? ('direct' as const) : ('cent' as const),
          minSize: parseSize(String(one.minSize)),
        }));
        const { params } = input;
        const plan = optimise(legs, {
          payoff: micros(input.payoff),
          step: parseSize(String(params.step ?? 1)),
          maxSize: params.maxContracts === undefined ? undefined : parseSize(String(params.maxContracts)),
          budget: optionalMoney(params.budget),
          fixedCost: optionalMoney(params.fixedCost),
          minEdge: params.minEdge === undefined ? undefined : micros(params.minEdge),
          daysToResolution: params.daysToResolution,
        });
        expect({ id, plan: shown(plan) }).toEqual({
          id,
          plan:
            expected.contracts === 0
              ? null
              : {
                  size: parseSize(String(expected.contracts)),
                  profit: micros(expected.profit),
                  cost: micros(expected.cost ?? NaN),
                  fees: expected.fees?.map(micros),
                  debits: expected.debits?.map(micros),
                  averages: expected.avgPrices?.map((average) => rounded(average)),
                  roi: rounded(expected.roi),
                  netEdge: rounded(expected.netEdgePerContract),
                  simpleAnnual: rounded(expected.simpleAnnual),
                  compoundAnnual: rounded(expected.compoundAnnual),
                },
        });
      }
    },
  );
});
