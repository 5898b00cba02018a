import { ADVERSE, EXCLUSIVES, OVERCOMES, PREDICATES, REVERSED } from './direction.js';
import { EMPTY_WORDS, stemOf, wordsOf, type Word } from './words.js';

/** Something a question is about: a name of several words, or one word. */
export interface Topic {
  /** Stems in their order. */
  readonly stems: readonly string[];
  /** A name tells more than a common word. */
  readonly name: boolean;
}

/** A question as far as its wording tells what YES would mean. */
export interface Question {
  /** Whom or what it asks about. */
  readonly subject: readonly Topic[];
  /** The rest of it: what would happen, to whom, where. */
  readonly rest: readonly Topic[];
  /** Names after the predicate, when the predicate is one of getting the better of somebody. */
  readonly rival: readonly Topic[];
  /** +1: YES is what the subject moves forward to; -1: YES is its fall. */
  readonly sense: 1 | -1;
  /** The tone of a text speaks about YES. */
  readonly toned: boolean;
  /** Which set of exclusive ways it names one of, and which; `null` none. */
  readonly way: { readonly set: number; readonly index: number } | null;
  /** Numbers of two digits and more in its wording. */
  readonly numbers: ReadonlySet<string>;
}

const OPENERS = /^.*?\b(?:will|would|does|do|did|is|are|can|could|has|have)\b/i;
const WEAK: ReadonlySet<string> = new Set(['see', 'have', 'get']);
const QUOTED = /["“«]([^"”»]{2,80})["”»]/u;

/** Reads a question's title. Nothing is looked up: whatever cannot be told from the words is left open. */
export function readQuestion(title: string): Question {
  const quoted = QUOTED.exec(title)?.[1];
  const opened = OPENERS.test(title);
  // "Harbour derby: will the Herons beat the Otters?": what stands before is where, not who.
  const lead = opened ? (OPENERS.exec(title)?.[0] ?? '') : '';
  const body = opened ? title.slice(lead.length) : title;
  const words = wordsOf(body);
  // Without a verb of its own, what comes after a colon is what would happen.
  const colon = opened ? -1 : body.indexOf(':');
  const split = colon > 0 ? wordsOf(body.slice(0, colon)).length : predicateAt(words, quoted);
  const before = words.slice(0, split);
  const after = words.slice(split);
  const subject =
    quoted === undefined || split >= words.length
      ? topicsOf(before.length > 0 ? before : words)
      : [{ stems: meaning(wordsOf(quoted)), name: true }];
  const rest = [...topicsOf(after), ...topicsOf(wordsOf(lead.replace(/\b\w+$/, '')))];
  // "Will Lisbon see rain?": with such a verb, what it is about comes after it.
  const weak = after.length > 0 && WEAK.has(after[0].stem);
  const about = weak
    ? topicsOf(after)
        .filter(({ name, stems }) => !name && !/^\d/.test(stems[0]))
        .slice(0, 2)
    : [];
  const overcoming = after.slice(0, 2).some(({ stem }) => OVERCOMES.has(stem));
  const every = [...before, ...after];
  return {
    subject: [...subject, ...about],
    rest,
    rival: overcoming ? topicsOf(after).filter(({ name }) => name) : [],
    sense: after.slice(0, 4).some(({ stem, text }) => REVERSED.has(stem) || text === 'below') ? -1 : 1,
    toned: !every.some(({ stem }) => ADVERSE.has(stem)),
    way: wayOf(after),
    numbers: new Set(every.flatMap(({ text }) => (/^\d{2,}$/.test(text) ? [text] : []))),
  };
}

/** Stems without empty words, or all of them when there are no others. */
function meaning(words: readonly Word[]): readonly string[] {
  const full = words.filter(({ text }) => !EMPTY_WORDS.has(text));
  return (full.length > 0 ? full : words).map(({ stem }) => stem);
}

function predicateAt(words: readonly Word[], quoted: string | undefined): number {
  const from = quoted === undefined ? 1 : wordsOf(quoted).length;
  for (let i = from; i < words.length; i++) if (!words[i].capital && PREDICATES.has(words[i].stem)) return i;
  return words.length;
}

function wayOf(words: readonly Word[]): Question['way'] {
  for (const [set, ways] of EXCLUSIVES.entries())
    for (const [index, way] of ways.entries()) if (words.some(({ stem }) => way.has(stem))) return { set, index };
  // "No change" is a way of its own.
  const change = words.findIndex(({ stem }) => stem === stemOf('change'));
  return change > 0 && words[change - 1].text === 'no' ? { set: 0, index: 2 } : null;
}

/** Names (runs of capitalised words) and the other words that mean something, each once. */
export function topicsOf(words: readonly Word[]): readonly Topic[] {
  const topics: Topic[] = [];
  const seen = new Set<string>();
  let name: string[] = [];
  const add = (stems: readonly string[], isName: boolean): void => {
    const key = stems.join(' ');
    if (key === '' || seen.has(key)) return;
    seen.add(key);
    topics.push({ stems, name: isName });
  };
  for (const word of words) {
    if (word.capital && !EMPTY_WORDS.has(word.text)) {
      name.push(word.stem);
      continue;
    }
    add(name, true);
    name = [];
    if (!EMPTY_WORDS.has(word.text) && !PREDICATES.has(word.stem)) add([word.stem], false);
  }
  add(name, true);
  return topics;
}
