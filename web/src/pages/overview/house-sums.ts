import type { AccountFieldsFragment } from '../../generated/graphql';
import type { EquityPoint } from '../../stores/equity-tail';

type Account = AccountFieldsFragment;
/** What accounts have together. Peaks are none of it: they were at different times. */
export type House = Pick<
  Account,
  'cash' | 'reserved' | 'equity' | 'dayBase' | 'realised' | 'lockedIn' | 'lockedOverBids' | 'fees' | 'positions'
>;

/** The chosen account, or all of them when none is chosen or the chosen one is gone. */
export function shownAccounts(accounts: readonly Account[], chosen: string): readonly Account[] {
  const one = accounts.find(({ id }) => id === chosen);
  return one ? [one] : accounts;
}

export function houseOf(accounts: readonly Account[]): House | null {
  if (accounts.length === 0) return null;
  const sum = (key: Exclude<keyof House, 'positions'>): number =>
    accounts.reduce((total, account) => total + account[key], 0);
  return {
    cash: sum('cash'),
    reserved: sum('reserved'),
    equity: sum('equity'),
    dayBase: sum('dayBase'),
    realised: sum('realised'),
    lockedIn: sum('lockedIn'),
    lockedOverBids: sum('lockedOverBids'),
    fees: sum('fees'),
    positions: accounts.flatMap(({ positions }) => positions),
  };
}

/**
 * Several curves as one: at each moment any of them tells, the sum of what each last told. An account that was opened later
 * counts before with what it began with, so that the curve shows results and not openings.
 */
export function sumCurves(curves: readonly (readonly EquityPoint[])[]): readonly EquityPoint[] {
  const told = curves.filter((curve) => curve.length > 0);
  const next = told.map(() => 0);
  const now = told.map((curve) => curve[0]!.equity);
  const moments = [...new Set(told.flatMap((curve) => curve.map(({ at }) => at)))].sort((a, b) => a - b);
  return moments.map((at) => {
    told.forEach((curve, i) => {
      while (next[i]! < curve.length && curve[next[i]!]!.at <= at) now[i] = curve[next[i]++]!.equity;
    });
    return { at, equity: now.reduce((total, equity) => total + equity, 0) };
  });
}
