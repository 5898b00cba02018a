import {
  tighterLimits,
  type Instant,
  type MarketRef,
  type Mode,
  type RiskLimits,
  type SessionId,
  type WorkflowId,
  type WorkflowRecord,
} from '#core';
import type { GroupView, LinkView, ModelPlugin, ModelView, StrategyPlugin, StrategyView } from '#plugin-sdk';
import type { Buckets } from './accounts.js';
import type { Estimates, SavedEstimates } from './estimates.js';
import type { KernelPlugins } from './kernel.types.js';
import type { MarketTable } from './market-table.js';
import { holdsGroup, holdsLink, holdsMarket } from './scopes.js';
import type { World } from './world.js';

/** What a workflow's record and the tape made of it: plain data, and the plugins it is pinned to. */
export interface Session {
  readonly id: SessionId;
  workflow: WorkflowRecord;
  mode: Mode;
  state: 'running' | 'paused' | 'ended';
  reason: string;
  readonly startedAt: Instant;
  signals: number;
  denials: number;
  fills: number;
  /** The strategy's own value; hooks change it in place. */
  strategyState: unknown;
  readonly modelStates: unknown[];
  readonly estimates: Estimates;
  /** Its own order tokens per venue: limits of a workflow may be tighter than its account's. */
  readonly buckets: Buckets;

  // What follows is derived: rebuilt, never saved.
  strategy: StrategyPlugin | null;
  models: readonly ModelPlugin[];
  limits: RiskLimits | null;
  readonly linksOf: Map<MarketRef, LinkView[]>;
  /** What its models see: links of which both markets are heard, whatever the strategy's scope is made of. */
  readonly heardLinks: Map<MarketRef, LinkView[]>;
  readonly groupOf: Map<MarketRef, GroupView>;
  /** What its hooks are handed; made when first called. */
  views: SessionViews | null;
}

export interface SessionViews {
  readonly strategy: StrategyView;
  readonly models: readonly ModelView[];
}

type Derived = 'strategy' | 'models' | 'limits' | 'linksOf' | 'heardLinks' | 'groupOf' | 'views';
export type SavedSession = Omit<Session, Derived | 'estimates'> & { readonly estimates: SavedEstimates };

export const sessionId = (workflow: WorkflowId, version: number): SessionId => `${workflow}#${version}` as SessionId;

/** Plugins a workflow is pinned to, or why they cannot be had. */
export function pin(
  plugins: KernelPlugins,
  workflow: WorkflowRecord,
): { readonly strategy: StrategyPlugin; readonly models: readonly ModelPlugin[] } | string {
  const strategy = plugins.strategies.get(workflow.plugin);
  if (strategy === undefined) return `There is no strategy ${workflow.plugin}.`;
  if (strategy.manifest.version !== workflow.pluginVersion)
    return `Strategy ${workflow.plugin} is here in version ${strategy.manifest.version}, not ${workflow.pluginVersion}.`;
  const models: ModelPlugin[] = [];
  for (const wanted of workflow.models) {
    const model = plugins.models.get(wanted.plugin);
    if (model === undefined) return `There is no model ${wanted.plugin}.`;
    if (model.manifest.version !== wanted.version)
      return `Model ${wanted.plugin} is here in version ${model.manifest.version}, not ${wanted.version}.`;
    models.push(model);
  }
  return { strategy, models };
}

export const runs = (session: Session): boolean =>
  session.state === 'running' && session.mode !== 'off' && session.strategy !== null;

/**
 * Which sessions hear of a market, by ref: a strategy is never called for a market outside its scope. Rebuilt when
 * markets, groups, links or workflows change; never on the way of a quote.
 */
export class Subscriptions {
  private lists: Session[][] = [];
  private everyone: Session[] = [];
  /** By ref: 0 where nobody hears of the market. */
  private heardOf = new Uint8Array(0);
  private stale = true;

  /** To be called whenever anything a scope depends on has changed. */
  invalidate(): void {
    this.stale = true;
  }

  /** Nobody hears of anything, until the next `invalidate`. */
  silence(): void {
    this.stale = false;
    this.lists = [];
    this.everyone = [];
    this.heardOf = new Uint8Array(0);
  }

