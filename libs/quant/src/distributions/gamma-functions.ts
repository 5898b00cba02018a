const HALF_LN_2PI = 0.5 * Math.log(2 * Math.PI);
/** From here on Stirling's series is exact to a double. */
const LARGE = 10;

/** ln Γ(x) less Stirling's (x − ½) ln x − x + ½ ln 2π, for x ≥ 10. Source: Abramowitz & Stegun 6.1.41. */
function stirlingRest(x: number): number {
  const z = 1 / (x * x);
  return (
    (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360_360 - z * (1 / 156))))))) /
    x
  );
}

/** ln Γ(x) for x > 0, to about 1e-15 of max(1, |it|): the recurrence up to 10, Stirling's series from there. */
export function logGamma(x: number): number {
  let below = 1;
  let at = x;
  while (at < LARGE) {
    below *= at;
    at += 1;
  }
  return (at - 0.5) * Math.log(at) - at + HALF_LN_2PI + stirlingRest(at) - (below === 1 ? 0 : Math.log(below));
}

/**
 * ln B(a, b) for a, b > 0. The large parts of the three ln Γ are cancelled by algebra rather than by subtraction, so a
 * thousand pseudo-counts cost no digits.
 */
export function logBeta(a: number, b: number): number {
  const small = a < b ? a : b;
  const large = a < b ? b : a;
  if (large < LARGE) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const ratio = small / large;
  const rest = stirlingRest(large) - stirlingRest(small + large);
  const shared = (small + large - 0.5) * Math.log1p(ratio);
  if (small < LARGE) return logGamma(small) - shared - small * Math.log(large) + small + rest;
  return HALF_LN_2PI - 0.5 * Math.log(small) + small * Math.log(ratio) - shared + stirlingRest(small) + rest;
}

/** ψ(x) = d ln Γ / dx for x > 0. Source: Abramowitz & Stegun 6.3.5, 6.3.18. */
export function digamma(x: number): number {
  let at = x;
  let sum = 0;
  while (at < LARGE) {
    sum -= 1 / at;
    at += 1;
  }
  const z = 1 / (at * at);
  const series =
    z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32_760 - z / 12))))));
  return sum + Math.log(at) - 0.5 / at - series;
}

/** ψ′(x) for x > 0. Source: Abramowitz & Stegun 6.4.6, 6.4.12. */
export function trigamma(x: number): number {
  let at = x;
  let sum = 0;
  while (at < LARGE) {
    sum += 1 / (at * at);
    at += 1;
  }
  const z = 1 / (at * at);
  const series =
    z * (1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - z * (5 / 66 - z * (691 / 2_730 - (z * 7) / 6))))));
  return sum + (1 + 0.5 / at + series) / at;
}
