import { UserProblem, type EnablementRecord, type FieldProblem, type Mode, type PluginId } from '#core';
import {
  allGroups,
  enablementSettings,
  marketFacets,
  marketPage,
  marketsById,
  type EnablementSettingRow,
  type MarketRow,
  type Person,
} from '#data';
import { Injectable } from '@nestjs/common';
import { ActService } from '../acts/act.service.js';
import { House } from '../house.js';
import type { EnablementPage, EnablementRow, EnablementScopeInput } from './enablement.types.js';

const MODES: readonly string[] = ['off', 'shadow', 'paper'] satisfies Mode[];
const KINDS: readonly string[] = ['venue', 'category', 'group', 'market'];
/** More than fits on any screen; an act stays one row of the inbox. */
const MOST_AT_ONCE = 5_000;

export interface EnablementFilter {
  readonly first: number;
  readonly after: string | null;
  readonly text: string | null;
  readonly venue: string | null;
}

@Injectable()
export class EnablementService {
  constructor(
    private readonly house: House,
    private readonly acts: ActService,
  ) {}

  async page(plugin: string, filter: EnablementFilter): Promise<EnablementPage> {
    this.#strategy(plugin);
    const [page, settings] = await Promise.all([
      marketPage(this.house.pool, filter),
      enablementSettings(this.house.pool, plugin),
    ]);
    const at = new Map(settings.map((row) => [keyOf(row.kind, row.target), row.mode]));
    return { ...page, items: page.items.map((market) => rowOf(market, at)) };
  }

  /** One act for all of them: they take effect together. `mode` `null` inherits again. */
  async set(by: Person, plugin: string, scopes: readonly EnablementScopeInput[], mode: string | null): Promise<number> {
    this.#strategy(plugin);
    const problems = await this.#problems(scopes, mode);
    if (problems.length > 0) throw new UserProblem('Nothing was switched.', problems);
    const settings = scopes.map(
      ({ kind, id }) => ({ plugin: plugin as PluginId, target: { kind, id }, mode }) as EnablementRecord,
    );
    const lanes = await this.acts.lanes();
    const seqs = await Promise.all(
      lanes.map((lane) =>
        this.acts.act(by, lane, { kind: 'enablement', settings }, 'enablement.set', plugin, { scopes, mode }),
      ),
    );
    return seqs[0];
  }

  async #problems(scopes: readonly EnablementScopeInput[], mode: string | null): Promise<readonly FieldProblem[]> {
    const problems: FieldProblem[] = [];
    if (mode !== null && !MODES.includes(mode))
      problems.push({ path: '/mode', message: `A mode is one of ${MODES.join(', ')}, or null to inherit.` });
    if (scopes.length === 0 || scopes.length > MOST_AT_ONCE)
      problems.push({ path: '/scopes', message: `Say from 1 to ${MOST_AT_ONCE} places to switch.` });
    if (problems.length > 0) return problems;
    const ids = (kind: string) => scopes.filter((scope) => scope.kind === kind).map(({ id }) => id);
    const { pool, plugins } = this.house;
    const known = new Map<string, { has(id: string): boolean }>([
      ['venue', new Set(plugins.venues.map(({ manifest }) => String(manifest.id)))],
      ['market', await marketsById(pool, ids('market'))],
      ['group', new Set(ids('group').length > 0 ? (await allGroups(pool)).map(({ id }) => String(id)) : [])],
      [
        'category',
        new Set(ids('category').length > 0 ? (await marketFacets(pool)).categories.map(({ value }) => value) : []),
      ],
    ]);
    scopes.forEach(({ kind, id }, index) => {
      if (!KINDS.includes(kind))
        problems.push({ path: `/scopes/${index}/kind`, message: `A place is one of ${KINDS.join(', ')}.` });
      else if (!known.get(kind)?.has(id))
        problems.push({ path: `/scopes/${index}/id`, message: `There is no ${kind} ${id}.` });
    });
    return problems;
  }

  #strategy(plugin: string): void {
    const { strategies } = this.house.plugins;
    if (strategies.some(({ manifest }) => manifest.id === plugin)) return;
    const message = `There is no strategy ${plugin}; there are ${strategies.map(({ manifest }) => manifest.id).join(', ')}.`;
    throw new UserProblem(message, [{ path: '/plugin', message }]);
  }
}

const keyOf = (kind: EnablementSettingRow['kind'], target: string): string => `${kind}|${target}`;

/** The same order as the kernel's: the most specific setting wins. */
function rowOf({ id, title, venue, info }: MarketRow, at: ReadonlyMap<string, Mode>): EnablementRow {
  const { category, group } = info;
  const own = at.get(keyOf('market', id)) ?? null;
  const places = [
    ['group', group === null ? undefined : at.get(keyOf('group', group))],
    ['category', at.get(keyOf('category', category))],
    ['venue', at.get(keyOf('venue', venue))],
    ['default', 'paper'],
  ] as const;
  const [place, inherited] = places.find(([, mode]) => mode !== undefined) as readonly [string, Mode];
  return {
    market: id,
    title,
    venue,
    category,
    group,
    inherited,
    own,
    effective: own ?? inherited,
    from: own === null ? place : 'market',
  };
}
