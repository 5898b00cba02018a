import { deserialize, serialize } from 'node:v8';
import { Value } from 'typebox/value';
import {
  Defect,
  formatPrice,
  formatSize,
  unreachable,
  UserProblem,
  type Estimate,
  type FeeRule,
  type FillEntry,
  type MarketInfo,
  type MarketRef,
  type NewsEvent,
  type Outcome,
  type TradeEvent,
} from '#core';
import type { Signal, Signals, Sighting, StrategyPlugin } from '../strategy.js';
import { BenchView } from './bench-view.js';
import { frozen } from './frozen.js';
import { toldNews } from './told-news.js';
import type { BenchLink, BenchOptions, BenchStep, BookText, NewsText } from './strategy-bench.types.js';

/** What a strategy answered to one step. */
export class Reaction {
  constructor(
    readonly signals: readonly Signal[],
    private readonly view: BenchView,
  ) {}

  /** The answer in words, one line a signal: what a test compares. Empty when the strategy kept quiet. */
  get said(): readonly string[] {
    return this.signals.map((signal) => {
      if (signal.kind === 'gone') return `gone ${signal.direction}`;
      if (signal.kind === 'cancel') return `takes back what rests on ${this.view.info(signal.market).id}`;
      if (signal.kind === 'sighting') return `saw ${signal.sighting.direction}: ${signal.sighting.reason}`;
      return signal.legs
        .map(
          (leg) =>
            `${leg.action} ${formatSize(leg.size)} ${leg.outcome} ${this.view.info(leg.market).id} at ${formatPrice(leg.limit)}`,
        )
        .join(' + ');
    });
  }

  /** The only order of the reaction; throws `Defect` when there is none or more than one. */
  get order(): Extract<Signal, { kind: 'order' }> {
    const orders = this.signals.filter((signal) => signal.kind === 'order');
    if (orders.length !== 1)
      throw new Defect(`expected one order, the strategy said: ${this.said.join('; ') || 'nothing'}`);
    return orders[0];
  }

  /** The only sighting, an order's own included; throws `Defect` otherwise. */
  get sighting(): Sighting {
    const sightings = this.signals.flatMap((signal) =>
      'sighting' in signal && signal.sighting !== undefined ? [signal.sighting] : [],
    );
    if (sightings.length !== 1)
      throw new Defect(`expected one sighting, the strategy said: ${this.said.join('; ') || 'nothing'}`);
    return sightings[0];
  }
}

/**
 * A strategy and a small world in memory, for tests that read like stories:
 *
 *     const bench = strategyBench(plugin, { markets: [{ id: 'kalshi:X' }, { id: 'polymarket:Y' }], links: [{ a: 'kalshi:X', b: 'polymarket:Y' }] });
 *     bench.book('kalshi:X', { asks: [['0.45', 100]] });
 *     expect(bench.book('polymarket:Y', { bids: [['0.55', 100]] }).said).toEqual(['buy …']);
 *
 * Throws `UserProblem` when the config does not fit the plugin's schema.
 */
export function strategyBench(plugin: StrategyPlugin, options: BenchOptions): StrategyBench {
  return new StrategyBench(plugin, options);
}

export class StrategyBench {
  readonly view: BenchView;
  private told = 0;

  constructor(
    private readonly plugin: StrategyPlugin,
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
    this.view = new BenchView(config as Readonly<Record<string, unknown>>, options);
    this.view.state = plugin.initialState(this.view.config);
  }

  /** The market's whole book is now this; the strategy hears the quote. */
  book(market: string, book: BookText): Reaction {
    const quote = this.view.setBook(market, book);
    return this.react(this.plugin.onQuote?.(this.view, quote));
  }

  /** The market's book can be trusted again, or no longer; the strategy hears the quote. */
  trust(market: string, trusted: boolean): Reaction {
    const quote = this.view.setTrust(market, trusted);
    return this.react(this.plugin.onQuote?.(this.view, quote));
  }

  /** Time passes; the strategy hears one beat at its end. */
  wait(ms: number): Reaction {
    this.view.now += ms;
    return this.react(this.plugin.onBeat?.(this.view));
  }

  /** The same quote once more, as after a change deeper in the book. */
  again(market: string): Reaction {
    return this.react(this.plugin.onQuote?.(this.view, this.view.quote(this.view.ref(market))));
  }

  trade(trade: TradeEvent): Reaction {
    return this.react(this.plugin.onTrade?.(this.view, frozen(trade)));
  }
  /** An item arrives that is about one market. */
  tell(market: string, text: NewsText): Reaction {
    return this.news(toldNews(market, text, this.view.now, ++this.told));
  }

  news(news: NewsEvent): Reaction {
    return this.react(this.plugin.onNews?.(this.view, frozen(news)));
  }
  fill(fill: FillEntry): Reaction {
    return this.react(this.plugin.onFill?.(this.view, frozen(fill)));
  }
  estimate(estimate: Estimate): Reaction {
    this.view.setEstimate(estimate);
    return this.react(this.plugin.onEstimate?.(this.view, estimate));
  }

  /** A model's estimate of now; the strategy hears it. */
  believe(market: string, name: string, value: number, low: number, high: number, model = 'bench'): Reaction {
    const { id } = this.view.info(this.view.ref(market));
    return this.estimate({ lane: 0, seq: 0, at: this.view.now, model, market: id, name, value, low, high });
  }

  fee(market: string, fee: FeeRule | null): this {
    this.view.setFee(market, fee);
    return this;
  }
  market(market: string, change: Partial<MarketInfo>): this {
    this.view.setMarket(market, change);
    return this;
  }
  link(link: BenchLink): this {
    this.view.setLink(link);
    return this;
  }
  working(market: string, working = true): this {
    this.view.setWorking(market, working);
    return this;
  }
  cash(micros: number): this {
    this.view.cash = micros as typeof this.view.cash;
    return this;
  }
  hold(market: string, outcome: Outcome, contracts: number): this {
    this.view.setHeld(market, outcome, contracts);
    return this;
  }
  ref(market: string): MarketRef {
    return this.view.ref(market);
  }

  /** Puts the state through what a snapshot and a restart do to it. */
  restart(): this {
    this.view.state = deserialize(serialize(this.view.state));
    return this;
  }

  play(step: BenchStep): Reaction {
    switch (step.kind) {
      case 'book':
        return this.book(step.market, step.book);
      case 'trust':
        return this.trust(step.market, step.trusted);
      case 'news':
        return this.tell(step.market, step);
      case 'wait':
        return this.wait(step.ms);
      case 'fee':
        return this.fee(step.market, step.fee).again(step.market);
      case 'market':
        return this.market(step.market, step.change).again(step.market);
      case 'working':
        return this.working(step.market, step.working).again(step.market);
      case 'link':
        return this.link(step.link).again(step.link.a);
      case 'cash':
        this.cash(step.cash);
        return this.react(undefined);
      case 'estimate':
        return this.believe(step.market, step.name, step.value, step.low, step.high, step.model);
      default:
        return unreachable(step);
    }
  }

  private react(signals: Signals): Reaction {
    const list =
      signals === undefined ? [] : Array.isArray(signals) ? (signals as readonly Signal[]) : [signals as Signal];
    return new Reaction(structuredClone(list), this.view);
  }
}
