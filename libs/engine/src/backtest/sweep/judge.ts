import { deepestDrawdown, deflatedSharpe, momentsOf, probabilisticSharpe, sharpeRatio, type Moments } from '#quant';
import type { EquityPoint } from '../collector.js';
import { gridOf, periodOf, returnsOn, type Period } from '../returns.js';
import type { SweepWindow } from './windows.js';

export const SWEEP_GOALS = ['sharpe', 'profit'] as const;
export type SweepGoal = (typeof SWEEP_GOALS)[number];

/** What came of one set on one part of one window. Profit in micro-dollars; `moments` of the period's returns. */
export interface SweepRunFacts {
  readonly set: number;
  readonly window: number;
  readonly part: 'train' | 'test';
  readonly profit: number;
  readonly moments: Moments | null;
}

/** The set that training would have taken, and what it was worth afterwards. */
export interface SweepChoice {
  readonly window: number;
  readonly set: number;
  readonly train: SweepRunFacts;
  /** `null` until its run is done. */
  readonly test: SweepRunFacts | null;
  /**
   * Probability that the chosen set's true Sharpe ratio in training is above what the best of as many sets shows by chance
   * (math.md 12); `null` where it is not defined.
   */
  readonly deflated: number | null;
  /** Sets it was chosen from. */
  readonly tried: number;
}

/** The chosen sets' tests, one after the other, each with the same cash to begin with. */
export interface OutOfSample {
  /** Micro-dollars. */
  readonly profit: number;
  readonly drawdown: number;
  readonly period: string;
  readonly periods: number;
  /** Of one period, not of a year. */
  readonly sharpe: number | null;
  /** Probability that the true Sharpe ratio is above 0, and above what chance shows over every set tried. */
  readonly psr: number | null;
  readonly deflated: number | null;
  readonly tried: number;
  readonly curve: readonly { readonly at: number; readonly equity: number }[];
}

/** The period all runs of a sweep are compared by: that of its shortest part. */
export const sweepPeriod = (windows: readonly SweepWindow[]): Period =>
  periodOf(Math.min(...windows.flatMap(({ train, test }) => [train, test].map((span) => span.toAt - span.fromAt))));

/** For every window the best set of its training; windows of which nothing can be said are left out. */
export function choicesOf(runs: readonly SweepRunFacts[], goal: SweepGoal): readonly SweepChoice[] {
  const windows = [...new Set(runs.map(({ window }) => window))].sort((a, b) => a - b);
  return windows.flatMap((window) => {
    const trained = runs.filter((run) => run.window === window && run.part === 'train');
    const best = trained
      .filter((run) => scoreOf(run, goal) !== null)
      .toSorted((a, b) => scoreOf(b, goal)! - scoreOf(a, goal)! || a.set - b.set)
      .at(0);
    if (best === undefined) return [];
    const test = runs.find((run) => run.window === window && run.part === 'test' && run.set === best.set) ?? null;
    return [
      {
        window,
        set: best.set,
        train: best,
        test,
        tried: trained.length,
        deflated: deflatedOver(best.moments, trained),
      },
    ];
  });
}

/**
 * What a person who followed the choices would have seen. The deflated Sharpe ratio counts every training run of every
 * window as a trial, for a person who looks at the tests and searches again.
 *
 * @param curves of the chosen sets' tests, in the order of their windows.
 */
export function outOfSampleOf(
  curves: readonly (readonly Pick<EquityPoint, 'at' | 'equity'>[])[],
  runs: readonly SweepRunFacts[],
  { name, ms }: Period,
): OutOfSample {
  const trained = runs.filter(({ part }) => part === 'train');
  const opening = curves.find((curve) => curve.length > 0)?.[0].equity ?? 0;
  const joined: { readonly at: number; readonly equity: number }[] = [];
  let gained = 0;
  for (const curve of curves) {
    if (curve.length === 0) continue;
    for (const { at, equity } of curve) joined.push({ at, equity: opening + gained + equity - curve[0].equity });
    gained += curve[curve.length - 1].equity - curve[0].equity;
  }
  const returns = curves.flatMap((curve) => returnsOn(gridOf(curve, ms)));
  const moments = momentsOf(returns);
  const solid = joined.length > 0 && joined.every(({ equity }) => equity > 0);
  return {
    profit: gained,
    drawdown: solid ? deepestDrawdown(joined.map(({ equity }) => equity)).share : 0,
    period: name,
    periods: returns.length,
    sharpe: sharpeRatio(moments),
    psr: probabilisticSharpe(moments),
    deflated: deflatedOver(moments, trained),
    tried: trained.length,
    curve: joined,
  };
}

export const sharpeOf = ({ moments }: Pick<SweepRunFacts, 'moments'>): number | null =>
  moments === null ? null : sharpeRatio(moments);

const scoreOf = (run: SweepRunFacts, goal: SweepGoal): number | null =>
  goal === 'profit' ? run.profit : sharpeOf(run);

/** Sets that never traded have no Sharpe ratio, but they were tried: they count, and do not widen the spread. */
function deflatedOver(moments: Moments | null, trained: readonly SweepRunFacts[]): number | null {
  if (moments === null || trained.length === 0) return null;
  const ratios = trained.map(sharpeOf).filter((one) => one !== null);
  if (trained.length > 1 && ratios.length < 2) return null;
  const spread = momentsOf(ratios).stdev ?? 0;
  return deflatedSharpe(moments, trained.length, spread * spread);
}
