import { takeTimes, type NamedTime } from './dates.js';
import { takeQuantities, type Quantity } from './quantities.js';

/** A market's question, taken apart. */
export interface Question {
  /** What it is about, once each, in a common spelling. */
  readonly words: readonly string[];
  /** Each of them as the question spells it. */
  readonly spelled: ReadonlyMap<string, string>;
  /** Names with digits in them: districts, contracts, teams. */
  readonly codes: readonly string[];
  readonly quantities: readonly Quantity[];
  readonly times: readonly NamedTime[];
}

/** Words that carry no question. */
const SMALL = new Set(
  'a after an and are as at be been by do does during for from has have he her his how if in into is it its more most no of on or s she than that the their there these they this to was were what when which who will with would yes at least above below over under less exactly next vs v'.split(
    ' ',
  ),
);

/** Two venues write the same thing in two ways. Only what is certain: a wrong pair here would hide a difference. */
const SAME: Readonly<Record<string, string>> = {
  democrat: 'democratic',
  dem: 'democratic',
  gop: 'republican',
  president: 'presidential',
  presidency: 'presidential',
  gov: 'governor',
  governorship: 'governor',
  gubernatorial: 'governor',
  nominee: 'nomination',
  champion: 'championship',
  btc: 'bitcoin',
  eth: 'ethereum',
  winner: 'win',
  won: 'win',
  fomc: 'fed',
  decrease: 'cut',
  increase: 'hike',
  raise: 'hike',
  intl: 'international',
};
/** Short forms of several words, read before the words are. */
const LONG: readonly (readonly [RegExp, string])[] = [
  [/\bfederal reserve\b/g, 'fed'],
  [/\bu\.?s\.?a?\.?(?![\p{L}])/gu, 'us'],
  [/\bunited states\b/g, 'us'],
  [/\bnl\b/g, 'national league'],
  [/\bal\b/g, 'american league'],
  [/\blt\.? gov(?:ernor)?\b/g, 'lieutenant'],
  [/\binterest rates?\b/g, 'rate'],
];

const CODE = /(?<![\p{L}\p{N}])(?=[\p{L}-]*\p{N})(?=[\p{N}-]*\p{L})[\p{L}\p{N}]+(?:-\p{N}+)?(?![\p{L}\p{N}])/gu;
const WORD = /[\p{L}]+/gu;

export function readQuestion(title: string): Question {
  const { times, rest: timeless } = takeTimes(title);
  const { quantities, rest: numberless } = takeQuantities(timeless.replace(/(\p{L})-(?=\p{L})/gu, '$1 '));
  let plain = numberless
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’']s\b/g, '');
  for (const [short, long] of LONG) plain = plain.replace(short, long);
  const codes = new Set<string>();
  plain = plain.replace(CODE, (code) => {
    codes.add(code.replace(/-?0*(\d)/, '$1').replaceAll('-', ''));
    return ' ';
  });
  const words = new Map<string, string>();
  for (const [word] of plain.matchAll(WORD)) {
    const one = singular(word);
    const known = SAME[one] ?? one;
    if (!SMALL.has(word) && known.length > 1 && !words.has(known)) words.set(known, word);
  }
  return { words: [...words.keys()], spelled: words, codes: [...codes], quantities, times };
}

const singular = (word: string): string =>
  word.length > 4 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
