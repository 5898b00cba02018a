const YEAR_DAYS = 365;

/**
 * A return over `days` as a yearly one, simple and compounded (math: roi × 365 / T and expm1(log1p(roi) × 365 / T)).
 * `null` when the time is unknown or over: then nothing can be said per year.
 */
export function annualised(
  roi: number,
  days: number | null,
): { readonly simple: number; readonly compound: number } | null {
  if (days === null || !(days > 0)) return null;
  return { simple: (roi * YEAR_DAYS) / days, compound: Math.expm1((Math.log1p(roi) * YEAR_DAYS) / days) };
}
