import { PRICE_ONE, type Estimate } from '#core';
import { kalmanFairValue } from '#plugins';
import { microprice, mid } from '#quant';
import { SAMPLE_MS, type MarketPath } from './market-path.js';
import { ModelRun } from './model-run.js';

/** Who says what the probability is. */
export const FORECASTERS = ['fair', 'mid', 'microprice'] as const;
export type Forecaster = (typeof FORECASTERS)[number];

/** Sums over the samples of one path. Scores are expectations over the outcome, given the true probability. */
export interface PathScore {
  readonly samples: number;
  readonly brier: Readonly<Record<Forecaster, number>>;
  readonly log: Readonly<Record<Forecaster, number>>;
  /** Of whoever knew the truth. */
  readonly brierOfTruth: number;
  /** Samples whose true probability lay within the 95 % band. */
  readonly covered: number;
}

/** No forecast is surer than this: a quote at the edge of its grid would cost an infinite log score. */
const SUREST = 1e-4;
/** The filter's first minutes are its prior's, not its own. */
const WARM_UP_MS = 120_000;

/** E[(f − y)²] when y is 1 with probability p. */
export const expectedBrier = (f: number, p: number): number => (f - p) ** 2 + p * (1 - p);

/** E[−ln P(y)] under the forecast f. */
export function expectedLog(f: number, p: number): number {
  const sure = Math.min(1 - SUREST, Math.max(SUREST, f));
  return -(p * Math.log(sure) + (1 - p) * Math.log1p(-sure));
}

/** Scores the plugin's fair value against mid and microprice over a path. Moments without a two-sided book count for none. */
export function scorePath(
  path: MarketPath,
  config: Readonly<Record<string, unknown>> = {},
  parameters?: (key: string) => unknown,
  estimate?: (name: string, now: number) => Estimate | null,
): PathScore {
  const run = new ModelRun(kalmanFairValue, path, { ...config, publishMs: 0 }, parameters, estimate);
  const brier = { fair: 0, mid: 0, microprice: 0 };
  const log = { fair: 0, mid: 0, microprice: 0 };
  let brierOfTruth = 0;
  let samples = 0;
  let covered = 0;
  let fair = NaN;
  let low = NaN;
  let high = NaN;
  const { bid, ask, bidSize, askSize } = path.quotes;
  path.truth.forEach((p, i) => {
    const time = (i + 1) * SAMPLE_MS;
    run.until(time, (said) => {
      for (const one of said === undefined ? [] : Array.isArray(said) ? said : [said]) {
        fair = one.value;
        low = one.low;
        high = one.high;
      }
    });
    const q = run.last;
    if (time < WARM_UP_MS || q < 0 || bid[q] < 0 || ask[q] < 0 || Number.isNaN(fair)) return;
    const [b, a] = [bid[q] / PRICE_ONE, ask[q] / PRICE_ONE];
    const said = { fair, mid: mid(b, a), microprice: microprice(b, a, bidSize[q], askSize[q]) };
    for (const who of FORECASTERS) {
      brier[who] += expectedBrier(said[who], p);
      log[who] += expectedLog(said[who], p);
    }
    brierOfTruth += p * (1 - p);
    samples++;
    if (p >= low && p <= high) covered++;
  });
  return { samples, brier, log, brierOfTruth, covered };
}
