import { Type, type Static } from 'typebox';

export const regimeConfig = Type.Object(
  {
    barSeconds: Type.Integer({
      title: 'Bar',
      description:
        'Quotes and trades are gathered in bars of this length; a fit made for another length does not apply.',
      unit: 'seconds',
      minimum: 5,
      maximum: 3_600,
      default: 60,
    }),
    threshold: Type.Number({
      title: 'Sure from',
      description: 'The regime changes only when another one is more probable than this.',
      unit: 'probability',
      minimum: 0.5,
      maximum: 0.999,
      default: 0.8,
    }),
    holdBars: Type.Integer({
      title: 'Sure for',
      description: 'For so many bars in a row.',
      unit: 'bars',
      minimum: 1,
      maximum: 60,
      default: 3,
    }),
    halfLifeBars: Type.Number({
      title: 'Volatility forgets half in',
      description: 'Of the running volatility, which is published before a first fit is there as well.',
      unit: 'bars',
      minimum: 1,
      maximum: 10_000,
      default: 30,
    }),
  },
  { title: 'HMM regime', additionalProperties: false },
);
export type RegimeConfig = Static<typeof regimeConfig>;
