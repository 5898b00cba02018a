import { deserialize, serialize } from 'node:v8';
import type { GroupInfo, Instant, JournalEntry, Link, MarketInfo, MarketRef } from '#core';
import type { Watched } from './coverage.js';
import { delaysAny } from './feed-delay.js';
import type { BacktestHeader } from './header.types.js';

/**
 * What a tape has made of the markets up to an event. Before its own beginning a backtest has no account, no workflow and no
 * order, so this is the same for every workflow, whatever its plugins and settings are.
 */
export interface Checkpoint {
  /** The last event it knows of, and when that was. */
  readonly seq: number;
  readonly at: Instant;
  /** `v8.serialize` of all of it: of use to the build that made it, and to no other. */
  readonly state: Uint8Array;
}

/** Checkpoints of one tape, made by one build. */
export interface Checkpoints {
  /** The newest whose events are all before a time. */
  newest(world: string, before: Instant): Promise<Checkpoint | null>;
  keep(world: string, checkpoint: Checkpoint): Promise<void>;
}

/** What besides the tape its markets' state depends on; `null` when acts of its own stand on the tape. */
export function checkpointWorld({ feesPpm, feedMs, placed }: BacktestHeader): string | null {
  if (placed.length > 0) return null;
  const delays = delaysAny(feedMs) ? Object.entries(feedMs) : [];
  return JSON.stringify([feesPpm, ...delays.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** What a checkpoint's state is made of. */
export interface WarmState {
  readonly kernel: Uint8Array;
  readonly coverage: readonly (Watched | undefined)[];
  readonly measured: ReadonlyMap<string, number>;
  /** What the journal holds of the time before: whoever goes on from here has not seen it. */
  readonly entries: readonly JournalEntry[];
}

export const packState = (state: WarmState): Uint8Array => serialize(state);
export const unpackState = (bytes: Uint8Array): WarmState => deserialize(bytes) as WarmState;

/** What a listener is told of that goes on from a checkpoint, as if it had heard it from the tape. */
export interface Known {
  readonly markets: readonly { readonly ref: MarketRef; readonly info: MarketInfo }[];
  readonly groups: readonly GroupInfo[];
  readonly links: readonly Link[];
}

const HELD = {
  mostBytes: 64 * 1024 * 1024,
  /** Fewer events after another one are sooner played than kept. */
  apart: 20_000,
};

/** Checkpoints in memory, the newest up to so many bytes; `behind` is asked for what is not here, and told of all. */
export function heldCheckpoints(behind: Checkpoints | null = null, { mostBytes, apart } = HELD): Checkpoints {
  let held: readonly { readonly world: string; readonly checkpoint: Checkpoint }[] = [];
  const hold = (world: string, checkpoint: Checkpoint): void => {
    const others = held.filter((one) => one.world !== world || one.checkpoint.seq !== checkpoint.seq);
    held = [...others, { world, checkpoint }];
    let bytes = held.reduce((sum, one) => sum + one.checkpoint.state.length, 0);
    for (; bytes > mostBytes; held = held.slice(1)) bytes -= held[0].checkpoint.state.length;
  };
  const newest = async (world: string, before: Instant): Promise<Checkpoint | null> => {
    let here: Checkpoint | null = null;
    for (const one of held)
      if (one.world === world && one.checkpoint.at < before && one.checkpoint.seq > (here?.seq ?? 0))
        here = one.checkpoint;
    const there = (await behind?.newest(world, before)) ?? null;
    if (there === null || there.seq <= (here?.seq ?? 0)) return here;
    hold(world, there);
    return there;
  };
  return {
    newest,
    async keep(world, checkpoint) {
      const before = await newest(world, checkpoint.at + 1);
      if (checkpoint.seq - (before?.seq ?? 0) < apart) return;
      hold(world, checkpoint);
      await behind?.keep(world, checkpoint);
    },
  };
}
