import type { WorkflowScope } from '#core';
import { allGroups, allLinks, scopedMarkets, type Pool } from '#data';
import { holdsGroup, holdsLink, holdsMarket } from '#engine';
import type { ScopePreview } from './workflow-edit.types.js';

const TITLES_SHOWN = 10;

/** What each scope holds now. However many scopes there are, markets, groups and links are read once. */
export async function scopeSizes(pool: Pool, scopes: readonly WorkflowScope[]): Promise<readonly ScopePreview[]> {
  const [markets, groups, links] = await Promise.all([scopedMarkets(pool), allGroups(pool), allLinks(pool)]);
  const byId = new Map(markets.map((market) => [market.id, market]));
  const look = (id: (typeof markets)[number]['id']) => byId.get(id);
  return scopes.map((scope) => {
    const held = markets.filter((market) => holdsMarket(scope, market));
    return {
      markets: held.length,
      groups: groups.filter((group) => holdsGroup(scope, group, look)).length,
      links: links.filter((link) => holdsLink(scope, link, look)).length,
      titles: held.slice(0, TITLES_SHOWN).map(({ title }) => title),
    };
  });
}
