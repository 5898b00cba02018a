import type { ScorerInfo } from '#plugin-sdk';

/** Shares of 1. */
export interface Tone {
  readonly positive: number;
  readonly negative: number;
  readonly neutral: number;
}

export const TONES = ['positive', 'negative', 'neutral'] as const;
export type ToneLabel = (typeof TONES)[number];

/** Tells the tone of texts; holds whatever it loaded until it is closed. */
export interface ToneScorer {
  readonly info: ScorerInfo;
  score(texts: readonly string[]): Promise<readonly Tone[]>;
  close(): Promise<void>;
}

/** The label with the largest share; neutral wins a tie. */
export function labelOf({ positive, negative, neutral }: Tone): ToneLabel {
  if (positive > negative && positive > neutral) return 'positive';
  return negative > positive && negative > neutral ? 'negative' : 'neutral';
}
