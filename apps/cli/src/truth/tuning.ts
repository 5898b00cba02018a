import { BOOKS } from './books.js';
import { scorePath } from './forecasts.js';
import { walk, type MarketPath } from './market-path.js';
import { scorePool } from './pool-score.js';

/** What may be chosen of the Kalman fair value; each is tried with the others held. */
const CHOICES: Readonly<Record<string, readonly (number | boolean)[]>> = {
  useMicroprice: [false, true],
  volatility: [0.25, 0.5, 1, 2, 3, 4],
  rFloor: [1e-4, 1e-3, 5e-3, 2e-2],
  depthRef: [5, 20, 100],
  gate: [1, 1.5, 2, 3],
  jumpAfter: [2, 3, 4, 6],
};
export type Choice = Readonly<Record<string, number | boolean>>;

export interface Tuned {
  readonly choice: Choice;
  /** Mean over the classes of books of ln(error of the fair value / error of mid); below 0 it is nearer to the truth. */
  readonly score: number;
}

/** Weights of the quotes that are tried for the pool; 1 is the quotes alone. */
const POOL_WEIGHTS = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const HOURS = 2;
const ROUNDS = 3;

/**
 * Chooses defaults on these seeds: one setting after another to its best value, until a round changes nothing. Squared error
 * against the truth, relative to that of mid, so that deep and thin books count alike.
 */
export function tune(seeds: Seeds, start: Choice, told: (tuned: Tuned) => void = () => {}): Tuned {
  const books = booksOf(seeds);
  let best: Tuned = { choice: start, score: score(books, start) };
  told(best);
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (const [name, values] of Object.entries(CHOICES)) {
      for (const value of values) {
        if (best.choice[name] === value) continue;
        const choice = { ...best.choice, [name]: value };
        const found = score(books, choice);
        if (found < best.score) best = { choice, score: found };
      }
    }
    told(best);
    if (best === before) break;
  }
  return best;
}

/** The weight of the quotes in a pool that is best on these seeds, by ln(error of the pool / error of the quotes). */
export function tunePool(seeds: Seeds, told: (tuned: Tuned) => void = () => {}): Tuned {
  const books = booksOf(seeds);
  let best: Tuned = { choice: { weight: 1 }, score: Infinity };
  for (const weight of POOL_WEIGHTS) {
    let sum = 0;
    for (const paths of books) {
      let pool = 0;
      let quotes = 0;
      for (const path of paths) {
        const { error } = scorePool(path, { weight });
        pool += error.pool;
        quotes += error.quotes;
      }
      sum += Math.log(pool / quotes);
    }
    const tuned = { choice: { weight }, score: sum / books.length };
    told(tuned);
    if (tuned.score < best.score) best = tuned;
  }
  return best;
}

interface Seeds {
  readonly from: number;
  readonly to: number;
}

/** Paths of each class of books. */
const booksOf = (seeds: Seeds): readonly (readonly MarketPath[])[] =>
  BOOKS.map(({ markets }) => {
    const paths: MarketPath[] = [];
    for (let seed = seeds.from; seed <= seeds.to; seed++)
      for (const { key, venue } of markets) paths.push(walk(seed, key, venue, HOURS));
    return paths;
  });

function score(books: readonly (readonly MarketPath[])[], choice: Choice): number {
  let sum = 0;
  for (const paths of books) {
    let fair = 0;
    let mid = 0;
    for (const path of paths) {
      const { brier, brierOfTruth } = scorePath(path, choice);
      fair += brier.fair - brierOfTruth;
      mid += brier.mid - brierOfTruth;
    }
    sum += Math.log(fair / mid);
  }
  return sum / books.length;
}
