import { BID, Defect, type Estimate, type MarketRef, type Price, type Size } from '#core';
import type { BookView, ModelOutputs, ModelPlugin, ModelView, Quote } from '#plugin-sdk';
import { Value } from 'typebox/value';
import type { MarketPath } from './market-path.js';

const REF = 0 as MarketRef;
const NO_DEPTH: BookView = { count: () => 0, price: () => 0 as Price, size: () => 0 as Size, best: () => -1 as Price };

/** A model plugin alone with one market's path: what it would have said live, quote by quote. */
export class ModelRun {
  private readonly view: {
    -readonly [K in keyof ModelView]: ModelView[K];
  };
  private quotes = 0;
  private trades = 0;

  constructor(
    private readonly plugin: ModelPlugin,
    private readonly path: MarketPath,
    config: Readonly<Record<string, unknown>> = {},
    /** What a job's fit has put on the tape by then, by key. */
    parameters: (key: string) => unknown = () => undefined,
    /** What another model of the workflow has said by now. */
    estimate: (name: string, now: number, model?: string) => Estimate | null = () => null,
  ) {
    const whole = Value.Default(plugin.configSchema, { ...config });
    if (!Value.Check(plugin.configSchema, whole))
      throw new Defect(`the config does not fit ${plugin.manifest.id}: ${JSON.stringify(config)}`);
    this.view = {
      now: 0,
      config: whole,
      state: plugin.initialState(whole),
      info: () => path.info,
      book: () => NO_DEPTH,
      best: (_, side) => {
        const row = Math.max(0, this.quotes - 1);
        return side === BID ? path.quotes.bid[row] : path.quotes.ask[row];
      },
      links: () => [],
      estimate: (_, name, model) => estimate(name, this.view.now, model),
      parameters,
    };
  }

  /** Index of the last quote heard; −1 before the first. */
  get last(): number {
    return this.quotes - 1;
  }

  /** Hears every quote and trade up to a moment, in order, then a beat. */
  until(time: number, hear: (said: ModelOutputs) => void): void {
    const { quotes, trades } = this.path;
    while (this.quotes < quotes.at.length && quotes.at[this.quotes] <= time) {
      const i = this.quotes++;
      this.view.now = quotes.at[i];
      hear(this.plugin.onQuote?.(this.view, this.quoteAt(i)));
      for (; this.trades < trades.at.length && trades.at[this.trades] <= quotes.at[i]; this.trades++)
        hear(this.plugin.onTrade?.(this.view, this.tradeAt(this.trades)));
    }
    this.view.now = time;
    hear(this.plugin.onBeat?.(this.view));
  }

  private quoteAt(i: number): Quote {
    const { at, bid, ask, bidSize, askSize } = this.path.quotes;
    return {
      market: REF,
      at: at[i],
      bid: bid[i] as Price,
      bidSize: bidSize[i] as Size,
      ask: ask[i] as Price,
      askSize: askSize[i] as Size,
      trusted: true,
    };
  }

  private tradeAt(i: number): Parameters<NonNullable<ModelPlugin['onTrade']>>[1] {
    const { at, price, size } = this.path.trades;
    return {
      kind: 'trade',
      lane: 0,
      seq: i,
      at: at[i],
      venueAt: null,
      connection: 1,
      venueSeq: null,
      market: REF,
      tradeId: String(i),
      price: price[i] as Price,
      size: size[i] as Size,
      taker: null,
    };
  }
}
