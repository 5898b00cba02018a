import { sameEnd } from './dates.js';
import { sameWay, type Quantity } from './quantities.js';
import type { Question } from './question.js';

/** `breaks`: as it stands the two ask different things. `check`: a person must see whether it matters. */
export interface Difference {
  readonly kind: 'threshold' | 'bound' | 'unit' | 'time' | 'name' | 'words' | 'opposite';
  readonly weight: 'breaks' | 'check';
  /** What only the first and what only the second says; '' where one says nothing of the kind. */
  readonly a: string;
  readonly b: string;
}

export interface Likeness {
  /** 0…1. An order of what to look at first, no probability. */
  readonly score: number;
  /** What both ask about, the rarest first. */
  readonly shared: readonly string[];
  readonly differences: readonly Difference[];
  /** `inverse` when YES of one looks like NO of the other. */
  readonly polarity: 'same' | 'inverse';
}

/** How much a word tells: the rarer among all questions, the more. */
export type WordWeight = (word: string) => number;

/** A word on one side only costs little, unless the other side has one of its own instead. */
const ONE_SIDED = 0.2;
const TWO_SIDED = 1.1;
/** Another spelling counts for a little less than the same word, a number without its like for less than a rare one. */
const SPELLED = 0.8;
const LONE_NUMBER = 0.5;
/** What is left of the score by difference. */
const KEPT: Readonly<Record<Difference['kind'], Readonly<Record<Difference['weight'], number>>>> = {
  threshold: { breaks: 0.35, check: 0.75 },
  bound: { breaks: 0.5, check: 0.97 },
  unit: { breaks: 0.6, check: 0.95 },
  time: { breaks: 0.55, check: 0.97 },
  name: { breaks: 0.3, check: 0.9 },
  words: { breaks: 0.5, check: 1 },
  opposite: { breaks: 0.5, check: 0.9 },
};

/** Of these a question names one; another one is another question. */
const EITHER: readonly (readonly string[])[] = [
  ['democratic', 'republican', 'libertarian', 'independent'],
  ['senate', 'house', 'governor', 'lieutenant', 'mayor'],
  ['first', 'second', 'third'],
  ['american', 'national'],
  ['men', 'women'],
  ['north', 'south', 'east', 'west'],
];
/** YES of the one is NO of the other, if all else is the same. */
const OPPOSITE: readonly (readonly [string, string])[] = [
  ['up', 'down'],
  ['rise', 'fall'],
  ['hike', 'cut'],
  ['win', 'lose'],
  ['remain', 'leave'],
];

/** How alike two questions are, and everything they do not have in common. */
export function likeness(a: Question, b: Question, weight: WordWeight): Likeness {
  const shared = a.words.filter((word) => b.words.includes(word));
  const [onlyA, onlyB, nearly] = unmatched(a.words, b.words, shared);
  const sum = (words: readonly string[]): number => words.reduce((total, word) => total + weight(word), 0);
  const codes = a.codes.filter((code) => b.codes.includes(code));
  const common = sum(shared) + sum(nearly) * SPELLED + sum(codes);
  const quantities = quantityDifferences(a.quantities, b.quantities);
  // A number or a code of one side may stand where the other side has a name.
  const sideOf = (words: readonly string[], own: Question, other: Question, lone: number): number =>
    sum(words) + sum(own.codes.filter((code) => !other.codes.includes(code))) + lone * LONE_NUMBER * weight('');
  const sideA = sideOf(onlyA, a, b, quantities.onlyA);
  const sideB = sideOf(onlyB, b, a, quantities.onlyB);
  const lost = ONE_SIDED * Math.max(sideA, sideB) + TWO_SIDED * Math.min(sideA, sideB);
  const opposite = OPPOSITE.find(
    ([one, two]) => (onlyA.includes(one) && onlyB.includes(two)) || (onlyA.includes(two) && onlyB.includes(one)),
  );
  const differences = [
    ...quantities.differences,
    ...timeDifferences(a, b),
    ...codeDifferences(a.codes, b.codes),
    ...(opposite
      ? [
          difference(
            'opposite',
            'check',
            [opposite.find((word) => onlyA.includes(word))!],
            [opposite.find((word) => onlyB.includes(word))!],
          ),
        ]
      : []),
    ...wordDifferences(onlyA, onlyB, a.spelled, b.spelled),
  ];
  const inverse =
    opposite !== undefined || differences.some(({ kind, weight: how }) => kind === 'bound' && how === 'breaks');
  const kept = differences.reduce((product, { kind, weight: how }) => product * KEPT[kind][how], 1);
  return {
    score: common === 0 ? 0 : (common / (common + lost)) * kept,
    shared: [
      ...codes,
      ...[...shared, ...nearly]
        .sort((one, two) => weight(two) - weight(one))
        .map((word) => a.spelled.get(word) ?? word),
    ],
    differences,
    polarity: inverse ? 'inverse' : 'same',
  };
}

