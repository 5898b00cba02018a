import type { JournalEntry, TapeEvent } from '#core';
import { journalLine } from './journal-line.js';
import type { Kernel, KernelOutput } from './kernel.types.js';

/** Plays events through a kernel in order. Returns how many. */
export async function replay(
  kernel: Kernel,
  events: Iterable<TapeEvent> | AsyncIterable<TapeEvent>,
  output: KernelOutput,
): Promise<number> {
  let count = 0;
  if (Symbol.asyncIterator in events) {
    for await (const event of events) {
      kernel.apply(event, output);
      count++;
    }
    return count;
  }
  for (const event of events) {
    kernel.apply(event, output);
    count++;
  }
  return count;
}

/** The first place where a replay and the stored journal part; `null` for an entry that one of them has not got. */
export interface Difference {
  /** Of the event whose replay showed it. */
  readonly seq: number;
  readonly stored: string | null;
  readonly replayed: string | null;
}

export interface Comparison {
  readonly events: number;
  /** Journal entries that the replay gave again, byte for byte. */
  readonly compared: number;
  readonly difference: Difference | null;
}

/**
 * Plays events through a kernel and compares each journal line with the stored one. Stops at the first difference; a kernel
 * that throws is one.
 */
export async function replayAgainst(
  kernel: Kernel,
  events: AsyncIterable<TapeEvent>,
  stored: AsyncIterable<JournalEntry>,
): Promise<Comparison> {
  const journal = stored[Symbol.asyncIterator]();
  const again: JournalEntry[] = [];
  const output: KernelOutput = {
    journal: (entry) => void again.push(entry),
    estimate: () => undefined,
    quote: () => undefined,
  };
  let count = 0;
  let compared = 0;
  const lineOf = async (): Promise<string | null> => {
    const next = await journal.next();
    return next.done ? null : journalLine(next.value);
  };
  try {
    for await (const event of events) {
      try {
        kernel.apply(event, output);
      } catch (error) {
        const threw = `the kernel threw: ${error instanceof Error ? error.message : String(error)}`;
        return { events: count, compared, difference: { seq: event.seq, stored: await lineOf(), replayed: threw } };
      }
      count += 1;
      for (const entry of again) {
        const [was, is] = [await lineOf(), journalLine(entry)];
        if (was !== is) return { events: count, compared, difference: { seq: event.seq, stored: was, replayed: is } };
        compared += 1;
      }
      again.length = 0;
    }
    const rest = await lineOf();
    const difference = rest === null ? null : { seq: kernel.seq, stored: rest, replayed: null };
    return { events: count, compared, difference };
  } finally {
    await journal.return?.();
  }
}