  on(world: World, ref: MarketRef): readonly Session[] {
    if (this.stale) this.rebuild(world);
    return this.lists[ref] ?? NOBODY;
  }

  all(world: World): readonly Session[] {
    if (this.stale) this.rebuild(world);
    return this.everyone;
  }

  /** By ref: 0 where nobody hears of the market. What is beyond its end is not known to be unheard. */
  heard(world: World): Uint8Array {
    if (this.stale) this.rebuild(world);
    return this.heardOf;
  }

  private rebuild(world: World): void {
    this.stale = false;
    this.lists = world.markets.states.map(() => []);
    this.everyone = [];
    for (const session of world.sessions.values()) {
      session.limits = limitsOf(world, session);
      session.linksOf.clear();
      session.heardLinks.clear();
      session.groupOf.clear();
      if (!runs(session)) continue;
      this.everyone.push(session);
      const refs = scopeRefs(world.markets, session);
      for (const ref of refs) this.lists[ref].push(session);
      if (session.models.length > 0) hearLinks(world.markets, session, new Set(refs));
    }
    this.heardOf = Uint8Array.from(this.lists, (sessions) => (sessions.length > 0 ? 1 : 0));
  }
}

const NOBODY: readonly Session[] = [];

/** The account's limits as they are now, tightened by the workflow's. */
export function limitsOf(world: World, session: Session): RiskLimits | null {
  const account = world.accounts.all.get(session.workflow.account);
  return account === undefined ? null : tighterLimits(account.record.limits, session.workflow.limits);
}

/** Refs within the session's scope, ascending; fills its link and group views on the way. */
function scopeRefs(markets: MarketTable, session: Session): readonly MarketRef[] {
  const { scope } = session.workflow;
  const look = (id: Parameters<MarketTable['byId']>[0]) => markets.byId(id)?.info;
  const refs = new Set<MarketRef>();
  switch (session.strategy?.scope) {
    case 'markets':
      for (const state of markets.states) if (holdsMarket(scope, state.info)) refs.add(state.ref);
      break;
    case 'links':
      for (const link of byId(markets.links)) {
        if (!holdsLink(scope, link, look)) continue;
        const a = markets.refs.get(link.a);
        const b = markets.refs.get(link.b);
        if (a === undefined || b === undefined) continue;
        note(session.linksOf, { link, a, b });
        refs.add(a).add(b);
      }
      break;
    case 'groups':
      for (const group of byId(markets.groups)) {
        if (!holdsGroup(scope, group, look)) continue;
        const view: GroupView = {
          group,
          markets: group.markets.map((id) => markets.refs.get(id) ?? (-1 as MarketRef)),
        };
        for (const ref of view.markets) {
          if (ref < 0) continue;
          refs.add(ref);
          session.groupOf.set(ref, view);
        }
      }
      break;
    case undefined:
  }
  return [...refs].sort((a, b) => a - b);
}

/** The reviewed links between two markets that the session hears. A scope of links says which of them. */
function hearLinks(markets: MarketTable, session: Session, heard: ReadonlySet<MarketRef>): void {
  if (session.strategy?.scope === 'links') {
    for (const [ref, views] of session.linksOf) session.heardLinks.set(ref, views);
    return;
  }
  for (const link of byId(markets.links)) {
    const a = markets.refs.get(link.a);
    const b = markets.refs.get(link.b);
    if (link.state !== 'reviewed' || a === undefined || b === undefined) continue;
    if (heard.has(a) && heard.has(b)) note(session.heardLinks, { link, a, b });
  }
}

function note(links: Map<MarketRef, LinkView[]>, view: LinkView): void {
  for (const ref of [view.a, view.b]) {
    const known = links.get(ref);
    if (known === undefined) links.set(ref, [view]);
    else known.push(view);
  }
}

/** In the order of ids, so that the order of arrival does not matter. */
const byId = <T extends { readonly id: string }>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

export const saveSession = (session: Session): SavedSession => {
  const {
    strategy: _s,
    models: _m,
    limits: _l,
    linksOf: _k,
    heardLinks: _h,
    groupOf: _g,
    views: _v,
    ...saved
  } = session;
  return { ...saved, estimates: session.estimates.save() };
};
