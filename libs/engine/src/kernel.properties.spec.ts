import { describe, expect, it } from 'vitest';
import { type JournalEntry, type TapeEvent } from '#core';
import { journalLine } from './journal-line.js';
import type { Kernel, KernelOutput } from './kernel.types.js';
import { replay } from './replay.js';
import { seeded } from './rng.spec-support.js';
import { testBundles, testPairs } from './strategies.spec-support.js';
import { syntheticTape } from './synthetic-tape.spec-support.js';
import { testKernel } from './tape.spec-support.js';

const SEEDS = [1, 2, 3, 4];
const LENGTH = 3_000;
/** Limits whose use the gate keeps within them. */
const HELD = new Set(['maxPositionSize', 'maxMarketCost', 'maxGross', 'maxVenue', 'maxOpenOrders']);
const STRATEGIES = [testPairs, testBundles];

class Lines implements KernelOutput {
  readonly lines: string[] = [];
  journal(entry: JournalEntry): void {
    this.lines.push(journalLine(entry));
  }
  estimate(): void {}
  quote(): void {}
}

function play(tape: readonly TapeEvent[], kernel: Kernel = testKernel(STRATEGIES)): readonly string[] {
  const output = new Lines();
  for (const event of tape) kernel.apply(event, output);
  return output.lines;
}

describe.each(SEEDS)('a random tape (seed %i)', (seed) => {
  const tape = syntheticTape(seed, LENGTH);
  const journal = play(tape);

  it('gives a journal in which everything happens', () => {
    const kinds = new Set(journal.map((line) => (JSON.parse(line) as JournalEntry).kind));
    for (const kind of [
      'signal',
      'order',
      'fill',
      'group-state',
      'opportunity',
      'denial',
      'settlement',
      'session',
    ] as const)
      expect([...kinds]).toContain(kind);
  });

  it('gives the same journal twice', async () => {
    const output = new Lines();
    expect(await replay(testKernel(STRATEGIES), tape, output)).toBe(tape.length);
    expect(output.lines).toEqual(journal);
  });

  it('gives the same journal when the kernel is stopped and restored anywhere', () => {
    const random = seeded(seed + 1_000);
    let kernel = testKernel(STRATEGIES);
    const output = new Lines();
    for (const event of tape) {
      if (random() < 0.02) {
        const next = testKernel(STRATEGIES);
        next.restore(kernel.snapshot());
        // What is kept up to date as it goes is what a fresh sum gives.
        expect(next.look.accounts()).toEqual(kernel.look.accounts());
        kernel = next;
      }
      kernel.apply(event, output);
    }
    expect(output.lines).toEqual(journal);
  });

  it('does not peek: whatever is cut off, the journal before stays', () => {
    const random = seeded(seed + 2_000);
    for (let i = 0; i < 5; i++) {
      const cut = Math.floor(random() * tape.length);
      const seen = play(tape.slice(0, cut));
      expect(seen).toEqual(journal.slice(0, seen.length));
      const next = journal[seen.length];
      expect(next === undefined ? Infinity : (JSON.parse(next) as JournalEntry).seq).toBeGreaterThan(cut);
    }
  });

  it('keeps the ledger true and the limits held after every event', () => {
    const kernel = testKernel(STRATEGIES);
    const output = new Lines();
    for (const event of tape) {
      kernel.apply(event, output);
      for (const account of kernel.look.accounts()) {
        expect(account.cash).toBeGreaterThanOrEqual(account.reserved);
        expect(account.reserved).toBeGreaterThanOrEqual(0);
        expect(account.stateReason).not.toContain('reconcile');
        const beyond = account.limits.filter(({ rule, use, limit }) => HELD.has(rule) && use > limit);
        expect(beyond, `after ${event.seq}`).toEqual([]);
      }
    }
    const [account] = kernel.look.accounts();
    expect(account.positions).toEqual([]);
    expect(account.reserved).toBe(0);
  });

  it('accounts for every cent: cash is what was paid in plus what was realised', () => {
    let paidIn = 10_000_000_000;
    const kernel = testKernel(STRATEGIES);
    const output = new Lines();
    for (const event of tape) {
      const before = kernel.look.accounts()[0]?.cash ?? 0;
      kernel.apply(event, output);
      if (event.kind === 'act' && event.act.kind === 'deposit')
        paidIn += kernel.look.accounts()[0].cash - before - flow(output, event.seq);
    }
    const [account] = kernel.look.accounts();
    expect(account.cash).toBe(paidIn + account.realised);
  });
});

describe('what order groups earned', () => {
  it.each(SEEDS)('adds up to what the ledger realised, group by group (seed %i)', (seed) => {
    const tape = syntheticTape(seed, LENGTH);
    const kernel = testKernel(STRATEGIES);
    const output = new Lines();
    for (const event of tape) kernel.apply(event, output);
    const ended = output.lines
      .map((line) => JSON.parse(line) as JournalEntry)
      .filter((entry) => entry.kind === 'group-state')
      .filter((entry) => entry.realised !== null);
    const signals = ended.map((entry) => entry.signalId);
    expect(new Set(signals).size).toBe(signals.length);
    expect(ended.length).toBeGreaterThan(20);
    const [account] = kernel.look.accounts();
    expect(account).toMatchObject({ positions: [], lockedIn: 0, lockedOverBids: 0 });
    expect(ended.reduce((sum, entry) => sum + (entry.realised ?? 0), 0)).toBe(account.realised);
  });
});

/** Cash moved by fills and settlements journalled under one event. */
function flow(output: Lines, seq: number): number {
  let moved = 0;
  for (let i = output.lines.length - 1; i >= 0; i--) {
    const entry = JSON.parse(output.lines[i]) as JournalEntry;
    if (entry.seq !== seq) break;
    if (entry.kind === 'fill') moved += entry.cashDelta;
    if (entry.kind === 'settlement') moved += entry.payout;
  }
  return moved;
}
