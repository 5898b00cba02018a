import { Type, type Static } from 'typebox';
import { publishingFields } from '../publishing.js';

/** Defaults are those that `npm run truth -- models --tune` chose on simulated markets (docs/models.md). */
export const kalmanConfig = Type.Object(
  {
    mode: Type.Union([Type.Literal('log-odds'), Type.Literal('original')], {
      title: 'Mode',
      description:
        'log-odds: noise read from spread, depth and age, time in seconds, sweeps bounded. original: the first article’s filter of the mid, with fixed noise per tick; for comparison only.',
      default: 'log-odds',
    }),
    volatility: Type.Number({
      title: 'Volatility',
      description:
        'How far the log-odds wander in a day, one standard deviation. A fitted value of the market replaces it.',
      unit: 'log-odds per √day',
      minimum: 0.001,
      maximum: 20,
      default: 3,
    }),
    priorMean: Type.Number({
      title: 'Prior probability',
      description: 'Believed before the first quote.',
      unit: 'probability',
      minimum: 0.01,
      maximum: 0.99,
      default: 0.5,
    }),
    priorVariance: Type.Number({
      title: 'Prior variance',
      description: 'How little the prior is trusted; 4 is nearly nothing known.',
      unit: 'log-odds²',
      minimum: 0.01,
      maximum: 25,
      default: 4,
    }),
    rFloor: Type.Number({
      title: 'Least measurement variance',
      description: 'No quote is trusted more than this, however narrow and deep its book.',
      unit: 'log-odds²',
      minimum: 0,
      maximum: 1,
      default: 0.02,
    }),
    depthRef: Type.Number({
      title: 'Reference depth',
      description: 'Depth at the top of the book at which thinness doubles the variance of the spread.',
      unit: 'contracts',
      minimum: 0,
      maximum: 100_000,
      default: 5,
    }),
    useMicroprice: Type.Boolean({
      title: 'Read the microprice',
      description: 'Weigh bid and ask by the size on the other side; off reads the mid.',
      default: false,
    }),
    gate: Type.Number({
      title: 'Sweep gate',
      description: 'A quote farther away than this pulls no harder than one at it.',
      unit: 'standard deviations',
      minimum: 1,
      maximum: 20,
      default: 1.5,
    }),
    jumpAfter: Type.Integer({
      title: 'Jump after',
      description: 'So many quotes in a row beyond the gate on one side are a real move, and followed.',
      unit: 'quotes',
      minimum: 2,
      maximum: 50,
      default: 2,
    }),
    horizonHours: Type.Number({
      title: 'Faster within',
      description:
        'In the last hours before a market closes its log-odds move the faster, the less time is left; 0 is off.',
      unit: 'hours',
      minimum: 0,
      maximum: 168,
      default: 1,
    }),
    volatileFaster: Type.Number({
      title: 'Faster when volatile',
      description:
        'The variance of the log-odds is multiplied by this while a regime model of the workflow calls the market volatile; 1 is off.',
      unit: 'times',
      minimum: 1,
      maximum: 10,
      default: 3,
    }),
    useLinks: Type.Boolean({
      title: 'Read linked venues together',
      description:
        'Where a reviewed link says that two markets of this workflow ask the same, the quotes of both tell both fair values.',
      default: true,
    }),
    linkedJumpAfter: Type.Integer({
      title: 'Jump of linked venues after',
      description:
        'The same as “Jump after” where two venues are read together; one of them alone is not followed while the other speaks against it.',
      unit: 'quotes',
      minimum: 2,
      maximum: 200,
      default: 6,
    }),
    basis: Type.Number({
      title: 'Usual difference of linked venues',
      description: 'How far apart two linked markets lie for good, one standard deviation, before it has been seen.',
      unit: 'log-odds',
      minimum: 0.001,
      maximum: 2,
      default: 0.05,
    }),
    useNews: Type.Boolean({
      title: 'Move on news',
      description:
        'The move that the model News impulse expects enters at once and fades unless prices confirm it; needs that model in the workflow.',
      default: false,
    }),
    newsMinutes: Type.Number({
      title: 'Half-life of a move on news',
      description: 'After so long half of what prices have not confirmed is taken back.',
      unit: 'minutes',
      minimum: 0.5,
      maximum: 1_440,
      default: 30,
    }),
    ...publishingFields,
  },
  { title: 'Kalman fair value', additionalProperties: false },
);
export type KalmanConfig = Static<typeof kalmanConfig>;
