import type { GroupId, Link, MarketId } from '#core';

/**
 * What is one event in the world: a venue's event with all its markets, and those of the other venue that a reviewed link
 * joins to it. Both legs of an arbitrage belong to it, whatever each venue calls it.
 */
export class SameEvents {
  private readonly links = new Map<string, Link>();

  link(link: Link): void {
    this.links.set(link.id, link);
  }

  /** Names the event of a market by the id that sorts first among those it joins. */
  names(groupOf: (market: MarketId) => GroupId | null): (market: MarketId) => string {
    const parents = new Map<string, string>();
    const root = (id: string): string => {
      let at = id;
      for (let next = parents.get(at); next !== undefined; next = parents.get(at)) at = next;
      return at;
    };
    const own = (market: MarketId): string => groupOf(market) ?? market;
    for (const { a, b, state } of this.links.values()) {
      if (state !== 'reviewed') continue;
      const [x, y] = [root(own(a)), root(own(b))];
      if (x !== y) parents.set(x < y ? y : x, x < y ? x : y);
    }
    return (market) => root(own(market));
  }
}
