import { PRICE_ONE, SIZE_ONE, type Instant, type MarketRef, type TradeEvent } from '#core';
import { defineModel, type ModelOutput, type ModelView } from '#plugin-sdk';
import {
  betaMean,
  betaQuantile,
  forgetBelief,
  hearPrice,
  openBetaBelief,
  ORIGINAL_BETA_SETTINGS,
  originalInterval,
  type BetaBelief,
  type BetaSettings,
} from '#quant';
import { isDue, neverPublished, notePublished, type Published } from '../publishing.js';
import { bayesConfig, type BayesConfig } from './config.schema.js';

interface MarketState extends Published {
  readonly belief: BetaBelief;
  /** Settings with the prior of the market's category: what it fades toward. */
  readonly settings: BetaSettings;
  at: Instant;
}

interface State {
  readonly markets: Map<MarketRef, MarketState>;
}

type View = ModelView<BayesConfig, State>;

/**
 * Fair value as a belief with a base rate: Beta counts that begin with the category's prior, take what trades say in
 * proportion to a tamed volume, and fade back. Publishes `fair`, the mean with its equal-tailed 95 % interval.
 */
export const bayesFairValue = defineModel({
  manifest: {
    id: 'bayes-fair-value',
    version: '1.0.0',
    title: 'Bayesian fair value',
    summary:
      'A base rate that listens to trades: how likely the outcome is, given its category and what was paid for it.',
    sdk: '^1.0.0',
  },

  configSchema: bayesConfig,

  initialState: (): State => ({ markets: new Map() }),

  onTrade(view: View, trade: TradeEvent): ModelOutput | undefined {
    const market = marketOf(view, trade.market);
    pass(view, market);
    const heard = hearPrice(market.belief, trade.price / PRICE_ONE, trade.size / SIZE_ONE, market.settings);
    return heard ? publish(view, trade.market, market, true) : undefined;
  },

  onBeat(view: View): readonly ModelOutput[] | undefined {
    let due: ModelOutput[] | undefined;
    for (const [ref, market] of view.state.markets) {
      if (view.now - market.publishedAt < view.config.quietMs) continue;
      pass(view, market);
      const output = publish(view, ref, market, false);
      if (output !== undefined) (due ??= []).push(output);
    }
    return due;
  },
});

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.markets.get(ref);
  if (market === undefined) {
    const settings = settingsOf(view.config, view.info(ref).category);
    market = { belief: openBetaBelief(settings), settings, at: view.now, ...neverPublished() };
    view.state.markets.set(ref, market);
  }
  return market;
}

function settingsOf(config: BayesConfig, category: string): BetaSettings {
  const known = config.priors.find((one) => one.category.toLowerCase() === category.toLowerCase());
  const prior = {
    priorMean: known?.mean ?? config.priorMean,
    priorStrength: known?.strength ?? config.priorStrength,
  };
  if (config.mode === 'original') return { ...ORIGINAL_BETA_SETTINGS, noise: config.noise, ...prior };
  const { weight, volumeScale, noise, maxWeight, maxStrength } = config;
  return { ...prior, halfLife: config.halfLifeMinutes * 60, weight, volumeScale, noise, maxWeight, maxStrength };
}

function pass(view: View, market: MarketState): void {
  if (forgetBelief(market.belief, (view.now - market.at) / 1_000, market.settings)) market.at = view.now;
}

function publish(view: View, ref: MarketRef, market: MarketState, heard: boolean): ModelOutput | undefined {
  const { alpha, beta } = market.belief;
  const value = betaMean(alpha, beta);
  if (!isDue(market, view.now, value, heard, view.config)) return undefined;
  notePublished(market, view.now, value);
  if (view.config.mode === 'original') return { market: ref, name: 'fair', value, ...originalInterval(alpha, beta) };
  return {
    market: ref,
    name: 'fair',
    value,
    low: Math.min(value, betaQuantile(0.025, alpha, beta)),
    high: Math.max(value, betaQuantile(0.975, alpha, beta)),
  };
}
