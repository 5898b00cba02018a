import { expect, it } from 'vitest';
import { newsImpulse } from '#plugins';
import { simulatedParameters, simulatedPrior } from '../news/simulated-prior.js';
import { judgedItems, weightAfter } from './news.job.js';

const outcome = { item: 'a', source: 's', at: 0, stance: 1, z: 2, before: 500_000, after: 600_000 };

it('counts the venues of one question as one event, turned to where the item pointed', () => {
  const inverse = { ...outcome, stance: -1, z: -2, before: 500_000, after: 400_000 };
  const [one, ...others] = judgedItems([outcome, inverse]);
  expect(others).toEqual([]);
  expect(one).toMatchObject({ item: 'a', right: true, z: 2 });
  expect(one.move).toBeCloseTo(Math.log(1.5), 12);
});

it('trusts a source by what was learned elsewhere until its own record outweighs that', () => {
  const prior = simulatedPrior('simulator-feed')!;
  const first = weightAfter({ hits: 0, judged: 0, prior });
  expect(first).toBeGreaterThan(0.5);
  expect(weightAfter({ hits: 10, judged: 40, prior })).toBeLessThan(first / 2);
  expect(weightAfter({ hits: 50, judged: 200, prior })).toBe(0);
  expect(weightAfter({ hits: 0, judged: 0 })).toBe(0);
  expect(simulatedPrior('bbc-world')).toBeUndefined();
  const told = simulatedParameters(1).map(({ id, kind, body }) => ({
    id,
    kind,
    ...(body as { plugin: string; key: string; value: object }),
  }));
  expect(told.map(({ key }) => key)).toEqual(['source:simulator-feed', 'source:simulator-social', 'response']);
  expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  expect(told[0]).toMatchObject({ kind: 'parameters', plugin: newsImpulse.manifest.id, value: { weight: first } });
});

it('takes no move, and one the other way, for being wrong', () => {
  expect(judgedItems([{ ...outcome, after: 500_000 }])[0].right).toBe(false);
  expect(judgedItems([{ ...outcome, stance: -1 }])[0].right).toBe(false);
});

it('judges a source without a model, and nothing by a price at the edge', () => {
  expect(judgedItems([{ ...outcome, z: null }])[0]).toMatchObject({ right: true, z: null });
  expect(judgedItems([{ ...outcome, after: 1_000_000 }])).toEqual([]);
});
