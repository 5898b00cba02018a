import { readQuestion } from './question.js';
import { wordsOf } from './words.js';

/** Words any text must have one of to be about any of these questions: the last word of each name, or a bare subject. */
export type Subjects = ReadonlySet<string>;

export function subjectsOf(titles: readonly string[]): Subjects {
  const subjects = new Set<string>();
  for (const title of titles) {
    const { subject } = readQuestion(title);
    const names = subject.filter(({ name }) => name);
    for (const { stems } of names.length > 0 ? names : subject) subjects.add(stems.at(-1)!);
  }
  return subjects;
}

/** The cheap test that comes first: most of a firehose names nothing anybody asks about. */
export const mentionsAny = (subjects: Subjects, text: string): boolean =>
  wordsOf(text).some(({ stem }) => subjects.has(stem));
