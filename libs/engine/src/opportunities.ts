import type { GroupId, LinkId, MarketRef, OpportunityEntry, Price, Size } from '#core';
import type { Sighting } from '#plugin-sdk';
import type { Session } from './sessions.js';
import { causesOf, ownerOf, type Episode, type World } from './world.js';

type Verdict = OpportunityEntry['verdict'];

/** A better verdict is kept: an opportunity once taken is not unmade when our own fill uses it up. */
const RANK: Readonly<Record<Verdict, number>> = { 'net-negative': 0, denied: 1, shadow: 2, accepted: 3 };

const keyOf = (session: Session, link: LinkId | null, group: GroupId | null, direction: string): string =>
  `${session.workflow.id}|${link ?? group ?? ''}|${direction}`;

export const episodeOf = (world: World, session: Session, sighting: Sighting): Episode | undefined =>
  world.episodes.get(keyOf(session, sighting.link, sighting.group, sighting.direction));

/**
 * An opportunity was seen: opens its episode or keeps its best. Journalled when it opens, when its verdict rises and when
 * it closes; improvements in between are told by the closing entry, to bound the volume.
 */
export function sighted(
  world: World,
  session: Session,
  sighting: Sighting,
  verdict: Verdict,
  signalId: string | null,
  reason: string,
): void {
  if (!Number.isFinite(sighting.gross) || !Number.isFinite(sighting.net)) return;
  const key = keyOf(session, sighting.link, sighting.group, sighting.direction);
  const known = world.episodes.get(key);
  if (known !== undefined) {
    if (sighting.gross > known.bestGross) known.bestGross = sighting.gross;
    if (sighting.net > known.bestNet) {
      known.bestNet = sighting.net;
      known.size = sighting.size;
      known.waterfall = sighting.waterfall;
    }
    if (verdict === 'denied') known.denials++;
    if (RANK[verdict] <= RANK[known.verdict]) return;
    known.verdict = verdict;
    known.signalId = signalId;
    known.reason = reason;
    write(world, known, 'changed');
    return;
  }
  if (!sighting.markets.every((ref) => isOpen(world, ref))) return;
  const episode: Episode = {
    id: `${key}|${world.journal.seq}`,
    key,
    owner: ownerOf({ session: session.id, workflow: session.workflow.id, account: session.workflow.account }),
    link: sighting.link,
    group: sighting.group,
    direction: sighting.direction,
    refs: [...sighting.markets],
    markets: sighting.markets.map((ref) => world.markets.get(ref).info.id),
    openedAt: world.journal.at,
    verdict,
    bestGross: sighting.gross as Price,
    bestNet: sighting.net as Price,
    size: sighting.size as Size,
    waterfall: sighting.waterfall,
    signalId,
    reason,
    denials: verdict === 'denied' ? 1 : 0,
  };
  world.episodes.set(key, episode);
  write(world, episode, 'opened');
}

/** What a shut market, or a book nobody can trust, seems to offer is no opportunity. */
function isOpen(world: World, ref: MarketRef): boolean {
  const market = world.markets.get(ref);
  return market.quote.trusted && world.markets.shutReason(market, world.journal.at) === '';
}

export function gone(
  world: World,
  session: Session,
  link: LinkId | null,
  group: GroupId | null,
  direction: string,
): void {
  const episode = world.episodes.get(keyOf(session, link, group, direction));
  if (episode !== undefined) close(world, episode, 'The edge is gone.');
}

export function closeWhere(world: World, which: (episode: Episode) => boolean, why: string): void {
  for (const episode of world.episodes.values()) if (which(episode)) close(world, episode, why);
}

/** A market can no longer be traded on: every opportunity that needs it is over. */
export const closeOn = (world: World, ref: MarketRef): void =>
  closeWhere(world, (episode) => episode.refs.includes(ref), whyShut(world, ref));

export const closeOf = (world: World, session: Session, why: string): void =>
  closeWhere(world, (episode) => episode.owner.session === session.id, why);

function whyShut(world: World, ref: MarketRef): string {
  const { info, resolution, continuous, trustReason } = world.markets.get(ref);
  if (resolution !== null) return `${info.id} has its result.`;
  if (info.status !== 'open') return `${info.id} is ${info.status}.`;
  return continuous
    ? `The book of ${info.id} is crossed.`
    : `The book of ${info.id} cannot be trusted: ${trustReason}.`;
}

function close(world: World, episode: Episode, why: string): void {
  world.episodes.delete(episode.key);
  write(world, episode, 'closed', why);
}

function write(world: World, episode: Episode, phase: OpportunityEntry['phase'], ended = ''): void {
  world.journal.write(episode.owner, causesOf(world, episode.refs), {
    kind: 'opportunity',
    opportunityId: episode.id,
    phase,
    verdict: episode.verdict,
    link: episode.link,
    group: episode.group,
    direction: episode.direction,
    markets: episode.markets,
    openedAt: episode.openedAt,
    bestGross: episode.bestGross,
    bestNet: episode.bestNet,
    size: episode.size,
    waterfall: episode.waterfall,
    signalId: episode.signalId,
    reason: episode.reason,
    denials: episode.denials,
    ended,
  });
}
