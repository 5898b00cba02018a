/** A piece of a rule text; `only` when the other text does not say it. */
export interface RulePiece {
  readonly text: string;
  readonly only: boolean;
}

const WORD = /[\p{L}\p{N}]+(?:[.,:'’/-][\p{L}\p{N}]+)*/gu;
/** Words that carry no rule. */
const SMALL = new Set(
  'a an and are as at be been by do does for from has have if in into is it its of on or that the their this to was were which will with'.split(
    ' ',
  ),
);
const plain = (word: string): string => word.toLowerCase().replaceAll(',', '');

/**
 * Marks what one rule text says and the other does not, word by word and whatever the order: dates, sources, numbers and
 * conditions stand out. An aid to reading, not a proof: it knows no synonyms.
 */
export function rulePieces(text: string, other: string): RulePiece[] {
  const known = new Set([...other.matchAll(WORD)].map(([word]) => plain(word)));
  const pieces: { text: string; only: boolean }[] = [];
  const add = (part: string, only: boolean): void => {
    const last = pieces.at(-1);
    if (part === '') return;
    if (last && last.only === only) last.text += part;
    else pieces.push({ text: part, only });
  };
  let from = 0;
  for (const match of text.matchAll(WORD)) {
    add(text.slice(from, match.index), false);
    add(match[0], !SMALL.has(plain(match[0])) && !known.has(plain(match[0])));
    from = match.index + match[0].length;
  }
  add(text.slice(from), false);
  return pieces;
}
