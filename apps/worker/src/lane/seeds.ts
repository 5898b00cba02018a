import { Value } from 'typebox/value';
import { DEFAULT_LIMITS, MONEY_ONE, type AccountId, type Act, type Mode, type PluginId, type WorkflowId } from '#core';
import type { Inbox } from '#data';
import type { StrategyPlugin } from '#plugin-sdk';

const ACCOUNT = 'main' as AccountId;
const OPENING_CASH = 10_000 * MONEY_ONE;
const BY = 'first start';

const WORKFLOWS = [
  { id: 'arbitrage', title: 'Cross-venue arbitrage', plugin: 'cross-venue-arbitrage' },
  { id: 'bundles', title: 'Exclusive bundles', plugin: 'exclusive-bundle' },
] as const;

/**
 * What a lane without accounts begins with: one paper account and a workflow for each arbitrage. The ids are fixed,
 * so that two starts put nothing twice.
 */
export async function seed(
  inbox: Inbox,
  lane: number,
  strategies: readonly StrategyPlugin[],
  mode: Mode,
): Promise<void> {
  const account: Act = {
    kind: 'account',
    account: {
      id: ACCOUNT,
      title: 'Paper account',
      openingCash: OPENING_CASH,
      limits: DEFAULT_LIMITS,
      kalshiPrecision: 'direct',
    },
  };
  await put(inbox, lane, 'account', account);
  for (const { id, title, plugin: pluginId } of WORKFLOWS) {
    const plugin = strategies.find((one) => one.manifest.id === pluginId);
    if (!plugin) continue;
    const workflow: Act = {
      kind: 'workflow',
      workflow: {
        id: id as WorkflowId,
        version: 1,
        title,
        plugin: pluginId as PluginId,
        pluginVersion: plugin.manifest.version,
        config: Value.Default(plugin.configSchema, {}) as Record<string, unknown>,
        scope: { venues: [], categories: [], groups: [], markets: [], links: [], text: '' },
        account: ACCOUNT,
        mode,
        limits: {},
        models: [],
      },
    };
    await put(inbox, lane, id, workflow);
  }
}

const put = (inbox: Inbox, lane: number, name: string, act: Act): Promise<void> =>
  inbox.put({ id: `seed-${lane}-${name}`, lane, kind: 'act', body: act, by: BY });
