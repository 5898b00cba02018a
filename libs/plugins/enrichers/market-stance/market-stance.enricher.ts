import { detectAll } from 'tinyld/light';
import { Type, type Static } from 'typebox';
import { OutsideProblem, UserProblem, type Instant } from '#core';
import { defineEnricher, type Enrichment, type EnrichmentTask, type Touch } from '#plugin-sdk';
import { BACKWARD, EXPECTED, FORWARD, UNEXPECTED } from './direction.js';
import { readQuestion, topicsOf, type Question } from './question.js';
import { judge } from './stance.js';
import { vaderTone } from './tone.lexicon.js';
import { openToneModel } from './tone.model.js';
import type { Tone, ToneScorer } from './tone.types.js';
import { EMPTY_WORDS, wordsOf, type Word } from './words.js';

const config = Type.Object(
  {
    model: Type.String({
      title: 'Model',
      description:
        'Tone of a text: empty is the model that comes with the package, else a folder or an id of the Hugging Face hub; “vader” uses none.',
      default: '',
    }),
    dtype: Type.Union([Type.Literal('fp32'), Type.Literal('fp16'), Type.Literal('q8'), Type.Literal('q4')], {
      title: 'Precision',
      description: 'Which of a model’s quantised files is loaded; the one that comes with the package has fp32.',
      default: 'fp32',
    }),
    threads: Type.Integer({
      title: 'Threads',
      description: 'Processor threads the model may use.',
      unit: 'threads',
      minimum: 1,
      maximum: 64,
      default: 1,
    }),
  },
  { additionalProperties: false },
);

/** Longer texts are judged by their beginning: that is where news is told. */
const READ = 600;
/** Below this many letters a guess at a language is chance. */
const LEAST_LETTERS = 24;
const MOST_QUESTIONS = 20_000;

/**
 * What an item says of each market: how far it is about it and which answer it speaks for. Tone alone is no stance: what
 * is good for somebody is YES only where the question asks that.
 */
export const marketStance = defineEnricher({
  manifest: {
    id: 'market-stance',
    version: '1.0.0',
    title: 'Stance towards YES',
    summary: 'Relevance, stance and tone of headlines by a small model and the wording of each question.',
    sdk: '^1.0.0',
    permissions: ['models'],
  },

  configSchema: config,

  async open(io) {
    const scorer = await openTone(io.config, io.now);
    const questions = new Map<string, Question>();
    const questionOf = (title: string): Question => {
      let question = questions.get(title);
      if (question === undefined) {
        if (questions.size >= MOST_QUESTIONS) questions.clear();
        question = readQuestion(title);
        questions.set(title, question);
      }
      return question;
    };
    return {
      scorer: scorer.info,
      async enrich(tasks) {
        const texts = tasks.map(({ item }) =>
          `${item.title}${item.text === '' ? '' : `. ${item.text}`}`.slice(0, READ),
        );
        const tones = await scorer.score(tasks.map(({ item }) => item.title));
        return tasks.map((task, i) => enriched(task, texts[i], tones[i], questionOf));
      },
      close: () => scorer.close(),
    };
  },
});

/** The configured model, or the lexicon with the reason why: never silently the one for the other. */
async function openTone({ model, dtype, threads }: Static<typeof config>, now: () => Instant): Promise<ToneScorer> {
  if (model === 'vader') return vaderTone('chosen in the settings');
  try {
    return await openToneModel({ model, dtype, threads }, now);
  } catch (error) {
    if (!(error instanceof OutsideProblem) && !(error instanceof UserProblem)) throw error;
    return vaderTone(error.message);
  }
}

function enriched(
  { item, markets }: EnrichmentTask,
  text: string,
  tone: Tone,
  questionOf: (title: string) => Question,
): Enrichment {
  const title = wordsOf(item.title);
  const all = wordsOf(text);
  const language = languageOf(text, all);
  const readable = language === null || language === 'en';
  const lean = tone.positive - tone.negative;
  const asks = item.title.trimEnd().endsWith('?');
  const touches = markets.flatMap(({ id, title: asked }): Touch[] => {
    const question = questionOf(asked);
    // The headline tells what is new; the text under it may name a dozen other things.
    const said =
      judge(title, question, lean, asks) ?? softened(judge(all, question, 0, asks), all.length > title.length);
    if (said === null) return [];
    return readable
      ? [{ market: id, ...said }]
      : [{ market: id, relevance: said.relevance, stance: 0, confidence: 0, reason: 'is not in English' }];
  });
  return { item: item.id, touches, language, entities: entitiesOf(all), sentiment: tone };
}

/** What only the text under a headline says counts for half. */
function softened(said: ReturnType<typeof judge>, hasText: boolean): ReturnType<typeof judge> {
  if (said === null || !hasText) return null;
  return { ...said, relevance: said.relevance / 2, confidence: said.confidence / 2 };
}

function languageOf(text: string, words: readonly Word[]): string | null {
  if ((text.match(/\p{L}/gu) ?? []).length < LEAST_LETTERS) return null;
  // A guess by letters is easily led astray by names; a few English words settle it.
  const english = words.filter(({ text: word, stem }) => isEnglish(word, stem)).length;
  if (english >= 2 && english >= 0.1 * words.length) return 'en';
  const [first, second] = detectAll(text);
  if (first === undefined) return null;
  // Another language must be clear.
  return first.lang === 'en' || first.accuracy - (second?.accuracy ?? 0) > 0.3 ? first.lang : 'en';
}

const isEnglish = (word: string, stem: string): boolean =>
  EMPTY_WORDS.has(word) || FORWARD.has(stem) || BACKWARD.has(stem) || EXPECTED.has(stem) || UNEXPECTED.has(stem);

/** Names as stems would join them, told as they stand in the text. */
function entitiesOf(words: readonly Word[]): readonly string[] {
  const names = topicsOf(words).filter(({ name, stems }) => name && stems.join('').length > 2);
  return names.slice(0, 12).map(({ stems }) => stems.map((stem) => spelledAs(words, stem)).join(' '));
}

function spelledAs(words: readonly Word[], stem: string): string {
  const text = words.find((word) => word.stem === stem && word.capital)?.text ?? stem;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
