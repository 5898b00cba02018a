import { isDeepStrictEqual } from 'node:util';
import { deserialize } from 'node:v8';
import { createLaneBuilds, createTapeStore, lanes, type LaneBuild, type Pool } from '#data';
import { createKernel, replayAgainst, type Difference, type Kernel } from '#engine';
import { ORDER_LATENCY_MS, type PluginRegistry } from '#host';

export interface LaneProof {
  readonly lane: number;
  readonly headSeq: number;
  /** Where the replay began: 0, or after what another build wrote and this one took over as it was stored. */
  readonly afterSeq: number;
  /** The build that wrote what was replayed; `null` when none is noted. */
  readonly wroteIt: string | null;
  readonly events: number;
  /** Journal lines that came out the same, byte for byte. */
  readonly compared: number;
  readonly difference: Difference | null;
  /** From this build's newest snapshot; `null` without one. */
  readonly recovery: {
    readonly fromSeq: number;
    readonly compared: number;
    readonly difference: Difference | null;
    /** Whether it ends in the very state the whole replay ends in. */
    readonly sameState: boolean;
  } | null;
  /** Why nothing could be replayed; `null` when it was. */
  readonly refused: string | null;
}

/** Replays the committed tape of every lane and compares its journal, and that of a recovery, with the stored one. */
export async function prove(pool: Pool, build: string, plugins: PluginRegistry): Promise<readonly LaneProof[]> {
  const proofs: LaneProof[] = [];
  for (const { id, headSeq } of await lanes(pool)) proofs.push(await proveLane(pool, id, headSeq, build, plugins));
  return proofs;
}

export const agrees = ({ difference, recovery, refused }: LaneProof): boolean =>
  refused === null &&
  difference === null &&
  (recovery === null || (recovery.difference === null && recovery.sameState));

async function proveLane(
  pool: Pool,
  lane: number,
  headSeq: number,
  build: string,
  plugins: PluginRegistry,
): Promise<LaneProof> {
  const store = createTapeStore(pool);
  const builds = createLaneBuilds(pool);
  const known = await builds.list(lane);
  const seam = known.findLast((one) => one.how === 'adopted');
  const whole = kernelOf(lane, plugins);
  const head = { lane, headSeq, afterSeq: seam?.afterSeq ?? 0, wroteIt: known.at(-1)?.build ?? null };
  if (seam) {
    const refused = await restoreSeam(whole, seam, build, () => builds.snapshotAt(lane, seam.afterSeq, seam.build));
    if (refused !== null) return { ...head, events: 0, compared: 0, difference: null, recovery: null, refused };
  }
  const against = (kernel: Kernel) =>
    replayAgainst(kernel, store.read(lane, kernel.seq + 1, headSeq), store.readJournal(lane, kernel.seq + 1, headSeq));
  const { events, compared, difference } = await against(whole);
  const snapshot = await store.newestSnapshot(lane, build);
  let recovery: LaneProof['recovery'] = null;
  if (snapshot !== null) {
    const recovered = kernelOf(lane, plugins);
    recovered.restore(snapshot.bytes);
    const tail = await against(recovered);
    recovery = {
      fromSeq: snapshot.seq,
      compared: tail.compared,
      difference: tail.difference,
      sameState: isDeepStrictEqual(deserialize(recovered.snapshot()), deserialize(whole.snapshot())),
    };
  }
  return { ...head, events, compared, difference, recovery, refused: null };
}

/** Puts the kernel where a build began anew. The state is that build's own: no other can read it. */
async function restoreSeam(
  kernel: Kernel,
  seam: LaneBuild,
  build: string,
  read: () => Promise<Uint8Array | null>,
): Promise<string | null> {
  if (seam.build !== build)
    return `build ${seam.build} took the tape over after seq ${seam.afterSeq}; only it can replay what follows, and this is build ${build}`;
  const bytes = await read();
  if (bytes === null) return `the state build ${build} began with after seq ${seam.afterSeq} is missing`;
  kernel.restore(bytes);
  return null;
}

const kernelOf = (lane: number, { strategies, models }: PluginRegistry): Kernel =>
  createKernel({
    lane,
    plugins: {
      strategies: new Map(strategies.map((one) => [one.manifest.id, one])),
      models: new Map(models.map((one) => [one.manifest.id, one])),
    },
    orderLatencyMs: ORDER_LATENCY_MS,
  });
