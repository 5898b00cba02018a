import { Type, type Static } from 'typebox';
import { money, price, size, type FeeRule } from '#core';
import { optimise, type ArbitrageLeg } from '#quant';
import { referenceModel } from '../reference-model.js';
import { decimal, given, hundredths, maybe, micros } from './case-input.js';

const fee = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  Type.Object({ kind: Type.Literal('kalshi'), rate: decimal, precision: decimal }),
  Type.Object({
    kind: Type.Literal('polymarket'),
    rate: decimal,
    exponent: Type.Integer(),
    rounding: Type.Union([Type.Literal('floor'), Type.Literal('half-up'), Type.Literal('ceil')]),
  }),
]);

const leg = Type.Object({
  ladder: Type.Array(Type.Object({ price: decimal, size: decimal })),
  fee,
  minSize: decimal,
});

const input = Type.Object({
  legs: Type.Array(leg, { minItems: 1 }),
  payoff: decimal,
  params: Type.Object({
    step: maybe(decimal),
    maxContracts: maybe(decimal),
    budget: maybe(decimal),
    fixedCost: maybe(decimal),
    minEdge: maybe(decimal),
    daysToResolution: maybe(Type.Number()),
  }),
});

/** Legs bought in equal numbers: a pair and a bundle are the same question. */
const bundle = {
  input,
  families: {
    profit: 'money',
    cost: 'money',
    fees: 'money',
    debits: 'money',
    avgPrices: 'money',
    roi: 'rate',
    netEdgePerContract: 'rate',
    simpleAnnual: 'rate',
    compoundAnnual: 'rate',
  },
  run({ legs, payoff, params }: Static<typeof input>) {
    const plan = optimise(legs.map(legOf), {
      payoff: micros(payoff),
      step: size(hundredths(params.step ?? 1)),
      maxSize: given(params.maxContracts, (contracts) => size(hundredths(contracts))),
      budget: given(params.budget, (dollars) => money(micros(dollars))),
      fixedCost: given(params.fixedCost, (dollars) => money(micros(dollars))),
      minEdge: given(params.minEdge, micros),
      daysToResolution: params.daysToResolution,
    });
    if (plan === null) return { contracts: 0, profit: 0 };
    return {
      contracts: plan.size / 100,
      profit: plan.profit / 1e6,
      cost: plan.cost / 1e6,
      fees: plan.legs.map((one) => one.fee / 1e6),
      debits: plan.legs.map((one) => one.debit / 1e6),
      avgPrices: plan.legs.map((one) => one.averagePrice),
      roi: plan.roi,
      netEdgePerContract: plan.netEdge / 1e6,
      simpleAnnual: plan.simpleAnnual,
      compoundAnnual: plan.compoundAnnual,
    };
  },
};

function legOf(one: Static<typeof leg>): ArbitrageLeg {
  return {
    ladder: one.ladder.map((level) => ({ price: price(micros(level.price)), size: size(hundredths(level.size)) })),
    fee: ruleOf(one.fee),
    precision: one.fee.kind === 'kalshi' && micros(one.fee.precision) === 100 ? 'direct' : 'cent',
    minSize: size(hundredths(one.minSize)),
  };
}

function ruleOf(rule: Static<typeof fee>): FeeRule {
  switch (rule.kind) {
    case 'none':
      return rule;
    case 'kalshi':
      return { kind: 'kalshi', takerRate: micros(rule.rate), makerRate: 0, multiplier: 1_000_000 };
    case 'polymarket':
      return { kind: 'polymarket', rate: micros(rule.rate), exponent: rule.exponent, rounding: rule.rounding };
  }
}

export const arbitrageModels = {
  'arb-pair': referenceModel({
    ...bundle,
    title: 'two-leg arbitrage sizing with depth, fees, minimum sizes, budget',
  }),
  'arb-bundle': referenceModel({ ...bundle, title: 'N-outcome bundles' }),
};
