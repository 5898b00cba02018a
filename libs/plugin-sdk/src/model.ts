import type { BookSide, Estimate, Instant, MarketInfo, MarketRef, NewsEvent, TradeEvent } from '#core';
import type { Static, TSchema } from 'typebox';
import type { Manifest } from './manifest.js';
import type { BookView, LinkView, Quote } from './strategy.js';

export interface ModelView<C = unknown, S = unknown> {
  readonly now: Instant;
  readonly config: C;
  readonly state: S;
  info(market: MarketRef): MarketInfo;
  book(market: MarketRef): BookView;
  best(market: MarketRef, side: BookSide): number;
  /**
   * Reviewed links of this market with another that the workflow hears too, in the order of their ids. Asked often, it costs
   * nothing; a link reviewed or withdrawn on the tape shows with the next event.
   */
  links(market: MarketRef): readonly LinkView[];
  /**
   * Latest estimate of that name: of one model of the workflow, or of whichever spoke last; of those listed before this one,
   * of this very event too.
   */
  estimate(market: MarketRef, name: string, model?: string): Estimate | null;
  /** Fitted parameters a job put on the tape for this plugin, by key. */
  parameters(key: string): unknown;
}

export interface ModelOutput {
  readonly market: MarketRef;
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export type ModelOutputs = ModelOutput | readonly ModelOutput[] | undefined | void;

/** A model: pure hooks that turn what is heard into estimates. One state per workflow that needs it. */
export interface ModelPlugin<T extends TSchema = TSchema, S = unknown> {
  readonly kind: 'model';
  readonly manifest: Manifest;
  readonly configSchema: T;
  initialState(config: Static<T>): S;
  onQuote?(view: ModelView<Static<T>, S>, quote: Quote): ModelOutputs;
  onTrade?(view: ModelView<Static<T>, S>, trade: TradeEvent): ModelOutputs;
  onNews?(view: ModelView<Static<T>, S>, news: NewsEvent): ModelOutputs;
  onBeat?(view: ModelView<Static<T>, S>): ModelOutputs;
}

export function defineModel<T extends TSchema, S>(plugin: Omit<ModelPlugin<T, S>, 'kind'>): ModelPlugin<T, S> {
  return Object.freeze({ kind: 'model' as const, ...plugin });
}
