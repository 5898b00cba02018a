import { compoundGrowth, deepestDrawdown, equityOf, hitRate, profitFactor } from './equity.js';
import { momentsOf, type Moments } from './moments.js';
import { downsideDeviation, sharpeRatio, sortinoRatio } from './sharpe.js';

/** Figures of a series of simple returns. `null` is undefined, never 0. */
export interface Performance {
  readonly moments: Moments;
  readonly sharpePerPeriod: number | null;
  readonly sharpeAnnual: number | null;
  readonly sortinoAnnual: number | null;
  readonly downsideDeviation: number;
  readonly maxDrawdown: number;
  readonly maxDrawdownAbs: number;
  readonly drawdownPeakIndex: number;
  readonly drawdownTroughIndex: number;
  readonly maxUnderwaterPeriods: number;
  readonly totalReturn: number;
  readonly cagr: number | null;
  /** CAGR over the deepest drawdown; `null` without one. */
  readonly calmar: number | null;
  readonly hitRate: number | null;
  readonly profitFactor: number | null;
}

/**
 * @param returns simple returns per period, in order: change of equity over the equity before.
 * @param periodsPerYear 365 for days: these markets never close.
 * @param start equity before the first return, for the drawdown in money.
 * @throws UserProblem when equity is 0 or below at a high.
 */
export function performanceOf(returns: ArrayLike<number>, periodsPerYear = 365, start = 1): Performance {
  const moments = momentsOf(returns);
  const equity = equityOf(returns, start);
  const fall = deepestDrawdown(equity);
  const cagr = compoundGrowth(equity, periodsPerYear);
  const perYear = (ratio: number | null): number | null => (ratio === null ? null : ratio * Math.sqrt(periodsPerYear));
  const sharpePerPeriod = sharpeRatio(moments);
  return {
    moments,
    sharpePerPeriod,
    sharpeAnnual: perYear(sharpePerPeriod),
    sortinoAnnual: perYear(sortinoRatio(returns)),
    downsideDeviation: downsideDeviation(returns),
    maxDrawdown: fall.share,
    maxDrawdownAbs: fall.amount,
    drawdownPeakIndex: fall.peak,
    drawdownTroughIndex: fall.trough,
    maxUnderwaterPeriods: fall.longestUnderwater,
    totalReturn: equity[equity.length - 1] / start - 1,
    cagr,
    calmar: cagr !== null && fall.share > 0 ? cagr / fall.share : null,
    hitRate: hitRate(returns),
    profitFactor: profitFactor(returns),
  };
}
