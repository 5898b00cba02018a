import { Value } from 'typebox/value';
import { DEFAULT_LIMITS, MONEY_ONE, type AccountId, type Act, type Mode, type PluginId, type WorkflowId } from '#core';
import type { Inbox } from '#data';
import type { ModelPlugin, StrategyPlugin } from '#plugin-sdk';

const ACCOUNT = 'main' as AccountId;
const OPENING_CASH = 10_000 * MONEY_ONE;
const BY = 'first start';

interface Seeded {
  readonly id: string;
  readonly title: string;
  readonly plugin: string;
  /** Ids with what differs from their defaults. */
  readonly models?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whatever the lane's mode: what a model believes is shown before it is traded on. */
  readonly shadow?: true;
}

const WORKFLOWS: readonly Seeded[] = [
  { id: 'arbitrage', title: 'Cross-venue arbitrage', plugin: 'cross-venue-arbitrage' },
  { id: 'bundles', title: 'Exclusive bundles', plugin: 'exclusive-bundle' },
  { id: 'ladders', title: 'Ladder monotonicity', plugin: 'ladder-monotonicity' },
];
/** Only where markets are simulated: models of every market of two real venues are a person's choice. */
const SIMULATED: readonly Seeded[] = [
  {
    id: 'fair-value',
    title: 'Fair-value edge',
    plugin: 'fair-value-edge',
    // Bars as short as they may be: regimes are borrowed from thirty of them on, a fit of its own needs two hundred.
    models: {
      'kalman-fair-value': {},
      'bayes-fair-value': {},
      'pooled-fair-value': {},
      'hmm-regime': { barSeconds: 5 },
    },
    shadow: true,
  },
  { id: 'news', title: 'News momentum', plugin: 'news-momentum', models: { 'news-impulse': {} }, shadow: true },
];

/**
 * What a lane without accounts begins with: one paper account, a workflow for each arbitrage, and in the demo one on the fair
 * value and one on the news. The ids are fixed, so that two starts put nothing twice. A plugin that is not there is left out.
 */
export async function seed(
  inbox: Inbox,
  lane: number,
  { strategies, models }: { readonly strategies: readonly StrategyPlugin[]; readonly models: readonly ModelPlugin[] },
  mode: Mode,
  simulated = false,
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
  for (const { id, title, plugin: pluginId, models: wanted = {}, shadow } of [
    ...WORKFLOWS,
    ...(simulated ? SIMULATED : []),
  ]) {
    const plugin = strategies.find((one) => one.manifest.id === pluginId);
    const names = Object.keys(wanted);
    const heard = names.flatMap((name) => models.find((one) => one.manifest.id === name) ?? []);
    if (!plugin || heard.length < names.length) continue;
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
        mode: shadow ? 'shadow' : mode,
        limits: {},
        models: heard.map(({ manifest, configSchema }) => ({
          plugin: manifest.id as PluginId,
          version: manifest.version,
          config: Value.Default(configSchema, { ...wanted[manifest.id] }) as Record<string, unknown>,
        })),
      },
    };
    await put(inbox, lane, id, workflow);
  }
}

const put = (inbox: Inbox, lane: number, name: string, act: Act): Promise<void> =>
  inbox.put({ id: `seed-${lane}-${name}`, lane, kind: 'act', body: act, by: BY });
