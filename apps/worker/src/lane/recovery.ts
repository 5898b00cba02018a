import { Defect, OutsideProblem, type JournalEntry } from '#core';
import type { TapeStore } from '#data';
import { journalLine, type Kernel } from '#engine';

export interface Recovered {
  /** `seq` of the snapshot the kernel was restored from; 0 when it began at the tape's beginning. */
  readonly fromSnapshot: number;
  /** Events replayed after it. */
  readonly replayed: number;
  /** Journal entries that the replay gave again, byte for byte. */
  readonly compared: number;
}

/**
 * Brings `kernel` to the committed head: newest snapshot of this build, then the tape's tail. The tail's journal is
 * already stored, so the replay must give it again; if it does not, the build is not the one that wrote the tape (or
 * the kernel is not deterministic) and going on would invent a second history.
 *
 * @throws Defect naming the first entry that differs.
 */
export async function recover(
  store: TapeStore,
  kernel: Kernel,
  lane: number,
  headSeq: number,
  build: string,
): Promise<Recovered> {
  const fromSnapshot = await restoreNewest(store, kernel, lane, headSeq, build);
  const stored = store.readJournal(lane, fromSnapshot + 1, headSeq)[Symbol.asyncIterator]();
  let again: JournalEntry[] = [];
  const output = {
    journal: (entry: JournalEntry): void => void again.push(entry),
    estimate: (): void => undefined,
    quote: (): void => undefined,
  };
  let replayed = 0;
  let compared = 0;
  try {
    for await (const event of store.read(lane, fromSnapshot + 1, headSeq)) {
      kernel.apply(event, output);
      replayed += 1;
      for (const entry of again) {
        const next = await stored.next();
        const expected = next.done ? 'nothing' : journalLine(next.value);
        const found = journalLine(entry);
        if (found !== expected)
          throw new Defect(
            `the replay of event ${event.seq} does not give the stored journal again: stored ${expected}, replayed ${found}`,
          );
        compared += 1;
      }
      if (again.length > 0) again = [];
    }
    const rest = await stored.next();
    if (!rest.done)
      throw new Defect(`the stored journal has an entry the replay does not give: ${journalLine(rest.value)}`);
  } finally {
    await stored.return?.();
  }
  if (kernel.seq !== headSeq) throw new Defect(`the tape ends at ${kernel.seq} though ${headSeq} was committed`);
  return { fromSnapshot, replayed, compared };
}

async function restoreNewest(
  store: TapeStore,
  kernel: Kernel,
  lane: number,
  headSeq: number,
  build: string,
): Promise<number> {
  const snapshot = await store.newestSnapshot(lane, build);
  if (!snapshot || snapshot.seq > headSeq) return 0;
  try {
    kernel.restore(snapshot.bytes);
  } catch (error) {
    // Of another format, or of plugins that are not here: the tape from its beginning says the same, only slower.
    if (error instanceof OutsideProblem) return 0;
    throw error;
  }
  if (kernel.seq !== snapshot.seq)
    throw new Defect(`the snapshot of seq ${snapshot.seq} holds a kernel at ${kernel.seq}`);
  return snapshot.seq;
}
