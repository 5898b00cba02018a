import { PRICE_ONE, SIZE_ONE, type Instant, type MarketRef } from '#core';
import { defineModel, type ModelOutput, type ModelView, type Quote } from '#plugin-sdk';
import {
  bandEnd,
  BAND_95,
  confirmNews,
  DEFAULT_BOOK_NOISE,
  fadeNews,
  hearNews,
  logit,
  meanProbability,
  observe,
  observeReading,
  openLocalLevel,
  openNewsControl,
  openPriceMemo,
  openReading,
  predict,
  readQuoteIn,
  resolutionVariance,
  type BookNoise,
  type LocalLevel,
  type NewsControl,
  type PriceMemo,
} from '#quant';
import { isDue, neverPublished, notePublished, type Published } from '../publishing.js';
import { isLevel } from './level-fit.js';
import { hearPair, openPair, passPair, shownMean, showPair, stillLinked, type VenuePair } from './venue-pair.js';
import { kalmanConfig, type KalmanConfig } from './config.schema.js';

interface MarketState extends Published {
  readonly level: LocalLevel;
  /** Tape time the level was last predicted to. */
  at: Instant;
  /** Process variance per second away from the end: fitted, or the config's. Looked up when first seen and on beats. */
  q: number;
  /** Quotes that said something. */
  heard: number;
  /** The link it is read with; its level then only shows what the pair knows. */
  pair: VenuePair | null;
  /** What news has moved it by and prices have not confirmed, and the last shift that was told. */
  readonly news: NewsControl;
  toldShift: number;
  readonly memo: PriceMemo;
  /** Log-odds that were last published. */
  publishedMean: number;
}

interface State {
  readonly byRef: MarketState[];
  /** Those that were heard of, in the order in which they first were. */
  readonly refs: MarketRef[];
}

type View = ModelView<KalmanConfig, State>;

const DAY_SECONDS = 86_400;
/** The first article's constants, per tick and in prices. */
const ORIGINAL = { q: 1e-5, r: 1e-3, variance: 1 };
/** Scratch of one call, not state: written before it is read, every time. */
const reading = openReading();
/** However loud the news, one item moves the log-odds by no more. */
const MOST_SHIFT = 0.5;
/** A regime is published per bar; one that has not been said again for so long is not known. */
const REGIME_HOLDS_MS = 2 * 3_600_000;
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

  initialState: (): State => ({ byRef: [], refs: [] }),

  onQuote(view: View, quote: Quote): ModelOutput | readonly ModelOutput[] | undefined {
    const market = marketOf(view, quote.market);
    if (market.pair !== null) return hearOfPair(view, market, market.pair, quote);
    const heard = view.config.mode === 'original' ? hearOriginal(market, quote) : hear(view, market, quote);
    if (heard) market.heard++;
    return market.heard === 0 ? undefined : publish(view, quote.market, market, heard);
  },

  onNews(view: View): readonly ModelOutput[] | undefined {
    return moveOnNews(view);
  },

  onBeat(view: View): readonly ModelOutput[] | undefined {
    let due = moveOnNews(view);
    const { byRef, refs } = view.state;
    for (let i = 0; i < refs.length; i++) {
      const ref = refs[i];
      const market = byRef[ref];
      market.q = processVariance(view, ref);
      pairUp(view, ref, market);
      if (market.heard === 0 || view.now - market.publishedAt < view.config.quietMs) continue;
      if (view.config.mode === 'log-odds') pass(view, ref, market);
      const output = publish(view, ref, market, false);
      if (output !== undefined) (due ??= []).push(output);
    }
    return due;
  },
});

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.byRef[ref];
  if (market === undefined) {
    const { priorMean, priorVariance } = view.config;
    market = {
      level: openLocalLevel(logit(priorMean), priorVariance),
      at: view.now,
      q: processVariance(view, ref),
      heard: 0,
      pair: null,
      news: openNewsControl(),
      toldShift: 0,
      memo: openPriceMemo(),
      publishedMean: 0,
      ...neverPublished(),
    };
    view.state.refs.push(ref);
    while (view.state.byRef.length <= ref) view.state.byRef.push(undefined!);
    view.state.byRef[ref] = market;
  }
  return market;
}

