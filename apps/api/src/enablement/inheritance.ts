import type { Mode, PluginId } from '#core';
import type { EnablementSettingRow, PlaceKind, PlaceRow } from '#data';
import { PLUGIN_DEFAULT } from '#engine';
import type { EnablementCell } from './enablement.types.js';

type Setting = Pick<EnablementSettingRow, 'kind' | 'target' | 'mode'> & Partial<EnablementSettingRow>;
interface Found {
  readonly mode: Mode;
  readonly from: PlaceKind | 'default';
  readonly setting: Setting | null;
}

/** The settings of one plugin, and what they make of a place. The same order as the kernel's: the most specific wins. */
export function inheritance(settings: readonly Setting[]): {
  /** What holds at a place, and why. A place whose markets inherit different modes has no mode of its own: `null`. */
  cell(plugin: PluginId | string, kind: PlaceKind, place: Pick<PlaceRow, 'id' | 'ways'>): EnablementCell;
} {
  const at = new Map(settings.map((setting) => [`${setting.kind}|${setting.target}`, setting]));
  const found = (kind: PlaceKind, id: string | null): Found | null => {
    const setting = id === null ? undefined : at.get(`${kind}|${id}`);
    return setting ? { mode: setting.mode, from: kind, setting } : null;
  };
  const above = (kind: PlaceKind, [venue, category, group]: PlaceRow['ways'][number]): Found =>
    (kind === 'market' ? found('group', group) : null) ??
    (kind === 'market' || kind === 'group' ? found('category', category) : null) ??
    (kind === 'venue' ? null : found('venue', venue)) ?? { mode: PLUGIN_DEFAULT, from: 'default', setting: null };

  return {
    cell(plugin, kind, { id, ways }) {
      const own = found(kind, id);
      const ancestors = ways.map((way) => above(kind, way));
      const first = ancestors[0];
      const inherited = first && ancestors.every(({ mode }) => mode === first.mode) ? first : null;
      const decides = own ?? inherited;
      return {
        plugin,
        own: own?.mode ?? null,
        inherited: inherited?.mode ?? null,
        effective: decides?.mode ?? null,
        from: decides?.from ?? 'several',
        by: decides?.setting?.by ?? '',
        at: decides?.setting?.at ?? null,
      };
    },
  };
}
