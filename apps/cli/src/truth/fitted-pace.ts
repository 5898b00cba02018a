import { fitMids, levelOf } from '#plugins';
import { scorePath } from './forecasts.js';
import { afterMinute } from './quickened.js';
import { SAMPLE_MS, type MarketPath } from './market-path.js';

/** A fair value at the pace of its settings, and at the pace that a job's fit of the hours before told: sums over `samples`. */
export interface FittedPace {
  readonly samples: number;
  /** Squared error against the truth. */
  readonly set: number;
  readonly fitted: number;
  /** Samples whose true probability lay within the 95 % band. */
  readonly coveredSet: number;
  readonly coveredFitted: number;
}

/** Minutes the fit looks back on, and that are judged after it: the job looks back on four hours. */
export const PACE_MINUTES = 240;
const MINUTE_MS = 60_000;

/** Fits a path's first four hours as the job does and judges the next four with that and without. */
export function scoreFittedPace(path: MarketPath): FittedPace {
  const { quotes } = path;
  const until = quotes.at.findIndex((at) => at >= PACE_MINUTES * MINUTE_MS);
  const first = (column: Float64Array): Float64Array => column.subarray(0, until < 0 ? column.length : until);
  const fit = fitMids({
    at: first(quotes.at),
    bid: first(quotes.bid),
    ask: first(quotes.ask),
    bidSize: first(quotes.bidSize),
    askSize: first(quotes.askSize),
    trusted: Array.from(first(quotes.at), () => true),
  });
  const level = fit && levelOf(fit, null, 0);
  const whole = afterMinute(path, PACE_MINUTES);
  const later = { ...whole, truth: whole.truth.subarray(0, (PACE_MINUTES * MINUTE_MS) / SAMPLE_MS) };
  const set = scorePath(later, { volatileFaster: 1 });
  const fitted = level === null ? set : scorePath(later, { volatileFaster: 1 }, () => level);
  return {
    samples: set.samples,
    set: set.brier.fair - set.brierOfTruth,
    fitted: fitted.brier.fair - fitted.brierOfTruth,
    coveredSet: set.covered,
    coveredFitted: fitted.covered,
  };
}
