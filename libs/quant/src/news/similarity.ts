const WORDS = /[\p{L}\p{N}]+/gu;
const ASCII_WORDS = /[a-z0-9]+/g;

/** Words of a text in their order, lower case: runs of letters and digits. `ascii` counts only a–z as letters. */
export function tokens(text: string, ascii = false): readonly string[] {
  return text.toLowerCase().match(ascii ? ASCII_WORDS : WORDS) ?? [];
}

/** Share of the words of either that both have, 0…1; 0 for two empty texts. */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  const one = new Set(a);
  const two = new Set(b);
  let both = 0;
  for (const word of one) if (two.has(word)) both++;
  const either = one.size + two.size - both;
  return either === 0 ? 0 : both / either;
}

/** How often each word occurs, or what weight it has. */
export type WordVector = ReadonlyMap<string, number>;

export function wordCounts(words: readonly string[]): WordVector {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Cosine of the angle between two vectors of words, 0…1 for weights that are not negative; 0 when one is empty. */
export function cosine(a: WordVector, b: WordVector): number {
  let dot = 0;
  for (const [word, weight] of a) dot += weight * (b.get(word) ?? 0);
  const lengths = Math.sqrt(squares(a) * squares(b));
  return lengths === 0 ? 0 : dot / lengths;
}

/**
 * Counts weighed by how rare each word is among the documents: ln((1 + n)/(1 + df)) + 1, the smoothed inverse document
 * frequency (Salton & Buckley 1988, as scikit-learn smooths it). One vector per document, in their order.
 */
export function tfidf(documents: readonly (readonly string[])[]): readonly WordVector[] {
  const counts = documents.map(wordCounts);
  const documentsWith = new Map<string, number>();
  for (const one of counts) for (const word of one.keys()) documentsWith.set(word, (documentsWith.get(word) ?? 0) + 1);
  return counts.map((one) => {
    const weighed = new Map<string, number>();
    for (const [word, count] of one)
      weighed.set(word, count * (Math.log((1 + documents.length) / (1 + (documentsWith.get(word) ?? 0))) + 1));
    return weighed;
  });
}

function squares(vector: WordVector): number {
  let sum = 0;
  for (const weight of vector.values()) sum += weight * weight;
  return sum;
}

/** Half-life of an item's claim to a story, seconds, and the similarity from which a later one is the same story. */
export const NOVELTY_HALF_LIFE = 6 * 3_600;
export const DUPLICATE_FROM = 0.8;

/**
 * What an item adds to earlier ones (math 9.2): 1 − the largest similarity, each halved every `halfLife` seconds of its
 * age; 0 for a duplicate. `earlier` in any order, ages in seconds and not below 0.
 */
export function novelty(
  earlier: readonly { readonly similarity: number; readonly age: number }[],
  halfLife = NOVELTY_HALF_LIFE,
  duplicateFrom = DUPLICATE_FROM,
): number {
  let most = 0;
  for (const { similarity, age } of earlier) {
    if (similarity >= duplicateFrom) return 0;
    most = Math.max(most, similarity * 2 ** (-age / halfLife));
  }
  return 1 - most;
}
