import type { MarketRef, TradeEvent } from '#core';
import { defineModel, type ModelOutput, type ModelView, type Quote } from '#plugin-sdk';
import {
  canonicalOrder,
  HmmFilter,
  hold,
  noRegime,
  regimeLabel,
  reordered,
  steadyOrder,
  type HmmFilterState,
  type HmmParameters,
  type Hysteresis,
} from '#quant';
import {
  barIndex,
  closeBar,
  hearQuote,
  hearTrade,
  OF_MEANS,
  openBar,
  REGIME_WIDTH,
  skipTo,
  type RegimeBar,
} from './regime-bars.js';
import { regimeConfig, type RegimeConfig } from './config.schema.js';
import { heldIn, readRegimeParameters, regimeKey, unscaled, type RegimeParameters } from './regime-fit.js';

/** A fit in use, its states in the order of their names. */
interface Fitted {
  readonly parameters: RegimeParameters;
  readonly model: HmmParameters;
  /** Which way prices drift in each state, as the fit proved it; none where it does not say. */
  readonly drifts: readonly number[];
  readonly filter: HmmFilterState;
}

interface MarketState {
  readonly bar: RegimeBar;
  /** The latest bars' features, a ring of `MEMORY` rows; `bars` counts all that were closed. */
  readonly rows: Float64Array;
  bars: number;
  fitted: Fitted | null;
  readonly held: Hysteresis;
  /** Running mean of the squared change per bar, log-odds²; `NaN` before the first. */
  variance: number;
}

interface State {
  readonly markets: Map<MarketRef, MarketState>;
}

type View = ModelView<RegimeConfig, State>;

/** A new fit reads these many bars again, so that it begins with a belief of its own. */
const MEMORY = 60;
/** After so many missing bars a chain has forgotten where it was. */
const MOST_MISSING = 240;
const DAY_MS = 86_400_000;

/** Filters over the states' own arrays; made anew after a restart, never part of the state. */
const filters = new WeakMap<Fitted, HmmFilter>();
const scaled = new Float64Array(REGIME_WIDTH);

/**
 * Which regime a market is in (quiet, normal, volatile), by a hidden Markov model over bars of its quotes and trades. The
 * model is fitted elsewhere on earlier bars and arrives on the tape; here it is only filtered forward, so that nothing a
 * decision sees knows the future. A refit keeps the names: states are matched to the ones before.
 *
 * Publishes per bar `regime` (0 quiet, 0.5 normal, 1 volatile; held against flicker), `regime-drift` (−1 falling, 0, 1
 * rising in that regime, as the fit proved), `regime-quiet` and `regime-volatile` (filtered probabilities), and always
 * `volatility` (log-odds per √day).
 */
export const hmmRegime = defineModel({
  manifest: {
    id: 'hmm-regime',
    version: '1.0.0',
    title: 'HMM regime',
    summary: 'Whether a market is quiet, normal or volatile now, from the way its quotes, spread and trades behave.',
    sdk: '^1.0.0',
  },

  configSchema: regimeConfig,

  initialState: (): State => ({ markets: new Map() }),

  onQuote(view: View, quote: Quote): ModelOutput[] | undefined {
    const market = marketOf(view, quote.market);
    const said = advance(view, quote.market, market);
    market.bar.now = view.now;
    hearQuote(market.bar, quote.bid, quote.ask, quote.bidSize, quote.askSize, quote.trusted);
    return said;
  },

  onTrade(view: View, trade: TradeEvent): ModelOutput[] | undefined {
    const market = marketOf(view, trade.market);
    const said = advance(view, trade.market, market);
    hearTrade(market.bar, trade.size);
    return said;
  },

  onBeat(view: View): ModelOutput[] | undefined {
    let all: ModelOutput[] | undefined;
    for (const [ref, market] of view.state.markets) {
      const said = advance(view, ref, market);
      if (said !== undefined) all = all === undefined ? said : all.concat(said);
    }
    return all;
  },
});

function marketOf(view: View, ref: MarketRef): MarketState {
  let market = view.state.markets.get(ref);
  if (market === undefined) {
    const barMs = view.config.barSeconds * 1_000;
    market = {
      bar: openBar(barIndex(view.now, barMs), barMs),
      rows: new Float64Array(MEMORY * REGIME_WIDTH).fill(NaN),
      bars: 0,
      fitted: null,
      held: noRegime(),
      variance: NaN,
    };
    view.state.markets.set(ref, market);
  }
  return market;
}

