import {
  canonicalOrder,
  driftOf,
  featureMoments,
  hmmFromNested,
  hmmToNested,
  quantiles,
  reordered,
  selectOrder,
  smoothed,
  type HmmParameters,
  type HmmRows,
  type NestedHmm,
  type Random,
} from '#quant';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { REGIME_FEATURES, REGIME_WIDTH } from './regime-bars.js';

const vector = Type.Array(Type.Number());
const matrix = Type.Array(vector);

/** Under which key the fit of a market for bars of this length is on the tape. */
export const regimeKey = (market: string, barMs: number): string => `${market}/${barMs}`;

/** What a fit puts on the tape for one market, under its `regimeKey`. */
export const regimeParameters = Type.Object({
  /** Length of the bars it was fitted to; others do not fit it. */
  barMs: Type.Integer({ minimum: 1 }),
  /** Number of the first bar it did not see: says which fit this is. */
  fittedTo: Type.Integer(),
  /** Bars of the market itself that it rests on; below 200 the states are those of all markets together. */
  bars: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Features are read in units of the training window's spread, about its mean. */
  centres: vector,
  spreads: vector,
  /** A change per bar farther from 0 counts as this far: a jump on news is no regime. Log-odds. */
  reach: Type.Number({ exclusiveMinimum: 0 }),
  /** Whether prices rise (1), fall (−1) or neither (0) in each state; a fit may come without. */
  drifts: Type.Optional(Type.Array(Type.Union([Type.Literal(-1), Type.Literal(0), Type.Literal(1)]))),
  model: Type.Object({ startprob: vector, transmat: matrix, means: matrix, vars: matrix }),
});
export type RegimeParameters = Static<typeof regimeParameters>;
type FeatureScale = Pick<RegimeParameters, 'centres' | 'spreads'>;
export type RegimeScale = Pick<RegimeParameters, 'centres' | 'spreads' | 'reach'>;

/** Fewer bars than this say too little of regimes that last for hours. */
export const LEAST_OWN_BARS = 200;
/** A state that is left sooner than this on average is no regime: bars with and without a trade are not. */
const LEAST_STAY_BARS = 3;
/** Of the window's rows, how many each state's variances are held toward a tenth of the whole by. */
const HELD_SHARE = 0.05;
const HELD_VARIANCE = 0.1;
/**
 * Spread and volume are witnesses, not judges: their variances in a state are held up by so much of what they vary at all, or
 * a state would be "somebody traded" rather than "it moves".
 */
const WITNESSES = 2;
/** Moves from a state to itself that are taken as seen: a regime lasts. */
const STAYING = 50;
/** Changes count up to so many robust standard deviations. */
const REACH = 3;
/** Median of |N(0, 1)|. */
const MEDIAN_OF_SIZE = 0.6745;

/**
 * Fits quiet, normal and volatile to a window of bars: two states or three by BIC, one for a market that never changes.
 * Variances are held by a prior, because many features stand still for hours (no trade, one tick of spread) and a state of
 * no variance at all would swallow them.
 *
 * @param rows as `closeBar` writes them, in order, missing bars among them.
 * @returns `null` when fewer than 200 bars say something.
 */
export function fitRegime(
  rows: HmmRows,
  window: { readonly barMs: number; readonly fittedTo: number },
  random: Random,
): RegimeParameters | null {
  const bars = presentBars(rows.values);
  if (bars < LEAST_OWN_BARS) return null;
  const reach = reachOf(rows.values);
  const { means: centres, variances } = featureMoments({ ...rows, values: allHeldIn(rows.values, reach) });
  const spreads = variances.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1));
  const scale = { centres: [...centres], spreads: [...spreads], reach };
  const own = { ...rows, values: inUnitsOf(rows.values, scale) };
  const model = statesOf(own, bars, random);
  return model && { ...window, bars, ...scale, drifts: driftsOf(own, model, scale), model: nested(model) };
}

/** How many rows say something. */
export function presentBars(values: Float64Array): number {
  let present = 0;
  for (let at = 0; at < values.length; at += REGIME_WIDTH) if (!Number.isNaN(values[at])) present++;
  return present;
}

/** The rows in the units of a scale, changes held in. */
export const inUnitsOf = (values: Float64Array, { centres, spreads, reach }: RegimeScale): Float64Array =>
  allHeldIn(values, reach).map((value, at) => (value - centres[at % REGIME_WIDTH]) / spreads[at % REGIME_WIDTH]);

