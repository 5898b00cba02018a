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

/** What an item says of the markets it was asked about. A market that is left out is not touched. */
export interface Enrichment {
  readonly item: string;
  readonly touches: readonly {
    readonly market: MarketId;
    /** 0 has nothing to do with it … 1 is about it. */
    readonly relevance: number;
    /** -1 speaks for NO … 1 speaks for YES. */
    readonly stance: number;
    /** 0 … 1. */
    readonly confidence: number;
  }[];
}

/** Holds whatever `open` loaded, once, until it is closed. */
export interface OpenEnricher {
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
