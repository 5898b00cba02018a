/** Rows put into groups: n labels in 0 … groups−1. */
export type Labels = Uint8Array;

/**
 * k-means with k-means++ seeds on n × D rows (no missing values), at most `rounds` rounds of Lloyd's algorithm.
 * An empty cluster takes the row that fits worst. Source: Arthur & Vassilvitskii 2007.
 */
export function kMeans(points: Float64Array, width: number, groups: number, random: () => number, rounds = 20): Labels {
  const count = points.length / width;
  const centres = seeds(points, width, groups, random);
  const labels = new Uint8Array(count);
  const sizes = new Float64Array(groups);
  for (let round = 0; round < rounds; round++) {
    let moved = 0;
    let worst = 0;
    let worstDistance = -1;
    for (let t = 0; t < count; t++) {
      let best = 0;
      let least = Infinity;
      for (let k = 0; k < groups; k++) {
        const off = squared(points, t * width, centres, k * width, width);
        if (off < least) {
          least = off;
          best = k;
        }
      }
      if (labels[t] !== best || round === 0) moved++;
      labels[t] = best;
      if (least > worstDistance) {
        worstDistance = least;
        worst = t;
      }
    }
    if (moved === 0) break;
    centres.fill(0);
    sizes.fill(0);
    for (let t = 0; t < count; t++) {
      sizes[labels[t]]++;
      for (let d = 0; d < width; d++) centres[labels[t] * width + d] += points[t * width + d];
    }
    for (let k = 0; k < groups; k++) {
      for (let d = 0; d < width; d++) {
        const at = k * width + d;
        centres[at] = sizes[k] > 0 ? centres[at] / sizes[k] : points[worst * width + d];
      }
    }
  }
  return labels;
}

/** Equal shares of the rows by rank of their score, lowest first. */
export function quantileBins(scores: Float64Array, groups: number): Labels {
  const order = Array.from(scores, (_, t) => t).sort((a, b) => scores[a] - scores[b] || a - b);
  const labels = new Uint8Array(scores.length);
  order.forEach((t, rank) => (labels[t] = Math.floor((rank * groups) / scores.length)));
  return labels;
}

function seeds(points: Float64Array, width: number, groups: number, random: () => number): Float64Array {
  const count = points.length / width;
  const centres = new Float64Array(groups * width);
  const nearest = new Float64Array(count).fill(Infinity);
  let pick = Math.min(count - 1, Math.floor(random() * count));
  for (let k = 0; k < groups; k++) {
    centres.set(points.subarray(pick * width, (pick + 1) * width), k * width);
    let total = 0;
    for (let t = 0; t < count; t++) {
      nearest[t] = Math.min(nearest[t], squared(points, t * width, centres, k * width, width));
      total += nearest[t];
    }
    let left = random() * total;
    pick = 0;
    while (pick < count - 1 && (left -= nearest[pick]) > 0) pick++;
  }
  return centres;
}

function squared(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (a[i + d] - b[j + d]) ** 2;
  return sum;
}
