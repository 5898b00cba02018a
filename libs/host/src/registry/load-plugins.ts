import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OutsideProblem } from '#core';
import { sdk, type Plugin, type PluginKind } from '#plugin-sdk';
import { enrichers, models, newsSources, notifiers, strategies, venues } from '#plugins';
import { ENTRY, folderFingerprint, pluginFolders } from './plugin-folders.js';
import { pluginRefusal } from './plugin-refusal.js';
import type { LoadedPlugin, PluginRegistry, RefusedPlugin } from './registry.types.js';

/** A plugin whose file waits for something is not waited for. */
const LOAD_WITHIN_MS = 10_000;

const BUILT_IN: readonly Plugin[] = [
  ...strategies,
  ...models,
  ...venues,
  ...notifiers,
  ...newsSources,
  ...enrichers,
] as unknown as readonly Plugin[];

export interface PluginConfig {
  /** Each is a plugin's folder, or holds such folders. */
  readonly folders: readonly string[];
  /** Permissions granted to plugins from folders, by plugin id. Built-ins are ours and need none. */
  readonly grants?: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The built-in plugins and those of the configured folders. What cannot be taken is refused with a reason, and the rest is
 * taken all the same. In the order of config: the first to have an id keeps it.
 */
export async function loadPlugins({ folders, grants = new Map() }: PluginConfig): Promise<PluginRegistry> {
  const loaded: LoadedPlugin[] = BUILT_IN.map((plugin) => ({ plugin, folder: null }));
  const refused: RefusedPlugin[] = [];
  const taken = new Map(BUILT_IN.map(({ manifest }) => [String(manifest.id), 'a built-in plugin']));
  const fingerprint = createHash('sha256');
  for (const configured of folders) {
    const found = pluginFolders(configured);
    if (typeof found === 'string') {
      refused.push({ folder: configured, id: null, reason: found });
      continue;
    }
    for (const folder of found) {
      const plugin = await entryOf(folder);
      const reason = typeof plugin === 'string' ? plugin : pluginRefusal(plugin, { taken, granted: grants });
      if (reason) {
        refused.push({ folder, id: idOf(plugin), reason });
        continue;
      }
      const taking = plugin as Plugin;
      taken.set(taking.manifest.id, `the one in ${folder}`);
      loaded.push({ plugin: taking, folder });
      fingerprint.update(taking.manifest.id).update('\0').update(folderFingerprint(folder)).update('\0');
    }
  }
  return registryOf(loaded, refused, loaded.length > BUILT_IN.length ? fingerprint.digest('hex').slice(0, 16) : '');
}

/** Only what this build carries itself. */
export const builtInPlugins = (): PluginRegistry =>
  registryOf(
    BUILT_IN.map((plugin) => ({ plugin, folder: null })),
    [],
    '',
  );

export function registryOf(
  loaded: readonly LoadedPlugin[],
  refused: readonly RefusedPlugin[],
  fingerprint: string,
): PluginRegistry {
  const of = <K extends PluginKind>(kind: K): readonly Extract<Plugin, { kind: K }>[] =>
    loaded.flatMap(({ plugin }) => (plugin.kind === kind ? [plugin as Extract<Plugin, { kind: K }>] : []));
  const byId = new Map(loaded.map((one) => [String(one.plugin.manifest.id), one]));
  return {
    loaded,
    refused,
    strategies: of('strategy'),
    models: of('model'),
    venues: of('venue'),
    news: of('news'),
    enrichers: of('enricher'),
    notifiers: of('notifier'),
    fingerprint,
    find: (id) => byId.get(id),
  };
}

/** What the entry file makes, or why it makes nothing. */
async function entryOf(folder: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const module = (await Promise.race([
      import(pathToFileURL(join(folder, ENTRY)).href),
      new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new OutsideProblem(`it did not load within ${LOAD_WITHIN_MS / 1000} s`, false)),
          LOAD_WITHIN_MS,
        );
      }),
    ])) as { readonly default?: unknown };
    if (typeof module.default !== 'function') return `${ENTRY} has no default export that takes the sdk`;
    return await (module.default as (given: typeof sdk) => unknown)(sdk);
  } catch (error) {
    return `${ENTRY} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

function idOf(plugin: unknown): string | null {
  const id = (plugin as { readonly manifest?: { readonly id?: unknown } } | null)?.manifest?.id;
  return typeof id === 'string' ? id : null;
}
