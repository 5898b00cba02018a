import { Type } from 'typebox';
import { Defect } from '#core';
import {
  betaMean,
  betaQuantile,
  betaSf,
  betaVariance,
  kellyExclusive,
  kellyFraction,
  kellyGrowth,
  kellyLadder,
  kellySimultaneous,
  mulberry32,
  payoutAfterWinFee,
  stateArbitrage,
  uncertaintyShrink,
  worstPayoff,
  type StateInstrument,
} from '#quant';
import { referenceModel } from '../reference-model.js';
import { maybe } from './case-input.js';

const numbers = Type.Array(Type.Number());

const SEED = 20_260_101;

const unroundedCost = (price: number, feeRate: number): number => price + feeRate * price * (1 - price);

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

export const sizingModels = {
  kelly: referenceModel({
    title: 'Kelly fraction of wealth spent on a binary contract',
    input: Type.Object({
      p: Type.Number(),
      price: Type.Number(),
      feePerContract: Type.Number(),
      winFeeRate: Type.Number(),
      alpha: Type.Number(),
      beta: Type.Number(),
      quantile: Type.Number(),
    }),
    families: { fractionLowerQuantile: 'quantile' },
    run({ p, price, feePerContract, winFeeRate, alpha, beta, quantile }) {
      const contract = { cost: price + feePerContract, payout: payoutAfterWinFee(price, winFeeRate) };
      const fraction = kellyFraction({ p, ...contract });
      const mean = betaMean(alpha, beta);
      return {
        fraction,
        growth: kellyGrowth({ p, ...contract }, fraction),
        half: fraction / 2,
        fractionPosteriorMean: kellyFraction({ p: mean, ...contract }),
        fractionLowerQuantile: kellyFraction({ p: betaQuantile(quantile, alpha, beta), ...contract }),
        bakerMcHaleShrink: uncertaintyShrink({ p: mean, ...contract }, betaVariance(alpha, beta)),
        probEdge: betaSf(contract.cost / contract.payout, alpha, beta),
      };
    },
  }),
  'kelly-ladder': referenceModel({
    title: 'Kelly against depth',
    input: Type.Object({
      p: Type.Number(),
      wealth: Type.Number(),
      lambda: Type.Number(),
      ladder: Type.Array(Type.Object({ price: Type.Number(), size: Type.Number() })),
      feeRate: Type.Number(),
    }),
    families: { cost: 'growth' },
    run({ p, wealth, lambda, ladder, feeRate }) {
      const levels = ladder.map(({ price, size }) => ({ cost: unroundedCost(price, feeRate), size }));
      return { ...kellyLadder({ p, wealth: wealth * lambda, levels }) };
    },
  }),
  'kelly-simultaneous': referenceModel({
    title: 'simultaneous independent Kelly with cap',
    input: Type.Object({ p: numbers, cost: numbers, cap: Type.Number() }),
    families: { fractions: 'fraction', sum: 'fraction' },
    optimum: {
      objective: 'growth',
      better: 'higher',
      broken: (input, { sum: spent }) =>
        (spent as number) <= (input as { cap: number }).cap + 1e-12 ? [] : ['the stakes exceed the cap'],
    },
    run({ p, cost, cap }) {
      const { fractions, growth } = kellySimultaneous(p, cost, cap, mulberry32(SEED));
      return { fractions, growth, sum: sum(fractions) };
    },
  }),
  'kelly-exclusive': referenceModel({
    title: 'Kelly over mutually exclusive outcomes',
    input: Type.Object({ p: numbers, cost: numbers }),
    run: ({ p, cost }) => ({ ...kellyExclusive(p, cost) }),
  }),
  'arb-lp': referenceModel({
    title: 'guaranteed profit of the continuous relaxation (state payoff matrix)',
    input: Type.Object({
      instruments: Type.Array(
        Type.Object({ price: Type.Number(), size: Type.Number(), payoff: numbers, feeRate: Type.Number() }),
      ),
      states: Type.Array(Type.String(), { minItems: 1 }),
      budget: maybe(Type.Number()),
    }),
    families: { guaranteedProfit: 'profit' },
    ungraded: ['oneOptimalSolution', 'cost'],
    optimum: { objective: 'guaranteedProfit', better: 'higher', broken: () => [] },
    run({ instruments, states, budget }) {
      const offers = instruments.map(({ price, size, payoff, feeRate }): StateInstrument => ({
        cost: unroundedCost(price, feeRate),
        size,
        payoff,
      }));
      const { quantities, cost } = stateArbitrage(offers, states.length, budget ?? null);
      const within = quantities.every((q, i) => q >= 0 && q <= offers[i].size + 1e-9);
      if (!within || cost > (budget ?? Infinity) + 1e-9) throw new Defect('the portfolio leaves its limits');
      // What the portfolio itself earns in its worst state, not what the program says it does.
      return { guaranteedProfit: worstPayoff(offers, quantities) - cost };
    },
  }),
};
