import type { NewsResponse } from '#quant';

/** Keys under which jobs put what they learned on the tape, for the plugin `news-impulse`. */
export const RESPONSE_KEY = 'response';
export const sourceKey = (source: string): string => `source:${source}`;

/** Shrunk accuracy of a source (math 9.1): half right is worth nothing, and few cases prove little. */
export const sourceWeight = (hits: number, judged: number): number => Math.max(0, ((hits + 5) / (judged + 10)) * 2 - 1);

export function weightOf(parameters: unknown, unknown: number): number {
  const weight = (parameters as { weight?: unknown } | undefined)?.weight;
  return typeof weight === 'number' && weight >= 0 && weight <= 1 ? weight : unknown;
}

/** A fitted response as it is on the tape; `null` without one that makes sense. */
export function responseOf(parameters: unknown): Omit<NewsResponse, 'most'> | null {
  const { slope, slopeError, residualVariance } = (parameters ?? {}) as Partial<Record<keyof NewsResponse, unknown>>;
  if (typeof slope !== 'number' || typeof slopeError !== 'number' || typeof residualVariance !== 'number') return null;
  return Number.isFinite(slope) && slopeError >= 0 && residualVariance >= 0
    ? { slope, slopeError, residualVariance }
    : null;
}
