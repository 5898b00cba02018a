import { deserialize, serialize } from 'node:v8';
import { OutsideProblem } from '#core';
import type { KernelPlugins } from './kernel.types.js';
import { saveSession } from './sessions.js';
import { reviveSession } from './workflows.js';
import type { World } from './world.js';

/** Raised whenever the shape of the state changes: an older snapshot is then refused and the tape is replayed. */
const FORMAT = 8;

function collect(world: World) {
  return {
    format: FORMAT,
    lane: world.lane,
    seq: world.journal.seq,
    at: world.journal.at,
    written: world.journal.written,
    markets: world.markets.save(),
    depth: world.depth.save(),
    timers: world.timers.save(),
    accounts: world.accounts.dump(),
    enablement: world.enablement.save(),
    sessions: [...world.sessions.values()].map(saveSession),
    latency: world.latency,
    parameters: world.parameters,
    groups: world.groups,
    queues: world.queues,
    deals: world.deals,
    episodes: world.episodes,
    denials: world.denials,
  };
}

type Saved = ReturnType<typeof collect>;

/** The whole state as one value. Orders live inside their groups; everything derived is left out. */
export const takeSnapshot = (world: World): Uint8Array => serialize(collect(world));

/**
 * Puts a snapshot's state in place of the world's. Throws `OutsideProblem` when it is of another format or lane, or needs a
 * plugin in a version that is not here: the caller then replays the tape.
 */
export function restoreSnapshot(world: World, plugins: KernelPlugins, bytes: Uint8Array): void {
  const saved = deserialize(bytes) as Saved;
  if (saved.format !== FORMAT) throw refusal(`it has format ${saved.format}, this build reads ${FORMAT}`);
  if (saved.lane !== world.lane) throw refusal(`it is of lane ${saved.lane}, not ${world.lane}`);
  const sessions = saved.sessions.map((session) => {
    const revived = reviveSession(plugins, session);
    if (typeof revived === 'string') throw refusal(revived);
    return revived;
  });
  world.journal.stand(saved.seq, saved.at, saved.written);
  world.markets.load(saved.markets);
  world.depth.load(saved.depth);
  world.timers.load(saved.timers);
  world.accounts.load(saved.accounts);
  world.enablement.load(saved.enablement);
  refill(
    world.sessions,
    sessions.map((session) => [session.id, session] as const),
  );
  refill(world.latency, saved.latency);
  refill(world.parameters, saved.parameters);
  refill(world.groups, saved.groups);
  refill(world.queues, saved.queues);
  refill(world.deals, saved.deals);
  refill(
    world.orders,
    [...saved.groups.values()].flatMap((group) => group.orders.map((order) => [order.id, order] as const)),
  );
  refill(world.episodes, saved.episodes);
  refill(world.denials, saved.denials);
}

function refill<K, V>(map: Map<K, V>, entries: Iterable<readonly [K, V]>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

const refusal = (why: string): OutsideProblem => new OutsideProblem(`The snapshot cannot be used: ${why}.`, false);
