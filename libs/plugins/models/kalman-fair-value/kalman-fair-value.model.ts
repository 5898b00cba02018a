import { PRICE_ONE, SIZE_ONE, type Instant, type MarketRef } from '#core';
import { defineModel, type ModelOutput, type ModelView, type Quote } from '#plugin-sdk';
import {
  bandEnd,
  BAND_95,
  DEFAULT_BOOK_NOISE,
  logit,
  meanProbability,
  observe,
  observeReading,
  openLocalLevel,
  openReading,
  predict,
  readQuoteIn,
  resolutionVariance,
  type BookNoise,
  type LocalLevel,
} from '#quant';
import { isDue, neverPublished, notePublished, type Published } from '../publishing.js';
import { isLevel } from './level-fit.js';
import { kalmanConfig, type KalmanConfig } from './config.schema.js';

interface MarketState extends Published {
  readonly level: LocalLevel;
  /** Tape time the level was last predicted to. */
  at: Instant;
  /** Process variance per second away from the end: fitted, or the config's. Looked up when first seen and on beats. */
  q: number;
  /** Quotes that said something. */
  heard: number;
}

interface State {
  readonly markets: Map<MarketRef, MarketState>;
}

type View = ModelView<KalmanConfig, State>;

const DAY_SECONDS = 86_400;
/** The first article's constants, per tick and in prices. */
const ORIGINAL = { q: 1e-5, r: 1e-3, variance: 1 };
/** Scratch of one call, not state: written before it is read, every time. */
const reading = openReading();
const UNITS = { price: PRICE_ONE, size: SIZE_ONE };

/**
 * Fair value of a market from its own quotes: a random walk of the log-odds seen through a book whose spread, depth and
 * age say how much it is worth. Publishes `fair`, the mean probability with its 95 % band; the median and the variance of
 * the log-odds are the middle and the width of that band's ends.
 */
export const kalmanFairValue = defineModel({
  manifest: {
    id: 'kalman-fair-value',
    version: '1.0.0',
    title: 'Kalman fair value',
    summary:
      'What a market’s own quotes say its probability is, with a band, weighing each by its spread, depth and age.',
    sdk: '^1.0.0',
  },

  configSchema: kalmanConfig,

  initialState: (): State => ({ markets: new Map() }),

  onQuote(view: View, quote: Quote): ModelOutput | undefined {
    const { config } = view;
    const market = marketOf(view, quote.market);
    const heard = config.mode === 'original' ? hearOriginal(market, quote) : hear(view, market, quote);
    if (heard) market.heard++;
    return market.heard === 0 ? undefined : publish(view, quote.market, market, heard);
  },

  onBeat(view: View): readonly ModelOutput[] | undefined {
    let due: ModelOutput[] | undefined;
    for (const [ref, market] of view.state.markets) {
      market.q = processVariance(view, ref);
      if (market.heard === 0 || view.now - market.publishedAt < view.config.quietMs) continue;
      if (view.config.mode === 'log-odds') pass(view, ref, market);
      const output = publish(view, ref, market, false);
      if (output !== undefined) (due ??= []).push(output);
    }
    return due;
  },
});

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.markets.get(ref);
  if (market === undefined) {
    const { priorMean, priorVariance } = view.config;
    market = {
      level: openLocalLevel(logit(priorMean), priorVariance),
      at: view.now,
      q: processVariance(view, ref),
      heard: 0,
      ...neverPublished(),
    };
    view.state.markets.set(ref, market);
  }
  return market;
}

/** Predicts to now, then reads the quote if its book can be trusted. */
function hear(view: View, market: MarketState, quote: Quote): boolean {
  pass(view, quote.market, market);
  if (!quote.trusted) return false;
  const usable = readQuoteIn(
    UNITS,
    reading,
    quote.bid,
    quote.ask,
    quote.bidSize,
    quote.askSize,
    // The hook runs on the market's own word, so the quote is as old as now.
    0,
    noiseOf(view.config),
  );
  if (usable) observeReading(market.level, reading, view.config);
  return usable;
}

/** Time passes for one market: its log-odds may have wandered since, faster near its end. */
function pass(view: View, ref: MarketRef, market: MarketState): void {
  const dt = (view.now - market.at) / 1_000;
  if (!(dt > 0)) return;
  market.at = view.now;
  const { closesAt } = view.info(ref);
  const { horizonHours } = view.config;
  const q =
    closesAt === null || horizonHours === 0
      ? market.q
      : resolutionVariance(market.q, (closesAt - view.now) / 1_000, horizonHours * 3_600);
  predict(market.level, q * dt);
}

/** Variance per second as a job's fit put it on the tape under the market's id, else the config's volatility. */
function processVariance(view: View, ref: MarketRef): number {
  const fitted = view.parameters(view.info(ref).id);
  if (isLevel(fitted)) return fitted.q;
  return view.config.volatility ** 2 / DAY_SECONDS;
}

const noises = new WeakMap<KalmanConfig, BookNoise>();

/** The config's share of the book noise, made once per config rather than once per quote. */
function noiseOf(config: KalmanConfig): BookNoise {
  let noise = noises.get(config);
  if (noise === undefined) {
    const { rFloor, depthRef, useMicroprice } = config;
    noise = { ...DEFAULT_BOOK_NOISE, rFloor, depthRef, useMicroprice };
    noises.set(config, noise);
  }
  return noise;
}

/** The first article's filter: the mid, a fixed noise per tick, the first mid taken for the state. */
function hearOriginal(market: MarketState, quote: Quote): boolean {
  if (quote.bid < 0 || quote.ask < 0 || quote.bid > quote.ask || !quote.trusted) return false;
  const mid = (quote.bid + quote.ask) / (2 * PRICE_ONE);
  const { level } = market;
  if (market.heard === 0) {
    level.mean = mid;
    level.variance = ORIGINAL.variance;
    return true;
  }
  predict(level, ORIGINAL.q);
  observe(level, mid, ORIGINAL.r);
  return true;
}

function publish(view: View, ref: MarketRef, market: MarketState, heard: boolean): ModelOutput | undefined {
  const { mean, variance } = market.level;
  const original = view.config.mode === 'original';
  // The median tells a move as well as the mean does, and costs a fortieth of it. Written out: what a function hands back
  // may be put on the heap.
  const median = original ? mean : 1 / (1 + Math.exp(0 - mean));
  if (!isDue(market, view.now, median, heard, view.config)) return undefined;
  notePublished(market, view.now, median);
  if (original) {
    const reach = Math.sqrt(variance);
    return { market: ref, name: 'fair', value: mean, low: mean - reach, high: mean + reach };
  }
  return {
    market: ref,
    name: 'fair',
    value: meanProbability(mean, variance),
    low: bandEnd(mean, variance, -BAND_95),
    high: bandEnd(mean, variance, BAND_95),
  };
}
