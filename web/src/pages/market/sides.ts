import type { MarketQuery, MarketSideFragment } from '../../generated/graphql';

/** A market on the page: the one in the address first, then those linked to it. */
export interface Side {
  readonly market: MarketSideFragment;
  /** Its YES is the first market's NO; prices are turned round for comparison. */
  readonly inverse: boolean;
  readonly link: {
    readonly id: string;
    readonly state: string;
    readonly mismatch: number | null;
    readonly differences: readonly string[];
    readonly reviewedBy: string | null;
  } | null;
}

export function sidesOf(market: NonNullable<MarketQuery['market']>): Side[] {
  const linked = market.links
    .filter((link) => link.state !== 'rejected')
    .map((link): Side => ({
      market: link.a.id === market.id ? link.b : link.a,
      inverse: link.polarity === 'inverse',
      link: {
        id: link.id,
        state: link.state,
        mismatch: link.mismatch,
        differences: link.differences,
        reviewedBy: link.reviewedBy,
      },
    }));
  return [{ market, inverse: false, link: null }, ...linked];
}
