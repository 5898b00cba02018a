import type { LikenessFieldsFragment } from '../../generated/graphql';

export type Difference = LikenessFieldsFragment['differences'][number];

const KINDS: Readonly<Record<string, string>> = {
  threshold: 'Number',
  bound: 'Bound of a number',
  unit: 'Unit',
  time: 'Date or deadline',
  name: 'Code or name with digits',
  words: 'Words',
  opposite: 'Opposite words',
  strike: 'Strike the venue states',
  closes: 'Closing day',
  pays: 'Day of payment',
  'rules-numbers': 'Numbers in the rules',
  'rules-times': 'Dates in the rules',
};

export const kindOf = ({ kind }: Difference): string => KINDS[kind] ?? kind;

/** One line of the link's differences. `a` and `b` name the venues. */
export const lineOf = (difference: Difference, a: string, b: string): string =>
  `${kindOf(difference)}: ${said(difference.a, a)}; ${said(difference.b, b)}`;
const said = (text: string, venue: string): string => (text === '' ? `${venue} says none` : `${text} at ${venue}`);

/** What breaks the pair first. */
export const inOrder = (differences: readonly Difference[]): readonly Difference[] =>
  [...differences].sort((a, b) => Number(b.breaks) - Number(a.breaks));

/** An order of what to look at, in a word: it is no probability. */
export function likeWord({ score, differences }: Pick<LikenessFieldsFragment, 'score' | 'differences'>): string {
  if (differences.some(({ breaks }) => breaks)) return 'another question';
  return score >= 0.9 ? 'very alike' : score >= 0.75 ? 'alike' : 'somewhat alike';
}
