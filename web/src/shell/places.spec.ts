import { expect, it } from 'vitest';
import { placeOf, PLACES } from './places';

it('gives every place a key of its own', () => {
  expect(new Set(PLACES.map(({ key }) => key)).size).toBe(PLACES.length);
});

it('knows the place that a page lies below', () => {
  expect(placeOf('/')?.title).toBe('Overview');
  expect(placeOf('/markets/kalshi%3AKXRAIN')?.title).toBe('Markets');
  expect(placeOf('/backtests/compare/a/b')?.title).toBe('Backtests');
  expect(placeOf('/trace/S1')?.title).toBe('Opportunities');
  expect(placeOf('/nowhere')).toBeUndefined();
});
