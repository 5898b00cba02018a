import {
  checkTighterLimits,
  type AccountId,
  type FieldProblem,
  type Mode,
  type PluginId,
  type RiskLimits,
  type WorkflowId,
  type WorkflowRecord,
  type WorkflowScope,
} from '#core';
import type { ModelPlugin, StrategyPlugin } from '#plugin-sdk';
import { fitConfig } from '../registry/fit-config.js';
import type { PluginRegistry } from '../registry/registry.types.js';

/** What a person would like a workflow to be; `pluginVersion` is the one its config was written for. */
export interface WorkflowDraft {
  readonly title: string;
  readonly plugin: string;
  readonly pluginVersion: string | null;
  readonly config: unknown;
  readonly scope: WorkflowScope;
  readonly account: string;
  readonly mode: string;
  readonly limits: unknown;
  readonly models: Readonly<Record<string, { readonly version: string | null; readonly config: unknown }>>;
}

const EVERYWHERE: WorkflowScope = { venues: [], categories: [], groups: [], markets: [], links: [], text: '' };

/** Ids come from outside as text; what is missing means all. */
export const scopeOf = (given: Partial<Record<keyof WorkflowScope, readonly string[] | string>>): WorkflowScope =>
  ({ ...EVERYWHERE, ...given }) as WorkflowScope;

const MODES: readonly string[] = ['off', 'shadow', 'paper'] satisfies Mode[];
const MOST_TITLE = 120;

/**
 * The record a draft becomes with the plugins that are here, and everything wrong with it by field. `accountLimits` are
 * those of its account, `null` when there is none of that name.
 */
export function recordOf(
  draft: WorkflowDraft,
  id: string,
  version: number,
  plugins: PluginRegistry,
  accountLimits: RiskLimits | null,
): { readonly record: WorkflowRecord; readonly problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const complain = (path: string, message: string): unknown => problems.push({ path, message });
  const title = draft.title.trim();
  if (title === '') complain('/title', 'A workflow needs a title.');
  if (title.length > MOST_TITLE) complain('/title', `Keep the title under ${MOST_TITLE} characters.`);
  if (!MODES.includes(draft.mode)) complain('/mode', `A workflow's mode is one of ${MODES.join(', ')}.`);
  const strategy = plugins.strategies.find(({ manifest }) => manifest.id === draft.plugin);
  let config: Readonly<Record<string, unknown>> = {};
  let needed: readonly string[] = [];
  if (!strategy)
    complain(
      '/plugin',
      `There is no strategy ${draft.plugin}; there are ${plugins.strategies.map(({ manifest }) => manifest.id).join(', ')}.`,
    );
  else {
    const fitted = fitConfig(strategy, {
      version: draft.pluginVersion ?? strategy.manifest.version,
      config: draft.config,
    });
    config = fitted.config;
    for (const { path, message } of fitted.problems) complain(`/config${path}`, message);
    needed = neededModels(strategy, fitted.problems.length === 0 ? config : null);
  }
  const models = modelsOf(draft, needed, plugins, complain);
  const venues = new Set(plugins.venues.map(({ manifest }) => String(manifest.id)));
  for (const venue of draft.scope.venues)
    if (!venues.has(venue))
      complain('/scope/venues', `There is no venue ${venue}; there are ${[...venues].join(', ')}.`);
  let limits: Partial<RiskLimits> = {};
  if (accountLimits === null) complain('/account', `There is no account ${draft.account}.`);
  else {
    const checked = checkTighterLimits(draft.limits ?? {}, accountLimits);
    if (checked.ok) limits = (draft.limits ?? {}) as Partial<RiskLimits>;
    else for (const { path, message } of checked.problems) complain(`/limits${path}`, message);
  }
  return {
    problems,
    record: {
      id: id as WorkflowId,
      version,
      title,
      plugin: draft.plugin as PluginId,
      pluginVersion: strategy?.manifest.version ?? '',
      config,
      scope: draft.scope,
      account: draft.account as AccountId,
      mode: draft.mode as Mode,
      limits,
      models,
    },
  };
}

/** Ids of the models that a strategy needs, and its config too where one is given. */
export const neededModels = (
  { manifest, needsModels }: Pick<StrategyPlugin, 'manifest' | 'needsModels'>,
  config: Readonly<Record<string, unknown>> | null,
): readonly string[] => [
  ...(manifest.needs?.models ?? []),
  ...(config === null ? [] : (needsModels?.(config as never) ?? [])),
];

/** Each id once, with the models it needs itself before it: the order in which a workflow hears them. */
export function inHearingOrder(ids: readonly string[], models: readonly ModelPlugin[]): readonly string[] {
  const order = new Set<string>();
  const asked = new Set<string>();
  const visit = (id: string): void => {
    if (asked.has(id)) return;
    asked.add(id);
    models.find(({ manifest }) => manifest.id === id)?.manifest.needs?.models?.forEach(visit);
    order.add(id);
  };
  ids.forEach(visit);
  return [...order];
}

function modelsOf(
  draft: WorkflowDraft,
  needed: readonly string[],
  plugins: PluginRegistry,
  complain: (path: string, message: string) => unknown,
): WorkflowRecord['models'] {
  return inHearingOrder([...needed, ...Object.keys(draft.models)], plugins.models).flatMap((id) => {
    const model = plugins.models.find(({ manifest }) => manifest.id === id);
    if (!model) {
      complain(`/models/${id}`, `There is no model ${id}.`);
      return [];
    }
    const given = draft.models[id];
    const { config, problems } = fitConfig(model, {
      version: given?.version ?? model.manifest.version,
      config: given?.config ?? {},
    });
    for (const { path, message } of problems) complain(`/models/${id}${path}`, message);
    return [{ plugin: id as PluginId, version: model.manifest.version, config }];
  });
}

/** The draft a saved record is. */
export const draftOf = (record: WorkflowRecord): WorkflowDraft => ({
  ...record,
  models: Object.fromEntries(record.models.map(({ plugin, version, config }) => [plugin, { version, config }])),
});

/** A name for a new workflow's address: its title's words, numbered when another one has them. */
export function idFor(title: string, known: ReadonlySet<string>): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  const base = words || 'workflow';
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!known.has(id)) return id;
  }
}
