import { Defect, recordBuy, recordPayout, recordSell, type JournalEntry } from '#core';
import type { World } from './world.js';

/**
 * Books what a stored journal entry says happened, whether or not this kernel would have decided it: fills and
 * settlements move the accounts, the rest is only counted.
 */
export function bookStored(world: World, entry: JournalEntry): void {
  const session = entry.session === '' ? undefined : world.sessions.get(entry.session);
  switch (entry.kind) {
    case 'fill': {
      const { ref } = world.markets.byId(entry.market) ?? missing(entry);
      const { ledger } = accountOf(world, entry);
      const { outcome, size, cashDelta, fee } = entry;
      if (entry.action === 'buy') recordBuy(ledger, ref, outcome, size, 0 - cashDelta, fee);
      else recordSell(ledger, ref, outcome, size, cashDelta, fee);
      if (session !== undefined) session.fills++;
      break;
    }
    case 'settlement': {
      const { ref } = world.markets.byId(entry.market) ?? missing(entry);
      recordPayout(accountOf(world, entry).ledger, ref, entry.outcome, entry.payout);
      break;
    }
    case 'signal':
      if (session !== undefined) session.signals++;
      return;
    case 'denial':
      if (session !== undefined) session.denials += 1;
      return;
    default:
      return;
  }
  const account = accountOf(world, entry);
  account.version++;
  world.accounts.observe(account);
}

/** Whether any account holds contracts of a market. */
export function isHeld(world: World, ref: number): boolean {
  for (const { ledger } of world.accounts.all.values())
    for (const position of ledger.positions.values()) if (position.market === ref) return true;
  return false;
}

const accountOf = (world: World, entry: JournalEntry) =>
  (entry.account === '' ? undefined : world.accounts.all.get(entry.account)) ?? missing(entry);

function missing(entry: JournalEntry): never {
  throw new Defect(
    `the stored ${entry.kind} ${entry.seq}.${entry.ordinal} is of a market or account the tape has not got`,
  );
}