/** Predicts to now, then reads the quote if its book can be trusted. */
function hear(view: View, market: MarketState, quote: Quote): boolean {
  pass(view, quote.market, market);
  if (!readOwn(view.config, market, quote)) return false;
  const { level, news } = market;
  const before = level.variance;
  observeReading(level, reading, view.config);
  if (news.shift !== 0) confirmNews(news, Math.max(0, 1 - level.variance / before));
  return true;
}

/**
 * The same where two linked markets are read as one: what a quote of one says, it says of both. Both levels are shown only
 * when somebody looks at them.
 */
function hearOfPair(view: View, market: MarketState, pair: VenuePair, quote: Quote) {
  const { config } = view;
  const ref = quote.market;
  const otherRef = otherOf(pair, ref);
  const other = view.state.byRef[otherRef];
  const first = ref === pair.first ? market : other;
  const second = ref === pair.first ? other : market;
  passTogether(view, pair, first, second);
  const { news } = first;
  const usable = readOwn(config, market, quote);
  if (!usable || news.shift !== 0) showBoth(pair, first, second);
  if (!usable) return market.heard === 0 ? undefined : publish(view, ref, market, false);
  const before = market.level.variance;
  hearPair(pair, ref, reading, config);
  if (news.shift !== 0) {
    showBoth(pair, first, second);
    confirmNews(news, Math.max(0, 1 - market.level.variance / before));
  }
  market.heard++;
  const own = publishOfPair(view, pair, ref, market);
  const told = other.heard === 0 ? undefined : publishOfPair(view, pair, otherRef, other);
  if (own === undefined || told === undefined) return own ?? told;
  return [own, told];
}

/** Reads a trusted quote into `reading`. The hook runs on the market's own word, so the quote is as old as now. */
const readOwn = (
  config: KalmanConfig,
  { memo }: MarketState,
  { trusted, bid, ask, bidSize, askSize }: Quote,
): boolean => trusted && readQuoteIn(UNITS, reading, bid, ask, bidSize, askSize, 0, noiseOf(config), memo);

/** The steepest a probability is over its log-odds, and what rounding may add. */
const STEEPEST = 1 / 4;
const SLACK = 1e-9;

/** After a quote of either: looks closer only where time or the log-odds' own move may have made an estimate due. */
function publishOfPair(view: View, pair: VenuePair, ref: MarketRef, market: MarketState): ModelOutput | undefined {
  const { publishMs, publishMove } = view.config;
  const move = Math.abs(shownMean(pair, ref) - market.publishedMean) * STEEPEST + SLACK;
  if (view.now - market.publishedAt < publishMs && move < publishMove) return undefined;
  showPair(pair, ref, market.level);
  return publish(view, ref, market, true);
}

/** Both markets of a pair show what it knows. */
const show = (view: View, pair: VenuePair): void =>
  showBoth(pair, view.state.byRef[pair.first], view.state.byRef[pair.second]);

function showBoth(pair: VenuePair, first: MarketState, second: MarketState): void {
  showPair(pair, pair.first, first.level);
  showPair(pair, pair.second, second.level);
}

/** On a beat: reads a market together with the first one it is linked with and nobody else is, as long as the link stands. */
function pairUp(view: View, ref: MarketRef, market: MarketState): void {
  const { config, state } = view;
  const links = view.links(ref);
  if (market.pair !== null) {
    if (stillLinked(market.pair, links)) return;
    const other = state.byRef[otherOf(market.pair, ref)];
    passBoth(view, market.pair);
    market.at = other.at = market.pair.at;
    market.pair = other.pair = null;
  }
  if (!config.useLinks || config.mode === 'original') return;
  for (const link of links) {
    const other: MarketState | undefined = state.byRef[link.a === ref ? link.b : link.a];
    if (other === undefined || other === market || other.pair !== null) continue;
    pass(view, ref, market);
    pass(view, link.a === ref ? link.b : link.a, other);
    const [first, second] = link.a === ref ? [market, other] : [other, market];
    second.news.shift = 0;
    market.pair = other.pair = openPair(link, first.level, second.level, config.basis ** 2, view.now);
    return show(view, market.pair);
  }
}

