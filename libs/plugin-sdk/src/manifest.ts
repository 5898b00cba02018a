import type { PluginId } from '#core';

export type PluginKind = 'venue' | 'news' | 'enricher' | 'model' | 'strategy' | 'notifier';

/** Range of this contract a plugin was written for, npm semver syntax. */
export const SDK_VERSION = '1.1.0';

/** What a plugin may reach beyond what its hooks are handed. The registry refuses a permission nobody granted. */
export type Permission = `net:${string}` | 'models' | 'secrets';

export interface Manifest {
  readonly id: PluginId | string;
  /** Semantic version of the plugin. A running session keeps the one it started with. */
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  /** npm semver range over `SDK_VERSION`. */
  readonly sdk: string;
  readonly needs?: { readonly models?: readonly string[]; readonly news?: boolean };
  readonly permissions?: readonly Permission[];
}
