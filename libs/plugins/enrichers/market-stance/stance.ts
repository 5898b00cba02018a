import { BACKWARD, EXCLUSIVES, EXPECTED, FORWARD, NEGATION, OVERCOMES, RELIEF, UNEXPECTED } from './direction.js';
import type { Question, Topic } from './question.js';
import type { Word } from './words.js';

/** What a text says of one question. */
export interface Judgement {
  readonly relevance: number;
  readonly stance: number;
  readonly confidence: number;
  readonly reason: string;
}

/** Positive less negative tone of the text, in [-1, 1]. */
type Tone = number;

/** Share of the subject a text must name: of a subject of several words, one is another subject. */
const LEAST_SUBJECT = 0.75;
/** Below this a text takes no side. */
const LEAST_STANCE = 0.2;
const REACH = 3;
/** From here on a text's tone says something by itself. */
const PLAIN_TONE = 0.7;

/**
 * How far a text is about a question, and which answer it speaks for: words of getting on and of falling back near whom
 * the question is about, ways that exclude each other, and the text's tone where tone can speak for YES. `null` when it is
 * about something else. A text that names the subject and takes no side has stance 0.
 */
export function judge(words: readonly Word[], question: Question, tone: Tone, isAsking: boolean): Judgement | null {
  const subject = coverage(words, question.subject);
  const rival = coverage(words, question.rival);
  // What befalls the rival befalls the subject the other way round.
  const named = Math.max(subject.share, rival.share);
  if (named < LEAST_SUBJECT) return null;
  const rest = coverage(words, question.rest);
  const relevance = round(Math.min(1, 0.65 * named + 0.35 * Math.min(1, 2 * rest.share)));

  const found = directions(words, question, subject.first, rival.first);
  const drift = found.reduce((sum, { weight }) => sum + weight, 0);
  // What tells of the very event, or of another way it could go, outweighs how the subject fares.
  const way = wayTold(words, question);
  // Tone backs what words of direction say; alone it must be plain, and then it is worth little.
  const audible = found.length > 0 || Math.abs(tone) >= PLAIN_TONE;
  const toned = question.toned && question.way === null && audible ? 0.5 * tone : 0;
  const raw = way === null ? question.sense * (drift + toned) : 1.5 * way.sign + 0.3 * question.sense * drift;
  const stance = Math.tanh(0.9 * raw);
  if (Math.abs(stance) < LEAST_STANCE)
    return { relevance, stance: 0, confidence: 0, reason: 'names what the question is about, but takes no side' };

  const agrees = toned === 0 || Math.sign(tone) === Math.sign(drift) || Math.abs(tone) < 0.1;
  const evidence = found.length + (way === null ? 0 : 2) + (Math.abs(toned) > 0.2 ? 1 : 0);
  const confidence = (1 - 0.5 ** evidence) * (agrees ? 1 : 0.6) * (isAsking ? 0.5 : 1);
  const said = [
    ...(way === null
      ? []
      : [way.sign > 0 ? `tells of what it asks (${way.word})` : `tells of another way (${way.word})`]),
    ...found.slice(0, 3).map(({ word, weight }) => `“${word}” ${weight * question.sense > 0 ? 'for' : 'against'}`),
    ...(Math.abs(toned) > 0.1 ? [`tone ${toned > 0 ? 'good' : 'bad'}`] : []),
    ...(isAsking ? ['only asks'] : []),
  ];
  return {
    relevance,
    stance: round(stance),
    confidence: round(confidence),
    reason: `${stance > 0 ? 'YES' : 'NO'}: ${said.join(', ')}`,
  };
}

const round = (x: number): number => Math.round(x * 1_000) / 1_000;

/** Weighted share of the topics a text names, and where the first of them stands (-1 nowhere). */
function coverage(
  words: readonly Word[],
  topics: readonly Topic[],
): { readonly share: number; readonly first: number } {
  let named = 0;
  let all = 0;
  let first = -1;
  for (const { stems, name } of topics) {
    const weight = name ? 2 : 1;
    all += weight;
    // People are called by their last names, places by the whole.
    const last = stems.at(-1)!;
    const at = words.findIndex(
      ({ stem, capital }, i) =>
        stem === last && (!name || ((capital || stem.length > 3) && !isAnother(words, i, stems))),
    );
    if (at >= 0) {
      named += weight;
      if (first < 0 || at < first) first = at;
    } else if (name && stems.length > 1 && words.some(({ stem, capital }) => capital && stem === stems[0]))
      named += weight / 3;
  }
  return { share: all === 0 ? 0 : named / all, first };
}

