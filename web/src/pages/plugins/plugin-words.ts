/** Kinds in the order an event meets them. */
export const KINDS = [
  { kind: 'venue', title: 'Venues', about: 'where markets are listened to' },
  { kind: 'news', title: 'News', about: 'where items come from' },
  { kind: 'enricher', title: 'Enrichers', about: 'what reads the items' },
  { kind: 'model', title: 'Models', about: 'what believes a fair value' },
  { kind: 'strategy', title: 'Strategies', about: 'what would like an order' },
  { kind: 'notifier', title: 'Notifiers', about: 'who is told' },
] as const;

export const pluginPath = (id: string): string => `/plugins/${encodeURIComponent(id)}`;

interface Used {
  readonly id: string;
  readonly title: string;
  readonly plugin: string;
  readonly models: unknown;
  readonly archived: boolean;
}

/** Workflows that run a plugin, as their strategy or as one of their models; archived ones are over. */
export function usersOf<Workflow extends Used>(plugin: string, workflows: readonly Workflow[]): readonly Workflow[] {
  return workflows.filter(
    (workflow) => !workflow.archived && (workflow.plugin === plugin || modelIds(workflow.models).includes(plugin)),
  );
}

export function modelIds(models: unknown): readonly string[] {
  return Array.isArray(models) ? models.flatMap((model: { plugin?: unknown }) => [String(model?.plugin ?? '')]) : [];
}
