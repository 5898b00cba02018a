import type {
  EnricherPlugin,
  ModelPlugin,
  NewsPlugin,
  NotifierPlugin,
  Plugin,
  StrategyPlugin,
  VenuePlugin,
} from '#plugin-sdk';

export interface LoadedPlugin {
  readonly plugin: Plugin;
  /** Where it came from; `null` is built in. */
  readonly folder: string | null;
}

/** A plugin that was not taken, and why. The server goes on without it. */
export interface RefusedPlugin {
  readonly folder: string | null;
  /** As far as it said who it is. */
  readonly id: string | null;
  readonly reason: string;
}

/** Every plugin this process may use, by kind. Made once at start; nothing is loaded later. */
export interface PluginRegistry {
  readonly loaded: readonly LoadedPlugin[];
  readonly refused: readonly RefusedPlugin[];
  readonly strategies: readonly StrategyPlugin[];
  readonly models: readonly ModelPlugin[];
  readonly venues: readonly VenuePlugin[];
  readonly news: readonly NewsPlugin[];
  readonly enrichers: readonly EnricherPlugin[];
  readonly notifiers: readonly NotifierPlugin[];
  /** A hash over the files of the folders it took plugins from, `''` without any: part of the build's name. */
  readonly fingerprint: string;
  find(id: string): LoadedPlugin | undefined;
}