const difference = (
  kind: Difference['kind'],
  weight: Difference['weight'],
  a: readonly string[],
  b: readonly string[],
): Difference => ({ kind, weight, a: a.join(', '), b: b.join(', ') });

/** Words of one side only. Long ones that differ by one letter are spellings of one name. */
function unmatched(
  a: readonly string[],
  b: readonly string[],
  shared: readonly string[],
): readonly [readonly string[], readonly string[], readonly string[]] {
  const restA = a.filter((word) => !shared.includes(word));
  const restB = new Set(b.filter((word) => !shared.includes(word)));
  const nearly: string[] = [];
  for (const word of restA) {
    const other = [...restB].find((one) => oneLetterApart(word, one));
    if (other === undefined) continue;
    nearly.push(word);
    restB.delete(other);
  }
  return [restA.filter((word) => !nearly.includes(word)), [...restB], nearly];
}

export function oneLetterApart(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const skip = (one: number, two: number): boolean => a.slice(i + one) === b.slice(i + two);
  return skip(1, 1) || skip(1, 0) || skip(0, 1);
}

interface QuantityDifferences {
  readonly differences: readonly Difference[];
  /** How many numbers only one side names. */
  readonly onlyA: number;
  readonly onlyB: number;
}

function quantityDifferences(a: readonly Quantity[], b: readonly Quantity[]): QuantityDifferences {
  const found: Difference[] = [];
  const left = [...b];
  const onlyA = a.filter((one) => {
    const at = left.findIndex(
      (two) => two.value === one.value && (two.measure === one.measure || two.measure === '' || one.measure === ''),
    );
    if (at < 0) return true;
    const [two] = left.splice(at, 1) as [Quantity];
    if (one.unit !== two.unit) found.push(difference('unit', 'check', [one.text], [two.text]));
    if (one.bound !== two.bound && one.bound !== 'exact' && two.bound !== 'exact')
      found.push(difference('bound', sameWay(one.bound, two.bound) ? 'check' : 'breaks', [said(one)], [said(two)]));
    return false;
  });
  if (onlyA.length > 0 || left.length > 0)
    found.push(
      difference(
        'threshold',
        onlyA.length > 0 && left.length > 0 ? 'breaks' : 'check',
        onlyA.map(said),
        left.map(said),
      ),
    );
  return { differences: found, onlyA: onlyA.length, onlyB: left.length };
}

const BOUND_WORDS: Readonly<Record<Quantity['bound'], string>> = {
  more: 'more than ',
  'at-least': 'at least ',
  less: 'less than ',
  'at-most': 'at most ',
  exact: '',
};
const said = ({ bound, text }: Quantity): string => `${BOUND_WORDS[bound]}${text}`;

/** A time that only one names is worth a look; times of both that do not meet are another question. */
function timeDifferences(a: Question, b: Question): Difference[] {
  const onlyA = a.times.filter((one) => !b.times.some((two) => sameEnd(one, two)));
  const onlyB = b.times.filter((two) => !a.times.some((one) => sameEnd(one, two)));
  if (onlyA.length === 0 && onlyB.length === 0) return [];
  const breaks = onlyA.length > 0 && onlyB.length > 0;
  return [
    difference(
      'time',
      breaks ? 'breaks' : 'check',
      onlyA.map(({ text }) => text),
      onlyB.map(({ text }) => text),
    ),
  ];
}

function codeDifferences(a: readonly string[], b: readonly string[]): Difference[] {
  const onlyA = a.filter((code) => !b.includes(code));
  const onlyB = b.filter((code) => !a.includes(code));
  if (onlyA.length === 0 && onlyB.length === 0) return [];
  return [difference('name', onlyA.length > 0 && onlyB.length > 0 ? 'breaks' : 'check', onlyA, onlyB)];
}

function wordDifferences(
  a: readonly string[],
  b: readonly string[],
  spelledA: Question['spelled'],
  spelledB: Question['spelled'],
): Difference[] {
  if (a.length === 0 && b.length === 0) return [];
  const other = EITHER.some((set) => set.some((word) => a.includes(word)) && set.some((word) => b.includes(word)));
  const shown = (words: readonly string[], spelled: Question['spelled']): string[] =>
    words.map((word) => spelled.get(word) ?? word);
  return [difference('words', other ? 'breaks' : 'check', shown(a, spelledA), shown(b, spelledB))];
}
