import { quoteInTerms } from '../../charts/price-series';
import { venueRank } from '../../format/names';
import type { LinkRowFragment } from '../../generated/graphql';
import type { Quote } from '../../stores/quotes.store';

export interface LinkSide {
  readonly market: LinkRowFragment['a'];
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly mid: number | null;
  readonly trusted: boolean;
  readonly at: number | null;
}

export interface LinkView {
  readonly id: string;
  readonly title: string;
  readonly inverse: boolean;
  readonly state: string;
  readonly left: LinkSide;
  readonly right: LinkSide;
  /** Right middle less left middle. */
  readonly spread: number | null;
  /** What buying at one venue and selling at the other would give before fees, per contract; negative mostly. */
  readonly edge: number | null;
  readonly at: number | null;
}

const OVER: readonly string[] = ['closed', 'determined', 'settled'];
/** Not rejected, and open at both ends. */
export const isWatched = ({ state, a, b }: LinkRowFragment): boolean =>
  state !== 'rejected' && !OVER.includes(a.status) && !OVER.includes(b.status);

/** One row per link, both sides in YES terms of the left one. */
export function linkView(
  link: LinkRowFragment,
  quoteOf: (market: string, fallback: Quote | null) => Quote | null,
): LinkView {
  const [first, second] = venueRank(link.a.venue) <= venueRank(link.b.venue) ? [link.a, link.b] : [link.b, link.a];
  const inverse = link.polarity === 'inverse';
  const left = sideOf(first, quoteOf(first.id, first.quote ?? null), false);
  const right = sideOf(second, quoteOf(second.id, second.quote ?? null), inverse);
  const edges = [gap(right.bid, left.ask), gap(left.bid, right.ask)].filter((edge) => edge !== null);
  return {
    id: link.id,
    title: first.title,
    inverse,
    state: link.state,
    left,
    right,
    spread: gap(right.mid, left.mid),
    edge: edges.length > 0 ? Math.max(...edges) : null,
    at: latest(left.at, right.at),
  };
}

function sideOf(market: LinkRowFragment['a'], quote: Quote | null, inverse: boolean): LinkSide {
  const { bid, ask } = quote ? quoteInTerms(quote, inverse) : { bid: null, ask: null };
  return {
    market,
    bid,
    ask,
    bidSize: (inverse ? quote?.askSize : quote?.bidSize) ?? null,
    askSize: (inverse ? quote?.bidSize : quote?.askSize) ?? null,
    mid: bid === null || ask === null ? null : (bid + ask) / 2,
    trusted: quote?.trusted ?? false,
    at: quote?.at ?? null,
  };
}

const gap = (above: number | null, below: number | null): number | null =>
  above === null || below === null ? null : above - below;
const latest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
