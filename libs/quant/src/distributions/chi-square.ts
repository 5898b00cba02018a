import { Defect } from '#core';
import jstat from 'jstat';

/**
 * P(X > x) of a chi-square variable with `degrees` of freedom. By jstat: a test's p-value needs few digits, and is never
 * compared with a price.
 *
 * @throws Defect for degrees below 1 or an x that is no number.
 */
export function chiSquareSf(x: number, degrees: number): number {
  if (!(degrees >= 1) || Number.isNaN(x)) throw new Defect(`chi-square of ${degrees} degrees at ${x}`);
  return x <= 0 ? 1 : 1 - jstat.chisquare.cdf(x, degrees);
}
