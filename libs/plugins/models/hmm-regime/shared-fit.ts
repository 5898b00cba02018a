import { featureMoments, type Random } from '#quant';
import { REGIME_WIDTH } from './regime-bars.js';
import {
  allHeldIn,
  inUnitsOf,
  LEAST_OWN_BARS,
  nested,
  presentBars,
  reachOf,
  statesOf,
  type RegimeParameters,
  type RegimeScale,
} from './regime-fit.js';

/** A market with fewer bars than this of its own is not told apart from the others at all. */
export const LEAST_BORROWING_BARS = 30;
/** Of each market the newest bars, and of many markets the first ones, are enough to tell what regimes look like. */
const MOST_BARS = 200;
const MOST_MARKETS = 40;

/** One market's rows as `closeBar` writes them, in order, and the bar they end before. */
export interface SharedRows {
  readonly values: Float64Array;
  readonly fittedTo: number;
}

/**
 * Regimes of markets too young to have their own (under 200 bars): one set of states for all of them, each market read in
 * units of its own that are pulled towards everybody's, by n/(n + 200) for n bars (math 3.5). So a market begins as an
 * ordinary one, and is the more compared with itself the longer it is known.
 *
 * @returns for each market in turn, `null` where it has under 30 bars; for all, when they have under 200 together.
 */
export function fitSharedRegime(
  markets: readonly SharedRows[],
  barMs: number,
  random: Random,
): readonly (RegimeParameters | null)[] {
  const known = markets.map(({ values }) => {
    const newest = values.subarray(Math.max(0, values.length - MOST_BARS * REGIME_WIDTH));
    return { values: newest, bars: presentBars(newest) };
  });
  const used = known.filter(({ bars }) => bars >= LEAST_BORROWING_BARS).slice(0, MOST_MARKETS);
  const present = used.reduce((sum, { bars }) => sum + bars, 0);
  if (present < LEAST_OWN_BARS) return markets.map(() => null);
  const usual = usualScale(used.map(({ values, bars }) => ({ bars, ...ownScale(values) })));
  const scaleOf = (values: Float64Array, bars: number): RegimeScale => pulled(ownScale(values), bars, usual);
  const all = used.map(({ values, bars }) => inUnitsOf(values, scaleOf(values, bars)));
  const joined = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of all) {
    joined.set(values, at);
    at += values.length;
  }
  const lengths = all.map(({ length }) => length / REGIME_WIDTH);
  const model = statesOf({ values: joined, features: REGIME_WIDTH, lengths }, present, random);
  if (model === null) return markets.map(() => null);
  return known.map(({ values, bars }, i) =>
    bars < LEAST_BORROWING_BARS
      ? null
      : { barMs, fittedTo: markets[i].fittedTo, bars, ...scaleOf(values, bars), model: nested(model) },
  );
}

/** Means and variances rather than spreads, so that they can be averaged. */
interface Moments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly reach: number;
}

function ownScale(values: Float64Array): Moments {
  const reach = reachOf(values);
  return { reach, ...featureMoments({ values: allHeldIn(values, reach), features: REGIME_WIDTH }) };
}

/** Of all bars together: about the mean of all, so that what sets markets apart is part of the spread. */
function usualScale(markets: readonly (Moments & { readonly bars: number })[]): Moments {
  const bars = markets.reduce((sum, one) => sum + one.bars, 0);
  const mean = (of: (one: Moments) => number): number =>
    markets.reduce((sum, one) => sum + one.bars * of(one), 0) / bars;
  const means = Float64Array.from({ length: REGIME_WIDTH }, (_, d) => mean((one) => one.means[d]));
  const variances = means.map((centre, d) => mean((one) => one.variances[d] + (one.means[d] - centre) ** 2));
  return { means, variances, reach: mean((one) => one.reach) };
}

function pulled(own: Moments, bars: number, usual: Moments): RegimeScale {
  const weight = bars / (bars + LEAST_OWN_BARS);
  const between = (one: number, other: number): number => weight * one + (1 - weight) * other;
  return {
    centres: Array.from(own.means, (mean, d) => between(mean, usual.means[d])),
    spreads: Array.from(own.variances, (variance, d) => Math.sqrt(between(variance, usual.variances[d])) || 1),
    reach: between(own.reach, usual.reach),
  };
}
