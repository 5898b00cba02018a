import { UserProblem } from '#core';

export interface Regression {
  readonly intercept: number;
  readonly slope: number;
  /** Standard error of the slope that holds when the noise differs from point to point (HC1). */
  readonly seSlope: number;
  /** `null` without a standard error above 0. */
  readonly tSlope: number | null;
  /** Share of y's variance that the line explains; `null` where y does not vary. */
  readonly r2: number | null;
}

/**
 * Least squares y = intercept + slope·x with White's standard errors, scaled by n/(n−2). Source: MacKinnon & White 1985.
 *
 * @throws UserProblem when the lists differ in length, have fewer than three points or x does not vary.
 */
export function regress(x: ArrayLike<number>, y: ArrayLike<number>): Regression {
  const n = x.length;
  if (n !== y.length || n < 3)
    throw new UserProblem(`a regression needs at least three pairs, not ${n} and ${y.length}`);
  let mx = 0;
  let my = 0;
  for (let i = 0; i < n; i++) {
    mx += x[i] / n;
    my += y[i] / n;
  }
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < n; i++) {
    sxx += (x[i] - mx) ** 2;
    sxy += (x[i] - mx) * (y[i] - my);
    syy += (y[i] - my) ** 2;
  }
  if (!(sxx > 0)) throw new UserProblem('a regression needs an x that varies');
  const slope = sxy / sxx;
  const intercept = my - slope * mx;
  let residual = 0;
  let meat = 0;
  for (let i = 0; i < n; i++) {
    const e = y[i] - intercept - slope * x[i];
    residual += e * e;
    meat += (x[i] - mx) ** 2 * e * e;
  }
  const seSlope = Math.sqrt((n / (n - 2)) * meat) / sxx;
  return {
    intercept,
    slope,
    seSlope,
    tSlope: seSlope > 0 ? slope / seSlope : null,
    r2: syy > 0 ? 1 - residual / syy : null,
  };
}
