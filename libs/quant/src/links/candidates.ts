import { likeness, type Likeness, type WordWeight } from './likeness.js';
import { readQuestion, type Question } from './question.js';

export interface Candidate extends Likeness {
  readonly id: string;
}

/** Below this two questions have too little in common to be shown to anybody. */
export const WORTH_A_LOOK = 0.6;
/** So many are compared in full; the rest have less in common. */
const COMPARED = 40;
/** Less than this share of what the likest has in common is not compared. */
const HARDLY = 0.35;
/** A word that more questions have finds nothing. */
const COMMON = 0.2;
/** Of so few none is too common. */
const FEW = 200;
const MANY = 100;

/** The questions of some markets, to find those like another one. */
export class QuestionIndex {
  readonly #questions = new Map<string, Question>();
  readonly #titles = new Map<string, string>();
  readonly #holders = new Map<string, Set<string>>();

  constructor(markets: Iterable<{ readonly id: string; readonly title: string }> = []) {
    for (const { id, title } of markets) this.put(id, title);
  }

  get ids(): Iterable<string> {
    return this.#titles.keys();
  }

  /** Takes a market in, or its new title. Whether anything changed. */
  put(id: string, title: string): boolean {
    if (this.#titles.get(id) === title) return false;
    this.drop(id);
    const question = readQuestion(title);
    this.#titles.set(id, title);
    this.#questions.set(id, question);
    for (const word of wordsOf(question)) {
      const holders = this.#holders.get(word);
      if (holders === undefined) this.#holders.set(word, new Set([id]));
      else holders.add(id);
    }
    return true;
  }

  drop(id: string): void {
    const question = this.#questions.get(id);
    if (question === undefined) return;
    for (const word of wordsOf(question)) {
      const holders = this.#holders.get(word)!;
      holders.delete(id);
      if (holders.size === 0) this.#holders.delete(word);
    }
    this.#questions.delete(id);
    this.#titles.delete(id);
  }

  /** ln((1 + n)/(1 + df)) + 0.2, so that the commonest word counts a little; a few questions are taken for a part of many. */
  readonly weight: WordWeight = (word) =>
    Math.log((1 + Math.max(MANY, this.#questions.size)) / (1 + (this.#holders.get(word)?.size ?? 0))) + 0.2;

  /** Those most like a question that are worth a look, the likest first. */
  like(title: string, most: number): readonly Candidate[] {
    const question = readQuestion(title);
    const common = new Map<string, number>();
    for (const word of wordsOf(question)) {
      const holders = this.#holders.get(word);
      if (holders === undefined || holders.size > Math.max(FEW, COMMON * this.#questions.size)) continue;
      const weight = this.weight(word);
      for (const id of holders) common.set(id, (common.get(id) ?? 0) + weight);
    }
    // Of thousands that share a common word only those are put in order that may be among the first.
    const largest = [...common.values()].reduce((a, b) => Math.max(a, b), 0);
    return [...common]
      .filter(([, weight]) => weight >= HARDLY * largest)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, COMPARED)
      .map(([id]) => ({ id, ...likeness(question, this.#questions.get(id)!, this.weight) }))
      .filter(({ score }) => score >= WORTH_A_LOOK)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, most);
  }
}

const wordsOf = ({ words, codes }: Question): readonly string[] => [...words, ...codes];
