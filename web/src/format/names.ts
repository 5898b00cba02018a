/** Ids and enumerations in words. A venue the page does not know is shown by its id. */
const venues: Readonly<Record<string, string>> = { polymarket: 'Polymarket', kalshi: 'Kalshi' };

export const venueName = (id: string): string => venues[id] ?? id.charAt(0).toUpperCase() + id.slice(1);
const order = ['polymarket', 'kalshi'];
/** Venues stand in the same order everywhere; unknown ones last. */
export const venueRank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);

export const venueOf = (market: string): string => market.slice(0, Math.max(0, market.indexOf(':')));
export const nativeOf = (market: string): string => market.slice(market.indexOf(':') + 1);

const verdicts: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  denied: 'Denied',
  'net-negative': 'Net-negative',
  shadow: 'Shadow',
};
export const verdictName = (verdict: string): string => verdicts[verdict] ?? words(verdict);

/** `hash-mismatch` → `Hash mismatch`, `maxGross` → `Max gross`. */
export function words(name: string): string {
  const spaced = name
    .replace(/[-_]/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, low: string, high: string) => `${low} ${high.toLowerCase()}`)
    .trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/**
 * What an episode buys: `YES Polymarket, NO Kalshi` for a pair, `NO of every outcome` for a bundle. A direction the page
 * does not know is shown in its own words.
 */
export function directionName(direction: string, markets: readonly string[]): string {
  const parts = direction.split('-');
  if (parts.length === 2 && parts[1] === 'all') return `${parts[0]!.toUpperCase()} of every outcome`;
  if (parts.length !== markets.length || !parts.every((part) => part === 'yes' || part === 'no'))
    return words(direction);
  return parts.map((part, index) => `${part.toUpperCase()} ${venueName(venueOf(markets[index]!))}`).join(', ');
}

/**
 * A sentence of the engine for a person: `kalshi:KX…` becomes `Kalshi`, a bare venue id its name, and what it says of a
 * contract in dollars is said in cents, as everywhere on the pages: `at 0.08 or better`, `net -$0.0098 a contract`.
 */
export function readable(sentence: string, markets: readonly string[] = []): string {
  let text = sentence;
  for (const market of markets) text = text.replaceAll(market, venueName(venueOf(market)));
  return text
    .replace(/\b(polymarket|kalshi)\b(?!:)/g, (id) => venueName(id))
    .replace(/\b(at|ask|bid) (0\.\d+)(?=[ ,.;]|$)/g, (_, side: string, price: string) => `${side} ${inCents(price)}`)
    .replace(
      /(-?)\$(0\.0\d{2,}|0\.\d+(?= (?:gross|net|a contract)))/g,
      (_, minus: string, dollars: string) => `${minus && MINUS}${inCents(dollars)}`,
    )
    .replaceAll('-$', `${MINUS}$`);
}
const MINUS = '\u2212';
const inCents = (dollars: string): string => `${Number((Number(dollars) * 100).toFixed(2))}¢`;

/** Long native ids keep both ends: `0x5f3a…91cc`. */
export function shortId(id: string, keep = 6): string {
  return id.length <= keep * 2 + 3 ? id : `${id.slice(0, keep)}…${id.slice(-4)}`;
}
