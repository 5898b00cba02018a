import {
  PRICE_ONE,
  SIZE_ONE,
  size,
  type Estimate,
  type FeeRule,
  type Instant,
  type MarketRef,
  type Outcome,
  type Price,
} from '#core';
import { defineStrategy, type Quote, type Signal, type StrategyView } from '#plugin-sdk';
import {
  BAND_95,
  edgeFlaw,
  kellyLadder,
  logit,
  MEAN_BEND,
  meanProbability,
  planAt,
  probabilityNoPays,
  probabilityYesPays,
  shrunkToMarket,
  uncertaintyShrink,
  unitFee,
} from '#quant';
import { edgeConfig, type EdgeConfig } from './config.schema.js';

interface State {
  /** Until when a market is left alone after an order. */
  readonly restUntil: Map<MarketRef, Instant>;
}

type View = StrategyView<EdgeConfig, State>;

/** Which model says what. */
const MODELS = {
  kalman: 'kalman-fair-value',
  bayes: 'bayes-fair-value',
  pooled: 'pooled-fair-value',
} as const;
const modelOf = ({ fairValue }: EdgeConfig): string | undefined =>
  fairValue === 'any' ? undefined : MODELS[fairValue];

/** A regime is published per bar; one that has not been said again for so long is not known. */
const REGIME_HOLDS_MS = 2 * 3_600_000;

/** The fair value as this strategy sees it: log-odds pulled towards the market's, and what they mean. */
interface Fair {
  readonly mean: number;
  readonly variance: number;
  readonly probability: number;
}

/**
 * Buys the side of a market that costs less than a model says it is worth, by a margin, with a probability and in a size
 * that doubt about the fair value holds back; sells again when selling pays more than holding.
 */
export const fairValueEdge = defineStrategy({
  manifest: {
    id: 'fair-value-edge',
    version: '1.1.0',
    title: 'Fair-value edge',
    summary:
      'Buys what a model says is worth more than it costs, sized by fractional Kelly, and sells when that is over.',
    sdk: '^1.1.0',
    needs: { models: ['kalman-fair-value'] },
  },

  configSchema: edgeConfig,

  needsModels: ({ fairValue }: EdgeConfig) => (fairValue === 'any' ? [] : [MODELS[fairValue]]),

  /** Until 1.1.0 it heard whichever model spoke last. */
  migrateConfig: ({ config }) => ({ fairValue: 'any', ...(config as object) }),

  scope: 'markets',

  initialState: (): State => ({ restUntil: new Map() }),

  onQuote(view: View, quote: Quote): Signal | undefined {
    const { config } = view;
    const { market } = quote;
    if (!quote.trusted || quote.bid <= 0 || quote.ask <= 0 || quote.bid > quote.ask) return undefined;
    const estimate = view.estimate(market, config.estimate, modelOf(config));
    if (estimate === null || view.now - estimate.at > config.maxAgeMs) return undefined;
    if (isHopeless(view, quote, estimate)) return undefined;
    if (view.now < (view.state.restUntil.get(market) ?? -Infinity) || view.working(market)) return undefined;
    const fair = fairOf(view, quote, estimate);
    const fee = view.fee(market);
    if (fair === null || fee === null || view.info(market).status !== 'open') return undefined;
    const signal = exit(view, quote, fair, fee) ?? enter(view, quote, fair, fee);
    if (signal !== undefined) view.state.restUntil.set(market, view.now + config.restMs);
    return signal;
  },
});

/** Above all errors of rounding and of the mean's quadrature. */
const SLACK = 1e-6;

/**
 * The cheap test, for every quote: no side can be worth its cost and nothing held brings what it is worth. The fair value's
 * median lies between the market's middle and the band's, and its mean near that; the mean itself costs fifty times as much.
 * First without fees, which are asked for only where that leaves hope.
 */
