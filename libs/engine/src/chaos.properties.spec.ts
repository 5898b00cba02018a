import { describe, expect, it } from 'vitest';
import type { JournalEntry, TapeEvent } from '#core';
import { chaotic, chaoticTape } from './chaos.spec-support.js';
import { journalLine } from './journal-line.js';
import { seeded } from './rng.spec-support.js';
import { Heard, testKernel } from './tape.spec-support.js';

const BASE = Number(
  process.env['ARBINTEL_SEED'] === 'random' ? Date.now() % 2 ** 31 : (process.env['ARBINTEL_SEED'] ?? 1),
);
const SEEDS = Array.from({ length: 2 * Number(process.env['ARBINTEL_CASES'] ?? 1) }, (_, n) => BASE + n);
const LENGTH = 1_200;

/** What the journal says of cash, from the beginning. */
class Purse {
  cash = 0;
  private heard = 0;
  private opened = false;

  /** Answers what a deposit moved beyond what it may. */
  take(event: TapeEvent, heard: Heard, before: number, now: number): number {
    let moved = 0;
    for (; this.heard < heard.entries.length; this.heard++) {
      const entry = heard.entries[this.heard];
      if (entry.kind === 'fill') moved += entry.cashDelta;
      if (entry.kind === 'settlement') moved += entry.payout;
    }
    this.cash += moved;
    if (event.kind === 'act' && event.act.kind === 'account' && !this.opened) {
      this.opened = true;
      this.cash = event.act.account.openingCash;
    }
    // A withdrawal takes what is free at that moment, so what it took is looked up and only bounded here.
    if (event.kind !== 'act' || event.act.kind !== 'deposit') return 0;
    const paid = now - before - moved;
    this.cash += paid;
    return Math.max(0, Math.abs(paid) - Math.abs(event.act.amount));
  }
}

describe.each(SEEDS)('a tape of everything that may happen, and a strategy that says anything (seed %i)', (seed) => {
  const tape = chaoticTape(seed, LENGTH, true);

  it('keeps the books exact, promises no cash twice and obeys the kill switch', () => {
    const kernel = testKernel([chaotic]);
    const heard = new Heard();
    const purse = new Purse();
    for (const event of tape) {
      const before = kernel.look.accounts()[0]?.cash ?? 0;
      const known = heard.entries.length;
      const killed = kernel.look.accounts()[0]?.killed ?? false;
      kernel.apply(event, heard);
      const [account] = kernel.look.accounts();
      const where = `seed ${seed}, after ${event.seq} ${event.kind}`;
      expect(purse.take(event, heard, before, account.cash), where).toBe(0);
      expect(account.cash, where).toBe(purse.cash);
      expect(account.reserved, where).toBeGreaterThanOrEqual(0);
      expect(account.reserved, where).toBeLessThanOrEqual(account.cash);
      expect(account.stateReason, where).not.toContain('reconcile');
      for (const position of account.positions) expect(position.size, where).toBeGreaterThan(0);
      if (!killed || !account.killed) continue;
      for (const entry of heard.entries.slice(known)) {
        if (entry.kind === 'order') expect(['sent', 'reserved', 'resting'], where).not.toContain(entry.state);
        // What was on its way when the switch was thrown may arrive and complete a set; nothing else fills.
        if (entry.kind === 'fill') expect(legsOf(heard, entry.signalId), where).toBeGreaterThan(1);
      }
    }
  });

  it('tells of its order groups what the ledger realised, whoever sold what they held', () => {
    const kernel = testKernel([chaotic]);
    const heard = new Heard();
    for (const event of tape) kernel.apply(event, heard);
    let { seq, at } = tape[tape.length - 1];
    const add = (event: object): void =>
      kernel.apply({ lane: 1, seq: ++seq, at: (at += 5_000), ...event } as TapeEvent, heard);
    add({ kind: 'act', id: 'end', by: 'x', act: { kind: 'workflow-archived', workflow: 'w' } });
    // A leg that stands naked is sold or held within some seconds.
    for (let beat = 0; beat < 5; beat++) add({ kind: 'beat' });
    for (const market of kernel.look.markets())
      add({ kind: 'resolution', market, outcome: { kind: 'value', yesPays: market % 2 ? 0 : 1_000_000 }, final: true });
    add({ kind: 'beat' });
    const [account] = kernel.look.accounts();
    expect(account).toMatchObject({ positions: [], reserved: 0, lockedIn: 0, lockedOverBids: 0 });
    const ended = heard.of('group-state').filter(({ realised }) => realised !== null);
    expect(new Set(ended.map(({ signalId }) => signalId)).size).toBe(ended.length);
    expect(ended.reduce((sum, { realised }) => sum + (realised ?? 0), 0)).toBe(account.realised);
  });

  it('gives one journal, wherever it is stopped and restored', () => {
    const random = seeded(seed);
    let kernel = testKernel([chaotic]);
    const whole = new Heard();
    const parts = new Heard();
    const other = testKernel([chaotic]);
    for (const event of tape) {
      other.apply(event, whole);
      if (random() < 0.05) {
        const next = testKernel([chaotic]);
        next.restore(kernel.snapshot());
        expect(next.look.accounts()).toEqual(kernel.look.accounts());
        kernel = next;
      }
      kernel.apply(event, parts);
    }
    expect(parts.entries.map(journalLine)).toEqual(whole.entries.map(journalLine));
  });
});

const legsOf = (heard: Heard, signalId: string): number =>
  heard.of('signal').find((signal: JournalEntry & { signalId?: string }) => signal.signalId === signalId)?.legs
    .length ?? 0;
