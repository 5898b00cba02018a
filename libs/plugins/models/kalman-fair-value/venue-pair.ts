import type { Instant, LinkId, MarketRef } from '#core';
import type { LinkView } from '#plugin-sdk';
import {
  observeVenue,
  observeVenueRobustly,
  openTwoVenues,
  predictTwoVenues,
  type LocalLevel,
  type Reading,
  type TwoVenues,
} from '#quant';

/** Two markets of one reviewed link read as one state (math 3.7). Plain data; both markets' states hold the same one. */
export interface VenuePair {
  readonly link: LinkId;
  readonly version: number;
  readonly first: MarketRef;
  readonly second: MarketRef;
  /** −1 where YES of the second is NO of the first: its log-odds are read with the other sign. */
  readonly sign: 1 | -1;
  readonly state: TwoVenues;
  /** Tape time the state was last predicted to. */
  at: Instant;
}

/** Where a reading is held back, and for how many in a row. */
interface PairRule {
  readonly gate: number;
  readonly linkedJumpAfter: number;
}

/**
 * One state of what two levels know, both predicted to `at`: the first as it is, the second a reading of the same up to a
 * basis of that variance.
 */
export function openPair(
  { link, a, b }: LinkView,
  first: LocalLevel,
  second: LocalLevel,
  basisVariance: number,
  at: Instant,
): VenuePair {
  const sign = link.polarity === 'inverse' ? -1 : 1;
  const state = openTwoVenues(first.mean, first.variance, basisVariance);
  observeVenue(state, 1, sign * second.mean, second.variance);
  return { link: link.id, version: link.version, first: a, second: b, sign, state, at };
}

/** Time passes for both: `q` a second. */
export function passPair(pair: VenuePair, q: number, now: Instant): void {
  const dt = (now - pair.at) / 1_000;
  if (!(dt > 0)) return;
  pair.at = now;
  predictTwoVenues(pair.state, q * dt);
}

/** Hears what one of the two markets says in its own log-odds. */
export function hearPair(pair: VenuePair, ref: MarketRef, reading: Reading, rule: PairRule): void {
  const venue = ref === pair.first ? 0 : 1;
  if (venue === 1 && pair.sign < 0) reading.z = 0 - reading.z;
  observeVenueRobustly(pair.state, venue, reading, rule.gate, rule.linkedJumpAfter);
}

/** What the pair's state says of one of its markets, written into that market's level. */
export function showPair(pair: VenuePair, ref: MarketRef, level: LocalLevel): void {
  const { mean, basis, variance, covariance, basisVariance } = pair.state;
  if (ref === pair.first) {
    level.mean = mean;
    level.variance = variance;
  } else {
    level.mean = pair.sign * (mean + basis);
    level.variance = variance + 2 * covariance + basisVariance;
  }
}

/** The mean alone, as `showPair` has it. */
export const shownMean = (pair: VenuePair, ref: MarketRef): number =>
  ref === pair.first ? pair.state.mean : pair.sign * (pair.state.mean + pair.state.basis);

/** Whether the pair's link still stands, in the version it was made of. */
export function stillLinked(pair: VenuePair, links: readonly LinkView[]): boolean {
  for (let i = 0; i < links.length; i++)
    if (links[i].link.id === pair.link && links[i].link.version === pair.version) return true;
  return false;
}
