import { UserProblem, type EnablementRecord, type FieldProblem, type Mode, type PluginId } from '#core';
import {
  allGroups,
  enablementSettings,
  marketFacets,
  marketsById,
  PLACE_KINDS,
  placePage,
  type Person,
  type PlaceKind,
  type PlaceRow,
} from '#data';
import { Injectable } from '@nestjs/common';
import { ActService } from '../acts/act.service.js';
import { House } from '../house.js';
import type {
  EnablementCell,
  EnablementPage,
  EnablementPlacePage,
  EnablementRow,
  EnablementScopeInput,
} from './enablement.types.js';
import { inheritance } from './inheritance.js';

const MODES: readonly string[] = ['off', 'shadow', 'paper'] satisfies Mode[];
/** More than fits on any screen; an act stays one row of the inbox. */
const MOST_AT_ONCE = 5_000;

export interface EnablementFilter {
  readonly first: number;
  readonly after: string | null;
  readonly text: string | null;
  readonly venue: string | null;
}

export interface PlacesFilter extends EnablementFilter {
  readonly category: string | null;
  readonly group: string | null;
}

@Injectable()
export class EnablementService {
  constructor(
    private readonly house: House,
    private readonly acts: ActService,
  ) {}

  async page(plugin: string, filter: EnablementFilter): Promise<EnablementPage> {
    this.#strategy(plugin);
    const page = await placePage(this.house.pool, { ...filter, kind: 'market' });
    const settings = await enablementSettings(this.house.pool, [plugin]);
    const { cell } = inheritance(settings.get(plugin) ?? []);
    return { ...page, items: page.items.map((place) => rowOf(place, cell(plugin, 'market', place))) };
  }

  /** A matrix: places of one kind by plugin. */
  async places(plugins: readonly string[], kind: string, filter: PlacesFilter): Promise<EnablementPlacePage> {
    for (const plugin of plugins) this.#strategy(plugin);
    if (!isKind(kind)) {
      const message = `A place is one of ${PLACE_KINDS.join(', ')}.`;
      throw new UserProblem(message, [{ path: '/kind', message }]);
    }
    const page = await placePage(this.house.pool, { ...filter, kind });
    const settings = await enablementSettings(this.house.pool, plugins);
    const columns = plugins.map((plugin) => ({ plugin, ...inheritance(settings.get(plugin) ?? []) }));
    return {
      ...page,
      items: page.items.map((place) => {
        const [[venue, category, group] = [null, null, null], ...others] = place.ways;
        return {
          kind,
          id: place.id,
          title: place.title,
          markets: place.markets,
          venue: others.length > 0 && kind === 'category' ? null : venue,
          category,
          group: kind === 'market' ? group : null,
          cells: columns.map(({ plugin, cell }) => cell(plugin, kind, place)),
        };
      }),
    };
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
      if (!isKind(kind))
        problems.push({ path: `/scopes/${index}/kind`, message: `A place is one of ${PLACE_KINDS.join(', ')}.` });
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

const isKind = (kind: string): kind is PlaceKind => (PLACE_KINDS as readonly string[]).includes(kind);

function rowOf({ id, title, ways: [way] }: PlaceRow, cell: EnablementCell): EnablementRow {
  const [venue, category, group] = way;
  const { own, inherited, effective, from } = cell;
  return {
    market: id,
    title,
    venue,
    category: category ?? '',
    group,
    inherited: inherited ?? '',
    own,
    effective: effective ?? '',
    from,
  };
}
