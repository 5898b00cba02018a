import { PRICE_ONE, type FeeRule } from '#core';
import {
  BAND_95,
  kellyFraction,
  logit,
  meanProbability,
  probabilityNoPays,
  probabilityYesPays,
  uncertaintyShrink,
  unitFee,
} from '#quant';

/** A fair value as its band tells it: log-odds, and the probability they mean. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
  readonly probability: number;
}

/** The band's ends give the log-odds' mean and spread; `null` for a value without one, or with one outside (0, 1). */
export function beliefOf(low: number | null, high: number | null): Belief | null {
  if (low === null || high === null || !(low > 0 && high < 1 && low <= high)) return null;
  const [below, above] = [logit(low), logit(high)];
  const mean = (below + above) / 2;
  const deviation = (above - below) / (2 * BAND_95);
  return {
    mean,
    deviation,
    probability: meanProbability(mean, deviation ** 2),
  };
}

/** What one side of a market is worth, per contract. */
export interface Worth {
  readonly price: number;
  readonly fee: number;
  readonly cost: number;
  readonly worth: number;
  readonly edge: number;
  /** Probability that it is worth more than it costs. */
  readonly chance: number;
  /** Kelly's share of wealth, and how far doubt about the fair value holds it back. */
  readonly kelly: number;
  readonly shrink: number;
}

/** `null` where nobody sells that side. Prices in micro-dollars, −1 for an empty side of the book. */
export function worthOf(
  outcome: 'yes' | 'no',
  belief: Belief,
  { bid, ask }: { readonly bid: number; readonly ask: number },
  rule: FeeRule,
): Worth | null {
  const paid = outcome === 'yes' ? ask : bid < 0 ? -1 : PRICE_ONE - bid;
  if (!(paid > 0 && paid < PRICE_ONE)) return null;
  const price = paid / PRICE_ONE;
  const fee = unitFee(rule, paid) / PRICE_ONE;
  const cost = price + fee;
  const { mean, deviation, probability } = belief;
  const worth = outcome === 'yes' ? probability : 1 - probability;
  const variance = deviation ** 2;
  const chance = outcome === 'yes' ? probabilityYesPays(mean, variance, cost) : probabilityNoPays(mean, variance, cost);
  const bet = { p: worth, cost };
  // Variance of the probability from that of its log-odds (delta method).
  const shrink = uncertaintyShrink(bet, variance * (probability * (1 - probability)) ** 2);
  return {
    price,
    fee,
    cost,
    worth,
    edge: worth - cost,
    chance,
    kelly: kellyFraction(bet),
    shrink,
  };
}
