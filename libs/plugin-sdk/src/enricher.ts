import type { MarketId } from '#core';
import type { Static, TSchema } from 'typebox';
import type { HandedIo } from './handed-io.js';
import type { Manifest } from './manifest.js';
import type { NewsItem } from './news.js';

/** An item and the questions it may bear on, as narrowed before the enricher is asked. */
export interface EnrichmentTask {
  readonly item: NewsItem;
  readonly markets: readonly { readonly id: MarketId; readonly title: string; readonly rules: string }[];
}

/** What an item says of one market. */
export interface Touch {
  readonly market: MarketId;
  /** 0 has nothing to do with it … 1 is about it. */
  readonly relevance: number;
  /** -1 speaks for NO … 1 speaks for YES; 0 takes no side. */
  readonly stance: number;
  /** 0 … 1. */
  readonly confidence: number;
  /** Why, in one sentence, for a person. */
  readonly reason?: string;
}

/** What an item says of the markets it was asked about. A market that is left out is not touched. */
export interface Enrichment {
  readonly item: string;
  readonly touches: readonly Touch[];
  /** ISO 639-1, `null` when the text is too short to tell. */
  readonly language?: string | null;
  /** Names the item mentions, as written. */
  readonly entities?: readonly string[];
  /** Tone of the text as such, whatever any market asks: shares of 1. */
  readonly sentiment?: { readonly positive: number; readonly negative: number; readonly neutral: number };
}

/** Which scorer an enricher works with, for the page: a fallback is never silent. */
export interface ScorerInfo {
  /** `model` or the name of what stands in for it. */
  readonly kind: 'model' | 'lexicon';
  readonly name: string;
  /** Why a fallback is used; `''` when it is not one. */
  readonly note: string;
  /** How long loading and the first run took, ms. */
  readonly warmUpMs: number;
}

/** Holds whatever `open` loaded, once, until it is closed. */
export interface OpenEnricher {
  readonly scorer?: ScorerInfo;
  /** One answer per task, in order. The same tasks give the same answers. */
  enrich(tasks: readonly EnrichmentTask[]): Promise<readonly Enrichment[]>;
  close(): Promise<void>;
}

/** Judges news. Runs in a job, before the tape: a strategy only ever sees its numbers. */
export interface EnricherPlugin<T extends TSchema = TSchema> {
  readonly kind: 'enricher';
  readonly manifest: Manifest;
  readonly configSchema: T;
  open(io: HandedIo<Static<T>>): Promise<OpenEnricher>;
}

export function defineEnricher<T extends TSchema>(plugin: Omit<EnricherPlugin<T>, 'kind'>): EnricherPlugin<T> {
  return Object.freeze({ kind: 'enricher' as const, ...plugin });
}