/** Closes every bar that is over; speaks of the last of them. */
function advance(view: View, ref: MarketRef, market: MarketState): ModelOutput[] | undefined {
  const barMs = view.config.barSeconds * 1_000;
  const now = barIndex(view.now, barMs);
  const { bar } = market;
  if (now <= bar.index) return undefined;
  adopt(view, ref, market);
  close(view, market);
  // A long silence in one step: the chain moves on, and stands still once it has forgotten where it was.
  for (let missing = Math.min(now - bar.index, MOST_MISSING); missing > 0; missing--) close(view, market);
  skipTo(bar, now);
  return estimates(ref, market, barMs);
}

function close(view: View, market: MarketState): void {
  const { threshold, holdBars, halfLifeBars } = view.config;
  const offset = (market.bars % MEMORY) * REGIME_WIDTH;
  const said = closeBar(market.bar, market.rows, offset);
  market.bars++;
  if (said) {
    const square = market.rows[offset] ** 2 / OF_MEANS;
    const keep = 2 ** (-1 / halfLifeBars);
    market.variance = Number.isNaN(market.variance) ? square : keep * market.variance + (1 - keep) * square;
  }
  const { fitted } = market;
  if (fitted === null) return;
  step(fitted, market.rows, offset);
  // A missing bar is no evidence, so it does not count toward being sure.
  if (said) hold(market.held, fitted.filter.posterior, threshold, holdBars);
}

function step(fitted: Fitted, rows: Float64Array, offset: number): void {
  const { centres, spreads, reach } = fitted.parameters;
  for (let d = 0; d < REGIME_WIDTH; d++) scaled[d] = (rows[offset + d] - centres[d]) / spreads[d];
  scaled[0] = (heldIn(rows[offset], reach) - centres[0]) / spreads[0];
  let filter = filters.get(fitted);
  if (filter === undefined) {
    filter = new HmmFilter(fitted.model, fitted.filter);
    filters.set(fitted, filter);
  }
  filter.step(scaled);
}

/** Which fit a value on the tape is, before it is read as a whole. */
const fittedTo = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { fittedTo?: unknown }).fittedTo : undefined;

/** Takes a new fit for the market into use, once: names stay with the states they named. */
function adopt(view: View, ref: MarketRef, market: MarketState): void {
  const barMs = view.config.barSeconds * 1_000;
  const value = view.parameters(regimeKey(view.info(ref).id, barMs));
  const before = market.fitted;
  if (value === undefined || fittedTo(value) === before?.parameters.fittedTo) return;
  const read = readRegimeParameters(value);
  if (read === null || read.parameters.barMs !== barMs) return;
  const own = unscaled(read.model, read.parameters);
  const order = before === null ? canonicalOrder(own) : steadyOrder(own, unscaled(before.model, before.parameters));
  const model = reordered(read.model, order);
  const fitted: Fitted = {
    parameters: read.parameters,
    model,
    drifts: order.map((k) => read.parameters.drifts?.[k] ?? NaN).filter((drift) => !Number.isNaN(drift)),
    filter: { posterior: model.start.slice(), rows: 0, logLik: 0 },
  };
  market.fitted = fitted;
  rename(market.held, before?.model.states ?? model.states, model.states);
  // Where nothing is held yet, the bars read again say what to begin with: a first regime need not wait for more of them.
  const undecided = market.held.state < 0;
  const { threshold, holdBars } = view.config;
  const first = Math.max(0, market.bars - MEMORY);
  for (let n = first; n < market.bars; n++) {
    const offset = (n % MEMORY) * REGIME_WIDTH;
    step(fitted, market.rows, offset);
    if (undecided && !Number.isNaN(market.rows[offset]))
      hold(market.held, fitted.filter.posterior, threshold, holdBars);
  }
}

/** The held regime keeps its name when the number of states changes; a name that is gone is held no longer. */
function rename(held: Hysteresis, before: number, after: number): void {
  if (before === after) return;
  const label = held.state < 0 ? null : regimeLabel(held.state, before);
  held.rival = -1;
  held.bars = 0;
  held.state = Array.from({ length: after }, (_, k) => k).find((k) => regimeLabel(k, after) === label) ?? -1;
}

function estimates(ref: MarketRef, { variance, fitted, held }: MarketState, barMs: number): ModelOutput[] | undefined {
  const said: ModelOutput[] = [];
  if (!Number.isNaN(variance))
    said.push({ market: ref, name: 'volatility', value: Math.sqrt((variance * DAY_MS) / barMs) });
  if (fitted !== null) {
    const { posterior } = fitted.filter;
    const last = posterior.length - 1;
    if (held.state >= 0) said.push({ market: ref, name: 'regime', value: last === 0 ? 0 : held.state / last });
    if (held.state in fitted.drifts) said.push({ market: ref, name: 'regime-drift', value: fitted.drifts[held.state] });
    said.push({ market: ref, name: 'regime-quiet', value: posterior[0] });
    if (last > 0) said.push({ market: ref, name: 'regime-volatile', value: posterior[last] });
  }
  return said.length > 0 ? said : undefined;
}
