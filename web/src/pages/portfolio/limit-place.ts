import { nativeOf, shortId, venueName, venueOf } from '../../format';

/** Where a limit is used most: a market by its title (and to link to), a venue by its name, a group by its id. */
export function limitPlace(at: string, titleOf: (market: string) => string): { text: string; market?: string } {
  if (at === '') return { text: '' };
  if (!at.includes(':')) return { text: venueName(at) };
  const title = titleOf(at);
  return title === shortId(nativeOf(at), 14)
    ? { text: `${venueName(venueOf(at))} ${title}` }
    : { text: title, market: at };
}
