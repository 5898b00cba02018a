import { venueOf, type GroupInfo, type Link, type MarketInfo, type WorkflowScope } from '#core';

/** What a scope asks of a market. */
export type ScopeMarket = Pick<MarketInfo, 'id' | 'title' | 'category' | 'group'>;
type Look = (id: MarketInfo['id']) => ScopeMarket | undefined;

const among = <T>(list: readonly T[], value: T | null): boolean =>
  list.length === 0 || (value !== null && list.includes(value));

const says = (text: string, ...titles: readonly string[]): boolean => {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || titles.some((title) => title.toLowerCase().includes(wanted));
};

/** Whether a single market is within a scope. Empty lists mean all. */
export const holdsMarket = (scope: WorkflowScope, info: ScopeMarket): boolean =>
  among(scope.venues, venueOf(info.id)) &&
  among(scope.categories, info.category) &&
  among(scope.groups, info.group) &&
  among(scope.markets, info.id) &&
  says(scope.text, info.title);

/** A group is within a scope by itself or by any of its markets; its venue always counts. */
export function holdsGroup(scope: WorkflowScope, group: GroupInfo, look: Look): boolean {
  if (!among(scope.venues, venueOf(group.id)) || !among(scope.groups, group.id)) return false;
  const markets = group.markets.map(look).filter((info) => info !== undefined);
  return (
    (scope.categories.length === 0 || markets.some((info) => scope.categories.includes(info.category))) &&
    (scope.markets.length === 0 || group.markets.some((id) => scope.markets.includes(id))) &&
    says(scope.text, group.title, ...markets.map((info) => info.title))
  );
}

/**
 * A reviewed link is within a scope when both venues are, and either of its markets is: the two venues name categories and
 * groups each in their own way.
 */
export function holdsLink(scope: WorkflowScope, link: Link, look: Look): boolean {
  if (link.state !== 'reviewed' || !among(scope.links, link.id)) return false;
  const a = look(link.a);
  const b = look(link.b);
  if (a === undefined || b === undefined) return false;
  if (!among(scope.venues, venueOf(a.id)) || !among(scope.venues, venueOf(b.id))) return false;
  const either: WorkflowScope = { ...scope, venues: [] };
  return holdsMarket(either, a) || holdsMarket(either, b);
}