const otherOf = (pair: VenuePair, ref: MarketRef): MarketRef => (ref === pair.first ? pair.second : pair.first);

/** Time passes for one market: its log-odds may have wandered since, faster near its end. */
function pass(view: View, ref: MarketRef, market: MarketState): void {
  if (market.pair !== null) return passBoth(view, market.pair);
  const dt = (view.now - market.at) / 1_000;
  if (!(dt > 0)) return;
  market.at = view.now;
  predict(market.level, varianceNow(view, ref, market) * dt);
  if (market.news.shift !== 0) fadeNews(market.level, market.news, dt, view.config.newsMinutes * 60);
}

/** The same for two linked markets: what moves one moves both, so the mean of what their histories say. */
function passBoth(view: View, pair: VenuePair): void {
  const first = view.state.byRef[pair.first];
  const second = view.state.byRef[pair.second];
  passTogether(view, pair, first, second);
  showBoth(pair, first, second);
}

function passTogether(view: View, pair: VenuePair, first: MarketState, second: MarketState): void {
  const dt = (view.now - pair.at) / 1_000;
  if (!(dt > 0)) return;
  passPair(pair, (varianceNow(view, pair.first, first) + varianceNow(view, pair.second, second)) / 2, view.now);
  if (first.news.shift !== 0) fadeNews(pair.state, first.news, dt, view.config.newsMinutes * 60);
}

/** Variance per second now, grown near the end. */
function varianceNow(view: View, ref: MarketRef, { q }: MarketState): number {
  const { closesAt } = view.info(ref);
  const { horizonHours } = view.config;
  return closesAt === null || horizonHours === 0
    ? q
    : resolutionVariance(q, (closesAt - view.now) / 1_000, horizonHours * 3_600);
}

/**
 * The move that news lets expect enters as a control input (math 9.4), once: what is told again fainter is the same news
 * fading. Of a pair's two markets the first holds what has been told, in its own log-odds.
 */
function moveOnNews(view: View): ModelOutput[] | undefined {
  const { config, state } = view;
  if (!config.useNews || config.mode === 'original') return undefined;
  let said: ModelOutput[] | undefined;
  for (const ref of state.refs) {
    const market = state.byRef[ref];
    const told = view.estimate(ref, 'news-shift');
    if (told === null) continue;
    const { pair } = market;
    const keeper = pair === null ? market : state.byRef[pair.first];
    const value = pair !== null && ref === pair.second ? pair.sign * told.value : told.value;
    const before = keeper.toldShift;
    keeper.toldShift = value;
    const same = value * before > 0;
    if (value === 0 || (same && Math.abs(value) <= Math.abs(before))) continue;
    pass(view, ref, market);
    const deviation = told.high === null ? 0 : (told.high - told.value) / BAND_95;
    const response = { slope: 1, slopeError: 0, residualVariance: deviation ** 2, most: MOST_SHIFT };
    hearNews(pair?.state ?? market.level, keeper.news, same ? value - before : value, response);
    if (pair !== null) show(view, pair);
    const output = market.heard === 0 ? undefined : publish(view, ref, market, true);
    if (output !== undefined) (said ??= []).push(output);
  }
  return said;
}

/**
 * Variance per second as a job's fit put it on the tape under the market's id, else the config's volatility; more of it while
 * a regime model of the workflow calls the market volatile (math 6.8).
 */
function processVariance(view: View, ref: MarketRef): number {
  const { volatility, volatileFaster } = view.config;
  const fitted = view.parameters(view.info(ref).id);
  const q = isLevel(fitted) ? fitted.q : volatility ** 2 / DAY_SECONDS;
  if (volatileFaster === 1) return q;
  const regime = view.estimate(ref, 'regime');
  const volatile = regime !== null && regime.value > 0.75 && view.now - regime.at <= REGIME_HOLDS_MS;
  return volatile ? q * volatileFaster : q;
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
  market.publishedMean = mean;
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