function isHopeless(view: View, { market, bid, ask }: Quote, { low, high }: Estimate): boolean {
  const { minEdge } = view.config;
  if (low === null || high === null) return true;
  if (!(low <= high)) return false;
  const middle = (bid + ask) / (2 * PRICE_ONE);
  // The middle of the band's log-odds, as a probability.
  const odds = Math.sqrt((low * high) / ((1 - low) * (1 - high)));
  const median = odds / (1 + odds);
  // The slope of the log-odds is greatest at the end that is nearer to 0 or 1.
  const deviation = (high - low) / Math.min(low * (1 - low), high * (1 - high)) / (2 * BAND_95);
  const off = MEAN_BEND * deviation * deviation + SLACK;
  const most = Math.max(middle, median) + off;
  const least = Math.min(middle, median) - off;
  const sells = bid / PRICE_ONE;
  const buys = ask / PRICE_ONE;
  const edge = !(most - buys < minEdge && sells - least < minEdge);
  const sale = sells > least && view.held(market, 'yes') > 0;
  const saleOfNo = buys < most && view.held(market, 'no') > 0;
  if (!edge && !sale && !saleOfNo) return true;
  const fee = view.fee(market);
  if (fee === null) return true;
  const ofAsk = unitFee(fee, ask) / PRICE_ONE;
  const ofBid = unitFee(fee, bid) / PRICE_ONE;
  if (edge && !(most - buys - ofAsk < minEdge && sells - least - ofBid < minEdge)) return false;
  return !(sale && sells - ofBid > least) && !(saleOfNo && buys + ofAsk < most);
}

/** The estimate's band gives the median and variance of its log-odds; `null` for a band that is none. */
function fairOf({ config }: View, quote: Quote, estimate: Estimate): Fair | null {
  const low = logit(estimate.low ?? NaN);
  const high = logit(estimate.high ?? NaN);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  const market = logit((quote.bid + quote.ask) / (2 * PRICE_ONE));
  const mean = shrunkToMarket((low + high) / 2, market, config.trust);
  const variance = ((high - low) / (2 * BAND_95)) ** 2;
  return { mean, variance, probability: meanProbability(mean, variance) };
}

/** Sells what is held when the bid, less the fee, is more than it is worth. */
function exit(view: View, quote: Quote, fair: Fair, fee: FeeRule): Signal | undefined {
  for (const outcome of ['yes', 'no'] as const) {
    const held = view.held(quote.market, outcome);
    if (held <= 0) continue;
    const bid = outcome === 'yes' ? quote.bid : ((PRICE_ONE - quote.ask) as Price);
    const worth = outcome === 'yes' ? fair.probability : 1 - fair.probability;
    const brings = (bid - unitFee(fee, bid)) / PRICE_ONE;
    if (!(brings > worth)) continue;
    return {
      kind: 'order',
      legs: [{ market: quote.market, outcome, action: 'sell', size: held, limit: bid }],
      reason: `${outcome.toUpperCase()} is worth ${shown(worth)} and brings ${shown(brings)} after fees`,
    };
  }
  return undefined;
}

/** Buys the cheaper side when its edge is large, likely and worth the spread. */
function enter(view: View, quote: Quote, fair: Fair, fee: FeeRule): Signal | undefined {
  const { config } = view;
  const { closesAt } = view.info(quote.market);
  if (closesAt !== null && closesAt - view.now < config.stopMinutes * 60_000) return undefined;
  // Never a direction by itself: a volatile market only has to offer more, and gets less.
  const volatile = isVolatile(view, quote.market);
  const minEdge = config.minEdge * (volatile ? config.volatileEdge : 1);
  const kelly = config.kelly * (volatile ? config.volatileKelly : 1);
  const { minProbability, minEdgeOverSpread } = config;
  const rule = { minEdge, minProbability, minEdgeOverSpread };
  for (const outcome of ['yes', 'no'] as const) {
    const ask = outcome === 'yes' ? quote.ask : PRICE_ONE - quote.bid;
    const cost = (ask + unitFee(fee, ask)) / PRICE_ONE;
    const worth = outcome === 'yes' ? fair.probability : 1 - fair.probability;
    if (!(worth - cost >= minEdge)) continue;
    const chance =
      outcome === 'yes'
        ? probabilityYesPays(fair.mean, fair.variance, cost)
        : probabilityNoPays(fair.mean, fair.variance, cost);
    if (edgeFlaw(worth - cost, chance, (quote.ask - quote.bid) / PRICE_ONE, rule) !== '') continue;
    const order = sized(view, quote.market, outcome, { worth, cost, minEdge, kelly }, fair, fee);
    if (order === null) continue;
    return {
      kind: 'order',
      legs: [{ market: quote.market, outcome, action: 'buy', size: size(order.size), limit: order.limit }],
      reason: `${outcome.toUpperCase()} is worth ${shown(worth)} and costs ${shown(worth - order.edge)} with fees: edge ${shown(order.edge)}, ${Math.round(chance * 100)} % likely`,
    };
  }
  return undefined;
}

