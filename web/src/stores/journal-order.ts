import type { JournalFieldsFragment } from '../generated/graphql';

export type Entry = JournalFieldsFragment;

export interface JournalFilter {
  readonly kinds: readonly string[];
  readonly market?: string;
  readonly account?: string;
}

/** Distinct entries that pass, newest first. Coalesced denials come again with the same id: the first seen is newest. */
export function newest(entries: readonly Entry[], filter: JournalFilter, most: number): Entry[] {
  const byId = new Map<string, Entry>();
  for (const entry of entries) {
    if (byId.has(entry.id) || !passes(entry, filter)) continue;
    byId.set(entry.id, entry);
  }
  return [...byId.values()].sort((a, b) => b.seq - a.seq || b.ordinal - a.ordinal).slice(0, most);
}

function passes(entry: Entry, { kinds, market, account }: JournalFilter): boolean {
  if (kinds.length > 0 && !kinds.includes(entry.kind)) return false;
  if (account !== undefined && entry.account !== account) return false;
  return market === undefined || marketsOf(entry.body).includes(market);
}

/** Markets an entry's body names, directly, by its leg or by its legs. */
export function marketsOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { market, markets, leg, legs } = body as Record<string, unknown>;
  const found: string[] = [];
  if (typeof market === 'string') found.push(market);
  if (Array.isArray(markets)) found.push(...markets.filter((value): value is string => typeof value === 'string'));
  if (leg !== undefined) found.push(...marketsOf(leg));
  if (Array.isArray(legs)) for (const each of legs) found.push(...marketsOf(each));
  return found;
}
