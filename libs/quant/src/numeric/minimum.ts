export interface Minimised {
  readonly x: number;
  readonly value: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * A local minimum of `f` between `low` and `high`, to `tolerance` in `x`; `start` is where to begin. Parabolic steps that
 * fall back to the golden section. The minimum is known to about √ε of `x`, whatever the tolerance. Source: Brent 1973,
 * chapter 5.
 */
export function bracketedMinimum(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-8,
  start = low + GOLDEN * (high - low),
  most = 100,
): Minimised {
  let a = low;
  let b = high;
  let x = start;
  let w = x;
  let v = x;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let before = 0;
  for (let evaluations = 1; evaluations < most; evaluations++) {
    const middle = (a + b) / 2;
    const close = tolerance * (1 + Math.abs(x));
    if (Math.abs(x - middle) <= 2 * close - (b - a) / 2) return { x, value: fx, evaluations, converged: true };
    let parabolic = false;
    if (Math.abs(before) > close) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      if (Math.abs(p) < Math.abs((q * before) / 2) && p > q * (a - x) && p < q * (b - x)) {
        parabolic = true;
        before = step;
        step = p / q;
        const u = x + step;
        if (u - a < 2 * close || b - u < 2 * close) step = x < middle ? close : -close;
      }
    }
    if (!parabolic) {
      before = x < middle ? b - x : a - x;
      step = GOLDEN * before;
    }
    const u = x + (Math.abs(step) >= close ? step : Math.sign(step) * close);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return { x, value: fx, evaluations: most, converged: false };
}
