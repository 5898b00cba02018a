import { expect, it } from 'vitest';
import { rowsInView } from './row-window';

it('draws what stands on the screen and a few more on either side', () => {
  expect(rowsInView(200, 800, 34, 5_000, 2)).toEqual({ from: 0, to: 20 });
  expect(rowsInView(-3_400, 800, 34, 5_000, 2)).toEqual({ from: 98, to: 126 });
});

it('never leaves the list', () => {
  expect(rowsInView(-1e6, 800, 34, 50, 5)).toEqual({ from: 50, to: 50 });
  expect(rowsInView(-1e6, 800, 34, 15, 5)).toEqual({ from: 0, to: 15 });
  expect(rowsInView(5_000, 800, 34, 50, 0)).toEqual({ from: 0, to: 0 });
  expect(rowsInView(0, 800, 34, 0, 5)).toEqual({ from: 0, to: 0 });
  expect(rowsInView(0, 800, 0, 9, 2)).toEqual({ from: 0, to: 0 });
});
