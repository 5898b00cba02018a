import type { Instant } from '#core';

/** Equal stretches of time of which returns are taken, and how many of them say enough. The coarsest that do are shown. */
export const PERIODS = [
  { name: 'day', ms: 86_400_000, least: 10 },
  { name: 'hour', ms: 3_600_000, least: 24 },
  { name: 'minute', ms: 60_000, least: 30 },
  { name: 'second', ms: 1_000, least: 0 },
] as const;
export type Period = (typeof PERIODS)[number];
export type PeriodName = Period['name'];

interface Worth {
  readonly at: Instant;
  readonly equity: number;
}

/** Of fewer nothing is said. */
export const LEAST_RETURNS = 3;

/** The period to show a stretch of time by. */
export const periodOf = (spanMs: number): Period =>
  PERIODS.find(({ ms, least }) => spanMs / ms >= least) ?? PERIODS[PERIODS.length - 1];

/** Equity at the end of every period; a period without a point keeps the one before. */
export function gridOf(curve: readonly Worth[], ms: number): readonly number[] {
  const values: number[] = [];
  let slot = -1;
  for (const { at, equity } of curve) {
    const now = Math.floor(at / ms);
    if (slot >= 0) for (; slot + 1 < now; slot++) values.push(values[values.length - 1]);
    if (now === slot) values[values.length - 1] = equity;
    else values.push(equity);
    slot = now;
  }
  return values;
}

/** Relative change from period to period. */
export function returnsOn(equity: readonly number[]): readonly number[] {
  const returns: number[] = [];
  for (let i = 1; i < equity.length; i++) returns.push(equity[i] / equity[i - 1] - 1);
  return returns;
}
