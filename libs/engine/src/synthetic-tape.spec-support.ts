import { DEFAULT_LIMITS, type PluginId, type Price, type TapeEvent, type VenueId, type WorkflowId } from '#core';
import { seeded } from './rng.spec-support.js';
import { accountRecord, groupInfo, link, TapeDesk, workflowRecord, ACCOUNT } from './tape.spec-support.js';

const PAIRS = ['alpha', 'beta', 'gamma'] as const;
const OUTCOMES = ['red', 'green', 'blue'] as const;
const GROUP = 'polymarket:colours';

/**
 * A seeded tape of two venues: three linked pairs (one of them inverse) and an exclusive group, with prices that wander
 * apart, books lost and found, crossed books, acts of an operator and, at the end, every kind of result.
 */
export function syntheticTape(seed: number, length: number): readonly TapeEvent[] {
  const random = seeded(seed);
  const desk = new TapeDesk();
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const truth = new Map<string, number>();

  desk.act({ kind: 'account', account: accountRecord({ limits: { ...DEFAULT_LIMITS, maxDepthShare: 700_000 } }) });
  for (const name of PAIRS) {
    truth.set(name, 0.3 + random() * 0.4);
    desk.market(`kalshi:${name}`).market(`polymarket:${name}`);
    desk.add({
      kind: 'link',
      link: link(`kalshi:${name}`, `polymarket:${name}`, { polarity: name === 'gamma' ? 'inverse' : 'same' }),
    });
  }
  const members = OUTCOMES.map((colour) => `polymarket:${colour}`);
  for (const id of members) desk.market(id, { group: groupInfo(GROUP, members).id });
  desk.add({ kind: 'group', group: groupInfo(GROUP, members, { exhaustive: seed % 2 === 0 }) });
  for (const colour of OUTCOMES) truth.set(colour, 0.33);
  desk.act({ kind: 'workflow', workflow: workflowRecord({ config: { minEdge: 5_000, size: 20_000 } }) });
  desk.act({
    kind: 'workflow',
    workflow: workflowRecord({
      id: 'b' as WorkflowId,
      plugin: 'test-bundles' as PluginId,
      config: { minEdge: 5_000, size: 5_000 },
    }),
  });
  const ids = [...desk.refs.keys()];
  const settled = new Set<string>();
  let version = 1;

  const yesPrice = (id: string): number => {
    const [venue, native] = id.split(':');
    const p = truth.get(native) ?? 0.5;
    const own = native === 'gamma' && venue === 'polymarket' ? 1 - p : p;
    return Math.min(0.95, Math.max(0.05, own + (random() - 0.5) * 0.12));
  };
  const restate = (id: string): void => {
    const mid = Math.round(yesPrice(id) * 100);
    const depth = (): number => between(1, 60) * 10;
    const rungs = [0, 1, 2, 3];
    desk.book(
      id,
      rungs.map((rung) => [Math.max(1, mid - 1 - rung) / 100, depth()] as const),
      rungs.map((rung) => [Math.min(99, mid + 1 + rung) / 100, depth()] as const),
    );
  };
  const nudge = (id: string): void => {
    const mid = Math.round(yesPrice(id) * 100);
    const size = random() < 0.3 ? 0 : between(1, 4_000) / 10;
    if (random() < 0.5) desk.change(id, [[(mid - 1) / 100, size]], []);
    else desk.change(id, [], [[(mid + 1) / 100, size]]);
  };

  for (const id of ids) {
    restate(id);
    desk.trust(id);
  }
  while (desk.tape.length < length) {
    desk.wait(between(0, 120));
    for (const [name, p] of truth) truth.set(name, Math.min(0.93, Math.max(0.07, p + (random() - 0.5) * 0.01)));
    const id = ids[between(0, ids.length - 1)];
    const dice = random();
    if (dice < 0.35) restate(id);
    else if (dice < 0.75) nudge(id);
    else if (dice < 0.85) desk.add({ kind: 'beat' });
    else if (dice < 0.88) desk.add({ kind: 'probe', market: desk.ref(id) });
    else if (dice < 0.91) desk.distrust(id);
    else if (dice < 0.955) {
      restate(id);
      desk.trust(id);
    } else if (dice < 0.965) desk.pass(between(1_000, 40_000));
    else if (dice < 0.97) desk.act({ kind: 'deposit', account: ACCOUNT, amount: between(-50, 50) * 1_000_000 });
    else if (dice < 0.974) desk.act({ kind: 'kill-switch', on: random() < 0.4, account: null, reason: 'drill' });
    else if (dice < 0.978) desk.act({ kind: 'reset-halt', account: ACCOUNT });
    else if (dice < 0.98)
      desk.act({
        kind: 'workflow',
        workflow: workflowRecord({
          version: ++version,
          mode: random() < 0.2 ? 'shadow' : 'paper',
          config: { minEdge: between(1, 9) * 1_000, size: between(5, 200) * 100 },
        }),
      });
    else if (dice < 0.985) desk.add({ kind: 'latency', venue: 'kalshi' as VenueId, orderMs: between(0, 900) });
    else if (dice < 0.988) desk.act({ kind: 'enablement', settings: [enablement(random)] });
    else if (dice < 0.991)
      desk.add({ kind: 'paused', workflow: 'w' as WorkflowId, cause: desk.tape.length, reason: 'slow' });
    else if (dice < 0.996) desk.act({ kind: 'workflow-resumed', workflow: 'w' as WorkflowId });
    else if (!settled.has(id) && desk.tape.length > length * 0.6) settle(id);
  }
  for (const id of ids) if (!settled.has(id)) settle(id);
  return desk.pass(5_000).tape;

  function settle(id: string): void {
    settled.add(id);
    const kind = between(0, 3);
    if (random() < 0.3) desk.resolve(id, { kind: 'value', yesPays: 0 as Price }, false);
    if (kind === 3) desk.resolve(id, { kind: 'void' });
    else desk.resolve(id, { kind: 'value', yesPays: (kind * 500_000) as Price });
    desk.market(id, { status: 'settled' });
  }
}

function enablement(random: () => number) {
  const mode = (['off', 'shadow', 'paper', null] as const)[Math.floor(random() * 4)];
  return { plugin: 'test-pairs' as PluginId, target: { kind: 'venue', id: 'kalshi' as VenueId }, mode } as const;
}
