import { describe, expect, it } from 'vitest';
import type { JournalEntry, TapeEvent } from '#core';
import type { Kernel } from './kernel.types.js';
import { replayAgainst } from './replay.js';
import { testBundles, testPairs } from './strategies.spec-support.js';
import { syntheticTape } from './synthetic-tape.spec-support.js';
import { testKernel } from './tape.spec-support.js';

const STRATEGIES = [testPairs, testBundles];
const ignore = { estimate: () => undefined, quote: () => undefined };

function live(tape: readonly TapeEvent[]): { readonly kernel: Kernel; readonly journal: readonly JournalEntry[] } {
  const kernel = testKernel(STRATEGIES);
  const journal: JournalEntry[] = [];
  for (const event of tape) kernel.apply(event, { ...ignore, journal: (entry) => void journal.push(entry) });
  return { kernel, journal };
}

function followed(tape: readonly TapeEvent[], journal: readonly JournalEntry[], kernel: Kernel): Kernel {
  for (const event of tape)
    kernel.follow(
      event,
      journal.filter((entry) => entry.seq === event.seq),
    );
  return kernel;
}

/** What the ledger of each account says; what is promised to orders under way is left out. */
const books = (kernel: Kernel) =>
  kernel.look.accounts().map(({ cash, realised, fees, positions, equity }) => ({
    cash,
    realised,
    fees,
    equity,
    positions: positions.toSorted((a, b) => (a.market + a.outcome < b.market + b.outcome ? -1 : 1)),
  }));

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

describe.each([1, 2, 3])('following a stored journal (seed %i)', (seed) => {
  const tape = syntheticTape(seed, 1_500);
  const { kernel, journal } = live(tape);

  it('ends with the accounts, books and markets of the kernel that wrote it', () => {
    const follower = followed(tape, journal, testKernel(STRATEGIES));
    expect(journal.filter(({ kind }) => kind === 'fill').length).toBeGreaterThan(0);
    expect(books(follower)).toEqual(books(kernel));
    for (const ref of kernel.look.markets()) {
      expect(follower.look.quote(ref)).toEqual(kernel.look.quote(ref));
      expect(follower.look.levels(ref)).toEqual(kernel.look.levels(ref));
    }
  });

  it('knows in the middle what its order groups have locked in, and what they are worth', () => {
    const writer = testKernel(STRATEGIES);
    const entries: JournalEntry[] = [];
    const cuts: number[] = [];
    const sums: unknown[] = [];
    for (const event of tape) {
      writer.apply(event, { ...ignore, journal: (entry) => void entries.push(entry) });
      const [account] = writer.look.accounts();
      const idle = account?.limits.every(({ rule, use }) => rule !== 'maxOpenOrders' || use === 0) ?? false;
      if (!idle || account.lockedIn === 0 || account.limits.some(({ rule, use }) => rule === 'maxNaked' && use > 0))
        continue;
      cuts.push(event.seq);
      sums.push({ lockedIn: account.lockedIn, over: account.lockedOverBids, equity: account.equity });
    }
    const at = Math.floor(cuts.length / 2);
    const follower = followed(tape.slice(0, cuts[at]), entries, testKernel(STRATEGIES));
    const [account] = follower.look.accounts();
    expect({ lockedIn: account.lockedIn, over: account.lockedOverBids, equity: account.equity }).toEqual(sums[at]);
  });

  it('needs none of the plugins that decided', () => {
    expect(books(followed(tape, journal, testKernel([])))).toEqual(books(kernel));
  });

  it.each([
    ['a daily loss', () => 'Daily loss of 6 % of 2026-11-23’s base reached the limit of 5 %.'],
    ['a drawdown', () => 'Drawdown of 16 % of the high-water mark reached the limit of 15 %.'],
    ['a rest', (at: number) => `Resting 30 min after a daily loss, until ${new Date(at + 60_000).toISOString()}.`],
  ])('keeps %s that stopped the account, whatever it would have decided itself', (_what, reasonAt) => {
    const writer = testKernel(STRATEGIES);
    const standing = () => writer.look.accounts()[0];
    const part: TapeEvent[] = [];
    for (const event of tape) {
      writer.apply(event, { ...ignore, journal: () => undefined });
      part.push(event);
      if (part.length > 200 && standing().state === 'ACTIVE') break;
    }
    const { lane, seq, at } = part[part.length - 1];
    const reason = reasonAt(at);
    const halt: JournalEntry = {
      kind: 'account-state',
      ...{ lane, seq, at, ordinal: 99, causes: [seq], session: '', workflow: '', account: standing().record.id },
      state: 'HALTED',
      reason,
      equity: standing().equity,
    };
    const follower = followed(part, [...journal, halt], testKernel(STRATEGIES));
    expect(follower.look.accounts()[0]).toMatchObject({ state: 'HALTED', stateReason: reason });
    follower.apply({ kind: 'beat', lane, seq: seq + 1, at: at + 1 }, { ...ignore, journal: () => undefined });
    expect(follower.look.accounts()[0]).toMatchObject({ state: 'HALTED', stateReason: reason });
  });

  it('can be followed by events of its own', () => {
    const cut = Math.floor(tape.length / 2);
    const follower = followed(tape.slice(0, cut), journal, testKernel(STRATEGIES));
    const more: JournalEntry[] = [];
    for (const event of tape.slice(cut))
      follower.apply(event, { ...ignore, journal: (entry) => void more.push(entry) });
    expect(follower.seq).toBe(kernel.seq);
    expect(more.some(({ kind }) => kind === 'opportunity')).toBe(true);
    for (const account of follower.look.accounts()) expect(account.stateReason).not.toContain('reconcile');
  });
});

describe('a replay against the stored journal', () => {
  const tape = syntheticTape(4, 600);
  const { journal } = live(tape);
  const against = (stored: readonly JournalEntry[]) => replayAgainst(testKernel(STRATEGIES), each(tape), each(stored));

  it('agrees with what its own kernel wrote', async () => {
    expect(await against(journal)).toEqual({ events: tape.length, compared: journal.length, difference: null });
  });

  it('names the first entry that is changed, missing or too much', async () => {
    const at = Math.floor(journal.length / 2);
    const entry = journal[at]!;
    const changed = await against(journal.map((one, i) => (i === at ? { ...one, at: one.at + 1 } : one)));
    expect(changed).toMatchObject({ compared: at, difference: { seq: entry.seq } });
    expect(changed.difference?.stored).not.toBe(changed.difference?.replayed);
    const missing = await against(journal.slice(0, -1));
    expect(missing).toMatchObject({ compared: journal.length - 1, difference: { stored: null } });
    const torn = await replayAgainst(testKernel(STRATEGIES), each(tape.filter(({ seq }) => seq !== 5)), each(journal));
    expect(torn.difference).toMatchObject({ seq: 6, replayed: 'the kernel threw: event 6 does not follow 4' });
    const more = await against([...journal, journal.at(-1)!]);
    expect(more).toMatchObject({ compared: journal.length, difference: { replayed: null } });
  });
});
