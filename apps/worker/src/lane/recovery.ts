import { Defect, OutsideProblem, type Instant, type JournalEntry, type WorkflowRecord } from '#core';
import type { LaneBuild, LaneBuilds, TapeStore } from '#data';
import { replayAgainst, type Difference, type Kernel } from '#engine';
import { WorkflowsOnTape } from './upgrade.js';

export interface Recovered {
  readonly kernel: Kernel;
  /** `seq` of the snapshot the kernel was restored from; 0 when it began at the tape's beginning. */
  readonly fromSnapshot: number;
  /** Events replayed after it. */
  readonly replayed: number;
  /** Journal entries that the replay gave again, byte for byte. */
  readonly compared: number;
  /** What is to be noted when this build takes up a tape that another one wrote; `null` for the build that wrote it. */
  readonly began: LaneBuild | null;
  /** Workflows that must start a new session: their old one was another build's. */
  readonly renew: readonly WorkflowRecord[];
}

export interface RecoveryHouse {
  readonly lane: number;
  readonly headSeq: number;
  readonly build: string;
  readonly store: TapeStore;
  readonly builds: LaneBuilds;
  newKernel(): Kernel;
  readonly now: () => Instant;
  /** Called while the tape is played, after every so many events, with the `seq` reached. */
  progress?(seq: number): void;
  /** The two lines at which another build's journal and ours part, for the log. */
  differs?(sentence: string): void;
}

const PROGRESS_EVERY = 5_000;

/**
 * Makes a kernel that stands at the committed head.
 *
 * The build that wrote the tape restores its newest snapshot and replays the tail. The tail's journal is already stored, so
 * the replay must give it again; if it does not, the kernel is not deterministic or somebody changed the tape, and going on
 * would invent a second history.
 *
 * Another build replays the whole tape. Where that gives the stored journal again, it goes on as if it had written it.
 * Where it does not, what is stored holds: the kernel follows the tape with the stored fills and settlements, and every
 * workflow starts a new session (docs/decisions/0006).
 *
 * @throws Defect naming the first entry that differs, within one build.
 */
export async function recover(house: RecoveryHouse): Promise<Recovered> {
  const { lane, headSeq, build, builds, now } = house;
  const known = await builds.list(lane);
  const began = (how: LaneBuild['how'], note: string): LaneBuild => ({
    build,
    afterSeq: headSeq,
    how,
    at: now(),
    note,
  });
  if (headSeq === 0) return { ...(await fresh(house)), began: began('first', 'the tape begins'), renew: [] };
  if (known.at(-1)?.build === build) return { ...(await resume(house)), began: null, renew: [] };

  // A tape with such a seam cannot be replayed from its beginning by anyone.
  const seam = known.find((one) => one.how === 'adopted');
  let why = seam ? `what build ${seam.build} wrote after seq ${seam.afterSeq} began anew` : '';
  if (!seam) {
    const whole = await replayFrom(house, house.newKernel());
    if (whole.difference === null)
      return { ...whole, began: began('same', `replays all ${headSeq} events to the stored journal`), renew: [] };
    why = `event ${whole.difference.seq} now gives another journal than the stored one`;
    house.differs?.(sentenceOf(whole.difference));
  }
  const adopted = await adopt(house);
  return { ...adopted, began: began('adopted', `goes on from what is stored: ${why}`) };
}

type Played = Pick<Recovered, 'kernel' | 'fromSnapshot' | 'replayed' | 'compared'>;

const fresh = (house: RecoveryHouse): Promise<Played> =>
  Promise.resolve({ kernel: house.newKernel(), fromSnapshot: 0, replayed: 0, compared: 0 });

async function resume(house: RecoveryHouse): Promise<Played> {
  const kernel = house.newKernel();
  await restoreNewest(house, kernel);
  const { difference, ...played } = await replayFrom(house, kernel);
  if (difference !== null) throw new Defect(sentenceOf(difference));
  return played;
}

/** Plays the tape from where the kernel stands to the head, against the stored journal. */
async function replayFrom(
  house: RecoveryHouse,
  kernel: Kernel,
): Promise<Played & { readonly difference: Difference | null }> {
  const { lane, headSeq, store } = house;
  const fromSnapshot = kernel.seq;
  const from = fromSnapshot + 1;
  const { events, compared, difference } = await replayAgainst(
    kernel,
    counted(house, store.read(lane, from, headSeq)),
    store.readJournal(lane, from, headSeq),
  );
  if (difference === null && kernel.seq !== headSeq)
    throw new Defect(`the tape ends at ${kernel.seq} though ${headSeq} was committed`);
  return { kernel, fromSnapshot, replayed: events, compared, difference };
}

/** Follows the whole tape: market state from the events, accounts from the stored fills and settlements. */
async function adopt(house: RecoveryHouse): Promise<Played & Pick<Recovered, 'renew'>> {
  const { lane, headSeq, store } = house;
  const kernel = house.newKernel();
  const workflows = new WorkflowsOnTape();
  const journal = store.readJournal(lane, 1, headSeq)[Symbol.asyncIterator]();
  try {
    let next = await journal.next();
    for await (const event of counted(house, store.read(lane, 1, headSeq))) {
      const stored: JournalEntry[] = [];
      for (; !next.done && next.value.seq === event.seq; next = await journal.next()) stored.push(next.value);
      kernel.follow(event, stored);
      workflows.take(event);
    }
  } finally {
    await journal.return?.();
  }
  if (kernel.seq !== headSeq) throw new Defect(`the tape ends at ${kernel.seq} though ${headSeq} was committed`);
  return { kernel, fromSnapshot: 0, replayed: headSeq, compared: 0, renew: workflows.toRenew() };
}

async function* counted<T extends { readonly seq: number }>(
  house: RecoveryHouse,
  events: AsyncIterable<T>,
): AsyncGenerator<T> {
  for await (const event of events) {
    yield event;
    if (event.seq % PROGRESS_EVERY === 0) house.progress?.(event.seq);
  }
}

const sentenceOf = ({ seq, stored, replayed }: Difference): string =>
  replayed === null
    ? `the stored journal has an entry the replay does not give: ${stored}`
    : `the replay of event ${seq} does not give the stored journal again: stored ${stored ?? 'nothing'}, replayed ${replayed}`;

async function restoreNewest({ store, lane, headSeq, build }: RecoveryHouse, kernel: Kernel): Promise<void> {
  const snapshot = await store.newestSnapshot(lane, build);
  if (!snapshot || snapshot.seq > headSeq) return;
  try {
    kernel.restore(snapshot.bytes);
  } catch (error) {
    // Of plugins that are not here: the tape from its beginning says the same, only slower.
    if (error instanceof OutsideProblem) return;
    throw error;
  }
  if (kernel.seq !== snapshot.seq)
    throw new Defect(`the snapshot of seq ${snapshot.seq} holds a kernel at ${kernel.seq}`);
}
