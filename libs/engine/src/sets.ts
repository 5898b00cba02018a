import { PRICE_ONE, SIZE_ONE, worstPayout, type GroupId, type GroupInfo, type Holding, type Link } from '#core';
import { closeWhere } from './opportunities.js';
import { withdraw } from './order-groups.js';
import { measuredShape } from './risk-view.js';
import type { LegState, OrderGroup, World } from './world.js';

/** Least that one contract of every leg pays together, micro-dollars; 0 where that is not known. */
export function setPays(world: World, legs: readonly LegState[], link: Link | null): number {
  if (legs.length < 2 || legs[0].action !== 'buy') return 0;
  if (link !== null) {
    const hedged = (legs[0].outcome === legs[1].outcome) === (link.polarity === 'inverse');
    return hedged ? PRICE_ONE : 0;
  }
  const held = legs.map((leg): Holding => {
    const { info, venue } = world.markets.get(leg.ref);
    return {
      ref: leg.ref,
      market: info.id,
      venue,
      group: info.group,
      category: info.category,
      outcome: leg.outcome,
      size: SIZE_ONE,
      cost: 0,
    };
  });
  const group = held[0].group;
  if (held.some((one) => one.group !== group)) return 0;
  return worstPayout(held, group === null ? null : measuredShape(world, group));
}

/**
 * A link in its new version. What relied on words it no longer says is over: opportunities close, order groups that have
 * filled nothing are withdrawn, and one that stands naked buys no hedge for it.
 */
export function takeLink(world: World, link: Link): void {
  const before = world.markets.links.get(link.id);
  world.markets.setLink(link);
  world.accounts.reassess();
  const why = before === undefined ? '' : linkBroken(before, link);
  if (why === '') return;
  closeWhere(world, (episode) => episode.link === link.id, why);
  for (const deal of world.deals.values()) if (deal.link === link.id) deal.broken = why;
  breakSets(world, (group) => group.link === link.id, why);
}

function linkBroken(before: Link, now: Link): string {
  if (now.state !== 'reviewed') return before.state === now.state ? '' : `The link is ${now.state} now.`;
  if (before.a !== now.a || before.b !== now.b) return 'The link joins other markets now.';
  if (before.polarity !== now.polarity) return `The link was turned over: it is ${now.polarity} now.`;
  if (before.mismatch !== null && now.mismatch === null)
    return 'Nobody says any more how likely the link is to resolve differently.';
  return '';
}

/** A venue's event as it is now; what its markets promise together may have become less. */
export function takeGroup(world: World, group: GroupInfo): void {
  const before = world.markets.groups.get(group.id);
  world.markets.groups.set(group.id, group);
  world.accounts.reassess();
  if (before === undefined || samePromise(before, group)) return;
  promisesChanged(world, group.id);
}

/**
 * What the markets of a group promise together may be another thing than it was. Sets that are held are worth what that is now:
 * a date that moves for one market first and for the others a moment later leaves them as they were.
 */
export function promisesChanged(world: World, group: GroupId): void {
  const why = `What the outcomes of ${group} promise together has changed.`;
  closeWhere(world, (episode) => episode.group === group, why);
  for (const deal of world.deals.values())
    if (deal.link === null && world.markets.get(deal.legs[0].ref).info.group === group)
      deal.setPays = setPays(world, deal.legs, null);
  breakSets(
    world,
    (working) =>
      working.link === null &&
      working.setPays > 0 &&
      world.markets.get(working.legs[0].ref).info.group === group &&
      setPays(world, working.legs, null) < working.setPays,
    why,
  );
}

const samePromise = (a: GroupInfo, b: GroupInfo): boolean =>
  a.exclusive === b.exclusive &&
  a.exhaustive === b.exhaustive &&
  a.augmented === b.augmented &&
  a.markets.length === b.markets.length &&
  a.markets.every((market, i) => market === b.markets[i]);

function breakSets(world: World, which: (group: OrderGroup) => boolean, why: string): void {
  for (const group of world.groups.values()) {
    if (!which(group)) continue;
    group.broken = why;
    group.setPays = 0;
  }
  withdraw(world, (group) => group.broken !== '', why);
}
