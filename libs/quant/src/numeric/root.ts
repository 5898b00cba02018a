import { Defect } from '#core';

export interface Solved {
  readonly x: number;
  /** Function values that were needed. */
  readonly evaluations: number;
  readonly converged: boolean;
}

const EPSILON = Number.EPSILON;

/**
 * Root of a continuous `f` between `low` and `high`, where its signs differ (or one is zero), to `tolerance` in `x`.
 * Inverse quadratic steps that fall back to halving: it cannot leave the bracket. Source: Brent 1973, chapter 4.
 *
 * @throws Defect when the signs do not differ or a value is not a number.
 */
export function bracketedRoot(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-15,
  most = 200,
): Solved {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return { x: a, evaluations: 2, converged: true };
  if (!(fa * fb <= 0)) throw new Defect(`no change of sign between ${low} (${fa}) and ${high} (${fb})`);
  let c = a;
  let fc = fa;
  let step = b - a;
  let before = step;
  for (let evaluations = 2; evaluations < most; evaluations++) {
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      before = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const close = 2 * EPSILON * Math.abs(b) + tolerance / 2;
    const half = (c - b) / 2;
    if (Math.abs(half) <= close || fb === 0) return { x: b, evaluations, converged: true };
    if (Math.abs(before) < close || Math.abs(fa) <= Math.abs(fb)) {
      step = half;
      before = half;
    } else {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fb / fc;
        const t = fa / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(close * q), Math.abs(before * q))) {
        before = step;
        step = p / q;
      } else {
        step = half;
        before = half;
      }
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > close ? step : Math.sign(half) * close;
    fb = f(b);
  }
  return { x: b, evaluations: most, converged: false };
}
