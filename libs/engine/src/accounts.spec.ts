import { describe, expect, it } from 'vitest';
import type { JournalEntry, Money } from '#core';
import { Accounts, type WorkingOrders } from './accounts.js';
import { JournalWriter } from './journal-writer.js';
import { MarketTable } from './market-table.js';
import { ACCOUNT, accountRecord, START } from './tape.spec-support.js';

/** One account with what its orders and its locked sets say of themselves. */
function account(says: { promised?: number; locked?: number }) {
  const entries: JournalEntry[] = [];
  const withdrawn: string[] = [];
  const journal = new JournalWriter(1);
  journal.begin(1, {
    journal: (entry) => void entries.push(entry),
    estimate: () => undefined,
    quote: () => undefined,
  });
  journal.at = START;
  const working: WorkingOrders = {
    any: () => false,
    promised: () => says.promised ?? 0,
    withdraw: (_account, reason) => void withdrawn.push(reason),
  };
  const accounts = new Accounts(journal, new MarketTable(), working, () => (says.locked ?? 0) as Money);
  accounts.save(accountRecord());
  accounts.observeAll();
  return { accounts, entries, withdrawn, now: accounts.all.get(ACCOUNT)! };
}

describe('an account whose own numbers do not hold', () => {
  it('trades on while they do', () => {
    const { now, entries } = account({});
    expect(now).toMatchObject({ state: 'ACTIVE', equity: 10_000_000_000 });
    expect(entries).toEqual([]);
  });

  it.each<[string, Parameters<typeof account>[0], RegExp]>([
    [
      'orders were promised what is not reserved',
      { promised: 7 },
      /does not reconcile: orders were promised 7, reserved is 0/,
    ],
    ['its equity is no number', { locked: NaN }, /Equity is NaN/],
  ])('is halted until a person has looked when %s', (_what, says, reason) => {
    const { accounts, entries, withdrawn, now } = account(says);
    expect(now).toMatchObject({ state: 'HALTED', stateReason: expect.stringMatching(reason) });
    expect(entries).toMatchObject([{ kind: 'account-state', state: 'HALTED', account: ACCOUNT }]);
    expect(withdrawn).toHaveLength(1);
    // Another day does not lift it, and neither does a reset while it stays wrong.
    accounts.observeAll();
    accounts.reset(ACCOUNT);
    expect(now.state).toBe('HALTED');
  });

  it('stays halted by the kill switch whatever else is lifted', () => {
    const { accounts, now } = account({});
    accounts.kill(true, ACCOUNT, 'drill');
    accounts.kill(true, null, 'house drill');
    expect(now).toMatchObject({ state: 'HALTED', stateReason: 'Kill switch: house drill.' });
    accounts.kill(false, null, '');
    accounts.reset(ACCOUNT);
    expect(now).toMatchObject({ state: 'HALTED', stateReason: 'Kill switch: drill.' });
    accounts.kill(false, ACCOUNT, '');
    expect(now.state).toBe('ACTIVE');
  });
});
