import { nativeOf, type MarketId, type MarketInfo } from '#core';
import type { LifecycleMessage } from '#plugin-sdk';
import { fingerprint, isSame } from './fingerprint.js';
import type { JobHouse, JobVenue } from './job.types.js';

const AT_ONCE = 50;
/** For so long after it paid a market is asked for now and then: a venue may take its final word back. */
const PAID_WITHIN_MS = 3 * 86_400_000;
const MOST_PAID = 500;

/**
 * Asks a venue what became of markets that are past their close, held by an account, or not heard at present; with
 * `all`, of every market that is not settled (one may resolve early while nobody listened), and of those that paid an account
 * in the last three days: another final result than the one that was paid must not go unnoticed.
 *
 * @returns a sentence about what was found.
 */
export async function pollSettlements(
  house: JobHouse,
  { plugin, io }: JobVenue,
  slot: string,
  all: boolean,
): Promise<string> {
  const venue = plugin.manifest.id;
  const known = await house.known.markets(house.lane, venue);
  const held = await house.known.held(house.lane);
  const now = house.now();
  const paid = all ? await house.known.paid(house.lane, now - PAID_WITHIN_MS, MOST_PAID) : new Set<MarketId>();
  const asked = [...known.values()].filter(({ info, trusted }) => {
    if (info.status === 'settled') return paid.has(info.id);
    const past =
      info.status === 'closed' || info.status === 'determined' || (info.closesAt !== null && info.closesAt <= now);
    return all || past || !trusted || held.has(info.id);
  });
  let put = 0;
  await house.say?.(
    `${asked.length} of ${known.size} markets are asked for${all ? '' : ': past their close, held or not heard'}`,
  );
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const infos = asked.slice(from, from + AT_ONCE).map(({ info }) => info);
    const byNative = new Map(infos.map((info) => [nativeOf(info.id), info]));
    for (const message of await plugin.resolve(io, infos)) {
      const info = byNative.get(message.native);
      if (!info || !saysMore(message, info)) continue;
      if (info.status === 'settled' && message.resolution?.final !== true) continue;
      const result = message.resolution;
      // A result enters once, whichever poll found it; a change of dates or status is this poll's.
      const id = result
        ? `result-${house.lane}-${info.id}-${fingerprint([message.status, result])}`
        : `life-${house.lane}-${info.id}-${fingerprint(message)}-${slot}`;
      await house.inbox.put({
        id,
        lane: house.lane,
        kind: 'lifecycle',
        body: { venue, messages: [message] },
        by: `${venue} settlement`,
      });
      put += 1;
      await house.say?.(`${info.id}: ${said(message, info)}`);
    }
  }
  return put === 0
    ? `${asked.length} markets asked for, nothing has changed`
    : `${asked.length} markets asked for, ${put} changed`;
}

/** What of a message is new, in a line. */
function said({ resolution, status, closesAt }: LifecycleMessage, info: MarketInfo): string {
  if (resolution !== undefined) {
    const { outcome, final } = resolution;
    return `${outcome.kind === 'void' ? 'void' : `YES pays ${outcome.yesPays / 10_000} ¢`}${final ? '' : ', not final yet'}`;
  }
  if (status !== null && status !== info.status) return `${info.status} → ${status}`;
  return closesAt !== undefined && closesAt !== info.closesAt ? 'its close has moved' : 'its terms have changed';
}

function saysMore(message: LifecycleMessage, info: MarketInfo): boolean {
  return (
    message.resolution !== undefined ||
    (message.status !== null && message.status !== info.status) ||
    (message.closesAt !== undefined && message.closesAt !== info.closesAt) ||
    (message.paysAt !== undefined && message.paysAt !== info.paysAt) ||
    (message.grid !== undefined && !isSame(message.grid, info.grid))
  );
}
