import { Defect } from '#core';
import { quantileOf } from '../bootstrap/quantile.js';

/** How the log-odds answered news so far (math 9.4). */
export interface FittedResponse {
  /** Log-odds per unit of z; 0 where nothing is proved. */
  readonly slope: number;
  /** Heteroscedasticity-robust (HC1). */
  readonly slopeError: number;
  /** Variance of the move the fit does not explain. */
  readonly residualVariance: number;
  readonly events: number;
  /** Of the moves on what was predicted for each from those before it only; `null` before there are enough. */
  readonly outOfSampleT: number | null;
  readonly outOfSample: number;
}

export interface ResponseRule {
  readonly ridge: number;
  /** Share cut off at either end of both lists. */
  readonly winsorise: number;
  /** Events a first prediction needs before it. */
  readonly burnIn: number;
  readonly leastEvents: number;
  readonly leastT: number;
}

export const DEFAULT_RESPONSE_RULE: ResponseRule = {
  ridge: 10,
  winsorise: 0.01,
  burnIn: 20,
  leastEvents: 100,
  leastT: 2,
};

/**
 * Ridge regression through the origin of moves on z, one pair per event and in the order of time: no news, no move. The
 * slope is 0 unless predictions made from earlier events only explain at least `leastEvents` later ones with
 * t ≥ `leastT`.
 *
 * @throws Defect when the lists differ in length.
 */
export function fitResponse(
  z: readonly number[],
  move: readonly number[],
  rule: ResponseRule = DEFAULT_RESPONSE_RULE,
): FittedResponse {
  if (z.length !== move.length) throw new Defect(`${z.length} scores and ${move.length} moves`);
  const n = z.length;
  const none = { slope: 0, slopeError: 0, residualVariance: 0, events: n, outOfSampleT: null, outOfSample: 0 };
  if (n <= rule.burnIn) return none;
  const x = winsorised(z, rule.winsorise);
  const y = winsorised(move, rule.winsorise);

  let xx = 0;
  let xy = 0;
  const predicted: number[] = [];
  const followed: number[] = [];
  for (let i = 0; i < n; i++) {
    if (i >= rule.burnIn) {
      predicted.push((xy / (xx + rule.ridge)) * x[i]);
      followed.push(y[i]);
    }
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  const whole = throughOrigin(x, y, rule.ridge);
  const outside = throughOrigin(predicted, followed, 0);
  const t = outside.error > 0 ? outside.slope / outside.error : null;
  const proved = t !== null && t >= rule.leastT && predicted.length >= rule.leastEvents;
  return {
    slope: proved ? whole.slope : 0,
    slopeError: whole.error,
    residualVariance: whole.residual,
    events: n,
    outOfSampleT: t,
    outOfSample: predicted.length,
  };
}

function throughOrigin(x: readonly number[], y: readonly number[], ridge: number) {
  const n = x.length;
  let xx = ridge;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  if (!(xx > 0) || n < 2) return { slope: 0, error: 0, residual: 0 };
  const slope = xy / xx;
  let squares = 0;
  let meat = 0;
  for (let i = 0; i < n; i++) {
    const e = y[i] - slope * x[i];
    squares += e * e;
    meat += (x[i] * e) ** 2;
  }
  return { slope, error: Math.sqrt((meat * n) / (n - 1)) / xx, residual: squares / (n - 1) };
}

function winsorised(values: readonly number[], share: number): readonly number[] {
  const sorted = Float64Array.from(values).sort();
  const low = quantileOf(sorted, share);
  const high = quantileOf(sorted, 1 - share);
  return values.map((value) => Math.min(high, Math.max(low, value)));
}
