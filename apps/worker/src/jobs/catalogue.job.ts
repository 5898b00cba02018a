import type { GroupInfo, MarketId, MarketInfo, MarketStatus } from '#core';
import { fingerprint, isSame } from './fingerprint.js';
import type { JobHouse, JobVenue } from './job.types.js';
import { readLinksFile } from './links.job.js';

/** How far into a venue's catalogue a linked market is looked for. */
const FARTHEST = 20_000;
const LISTED: ReadonlySet<MarketStatus> = new Set(['unopened', 'open', 'paused']);
/** A result is known: a listing that still says otherwise is an old copy of it. */
const OVER: ReadonlySet<MarketStatus> = new Set(['determined', 'settled']);

/**
 * Reads a venue's catalogue and puts what is new or has changed into the inbox: linked markets first, then the venue's
 * order (busiest first) up to the lane's limit. Exclusive groups come whole or not at all, because a part of one
 * cannot be a bundle.
 *
 * @returns a sentence about what was found.
 */
export async function syncCatalogue(house: JobHouse, { plugin, io }: JobVenue, slot: string): Promise<string> {
  const venue = plugin.manifest.id;
  const known = await house.known.markets(house.lane, venue);
  const knownGroups = await house.known.groups(house.lane);
  const linked = await linkedMarkets(house, venue);
  const most = house.config.marketsPerVenue;

  const missing = new Set([...linked].filter((id) => !known.has(id)));
  const seen = new Map<string, MarketInfo>();
  const groups: GroupInfo[] = [];
  const refused: string[] = [];
  for await (const page of plugin.listMarkets(io, { limit: missing.size > 0 ? FARTHEST : 2 * most, text: '' })) {
    for (const info of page.markets) {
      seen.set(info.id, info);
      missing.delete(info.id);
    }
    groups.push(...page.groups);
    refused.push(...page.refused);
    await house.say?.(
      `${seen.size} markets read${missing.size > 0 ? `, ${missing.size} linked ones still to be found` : ''}`,
    );
    if (seen.size >= 2 * most && missing.size === 0) break;
  }

  const listening = [...known.values()].filter(({ info }) => LISTED.has(info.status)).length;
  const chosen = choose([...seen.values()], groups, known, linked, most - listening);
  let put = 0;
  for (const info of chosen) {
    const before = known.get(info.id)?.info;
    if (before && (isSame(before, info) || (OVER.has(before.status) && !OVER.has(info.status)))) continue;
    await house.inbox.put({
      id: `market-${house.lane}-${info.id}-${fingerprint(info)}-${slot}`,
      lane: house.lane,
      kind: 'market',
      body: info,
      by: `${venue} catalogue`,
    });
    put += 1;
  }
  const onTape = new Set<string>([...known.keys(), ...chosen.map((info) => info.id)]);
  let putGroups = 0;
  for (const group of groups) {
    if (!group.markets.some((id) => onTape.has(id)) || isSame(knownGroups.get(group.id), group)) continue;
    await house.inbox.put({
      id: `group-${house.lane}-${group.id}-${fingerprint(group)}-${slot}`,
      lane: house.lane,
      kind: 'group',
      body: group,
      by: `${venue} catalogue`,
    });
    putGroups += 1;
  }
  if (refused.length > 0)
    house.log.warn('catalogue entries could not be understood', { venue, count: refused.length, first: refused[0] });
  const parts = [
    `${seen.size} markets listed`,
    put + putGroups === 0 ? 'nothing has changed' : `${put} markets and ${putGroups} groups new or changed`,
  ];
  if (missing.size > 0) parts.push(`${missing.size} linked markets are not in the catalogue`);
  if (refused.length > 0) parts.push(`${refused.length} entries refused: ${refused[0]}`);
  return parts.join('; ');
}

/** Known markets as they are now, then linked ones, then whole groups and single markets while there is room. */
function choose(
  listed: readonly MarketInfo[],
  groups: readonly GroupInfo[],
  known: ReadonlyMap<string, unknown>,
  linked: ReadonlySet<string>,
  room: number,
): MarketInfo[] {
  const exclusive = new Map<string, MarketInfo[]>();
  for (const group of groups) if (group.exclusive) exclusive.set(group.id, []);
  for (const info of listed) if (info.group && LISTED.has(info.status)) exclusive.get(info.group)?.push(info);

  const chosen = new Map<string, MarketInfo>();
  let left = room;
  const take = (info: MarketInfo): void => {
    if (chosen.has(info.id)) return;
    chosen.set(info.id, info);
    if (!known.has(info.id)) left -= 1;
  };
  for (const info of listed) if (known.has(info.id) || linked.has(info.id)) take(info);
  for (const info of listed) {
    if (left <= 0) break;
    if (!LISTED.has(info.status) || chosen.has(info.id)) continue;
    const whole = (info.group ? exclusive.get(info.group) : undefined) ?? [info];
    const fresh = whole.filter((one) => !chosen.has(one.id));
    if (fresh.length <= left) for (const one of fresh) take(one);
  }
  return [...chosen.values()];
}

async function linkedMarkets(house: JobHouse, venue: string): Promise<Set<string>> {
  const links = [...(await house.known.links(house.lane)).values(), ...(await readLinksFile(house.config.linksFile))];
  const ids = links.flatMap((link): MarketId[] => [link.a, link.b]);
  return new Set(ids.filter((id) => id.startsWith(`${venue}:`)));
}
