import { Type, type Static } from 'typebox';

/** The weight is the one that `npm run truth -- models --tune` chose on simulated markets (docs/models.md). */
export const poolConfig = Type.Object(
  {
    weight: Type.Number({
      title: 'Weight of the quotes',
      description:
        'How much the Kalman fair value counts against the Bayesian one before each is weighed by how sure it is; 1 hears the quotes alone, 0 the trades.',
      unit: 'share',
      minimum: 0,
      maximum: 1,
      default: 0.8,
    }),
    maxAgeSeconds: Type.Integer({
      title: 'Oldest member',
      description: 'A fair value that was said longer ago has no say; where one is left, its word is the pool’s.',
      unit: 'seconds',
      minimum: 1,
      maximum: 86_400,
      default: 180,
    }),
  },
  { title: 'Pooled fair value', additionalProperties: false },
);
export type PoolConfig = Static<typeof poolConfig>;
