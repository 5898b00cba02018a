import { Type, type Static } from 'typebox';

export const edgeConfig = Type.Object(
  {
    fairValue: Type.Union(
      [Type.Literal('kalman'), Type.Literal('bayes'), Type.Literal('pooled'), Type.Literal('any')],
      {
        title: 'Fair value',
        description:
          'Whose: kalman reads the quotes, bayes trades on top of a base rate, pooled weighs the two by how sure each is; any is whichever model of the workflow spoke last. The models it needs join the workflow when it is saved.',
        default: 'pooled',
      },
    ),
    estimate: Type.String({
      title: 'Estimate',
      description: 'Name of the estimate to trade on, as the model publishes it.',
      default: 'fair',
      minLength: 1,
    }),
    trust: Type.Number({
      title: 'Trust in the model',
      description:
        'How far the fair value goes from the market’s price to the model’s; 0 % is the market’s, 100 % the model’s.',
      unit: 'share',
      minimum: 0,
      maximum: 1,
      default: 0.5,
    }),
    minEdge: Type.Number({
      title: 'Least edge',
      description: 'Fair value less cost with all fees, per contract.',
      unit: 'dollars per contract',
      minimum: 0,
      maximum: 0.5,
      default: 0.02,
    }),
    minProbability: Type.Number({
      title: 'Least probability of an edge',
      description: 'How likely the fair value must be above the cost.',
      unit: 'probability',
      minimum: 0.5,
      maximum: 1,
      default: 0.7,
    }),
    minEdgeOverSpread: Type.Number({
      title: 'Least edge for the spread',
      description: 'The edge must be this share of the spread: within half of it, noise alone shows one.',
      unit: 'share of the spread',
      minimum: 0,
      maximum: 5,
      default: 0.5,
    }),
    kelly: Type.Number({
      title: 'Kelly fraction',
      description:
        'Share of the size that would grow wealth fastest, before it is held back for doubt about the fair value.',
      unit: 'share',
      minimum: 0.01,
      maximum: 1,
      default: 0.25,
    }),
    maxShare: Type.Number({
      title: 'Most cash in one market',
      description: 'Cap of what one market may cost, as a share of free cash.',
      unit: 'share of cash',
      minimum: 0.001,
      maximum: 1,
      default: 0.02,
    }),
    maxContracts: Type.Integer({
      title: 'Most contracts held',
      description: 'Of one market and outcome.',
      unit: 'contracts',
      minimum: 1,
      maximum: 100_000,
      default: 500,
    }),
    maxAgeMs: Type.Integer({
      title: 'Oldest estimate',
      description: 'An estimate older than this is not traded on.',
      unit: 'ms',
      minimum: 100,
      maximum: 3_600_000,
      default: 60_000,
    }),
    stopMinutes: Type.Integer({
      title: 'Stops before the end',
      description: 'Nothing is opened in the last minutes before a market closes.',
      unit: 'minutes',
      minimum: 0,
      maximum: 10_000,
      default: 10,
    }),
    volatileEdge: Type.Number({
      title: 'Edge wanted when volatile',
      description:
        'The least edge is multiplied by this while a regime model of the workflow calls the market volatile.',
      unit: 'times',
      minimum: 1,
      maximum: 10,
      default: 1.5,
    }),
    volatileKelly: Type.Number({
      title: 'Kelly when volatile',
      description: 'The Kelly fraction is multiplied by this while the market is called volatile.',
      unit: 'times',
      minimum: 0,
      maximum: 1,
      default: 0.5,
    }),
    restMs: Type.Integer({
      title: 'Rests after an order',
      description: 'How long a market is left alone after an order was asked for.',
      unit: 'ms',
      minimum: 0,
      maximum: 3_600_000,
      default: 5_000,
    }),
  },
  { title: 'Fair-value edge', additionalProperties: false },
);
export type EdgeConfig = Static<typeof edgeConfig>;
