import { Type, type Static } from 'typebox';
import { publishingFields } from '../publishing.js';

const prior = Type.Object(
  {
    category: Type.String({
      title: 'Category',
      description: 'Category of markets as the venue names it; capitals do not matter.',
      minLength: 1,
    }),
    mean: Type.Number({
      title: 'Base rate',
      description: 'Share of comparable events that ended YES.',
      unit: 'probability',
      minimum: 0.001,
      maximum: 0.999,
    }),
    strength: Type.Number({
      title: 'Counts for',
      description: 'How many settled events the base rate rests on.',
      unit: 'events',
      minimum: 0.5,
      maximum: 100,
    }),
  },
  { additionalProperties: false },
);

export const bayesConfig = Type.Object(
  {
    mode: Type.Union([Type.Literal('fading'), Type.Literal('original')], {
      title: 'Mode',
      description:
        'fading: volume is scaled, capped and forgotten toward the prior. original: every contract is a trial, nothing is forgotten and the band is the normal one; for comparison only.',
      default: 'fading',
    }),
    priors: Type.Array(prior, {
      title: 'Base rates by category',
      description:
        'The prior of a market is its category’s; the first article’s example, Beta(65, 35), is a mean of 0.65 that counts for 100 events.',
      default: [],
      maxItems: 100,
    }),
    priorMean: Type.Number({
      title: 'Other base rate',
      description: 'Prior of a market whose category is not in the list.',
      unit: 'probability',
      minimum: 0.001,
      maximum: 0.999,
      default: 0.5,
    }),
    priorStrength: Type.Number({
      title: 'Other base rate counts for',
      description: 'How many settled events that prior is worth.',
      unit: 'events',
      minimum: 0.5,
      maximum: 100,
      default: 10,
    }),
    halfLifeMinutes: Type.Number({
      title: 'Forgets half in',
      description: 'After this time a trade counts half; the belief goes back to its prior when nothing is heard.',
      unit: 'minutes',
      minimum: 1,
      maximum: 100_000,
      default: 60,
    }),
    weight: Type.Union([Type.Literal('log'), Type.Literal('sqrt'), Type.Literal('linear')], {
      title: 'Volume counts',
      description: 'As the logarithm, the root or as it is, after division by the scale.',
      default: 'log',
    }),
    volumeScale: Type.Number({
      title: 'Volume scale',
      description: 'So many contracts are one unit of volume.',
      unit: 'contracts',
      minimum: 1,
      maximum: 1_000_000,
      default: 100,
    }),
    noise: Type.Number({
      title: 'Taken for noise',
      description: 'Share of every trade that says nothing.',
      unit: 'share',
      minimum: 0,
      maximum: 1,
      default: 0.1,
    }),
    maxWeight: Type.Number({
      title: 'Most one trade counts',
      description: 'Cap of a single trade, so that one large order is no proof.',
      unit: 'events',
      minimum: 0.01,
      maximum: 1_000,
      default: 5,
    }),
    maxStrength: Type.Number({
      title: 'Most all counts',
      description: 'Cap of the whole belief: it decides how narrow the band may become.',
      unit: 'events',
      minimum: 1,
      maximum: 100_000,
      default: 400,
    }),
    ...publishingFields,
  },
  { title: 'Bayesian fair value', additionalProperties: false },
);
export type BayesConfig = Static<typeof bayesConfig>;