export const allHeldIn = (values: Float64Array, reach: number): Float64Array =>
  values.map((value, at) => (at % REGIME_WIDTH === 0 ? heldIn(value, reach) : value));

/** One state, two or three for rows in units of their spread, in the order of their names; `null` where none fits. */
export function statesOf(rows: HmmRows, present: number, random: Random): HmmParameters | null {
  const mass = present / 3;
  const weight = HELD_SHARE * mass;
  const choice = selectOrder(rows, [1, 2, 3], {
    random,
    starts: 15,
    prior: {
      scale: Float64Array.from(REGIME_FEATURES, (_, d) => (d < 2 ? weight * HELD_VARIANCE : WITNESSES * mass)),
      weight: 1 + weight,
    },
    staying: STAYING,
    refuse: ({ model }) => (leastStay(model) < LEAST_STAY_BARS ? 'a state does not last' : ''),
  });
  const { fit } = choice.preferred;
  return fit && reordered(fit.model, canonicalOrder(fit.model));
}

/** How far a change counts: by the median of those that are none of 0, so that a few jumps do not stretch it. */
export function reachOf(values: Float64Array): number {
  const sizes: number[] = [];
  for (let at = 0; at < values.length; at += REGIME_WIDTH)
    if (Math.abs(values[at]) > 0) sizes.push(Math.abs(values[at]));
  return sizes.length === 0 ? 1 : (REACH * quantiles(sizes, [0.5])[0]) / MEDIAN_OF_SIZE;
}

/** A change no farther from 0 than `reach`; `NaN` stays. */
export const heldIn = (change: number, reach: number): number =>
  change > reach ? 0 + reach : change < 0 - reach ? 0 - reach : change;

/** The way the change per bar points in each state, as far as the window's bars prove one. */
function driftsOf(rows: HmmRows, model: HmmParameters, scale: FeatureScale): (-1 | 0 | 1)[] {
  const { probabilities } = smoothed(rows, model);
  const own = unscaled(model, scale);
  return Array.from({ length: model.states }, (_, k) => {
    let points = 0;
    for (let at = 0; at * REGIME_WIDTH < rows.values.length; at++)
      if (!Number.isNaN(rows.values[at * REGIME_WIDTH])) points += probabilities[at * model.states + k];
    const drift = driftOf(own, k, points);
    return drift === 'flat' ? 0 : drift === 'up' ? 1 : -1;
  });
}

/** Bars the least lasting state is expected to last, 1 / (1 − A_kk). */
function leastStay({ states, transitions }: HmmParameters): number {
  let stay = Infinity;
  for (let k = 0; k < states; k++) stay = Math.min(stay, 1 / (1 - transitions[k * states + k]));
  return stay;
}

/** The parameters as a model and its scale, or `null` when they are not what `fitRegime` makes. */
export function readRegimeParameters(
  value: unknown,
): { readonly parameters: RegimeParameters; readonly model: HmmParameters } | null {
  if (!Value.Check(regimeParameters, value)) return null;
  const { centres, spreads } = value;
  const fits = centres.length === REGIME_WIDTH && spreads.length === REGIME_WIDTH && spreads.every((one) => one > 0);
  if (value.drifts !== undefined && value.drifts.length !== value.model.means.length) return null;
  if (!fits || value.model.means.some((row) => row.length !== REGIME_WIDTH)) return null;
  try {
    return { parameters: value, model: hmmFromNested(value.model) };
  } catch {
    return null;
  }
}

/** Means and variances in the features' own units, so that two fits can be laid side by side. */
export function unscaled(model: HmmParameters, { centres, spreads }: FeatureScale): HmmParameters {
  return {
    ...model,
    means: model.means.map((mean, i) => centres[i % REGIME_WIDTH] + mean * spreads[i % REGIME_WIDTH]),
    variances: model.variances.map((variance, i) => variance * spreads[i % REGIME_WIDTH] ** 2),
  };
}

export const nested = (model: HmmParameters): { -readonly [K in keyof NestedHmm]: RegimeParameters['model'][K] } => {
  const { startprob, transmat, means, vars } = hmmToNested(model);
  const rows = (matrix: readonly (readonly number[])[]): number[][] => matrix.map((row) => [...row]);
  return { startprob: [...startprob], transmat: rows(transmat), means: rows(means), vars: rows(vars) };
};
