import { checkForecasts, type Forecasts } from './forecasts.js';

/** Inside a logarithm a probability is kept this far from 0 and 1. */
const LOG_EPSILON = 1e-15;

/** Brier score, mean (p − y)²: 0 is perfect, 0.25 is a constant half. @throws UserProblem for what are no forecasts. */
export function brierScore(forecasts: Forecasts): number {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (p[i] - y[i]) * (p[i] - y[i]);
  return sum / count;
}

/** −ln of the probability given to what happened, p clipped to [1e-15, 1 − 1e-15], nats. */
export function logLossOf(p: number, y: number): number {
  const clipped = Math.min(Math.max(p, LOG_EPSILON), 1 - LOG_EPSILON);
  return y === 1 ? -Math.log(clipped) : -Math.log1p(-clipped);
}

/** Mean log loss, nats. @throws UserProblem for what are no forecasts. */
export function logLoss(forecasts: Forecasts): number {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += logLossOf(p[i], y[i]);
  return sum / count;
}

/**
 * 1 − Brier / Brier of always saying the share that happened; `null` where all outcomes are the same, since then that
 * forecast is perfect. @throws UserProblem for what are no forecasts.
 */
export function brierSkill(forecasts: Forecasts): number | null {
  const count = checkForecasts(forecasts);
  const share = total(forecasts.y) / count;
  return share === 0 || share === 1 ? null : 1 - brierScore(forecasts) / (share * (1 - share));
}

/**
 * Area under the ROC curve: the share of pairs (happened, did not) that the forecasts order rightly, ties a half; `null`
 * where all outcomes are the same. O(n log n). @throws UserProblem for what are no forecasts.
 */
export function areaUnderCurve(forecasts: Forecasts): number | null {
  const count = checkForecasts(forecasts);
  const { p, y } = forecasts;
  const happened = total(y);
  if (happened === 0 || happened === count) return null;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => p[a] - p[b]);
  let below = 0;
  let ordered = 0;
  for (let from = 0, to = 0; from < count; from = to) {
    let yes = 0;
    for (; to < count && p[order[to]] === p[order[from]]; to++) yes += y[order[to]];
    const no = to - from - yes;
    ordered += yes * (below + no / 2);
    below += no;
  }
  return ordered / (happened * (count - happened));
}

/**
 * Per forecast, how much better one source did than another by squared error: (q − y)² − (p − y)², positive where `p` was
 * nearer. Its mean is the skill to put an interval round, by event (`resample`).
 *
 * @param p of the source in question; `q` of what it is measured against, such as the market's price at the same time.
 * @throws UserProblem for what are no forecasts.
 */
export function brierGains(p: ArrayLike<number>, q: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const count = checkForecasts({ p, y });
  checkForecasts({ p: q, y });
  return Float64Array.from({ length: count }, (_, i) => (q[i] - y[i]) ** 2 - (p[i] - y[i]) ** 2);
}

/** The same by log loss, nats. @throws UserProblem for what are no forecasts. */
export function logGains(p: ArrayLike<number>, q: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const count = checkForecasts({ p, y });
  checkForecasts({ p: q, y });
  return Float64Array.from({ length: count }, (_, i) => logLossOf(q[i], y[i]) - logLossOf(p[i], y[i]));
}

function total(y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += y[i];
  return sum;
}
