import { cosine, DUPLICATE_FROM, jaccard, novelty, tfidf } from './similarity.js';

/** A text in a story: its words, and when it was received, ms. */
export interface Told {
  readonly id: string;
  readonly words: readonly string[];
  readonly at: number;
}

/** How many earlier items of a topic an item is held against (math 9.2). */
export const STORY_LENGTH = 500;

/**
 * What an item adds to what was told before it (math 9.2): similarity is the larger of Jaccard and TF-IDF cosine over the
 * item and the newest `STORY_LENGTH` of `earlier`, which come oldest first. A duplicate names the item it repeats.
 */
export function addsTo(item: Omit<Told, 'id'>, earlier: readonly Told[]): { novelty: number; echoOf: string | null } {
  const before = earlier.length > STORY_LENGTH ? earlier.slice(-STORY_LENGTH) : earlier;
  if (before.length === 0) return { novelty: 1, echoOf: null };
  const vectors = tfidf([item.words, ...before.map(({ words }) => words)]);
  const alike = before.map(({ words, at }, i) => ({
    similarity: Math.max(jaccard(item.words, words), cosine(vectors[0], vectors[i + 1])),
    age: Math.max(0, item.at - at) / 1_000,
  }));
  // The first one told is the one repeated.
  const repeated = alike.findIndex(({ similarity }) => similarity >= DUPLICATE_FROM);
  return { novelty: novelty(alike), echoOf: repeated < 0 ? null : before[repeated].id };
}
