import type { GroupInfo, MarketId, Mode } from '#core';
import type { Pool } from 'pg';

/** Where a plugin is switched, by whom and when. */
export interface EnablementSettingRow {
  readonly kind: 'venue' | 'category' | 'group' | 'market';
  readonly target: string;
  readonly mode: Mode;
  readonly at: number;
  readonly by: string;
}

export async function enablementSettings(
  pool: Pool,
  plugins: readonly string[],
): Promise<ReadonlyMap<string, readonly EnablementSettingRow[]>> {
  const { rows } = await pool.query<EnablementSettingRow & { readonly plugin: string }>(
    'select plugin, kind, target, mode, at, "by" from enablement_setting where plugin = any($1) order by plugin, kind, target',
    [plugins],
  );
  return new Map(plugins.map((plugin) => [plugin, rows.filter((row) => row.plugin === plugin)]));
}

/** By `plugin kind target` as JSON, where on the tape each was last set. */
export async function enablementMarks(pool: Pool, plugins: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ plugin: string; kind: string; target: string; seq: number }>(
    'select plugin, kind, target, seq from enablement_setting where plugin = any($1)',
    [plugins],
  );
  return new Map(rows.map(({ plugin, kind, target, seq }) => [JSON.stringify([plugin, kind, target]), String(seq)]));
}

/** What a scope asks of a market, for all markets at once. */
export interface ScopedMarket {
  readonly id: MarketId;
  readonly title: string;
  readonly category: string;
  readonly group: GroupInfo['id'] | null;
}

export async function scopedMarkets(pool: Pool): Promise<readonly ScopedMarket[]> {
  const { rows } = await pool.query<ScopedMarket>(
    'select id, title, category, group_id as "group" from market_state order by title, id',
  );
  return rows;
}

export async function allGroups(pool: Pool): Promise<readonly GroupInfo[]> {
  const { rows } = await pool.query<{ body: GroupInfo }>('select body from group_state order by id');
  return rows.map(({ body }) => body);
}
