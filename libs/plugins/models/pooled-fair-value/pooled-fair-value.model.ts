import type { Estimate, Instant, MarketRef, TradeEvent } from '#core';
import { defineModel, type ModelOutput, type ModelView, type Quote } from '#plugin-sdk';
import { bandEnd, BAND_95, logit, logLinearPool, meanProbability, openLogOdds, type LogOdds } from '#quant';
import { poolConfig, type PoolConfig } from './config.schema.js';

/** When each member last spoke and what it said: of what the pool was made. */
interface MarketState {
  quotesAt: Instant;
  quotes: number;
  tradesAt: Instant;
  trades: number;
  /** Share of the quotes in the pooled precision, and when it was last published. */
  share: number;
  sharedAt: Instant;
}

interface State {
  readonly markets: Map<MarketRef, MarketState>;
}

type View = ModelView<PoolConfig, State>;

/** Whose fair values are pooled: what quotes say, and what trades say on top of a base rate. */
export const POOL_MEMBERS = ['kalman-fair-value', 'bayes-fair-value'] as const;
const [QUOTES, TRADES] = POOL_MEMBERS;
/** The weight moves little by little: it is written down when it did by so much, and now and then. */
const SHARE_MOVE = 0.01;
const SHARE_MS = 60_000;
/** Scratch of one call, not state: written before it is read, every time. */
const first = openLogOdds();
const second = openLogOdds();

/**
 * One fair value of two: what a market's quotes say and what its trades say on top of a base rate, as a log-linear pool of
 * their log-odds (math 5.1). Both have read the same market, so precisions are averaged rather than added and the pool is
 * never surer than the surer of the two. Publishes `fair` with its 95 % band whenever either has spoken, and `pool-share`, the
 * part of its precision that is the quotes'. A market that only one of them knows has that one's fair value.
 */
export const pooledFairValue = defineModel({
  manifest: {
    id: 'pooled-fair-value',
    version: '1.0.0',
    title: 'Pooled fair value',
    summary:
      'One fair value of what quotes say and what trades say on top of a base rate, each weighed by how sure it is.',
    sdk: '^1.1.0',
    needs: { models: [...POOL_MEMBERS] },
  },

  configSchema: poolConfig,

  initialState: (): State => ({ markets: new Map() }),

  onQuote: (view: View, { market }: Quote) => pool(view, market),
  onTrade: (view: View, { market }: TradeEvent) => pool(view, market),

  onBeat(view: View): ModelOutput[] | undefined {
    let all: ModelOutput[] | undefined;
    for (const ref of view.state.markets.keys()) {
      const said = pool(view, ref);
      if (said !== undefined) all = all === undefined ? said : all.concat(said);
    }
    return all;
  },
});

/** Pools anew if either member has said something since. */
function pool(view: View, ref: MarketRef): ModelOutput[] | undefined {
  const quotes = view.estimate(ref, 'fair', QUOTES);
  const trades = view.estimate(ref, 'fair', TRADES);
  if (quotes === null && trades === null) return undefined;
  const market = marketOf(view, ref);
  if (
    (quotes === null || (quotes.at === market.quotesAt && quotes.value === market.quotes)) &&
    (trades === null || (trades.at === market.tradesAt && trades.value === market.trades))
  )
    return undefined;
  if (quotes !== null) {
    market.quotesAt = quotes.at;
    market.quotes = quotes.value;
  }
  if (trades !== null) {
    market.tradesAt = trades.at;
    market.trades = trades.value;
  }
  const { weight } = view.config;
  const one = read(view, quotes, first);
  const other = read(view, trades, second);
  if (!one && !other) return undefined;
  const share = !other ? 1 : !one ? 0 : shareOf(first.variance, second.variance, weight);
  if (!one) logLinearPool(first, second, first, 0);
  else if (other) logLinearPool(first, second, first, weight);
  return spoken(view, ref, market, share, first);
}

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.markets.get(ref);
  if (market === undefined) {
    market = { quotesAt: -Infinity, quotes: NaN, tradesAt: -Infinity, trades: NaN, share: NaN, sharedAt: -Infinity };
    view.state.markets.set(ref, market);
  }
  return market;
}

/** The log-odds a band stands for, its ends 1.96 deviations from its middle; `false` where there is no band, or an old one. */
function read(view: View, estimate: Estimate | null, into: LogOdds): boolean {
  if (estimate === null || view.now - estimate.at > view.config.maxAgeSeconds * 1_000) return false;
  const { low, high } = estimate;
  if (low === null || high === null || !(low > 0 && high < 1 && low <= high)) return false;
  const below = logit(low);
  const above = logit(high);
  into.mean = (below + above) / 2;
  into.variance = ((above - below) / (2 * BAND_95)) ** 2;
  return true;
}

/** Which part of the pooled precision is the first's. */
function shareOf(one: number, two: number, weight: number): number {
  const mine = weight * two;
  const theirs = (1 - weight) * one;
  return mine + theirs > 0 ? mine / (mine + theirs) : weight;
}

function spoken(
  view: View,
  ref: MarketRef,
  market: MarketState,
  share: number,
  { mean, variance }: LogOdds,
): ModelOutput[] {
  const fair: ModelOutput = {
    market: ref,
    name: 'fair',
    value: meanProbability(mean, variance),
    low: bandEnd(mean, variance, -BAND_95),
    high: bandEnd(mean, variance, BAND_95),
  };
  if (Math.abs(share - market.share) < SHARE_MOVE && view.now - market.sharedAt < SHARE_MS) return [fair];
  market.share = share;
  market.sharedAt = view.now;
  return [fair, { market: ref, name: 'pool-share', value: share }];
}
