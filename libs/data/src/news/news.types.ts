import type { MarketId } from '#core';

/** A source as people set it up. */
export interface NewsSourceSetting {
  readonly id: string;
  readonly plugin: string;
  readonly title: string;
  readonly category: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  /** What it is trusted by at first: cases elsewhere, and how many of them held. */
  readonly prior?: SourceRecord;
}

/** Stances of a source that were judged by what prices did, and how many of them were right. */
export interface SourceRecord {
  readonly hits: number;
  readonly judged: number;
}

/** A source this process holds: its settings and where it stopped. */
export interface HeldSource extends NewsSourceSetting {
  readonly cursor: string | null;
  readonly etag: string | null;
  readonly modified: string | null;
  readonly since: number;
  readonly failures: number;
  readonly nextAt: number;
}

/** An item as it is kept, before anything is made of it. */
export interface StoredItem {
  readonly id: string;
  readonly position: number;
  readonly source: string;
  readonly title: string;
  readonly text: string;
  readonly url: string | null;
  readonly publishedAt: number | null;
  readonly receivedAt: number;
}

export interface StoredTouch {
  readonly market: MarketId;
  readonly relevance: number;
  readonly stance: number;
  readonly confidence: number;
  readonly reason: string;
}

/** What was made of an item. */
export interface ItemScores {
  readonly item: string;
  readonly scorer: string;
  /** Whether the scorer stood in for a model that could not be loaded. */
  readonly fallback: boolean;
  readonly language: string | null;
  readonly entities: readonly string[];
  readonly sentiment: { readonly positive: number; readonly negative: number; readonly neutral: number } | null;
  readonly novelty: number;
  /** The item this one repeats. */
  readonly echoOf: string | null;
  readonly touches: readonly StoredTouch[];
}

/** An earlier item of a story, for telling what a new one adds. */
export interface EarlierItem {
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly markets: readonly string[];
}
