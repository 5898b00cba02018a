import { kMeans, quantileBins, type Labels } from './clusters.js';
import type { HmmParameters, HmmRows } from './hmm.types.js';

/** How the rows are first put into groups. */
export type StartKind = 'clusters' | 'volatility' | 'rolling' | 'stretches' | 'breaks';

const KINDS: readonly StartKind[] = ['volatility', 'rolling', 'clusters', 'stretches', 'breaks'];
/** Rows a rolling mean looks back on; one is drawn for each start. */
const WINDOWS = [1, 5, 10, 20, 40];
/** Probability of staying; one is drawn for each start. */
const STICKY = [0.5, 0.9, 0.9, 0.98];

/** The present rows in units of their spread, row-major, with the moments they came from. */
interface Standardised {
  readonly points: Float64Array;
  readonly count: number;
  readonly width: number;
}

/**
 * The `index`-th starting point for EM: groups of rows by volatility bins, by k-means on the values and their rolling
 * variance, by k-means on the values, in random stretches, or cut once per state, in turn; then each group's mean and variance with sticky
 * transitions. Regimes of prices differ in variance far more than in mean, which k-means on the values alone cannot see.
 *
 * @param moments of the rows, as `featureMoments` gives them.
 */
export function startingPoint(
  rows: HmmRows,
  moments: { readonly means: Float64Array; readonly variances: Float64Array },
  states: number,
  index: number,
  random: () => number,
): HmmParameters {
  const standard = standardise(rows, moments);
  const labels = groupsOf(standard, states, KINDS[index % KINDS.length], random);
  const stay = states === 1 ? 1 : STICKY[Math.floor(random() * STICKY.length)];
  return fromGroups(standard, labels, states, stay, moments);
}

function groupsOf(data: Standardised, states: number, kind: StartKind, random: () => number): Labels {
  const window = WINDOWS[Math.floor(random() * WINDOWS.length)];
  switch (kind) {
    case 'volatility': {
      const sizes = rollingMean(data, window, 1);
      return quantileBins(sizes, states);
    }
    case 'rolling': {
      const squares = rollingMean(data, Math.max(window, 5), 2);
      const points = new Float64Array(data.count * (data.width + 1));
      for (let t = 0; t < data.count; t++) {
        for (let d = 0; d < data.width; d++) points[t * (data.width + 1) + d] = 0.5 * data.points[t * data.width + d];
        points[t * (data.width + 1) + data.width] = Math.log(squares[t] + 1e-6);
      }
      return kMeans(points, data.width + 1, states, random);
    }
    case 'clusters':
      return kMeans(data.points, data.width, states, random);
    case 'stretches':
      return stretches(data.count, states, random);
    case 'breaks':
      return breaks(data.count, states, random);
  }
}

/** Means and variances of each group; a group of fewer than two rows takes the variance of all. */
function fromGroups(
  data: Standardised,
  labels: Labels,
  states: number,
  stay: number,
  moments: { readonly means: Float64Array; readonly variances: Float64Array },
): HmmParameters {
  const { points, count, width } = data;
  const sizes = new Float64Array(states);
  const means = new Float64Array(states * width);
  const variances = new Float64Array(states * width);
  for (let t = 0; t < count; t++) {
    sizes[labels[t]]++;
    for (let d = 0; d < width; d++) means[labels[t] * width + d] += points[t * width + d];
  }
  for (let i = 0; i < means.length; i++) means[i] /= Math.max(sizes[Math.floor(i / width)], 1);
  for (let t = 0; t < count; t++)
    for (let d = 0; d < width; d++)
      variances[labels[t] * width + d] += (points[t * width + d] - means[labels[t] * width + d]) ** 2;
  for (let i = 0; i < means.length; i++) {
    const size = sizes[Math.floor(i / width)];
    const spread = Math.max(moments.variances[i % width], Number.MIN_VALUE);
    variances[i] = Math.max(size > 1 ? variances[i] / size : 1, 1e-4) * spread;
    means[i] = moments.means[i % width] + means[i] * Math.sqrt(moments.variances[i % width]);
  }
  const transitions = new Float64Array(states * states).fill((1 - stay) / Math.max(states - 1, 1));
  for (let k = 0; k < states; k++) transitions[k * states + k] = stay;
  return {
    states,
    features: width,
    start: new Float64Array(states).fill(1 / states),
    transitions,
    means,
    variances,
  };
}

function standardise(
  rows: HmmRows,
  moments: { readonly means: Float64Array; readonly variances: Float64Array },
): Standardised {
  const { values, features: width } = rows;
  const points = new Float64Array(values.length);
  let count = 0;
  for (let from = 0; from < values.length; from += width) {
    let missing = false;
    for (let d = 0; d < width; d++) {
      const spread = Math.sqrt(moments.variances[d]);
      const value = (values[from + d] - moments.means[d]) / (spread > 0 ? spread : 1);
      points[count * width + d] = value;
      if (value !== value) missing = true;
    }
    if (!missing) count++;
  }
  return { points: points.subarray(0, count * width), count, width };
}

/** Mean over the last `window` rows of |value − median|^power, averaged over the features (n). */
function rollingMean({ points, count, width }: Standardised, window: number, power: 1 | 2): Float64Array {
  const sizes = new Float64Array(count);
  const column = new Float64Array(count);
  for (let d = 0; d < width; d++) {
    for (let t = 0; t < count; t++) column[t] = points[t * width + d];
    const median = column.slice().sort()[count >> 1];
    for (let t = 0; t < count; t++) {
      const off = Math.abs(column[t] - median);
      sizes[t] += (power === 1 ? off : off * off) / width;
    }
  }
  const means = new Float64Array(count);
  let sum = 0;
  for (let t = 0; t < count; t++) {
    sum += sizes[t] - (t >= window ? sizes[t - window] : 0);
    means[t] = Math.max(sum, 0) / Math.min(t + 1, window);
  }
  return means;
}

/** Stretches of rows that stay in one group and then move to any other, about ten rows long. */
function stretches(count: number, groups: number, random: () => number): Labels {
  const labels = new Uint8Array(count);
  let group = Math.floor(random() * groups);
  for (let t = 0; t < count; t++) {
    if (random() < 0.1) group = Math.floor(random() * groups);
    labels[t] = group;
  }
  return labels;
}

/** As many long parts as groups, cut at random; parts near an end may be short. */
function breaks(count: number, groups: number, random: () => number): Labels {
  const labels = new Uint8Array(count);
  const cuts = Array.from({ length: groups - 1 }, () => {
    const u = random();
    // Both ends are as likely as the whole middle: what changed lately or just at the beginning is short.
    return Math.floor((random() < 0.5 ? u : u < 0.5 ? 0.2 * u : 0.8 + 0.2 * u) * count);
  }).sort((a, b) => a - b);
  for (const cut of cuts) for (let t = cut; t < count; t++) labels[t]++;
  return labels;
}
