import { Type, type Static } from 'typebox';

export const momentumConfig = Type.Object(
  {
    contracts: Type.Integer({
      title: 'Contracts per trade',
      description: 'At most; depth and the account’s limits may allow fewer.',
      unit: 'contracts',
      minimum: 1,
      maximum: 100_000,
      default: 50,
    }),
    minMove: Type.Number({
      title: 'Least move beyond costs',
      description: 'The predicted price must beat fees both ways and the whole spread by this.',
      unit: 'dollars per contract',
      minimum: 0,
      maximum: 0.5,
      default: 0.005,
    }),
    minNovelty: Type.Number({
      title: 'Least novelty',
      description: 'Echoes of what was told before are not traded.',
      unit: 'share',
      minimum: 0,
      maximum: 1,
      default: 0.2,
    }),
    staleSeconds: Type.Integer({
      title: 'Oldest item',
      description: 'An item published longer ago than this is not traded.',
      unit: 'seconds',
      minimum: 1,
      maximum: 86_400,
      default: 120,
    }),
    actSeconds: Type.Integer({
      title: 'Acts within',
      description: 'How long after an item a trade on it may still be opened.',
      unit: 'seconds',
      minimum: 1,
      maximum: 3_600,
      default: 30,
    }),
    holdSeconds: Type.Integer({
      title: 'Holds for',
      description: 'A position is sold after this, whether or not the move came.',
      unit: 'seconds',
      minimum: 5,
      maximum: 604_800,
      default: 600,
    }),
    stopMinutes: Type.Integer({
      title: 'Stops before the end',
      description: 'Nothing is opened in the last minutes before a market closes.',
      unit: 'minutes',
      minimum: 0,
      maximum: 10_000,
      default: 10,
    }),
  },
  { title: 'News momentum', additionalProperties: false },
);
export type MomentumConfig = Static<typeof momentumConfig>;
