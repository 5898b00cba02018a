import { expect, it } from 'vitest';
import type { AccountFieldsFragment } from '../../generated/graphql';
import { houseOf, shownAccounts, sumCurves } from './house-sums';

const account = (id: string, equity: number): AccountFieldsFragment => ({
  id,
  title: id,
  state: 'ACTIVE',
  stateReason: '',
  killed: false,
  killedBy: [],
  cash: equity - 10,
  reserved: 1,
  equity,
  dayBase: equity - 5,
  peak: equity,
  realised: 2,
  lockedIn: 3,
  lockedOverBids: 4,
  fees: 1,
  profile: {},
  positions: [{ market: 'm', title: 'm', venue: 'kalshi', outcome: 'yes', size: 100, cost: 1, mark: 1, value: 1 }],
  limits: [],
});

it('adds up all accounts, or shows the one that is chosen', () => {
  const all = [account('a', 100), account('b', 40)];
  expect(houseOf(shownAccounts(all, ''))).toMatchObject({ equity: 140, cash: 120, dayBase: 130, realised: 4, fees: 2 });
  expect(houseOf(shownAccounts(all, 'b'))).toMatchObject({ equity: 40, cash: 30 });
  expect(houseOf(shownAccounts(all, 'gone'))?.positions).toHaveLength(2);
  expect(houseOf([])).toBeNull();
});

it('adds up curves that tell at different moments', () => {
  const one = [
    { at: 1, equity: 100 },
    { at: 3, equity: 110 },
  ];
  const two = [
    { at: 2, equity: 40 },
    { at: 4, equity: 30 },
  ];
  expect(sumCurves([one, two])).toEqual([
    { at: 1, equity: 140 },
    { at: 2, equity: 140 },
    { at: 3, equity: 150 },
    { at: 4, equity: 140 },
  ]);
  expect(sumCurves([one, []])).toEqual(one);
  expect(sumCurves([])).toEqual([]);
});