interface Bet {
  readonly worth: number;
  readonly cost: number;
  readonly minEdge: number;
  readonly kelly: number;
}

/** Whether a regime model of this workflow calls the market volatile; without one, or with an old word, it does not. */
function isVolatile(view: View, market: MarketRef): boolean {
  const regime = view.estimate(market, 'regime');
  return regime !== null && regime.value > 0.75 && view.now - regime.at <= REGIME_HOLDS_MS;
}

/** Contracts to buy on top of what is held, priced exactly; `null` when none is worth it or the venue takes so few. */
function sized(view: View, market: MarketRef, outcome: Outcome, bet: Bet, fair: Fair, fee: FeeRule) {
  const { config, cash } = view;
  const { worth, cost, minEdge, kelly } = bet;
  const levels = view
    .ladder(market, outcome)
    .filter((level) => worth - (level.price + unitFee(fee, level.price)) / PRICE_ONE >= minEdge);
  const p = fair.probability;
  // Variance of the probability from that of its log-odds (delta method).
  const shrink = uncertaintyShrink({ p: worth, cost }, fair.variance * (p * (1 - p)) ** 2);
  const held = view.held(market, outcome);
  const wealth = wealthOf(view, market, outcome, cost, kelly * shrink);
  if (levels.length === 0 || !(wealth.ifLost > 0)) return null;
  const { contracts } = kellyLadder({
    p: worth,
    wealth,
    levels: levels.map((level) => ({
      cost: (level.price + unitFee(fee, level.price)) / PRICE_ONE,
      size: level.size / SIZE_ONE,
    })),
    step: view.info(market).sizeStep / SIZE_ONE,
  });
  const affordable = (config.maxShare * cash) / PRICE_ONE / cost;
  const most = Math.min(contracts * SIZE_ONE + held, affordable * SIZE_ONE, config.maxContracts * SIZE_ONE) - held;
  const { minSize, sizeStep } = view.info(market);
  const wanted = Math.floor(most / sizeStep + 1e-9) * sizeStep;
  if (!(wanted >= Math.max(minSize, sizeStep))) return null;
  const leg = { ladder: levels, fee, precision: view.kalshiPrecision, minSize };
  const plan = planAt([leg], { payoff: PRICE_ONE, step: sizeStep }, size(wanted));
  if (plan === null) return null;
  const edge = worth - (plan.cost * SIZE_ONE) / (wanted * PRICE_ONE);
  return edge >= minEdge ? { size: wanted, limit: plan.legs[0].limit, edge } : null;
}

/**
 * The share of wealth that Kelly is asked about, dollars, should the outcome win and should it not: cash and what is held of
 * this market at today's cost, of which what is held turns into its payout either way (math 10.4).
 */
function wealthOf(view: View, market: MarketRef, outcome: Outcome, cost: number, share: number) {
  const own = view.held(market, outcome) / SIZE_ONE;
  const other = view.held(market, outcome === 'yes' ? 'no' : 'yes') / SIZE_ONE;
  const marked = own * cost + other * (1 - cost);
  const rest = (view.cash / PRICE_ONE + marked) * share - marked;
  return { ifWon: rest + own, ifLost: rest + other };
}

const shown = (value: number): string => value.toFixed(3);
