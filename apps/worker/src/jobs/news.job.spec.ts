import { expect, it } from 'vitest';
import { judgedItems } from './news.job.js';

const outcome = { item: 'a', source: 's', at: 0, stance: 1, z: 2, before: 500_000, after: 600_000 };

it('counts the venues of one question as one event, turned to where the item pointed', () => {
  const inverse = { ...outcome, stance: -1, z: -2, before: 500_000, after: 400_000 };
  const [one, ...others] = judgedItems([outcome, inverse]);
  expect(others).toEqual([]);
  expect(one).toMatchObject({ item: 'a', right: true, z: 2 });
  expect(one.move).toBeCloseTo(Math.log(1.5), 12);
});

it('takes no move, and one the other way, for being wrong', () => {
  expect(judgedItems([{ ...outcome, after: 500_000 }])[0].right).toBe(false);
  expect(judgedItems([{ ...outcome, stance: -1 }])[0].right).toBe(false);
});

it('judges a source without a model, and nothing by a price at the edge', () => {
  expect(judgedItems([{ ...outcome, z: null }])[0]).toMatchObject({ right: true, z: null });
  expect(judgedItems([{ ...outcome, after: 1_000_000 }])).toEqual([]);
});
