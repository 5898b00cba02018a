import { Type, type Static } from 'typebox';

/** Settings every arbitrage shares, whatever its legs are. */
export const arbitrageFields = {
  minEdge: Type.Integer({
    title: 'Least edge',
    description: 'Net profit per contract, after all fees and costs, below which nothing is traded.',
    unit: 'micro-dollars per contract',
    minimum: 0,
    maximum: 500_000,
    default: 5_000,
  }),
  minMarginalEdge: Type.Integer({
    title: 'Least marginal edge',
    description: 'Walking up the books stops where one more contract would add less than this.',
    unit: 'micro-dollars per contract',
    minimum: 0,
    maximum: 500_000,
    default: 1_000,
  }),
  maxContracts: Type.Integer({
    title: 'Most contracts per trade',
    description: 'Bought of each leg at once.',
    unit: 'contracts',
    minimum: 1,
    maximum: 100_000,
    default: 200,
  }),
  budget: Type.Integer({
    title: 'Budget per trade',
    description: 'Most money for all legs of one trade with their fees; free cash binds as well.',
    unit: 'micro-dollars',
    minimum: 0,
    maximum: 1_000_000_000_000,
    default: 500_000_000,
  }),
  fixedCost: Type.Integer({
    title: 'Fixed cost per trade',
    description: 'Paid once for every trade, whatever its size.',
    unit: 'micro-dollars',
    minimum: 0,
    maximum: 1_000_000_000,
    default: 0,
  }),
  hurdle: Type.Number({
    title: 'Hurdle',
    description: 'Least simple yearly return on the money locked up until the later leg pays.',
    unit: '% a year',
    minimum: 0,
    maximum: 1_000,
    default: 9,
  }),
  defaultLockUpDays: Type.Number({
    title: 'Lock-up when unknown',
    description: 'Days until payment to reckon with when a venue does not say, or when its date has passed.',
    unit: 'days',
    minimum: 0.01,
    maximum: 3_650,
    default: 30,
  }),
  cooldownMs: Type.Integer({
    title: 'Rest after a signal',
    description: 'Time before the same direction of the same link or group may signal again.',
    unit: 'ms',
    minimum: 0,
    maximum: 3_600_000,
    default: 5_000,
  }),
};

const shared = Type.Object(arbitrageFields);
export type ArbitrageConfig = Static<typeof shared>;
