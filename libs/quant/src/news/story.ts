import { DUPLICATE_FROM, novelty, wordCounts, type WordVector } from './similarity.js';

/** A text in a story: its words, and when it was received, ms. */
export interface Told {
  readonly id: string;
  readonly words: readonly string[];
  readonly at: number;
}

interface Counted {
  readonly id: string;
  readonly at: number;
  readonly counts: WordVector;
}

/** How many earlier items of a topic an item is held against (math 9.2). */
export const STORY_LENGTH = 500;

/**
 * The newest `STORY_LENGTH` texts of a topic, and how many of them have each word: what is weighed anew for every text is
 * only what the text has in common with them.
 */
export class Story {
  private readonly told: Counted[] = [];
  private readonly documentsWith = new Map<string, number>();

  /** In the order in which they were received. */
  add({ id, words, at }: Told): void {
    const counts = wordCounts(words);
    this.told.push({ id, at, counts });
    this.count(counts, 1);
    if (this.told.length > STORY_LENGTH) this.count(this.told.shift()!.counts, -1);
  }

  /**
   * What an item adds to what was told before it (math 9.2): similarity is the larger of Jaccard and TF-IDF cosine over the
   * item and the story. A duplicate names the item it repeats: the first one told. Changes nothing.
   */
  addsTo(item: Omit<Told, 'id'>): { novelty: number; echoOf: string | null } {
    if (this.told.length === 0) return { novelty: 1, echoOf: null };
    const own = wordCounts(item.words);
    const documents = this.told.length + 1;
    const rarity: number[] = [];
    // ln((1 + n)/(1 + df)) + 1 as `tfidf` has it; the item is one of the documents.
    const weigh = (word: string, count: number): number => {
      const having = (this.documentsWith.get(word) ?? 0) + (own.has(word) ? 1 : 0);
      return count * (rarity[having] ??= Math.log((1 + documents) / (1 + having)) + 1);
    };
    const weights = new Map<string, number>();
    for (const [word, count] of own) weights.set(word, weigh(word, count));
    const ownSquares = squares(own, weigh);
    const alike = this.told.map(({ at, counts }) => ({
      similarity: this.alike(weights, ownSquares, counts, weigh),
      age: Math.max(0, item.at - at) / 1_000,
    }));
    const repeated = alike.findIndex(({ similarity }) => similarity >= DUPLICATE_FROM);
    return { novelty: novelty(alike), echoOf: repeated < 0 ? null : this.told[repeated].id };
  }

  private alike(own: WordVector, ownSquares: number, counts: WordVector, weigh: Weigh): number {
    let both = 0;
    let dot = 0;
    for (const [word, weight] of own) {
      const count = counts.get(word);
      if (count === undefined) continue;
      both++;
      dot += weight * weigh(word, count);
    }
    // Most have nothing in common: their length is never asked for.
    if (both === 0) return 0;
    return Math.max(both / (own.size + counts.size - both), dot / Math.sqrt(ownSquares * squares(counts, weigh)));
  }

  private count(counts: WordVector, by: 1 | -1): void {
    for (const word of counts.keys()) {
      const having = (this.documentsWith.get(word) ?? 0) + by;
      if (having === 0) this.documentsWith.delete(word);
      else this.documentsWith.set(word, having);
    }
  }
}

type Weigh = (word: string, count: number) => number;
function squares(counts: WordVector, weigh: Weigh): number {
  let sum = 0;
  for (const [word, count] of counts) sum += weigh(word, count) ** 2;
  return sum;
}

/** What an item adds to `earlier`, which come oldest first; for one item, where a `Story` is for many. */
export function addsTo(item: Omit<Told, 'id'>, earlier: readonly Told[]): { novelty: number; echoOf: string | null } {
  const story = new Story();
  for (const one of earlier.slice(-STORY_LENGTH)) story.add(one);
  return story.addsTo(item);
}
