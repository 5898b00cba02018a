/** What is left of a loss limit, in money. */
export interface LossRoom {
  readonly left: number;
  readonly most: number;
  readonly ppm: number;
  /** Less than a fifth is left. */
  readonly near: boolean;
}

interface Limits {
  readonly limits: readonly { readonly rule: string; readonly limit: number; readonly headroom: number }[];
}

/** A loss limit is a share (ppm) of a base: the day's, or the peak. `null` while the engine has not reported it. */
export function lossRoom({ limits }: Limits, rule: string, base: number): LossRoom | null {
  const found = limits.find((each) => each.rule === rule);
  if (!found) return null;
  const of = (ppm: number): number => Math.round((base * ppm) / 1e6);
  const left = of(Math.max(0, found.headroom));
  const most = of(found.limit);
  return { left, most, ppm: found.limit, near: left * 5 < most };
}