const HONORIFICS: ReadonlySet<string> = new Set(
  'mr mrs ms dr sir president senator minister governor judge coach captain king queen pope ceo rep sen gov'.split(' '),
);
/** Above this share of capitals a headline is set in title case, and a capital tells nothing. */
const TITLE_CASE = 0.6;

/** Whether the word at `i` is the end of somebody else's name: "Ninth Ferry" is not "Night Ferry". */
function isAnother(words: readonly Word[], i: number, stems: readonly string[]): boolean {
  const before = words[i - 1];
  if (before === undefined || stems.length < 2 || !before.capital || !words[i].capital) return false;
  if (stems.includes(before.stem) || HONORIFICS.has(before.text)) return false;
  return words.filter(({ capital }) => capital).length <= TITLE_CASE * words.length;
}

interface Direction {
  readonly word: string;
  readonly weight: number;
}

/** Words of direction with their signs: turned by what negates them, and by whom they are said of. */
function directions(
  words: readonly Word[],
  question: Question,
  subjectAt: number,
  rivalAt: number,
): readonly Direction[] {
  const found: Direction[] = [];
  words.forEach(({ stem, text, capital }, i) => {
    // A capital inside a sentence is a name; in a title all words have one, so only the question's own names are excused.
    if (capital && question.subject.some(({ stems }) => stems.includes(stem))) return;
    let sign = FORWARD.has(stem) ? 1 : BACKWARD.has(stem) ? -1 : 0;
    if (sign === 0) return;
    for (let k = Math.max(0, i - REACH); k < i; k++)
      if (NEGATION.has(words[k].text) || (RELIEF.has(words[k].stem) && k === i - 1)) sign = -sign;
    if (OVERCOMES.has(stem) && subjectAt > i && isNamed(words, i)) sign = -sign;
    else if (rivalAt >= 0 && Math.abs(rivalAt - i) < Math.abs(subjectAt - i)) sign = -sign;
    else if (rivalAt >= 0 && subjectAt < 0) sign = -sign;
    found.push({ word: text, weight: sign * (OVERCOMES.has(stem) ? 0.9 : 0.7) });
  });
  return found;
}

/** Whether a name stands before place `i`: then the verb there is its deed. */
const isNamed = (words: readonly Word[], i: number): boolean =>
  words.slice(Math.max(0, i - 4), i).some(({ capital }) => capital);

/** Which way of the question's set a text tells of, and how sure it is of it. */
function wayTold(
  words: readonly Word[],
  { way, numbers }: Question,
): { readonly sign: number; readonly word: string } | null {
  if (way === null) return null;
  for (const [index, stems] of EXCLUSIVES[way.set].entries()) {
    const at = words.findIndex(({ stem }) => stems.has(stem));
    if (at < 0) continue;
    let sure = 1;
    words.forEach(({ stem, text }) => {
      if (UNEXPECTED.has(stem)) sure = -1;
      else if (NEGATION.has(text)) sure = -sure;
    });
    if (sure > 0 && !words.some(({ stem }) => EXPECTED.has(stem))) sure = 0.8;
    const same = index === way.index;
    // That another way is out says little for this one; and a cut of 50 is not the cut of 25 that was asked about.
    if (same ? !agreesInNumbers(words, numbers) : sure < 0) return null;
    return { sign: same ? sure : -sure, word: words[at].text };
  }
  return null;
}

/** A text that gives numbers must give one of the question's, when the question has any. */
function agreesInNumbers(words: readonly Word[], numbers: ReadonlySet<string>): boolean {
  const given = words.filter(({ text }) => /^\d{2,}$/.test(text));
  return numbers.size === 0 || given.length === 0 || given.some(({ text }) => numbers.has(text));
}
