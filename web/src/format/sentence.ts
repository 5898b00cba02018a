import { readable } from './names';

/** A market by the name people know it by. */
export interface NamedMarket {
  readonly id: string;
  readonly title: string;
}

/** A piece of a sentence: plain words, or a market to link to. */
export interface SentencePart {
  readonly text: string;
  readonly market?: string;
}

/**
 * Cuts a sentence at the markets it names, by id or by “title”. Two venues often give a question the same title: then the
 * first mention is the first of them, and so on in turn.
 */
export function sentenceParts(sentence: string, markets: readonly NamedMarket[]): SentencePart[] {
  const parts: SentencePart[] = [];
  const mentions = new Map<string, number>();
  let rest = sentence;
  while (rest !== '') {
    const found = nearest(rest, markets);
    if (!found) break;
    if (found.at > 0) parts.push({ text: readable(rest.slice(0, found.at)) });
    const same = markets.filter(({ title }) => title === found.market.title);
    const turn = mentions.get(found.market.title) ?? 0;
    mentions.set(found.market.title, turn + 1);
    parts.push({
      text: found.market.title,
      market: found.byId ? found.market.id : same[turn % same.length]!.id,
    });
    rest = rest.slice(found.at + found.length);
  }
  if (rest !== '') parts.push({ text: readable(rest) });
  return parts;
}

function nearest(
  text: string,
  markets: readonly NamedMarket[],
): { at: number; length: number; byId: boolean; market: NamedMarket } | null {
  let best: { at: number; length: number; byId: boolean; market: NamedMarket } | null = null;
  for (const market of markets) {
    for (const [mention, byId] of [
      [market.id, true],
      [`“${market.title}”`, false],
    ] as const) {
      const at = text.indexOf(mention);
      if (at >= 0 && (!best || at < best.at || (at === best.at && mention.length > best.length)))
        best = { at, length: mention.length, byId, market };
    }
  }
  return best;
}
