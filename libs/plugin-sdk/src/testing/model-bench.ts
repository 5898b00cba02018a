import { deserialize, serialize } from 'node:v8';
import { Value } from 'typebox/value';
import {
  Defect,
  parsePrice,
  unreachable,
  UserProblem,
  type BookSide,
  type Estimate,
  type Instant,
  type MarketInfo,
  type MarketRef,
  type NewsEvent,
  type TradeEvent,
} from '#core';
import type { ModelOutput, ModelOutputs, ModelPlugin, ModelView } from '../model.js';
import type { BookView, LinkView, Quote } from '../strategy.js';
import { BenchView } from './bench-view.js';
import { frozen } from './frozen.js';
import { toldNews } from './told-news.js';
import type { BenchLink, BenchOptions, BenchStep, BookText, NewsText } from './strategy-bench.types.js';

/** A trade as a story tells it: YES price in dollars, contracts, and what the taker did. */
export interface TradeText {
  readonly price: string;
  readonly contracts: number;
  readonly taker?: 'buy' | 'sell' | null;
}

export type ModelStep = BenchStep | { readonly kind: 'trade'; readonly market: string; readonly trade: TradeText };

/**
 * A model and a small world in memory, the strategy bench's sibling:
 *
 *     const bench = modelBench(plugin, { markets: [{ id: 'kalshi:X' }] });
 *     const [fair] = bench.book('kalshi:X', { bids: [['0.45', 100]], asks: [['0.47', 100]] });
 *     expect(fair.value).toBeCloseTo(0.46, 2);
 *
 * Throws `UserProblem` when the config does not fit the plugin's schema.
 */
export function modelBench(plugin: ModelPlugin, options: BenchOptions): ModelBench {
  return new ModelBench(plugin, options);
}

export class ModelBench {
  private readonly world: BenchView;
  private readonly view: BenchModelView;
  private trades = 0;
  private told = 0;

  constructor(
    private readonly plugin: ModelPlugin,
    options: BenchOptions,
  ) {
    const config = Value.Default(plugin.configSchema, { ...options.config });
    if (!Value.Check(plugin.configSchema, config)) {
      const problems = Value.Errors(plugin.configSchema, config).map((error) => ({
        path: error.instancePath,
        message: error.message,
      }));
      throw new UserProblem(`the config does not fit ${plugin.manifest.id}`, problems);
    }
    this.world = new BenchView(config as Readonly<Record<string, unknown>>, options);
    this.view = new BenchModelView(this.world);
    this.view.state = plugin.initialState(this.world.config);
  }

  get config(): Readonly<Record<string, unknown>> {
    return this.world.config;
  }
  get now(): Instant {
    return this.world.now;
  }

  /** The market's whole book is now this; the model hears the quote. */
  book(market: string, book: BookText): readonly ModelOutput[] {
    return outputs(this.plugin.onQuote?.(this.view, this.world.setBook(market, book)));
  }
  trust(market: string, trusted: boolean): readonly ModelOutput[] {
    return outputs(this.plugin.onQuote?.(this.view, this.world.setTrust(market, trusted)));
  }
  /** The same quote once more, as after a change deeper in the book. */
  again(market: string): readonly ModelOutput[] {
    return outputs(this.plugin.onQuote?.(this.view, this.world.quote(this.world.ref(market)) satisfies Quote));
  }
  /** Time passes; the model hears one beat at its end. */
  wait(ms: number): readonly ModelOutput[] {
    this.world.now += ms;
    return outputs(this.plugin.onBeat?.(this.view));
  }
  /** Time passes and nobody says so. */
  later(ms: number): this {
    this.world.now += ms;
    return this;
  }

  trade(market: string, { price, contracts, taker = null }: TradeText): readonly ModelOutput[] {
    const at = parsePrice(price);
    if (Number.isNaN(at)) throw new Defect(`${price} is not a price`);
    this.trades++;
    const event: TradeEvent = {
      kind: 'trade',
      lane: 0,
      seq: this.trades,
      at: this.world.now,
      venueAt: null,
      connection: 1,
      venueSeq: null,
      market: this.world.ref(market),
      tradeId: `T${this.trades}`,
      price: at,
      size: Math.round(contracts * 100) as TradeEvent['size'],
      taker,
    };
    return outputs(this.plugin.onTrade?.(this.view, frozen(event)));
  }

  /** An item arrives that is about one market. */
  tell(market: string, text: NewsText): readonly ModelOutput[] {
    return this.news(toldNews(market, text, this.world.now, ++this.told));
  }

  news(news: NewsEvent): readonly ModelOutput[] {
    return outputs(this.plugin.onNews?.(this.view, frozen(news)));
  }

  market(market: string, change: Partial<MarketInfo>): this {
    this.world.setMarket(market, change);
    return this;
  }
  /** A link is on the tape from now on, or another version of it. */
  link(link: BenchLink): this {
    this.world.setLink(link);
    return this;
  }
  /** What another model of the workflow said just now. */
  believe(market: string, name: string, value: number, low = value, high = value, model = 'bench'): this {
    const { id } = this.world.info(this.world.ref(market));
    const { now: at } = this.world;
    this.world.setEstimate({ lane: 0, seq: 0, at, model, market: id, name, value, low, high });
    return this;
  }
  /** What a job fitted for this model is on the tape from now on. */
  fitted(key: string, value: unknown): this {
    this.view.fitted.set(key, frozen(value));
    return this;
  }
  ref(market: string): MarketRef {
    return this.world.ref(market);
  }

  /** Puts the state through what a snapshot and a restart do to it. */
  restart(): this {
    this.view.state = deserialize(serialize(this.view.state));
    return this;
  }

  play(step: ModelStep): readonly ModelOutput[] {
    switch (step.kind) {
      case 'book':
        return this.book(step.market, step.book);
      case 'trust':
        return this.trust(step.market, step.trusted);
      case 'news':
        return this.tell(step.market, step);
      case 'wait':
        return this.wait(step.ms);
      case 'market':
        return this.market(step.market, step.change).again(step.market);
      case 'trade':
        return this.trade(step.market, step.trade);
      case 'link':
        return this.link(step.link).again(step.link.a);
      case 'estimate':
        this.believe(step.market, step.name, step.value, step.low, step.high, step.model);
        return [];
      // What only strategies see.
      case 'fee':
      case 'working':
      case 'cash':
        return [];
      default:
        return unreachable(step);
    }
  }
}

class BenchModelView implements ModelView {
  state: unknown;
  readonly fitted = new Map<string, unknown>();

  constructor(private readonly world: BenchView) {}

  get now(): Instant {
    return this.world.now;
  }
  get config(): unknown {
    return this.world.config;
  }
  info(market: MarketRef): MarketInfo {
    return this.world.info(market);
  }
  book(market: MarketRef): BookView {
    return this.world.book(market);
  }
  best(market: MarketRef, side: BookSide): number {
    return this.world.book(market).best(side);
  }
  links(market: MarketRef): readonly LinkView[] {
    return this.world.links(market);
  }
  estimate(market: MarketRef, name: string, model?: string): Estimate | null {
    return this.world.estimate(market, name, model);
  }
  parameters(key: string): unknown {
    return this.fitted.get(key);
  }
}

function outputs(said: ModelOutputs): readonly ModelOutput[] {
  if (said === undefined) return [];
  return structuredClone(Array.isArray(said) ? (said as readonly ModelOutput[]) : [said as ModelOutput]);
}
