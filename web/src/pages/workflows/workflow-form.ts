import { computed, reactive, ref, type ComputedRef } from 'vue';
import type { Problem } from '../../api/auth';
import { configFrom, configText, fromTyped, toTyped, valueAt } from '../../format/config-value';
import { fromText, RISK_FIELDS, toText } from '../../format/risk-fields';
import type { PluginFieldsFragment, WorkflowInput } from '../../generated/graphql';

export interface ScopeDraft {
  venues: string[];
  categories: string[];
  groups: string[];
  markets: string[];
  links: string[];
  text: string;
}

export interface SavedWorkflow {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly plugin: string;
  readonly account: string;
  readonly mode: string;
  readonly config: unknown;
  readonly scope: unknown;
  readonly limits: unknown;
  readonly models: unknown;
}

export const EVERYWHERE = (): ScopeDraft => ({
  venues: [],
  categories: [],
  groups: [],
  markets: [],
  links: [],
  text: '',
});

type Typing = Record<string, string>;
interface Draft {
  title: string;
  plugin: string;
  account: string;
  mode: string;
  /** By JSON pointer of the field, as typed. */
  config: Typing;
  /** By limit; what is empty is the account's own. */
  limits: Typing;
  /** The same as `config` for each model. */
  models: Record<string, Typing>;
  scope: ScopeDraft;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** What a plugin's fields hold, as typed: the saved values, and its defaults for the rest. */
export function typedConfig(plugin: PluginFieldsFragment | undefined, saved: unknown): Typing {
  return Object.fromEntries(
    (plugin?.fields ?? []).map((field) => [field.path, toTyped(field, valueAt(saved, field.path) ?? field.default)]),
  );
}

function configOf(plugin: PluginFieldsFragment | undefined, typed: Typing): Record<string, unknown> {
  return configFrom(
    (plugin?.fields ?? []).flatMap((field) => {
      const parsed = fromTyped(field, typed[field.path] ?? '');
      return 'value' in parsed ? [[field.path, parsed.value] as const] : [];
    }),
  );
}

const savedModels = (models: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (Array.isArray(models) ? models : []).map((model: { plugin: string; config: unknown }) => [
      model.plugin,
      model.config,
    ]),
  );

/** Everything a person can say of a workflow, what is wrong with it, and how it is sent. */
export function useWorkflowForm(
  find: (id: string) => PluginFieldsFragment | undefined,
  saved: () => SavedWorkflow | null,
) {
  const draft = reactive<Draft>({
    title: '',
    plugin: '',
    account: '',
    mode: 'off',
    config: {},
    limits: {},
    models: {},
    scope: EVERYWHERE(),
  });
  const start = ref('');
  const refused = ref<Readonly<Record<string, string>>>({});
  const problem = ref('');
  const plugin = computed(() => find(draft.plugin));

  function choose(id: string): void {
    draft.plugin = id;
    const now = saved()?.plugin === id ? saved() : null;
    draft.config = typedConfig(find(id), now?.config);
    const kept = savedModels(now?.models);
    const models = [...new Set([...(find(id)?.needs.models ?? []), ...Object.keys(kept)])];
    draft.models = Object.fromEntries(models.map((model) => [model, typedConfig(find(model), kept[model])]));
  }

  /** Models the strategy asks for whatever its settings; the others may be taken out again. */
  const isNeeded = (model: string): boolean => (plugin.value?.needs.models ?? []).includes(model);
  /** With the models it is made of itself. */
  function addModel(id: string): void {
    if (draft.models[id]) return;
    for (const needed of find(id)?.needs.models ?? []) addModel(needed);
    draft.models[id] = typedConfig(find(id), undefined);
  }
  function removeModel(id: string): void {
    draft.models = Object.fromEntries(Object.entries(draft.models).filter(([model]) => model !== id));
  }

  /** Takes the saved workflow, or a new one of a plugin, as the beginning of an edit. */
  function begin(from: SavedWorkflow | null, first: { plugin: string; account: string }): void {
    draft.title = from?.title ?? '';
    draft.account = from?.account ?? first.account;
    draft.mode = from?.mode ?? 'shadow';
    draft.scope = { ...EVERYWHERE(), ...record(from?.scope) };
    draft.limits = Object.fromEntries(
      RISK_FIELDS.flatMap(({ key, unit }) => {
        const own = record(from?.limits)[key];
        return own === undefined ? [] : [[key, toText(unit, own)]];
      }),
    );
    choose(from?.plugin ?? first.plugin);
    refused.value = {};
    problem.value = '';
    start.value = JSON.stringify(draft);
  }

  /** Sentences by path: what the page sees at once, and what the server said. */
  const problems: ComputedRef<Readonly<Record<string, string>>> = computed(() => {
    const found: Record<string, string> = {};
    if (draft.title.trim() === '') found['/title'] = 'A workflow needs a title.';
    const check = (of: PluginFieldsFragment | undefined, typed: Typing, at: string): void => {
      for (const field of of?.fields ?? []) {
        const parsed = fromTyped(field, typed[field.path] ?? '');
        if ('problem' in parsed) found[`${at}${field.path}`] = parsed.problem;
      }
    };
    check(plugin.value, draft.config, '/config');
    for (const [id, typed] of Object.entries(draft.models)) check(find(id), typed, `/models/${id}`);
    for (const { key, unit } of RISK_FIELDS) {
      const text = draft.limits[key];
      const parsed = text ? fromText(unit, text) : { value: 0 };
      if ('problem' in parsed) found[`/limits/${key}`] = parsed.problem;
    }
    return found;
  });
  const problemAt = (path: string): string => problems.value[path] ?? refused.value[path] ?? '';
  const changed = computed(() => JSON.stringify(draft) !== start.value);
  const valid = computed(() => Object.keys(problems.value).length === 0 && plugin.value !== undefined);

  function input(): WorkflowInput {
    const from = saved();
    const limits = Object.fromEntries(
      RISK_FIELDS.flatMap(({ key, unit }) => {
        const text = draft.limits[key];
        const parsed = text ? fromText(unit, text) : null;
        return parsed && 'value' in parsed ? [[key, parsed.value]] : [];
      }),
    );
    return {
      id: from?.id ?? null,
      baseVersion: from?.version ?? null,
      title: draft.title.trim(),
      plugin: draft.plugin,
      account: draft.account,
      mode: draft.mode,
      config: configOf(plugin.value, draft.config),
      scope: draft.scope,
      limits,
      models: Object.fromEntries(Object.entries(draft.models).map(([id, typed]) => [id, configOf(find(id), typed)])),
    };
  }

  /** It is saved as it stands. */
  function settle(): void {
    refused.value = {};
    start.value = JSON.stringify(draft);
  }
  function refuse(by: Problem): void {
    problem.value = by.message;
    refused.value = Object.fromEntries(by.fields.map(({ path, message }) => [path, message]));
  }
  /** What the server said of a field is over once it is typed in again. */
  function forget(path: string): void {
    if (!(path in refused.value)) return;
    refused.value = Object.fromEntries(Object.entries(refused.value).filter(([key]) => key !== path));
  }
  /** Complaints about what has no field of its own on the page. */
  const others = computed(() =>
    Object.entries(refused.value)
      .filter(([path]) => !shown(path))
      .map(([path, message]) => ({ path, message })),
  );
  const shown = (path: string): boolean =>
    ['/title', '/account', '/plugin', '/mode'].includes(path) ||
    path.startsWith('/scope/') ||
    RISK_FIELDS.some(({ key }) => path === `/limits/${key}`) ||
    (plugin.value?.fields ?? []).some((field) => path === `/config${field.path}`) ||
    Object.keys(draft.models).some((id) => path.startsWith(`/models/${id}/`));

  return {
    draft,
    plugin,
    problems,
    problemAt,
    changed,
    valid,
    problem,
    others,
    begin,
    choose,
    isNeeded,
    addModel,
    removeModel,
    input,
    refuse,
    forget,
    settle,
  };
}

/** A field's default in words, for its help. */
export const defaultText = (field: PluginFieldsFragment['fields'][number]): string =>
  `Default ${configText(field, field.default)}`;
