import {
  manifestProblem,
  newsShapeProblem,
  PLUGIN_KINDS,
  schemaProblem,
  type Plugin,
  type PluginKind,
} from '#plugin-sdk';

/** Functions a plugin must have, `a.b` one inside another. */
const FUNCTIONS: Readonly<Record<PluginKind, readonly string[]>> = {
  venue: ['access', 'listMarkets', 'socket', 'snapshot', 'resolve', 'wire.parse', 'wire.verify'],
  news: [],
  enricher: ['open'],
  model: ['initialState'],
  strategy: ['initialState'],
  notifier: ['deliver'],
};
const HOOKS: readonly string[] = [
  'onQuote',
  'onTrade',
  'onNews',
  'onEstimate',
  'onFill',
  'onBeat',
  'needsModels',
  'migrateConfig',
];
const SCOPES: readonly unknown[] = ['markets', 'links', 'groups'];

export interface Admission {
  /** Ids already taken, with who has them. */
  readonly taken: ReadonlyMap<string, string>;
  /** Permissions granted in config, by plugin id. */
  readonly granted: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Why a plugin is not taken, in one sentence; `''` when it is. Takes anything: it comes from outside. */
export function pluginRefusal(value: unknown, { taken, granted }: Admission): string {
  if (typeof value !== 'object' || value === null) return 'its entry file does not give a plugin';
  const { kind, manifest, configSchema } = value as Partial<Plugin>;
  if (kind === undefined || !PLUGIN_KINDS.includes(kind))
    return `${JSON.stringify(kind)} is no kind of plugin; there are ${PLUGIN_KINDS.join(', ')}`;
  const said = manifestProblem(manifest);
  if (said || !manifest) return said;
  const owner = taken.get(manifest.id);
  if (owner !== undefined) return `the id ${manifest.id} is taken by ${owner}`;
  const schema = schemaProblem(configSchema);
  if (schema) return `its config: ${schema}`;
  const shape = shapeRefusal(value as Readonly<Record<string, unknown>>, kind);
  if (shape) return shape;
  const missing = (manifest.permissions ?? []).filter((one) => !granted.get(manifest.id)?.has(one));
  return missing.length === 0
    ? ''
    : `nobody granted it ${missing.join(', ')}; ARBINTEL_PLUGIN_GRANTS would have to say ${missing.map((one) => `${manifest.id}=${one}`).join(',')}`;
}

function shapeRefusal(plugin: Readonly<Record<string, unknown>>, kind: PluginKind): string {
  if (!Object.isFrozen(plugin)) return `it is not frozen: make it with the sdk's define function of its kind`;
  for (const path of FUNCTIONS[kind])
    if (typeof at(plugin, path) !== 'function') return `a ${kind} has a function ${path}, and this one has not`;
  for (const hook of HOOKS)
    if (plugin[hook] !== undefined && typeof plugin[hook] !== 'function') return `${hook} is not a function`;
  if (kind === 'strategy' && !SCOPES.includes(plugin['scope']))
    return `its scope is ${JSON.stringify(plugin['scope'])}; there are ${SCOPES.join(', ')}`;
  return kind === 'news' ? newsShapeProblem(plugin) : '';
}

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
      value,
    );
