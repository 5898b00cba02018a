import type { Instant, MarketId, MarketRef, NewsEvent } from '#core';
import { defineModel, type ModelOutput, type ModelView, type Quote } from '#plugin-sdk';
import { decayImpulse, hearStance, openNewsImpulse, scoreAgainst, type NewsImpulse } from '#quant';
import { impulseConfig, type ImpulseConfig } from './config.schema.js';
import { RESPONSE_KEY, responseOf, sourceKey, weightOf } from './parameters.js';

interface MarketState {
  readonly fast: NewsImpulse;
  readonly slow: NewsImpulse;
  at: Instant;
  /** Momentum as it was sampled, newest last. */
  readonly samples: number[];
  sampledAt: Instant;
  /** Expected move of the log-odds, as of `at`; and its variance. */
  shift: number;
  variance: number;
}
interface State {
  /** Markets of this workflow's scope, learned from their quotes: an item names them by id. */
  readonly refs: Map<MarketId, MarketRef>;
  readonly markets: Map<MarketRef, MarketState>;
}
type View = ModelView<ImpulseConfig, State>;

const LEAST_SAMPLES = 5;
const MINUTE = 60_000;
const BAND_95 = 1.959963984540054;

/**
 * What news adds up to for each market (math 9): stances towards YES, weighed by relevance, source, confidence and novelty,
 * in a fast and a slow decaying sum. Publishes `news` (momentum), `news-z` (against earlier samples, the present one
 * excluded) and `news-shift` (the move of the log-odds a job's fit lets expect; 0 until a fit has proved one).
 */
export const newsImpulse = defineModel({
  manifest: {
    id: 'news-impulse',
    version: '1.0.0',
    title: 'News impulse',
    summary: 'Decaying momentum of scored news per market, how unusual it is, and the move it lets expect.',
    sdk: '^1.0.0',
    needs: { news: true },
  },

  configSchema: impulseConfig,

  initialState: (): State => ({ refs: new Map(), markets: new Map() }),

  onQuote(view: View, { market }: Quote): undefined {
    const { refs } = view.state;
    const { id } = view.info(market);
    if (!refs.has(id)) refs.set(id, market);
  },

  onNews(view: View, { item }: NewsEvent): readonly ModelOutput[] | undefined {
    const { config, state, now } = view;
    if (now - (item.publishedAt ?? now) > config.staleMinutes * MINUTE) return undefined;
    const source = weightOf(view.parameters(sourceKey(item.source)), config.unknownWeight);
    const said: ModelOutput[] = [];
    for (const { market, relevance, stance, confidence } of item.touches) {
      const ref = state.refs.get(market);
      const weight = relevance * source * confidence * item.novelty;
      if (ref === undefined || relevance < config.leastRelevance || !(weight > 0)) continue;
      const heard = marketOf(view, ref);
      pass(heard, now, config);
      hearStance(heard.fast, stance, weight);
      hearStance(heard.slow, stance, weight);
      const z = zOf(heard, config);
      const response = responseOf(view.parameters(RESPONSE_KEY));
      if (Number.isFinite(z) && response !== null) {
        const most = config.mostShift;
        heard.shift = Math.max(-most, Math.min(most, response.slope * z));
        heard.variance = response.slopeError ** 2 * z * z + response.residualVariance;
      }
      said.push(...outputs(ref, heard, z, config));
    }
    return said.length === 0 ? undefined : said;
  },

  onBeat(view: View): readonly ModelOutput[] | undefined {
    const { config, now } = view;
    let said: ModelOutput[] | undefined;
    for (const [ref, heard] of view.state.markets) {
      if (now - heard.sampledAt < config.sampleSeconds * 1_000) continue;
      pass(heard, now, config);
      const z = zOf(heard, config);
      heard.sampledAt = now;
      heard.samples.push(momentum(heard, config));
      if (heard.samples.length > config.baseline) heard.samples.shift();
      // A market nobody writes about any more has nothing to tell.
      if (heard.fast.weight > 1e-3) (said ??= []).push(...outputs(ref, heard, z, config));
    }
    return said;
  },
});

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.markets.get(ref);
  if (market === undefined) {
    market = {
      fast: openNewsImpulse(),
      slow: openNewsImpulse(),
      at: view.now,
      // Until now nothing was heard of it, and that is what its news stands out from.
      samples: Array.from({ length: LEAST_SAMPLES }, () => 0),
      sampledAt: view.now,
      shift: 0,
      variance: 0,
    };
    view.state.markets.set(ref, market);
  }
  return market;
}

function pass(market: MarketState, now: Instant, { fastMinutes, slowMinutes, shiftMinutes }: ImpulseConfig): void {
  const dt = (now - market.at) / 1_000;
  if (!(dt > 0)) return;
  market.at = now;
  decayImpulse(market.fast, dt, fastMinutes * 60);
  decayImpulse(market.slow, dt, slowMinutes * 60);
  market.shift *= 2 ** (-dt / (shiftMinutes * 60));
}

/** The fast sum less the slow one, each by how long it remembers. */
const momentum = ({ fast, slow }: MarketState, { fastMinutes, slowMinutes }: ImpulseConfig): number =>
  fast.sum - (slow.sum * fastMinutes) / slowMinutes;

const zOf = (market: MarketState, config: ImpulseConfig): number =>
  scoreAgainst(market.samples, momentum(market, config), LEAST_SAMPLES, config.floor);

function outputs(ref: MarketRef, heard: MarketState, z: number, config: ImpulseConfig): readonly ModelOutput[] {
  const reach = BAND_95 * Math.sqrt(heard.variance);
  const { shift } = heard;
  return [
    { market: ref, name: 'news', value: momentum(heard, config) },
    ...(Number.isFinite(z) ? [{ market: ref, name: 'news-z', value: z }] : []),
    { market: ref, name: 'news-shift', value: shift, low: shift - reach, high: shift + reach },
  ];
}
