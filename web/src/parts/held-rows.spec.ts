import { expect, it } from 'vitest';
import { heldRows } from './held-rows';

const row = (id: string, text = '') => ({ id, text });

it('shows rows as they come while nobody points at them', () => {
  const rows = [row('b'), row('a')];
  expect(heldRows(rows, null)).toEqual({ rows, waiting: 0 });
});

it('keeps the order that was pointed at, with what the rows say now', () => {
  const rows = [row('c'), row('a', 'closed'), row('b')];
  expect(heldRows(rows, ['b', 'a'])).toEqual({ rows: [row('b'), row('a', 'closed')], waiting: 1 });
});

it('adds what was loaded below, and drops what is gone', () => {
  expect(heldRows([row('b'), row('z')], ['b', 'a'])).toEqual({ rows: [row('b'), row('z')], waiting: 0 });
  expect(heldRows([row('c')], ['b'])).toEqual({ rows: [], waiting: 1 });
});
