import { bracketedRoot } from './root.js';

/** Nodes and weights of ∫ e^(−t²) f(t) dt; only the positive nodes, because both are symmetric and their number is even. */
export interface HermiteRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Hermite rule of an even order up to about 100. All roots lie below √(2n + 1) and are at least π/√(2n + 1) apart
 * (Szegő, Orthogonal Polynomials, 6.31), so a walk in finer steps meets each of them alone.
 */
export function hermiteRule(order: number): HermiteRule {
  const nodes: number[] = [];
  const weights: number[] = [];
  const reach = Math.sqrt(2 * order + 1);
  const step = 1 / reach;
  for (let x = 0; x < reach; x += step) {
    if (normalised(order, x) > 0 === normalised(order, x + step) > 0) continue;
    const node = bracketedRoot((at) => normalised(order, at), x, x + step).x;
    nodes.push(node);
    weights.push(1 / (order * normalised(order - 1, node) ** 2));
  }
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights) };
}

/** Hermite polynomial scaled to length 1 under the weight e^(−t²), by its recurrence. */
function normalised(order: number, x: number): number {
  let before = 0;
  let value = Math.PI ** -0.25;
  for (let k = 0; k < order; k++) {
    const next = x * Math.sqrt(2 / (k + 1)) * value - Math.sqrt(k / (k + 1)) * before;
    before = value;
    value = next;
  }
  return value;
}
