import type { EnablementRecord, Mode, PluginId } from '#core';
import type { MarketState } from './market-table.js';

const RANK: Readonly<Record<Mode, number>> = { off: 0, shadow: 1, paper: 2 };

export const lowerMode = (a: Mode, b: Mode): Mode => (RANK[a] <= RANK[b] ? a : b);

/** What a plugin may do where nothing is set. */
export const PLUGIN_DEFAULT: Mode = 'paper';

/** The plugin × market settings: venue → category → group → market, the most specific one wins. */
export class Enablement {
  private settings = new Map<string, Mode>();

  set(records: readonly EnablementRecord[]): void {
    for (const { plugin, target, mode } of records) {
      const key = keyOf(plugin, target.kind, target.id);
      if (mode === null) this.settings.delete(key);
      else this.settings.set(key, mode);
    }
  }

  /** What the settings allow a plugin at a market; nothing set allows all. */
  mode(plugin: PluginId, { info, venue }: MarketState): Mode {
    if (this.settings.size === 0) return PLUGIN_DEFAULT;
    const at = (kind: EnablementRecord['target']['kind'], id: string) => this.settings.get(keyOf(plugin, kind, id));
    return (
      at('market', info.id) ??
      (info.group === null ? undefined : at('group', info.group)) ??
      at('category', info.category) ??
      at('venue', venue) ??
      PLUGIN_DEFAULT
    );
  }

  save(): ReadonlyMap<string, Mode> {
    return this.settings;
  }

  load(saved: ReadonlyMap<string, Mode>): void {
    this.settings = new Map(saved);
  }
}

const keyOf = (plugin: string, kind: string, id: string): string => `${plugin}|${kind}|${id}`;
