import { formatMoney, formatSize, PRICE_ONE, price, size } from '#core';
import type { FeeRule, GroupId, LinkId, MarketRef, Money, Outcome, Size } from '#core';
import type { LadderLevel, Sighting, Signal, StrategyView } from '#plugin-sdk';
import { optimise, planAt, unitFee, waterfall } from '#quant';
import type { ArbitrageLeg, ArbitragePlan, ArbitrageTerms } from '#quant';
import type { ArbitrageConfig } from './config.schema.js';
import type { Episode } from './episode.js';
import { expectedProfit, mostOnAgreement } from './leg-risk.js';
import { lockUpDays } from './lock-up.js';

/** Markets to buy together in equal numbers, one outcome each, and what that pays. */
export interface Bundle {
  readonly link: LinkId | null;
  readonly group: GroupId | null;
  readonly direction: string;
  readonly markets: readonly MarketRef[];
  readonly outcomes: readonly Outcome[];
  /** Worst-case payoff of one contract of each, micro-dollars, when all goes by the rules. */
  readonly payoff: number;
  /** Probability that rules which differ pay nothing; `null` unknown, which never trades. */
  readonly mismatch: number | null;
  /** Top-of-book edge before fees, positive: the cheap test has passed. */
  readonly gross: number;
}

/** How long the verdict on an unchanged top of book stands. */
const LOOK_AGAIN_MS = 1_000;
const CONTRACT = 100;

/** An order of it went a moment ago: nothing is said until it had its time. */
export const rests = (view: StrategyView, episode: Episode): boolean => view.now < episode.restUntil;

/**
 * The full look at a bundle whose gross edge is positive: an order when it is worth it, a sighting with the reason when it
 * is not, nothing when that was said already or a trade of it is under way.
 */
export function judge(view: StrategyView<ArbitrageConfig>, bundle: Bundle, episode: Episode): Signal | undefined {
  if (rests(view, episode)) return undefined;
  for (const market of bundle.markets) if (view.working(market)) return undefined;

  const fees = bundle.markets.map((market) => view.fee(market));
  const blocker = blockerOf(view, bundle, fees);
  const mismatch = Math.ceil((bundle.mismatch ?? 0) * PRICE_ONE);
  const payoff = bundle.payoff - mismatch;
  const days = lockUpDays(view, bundle.markets) ?? view.config.defaultLockUpDays;
  const hurdleEdge = edgeForHurdle(view.config.hurdle, days, payoff);
  const minEdge = Math.max(view.config.minEdge, hurdleEdge);

  const margin = bundle.gross - mismatch - topFees(view, bundle, fees);
  const hopeless = blocker !== '' || margin < Math.max(minEdge, view.config.minMarginalEdge);
  if (hopeless && episode.open && isStale(view, bundle, episode, blocker)) return undefined;
  const known = fees.filter((fee) => fee !== null);
  episode.lookedAt = view.now;
  episode.gross = bundle.gross;
  episode.blocker = blocker;

  if (known.length < fees.length) return sight(bundle, episode, null, NO_LINES, blocker);
  const legs = bundle.markets.map((market, i) => legOf(view, market, bundle.outcomes[i], known[i]));
  const step = bundle.markets.reduce((common, market) => leastCommonMultiple(common, view.info(market).sizeStep), 1);
  const { fixedCost, minMarginalEdge } = view.config;
  const terms: ArbitrageTerms = {
    payoff,
    step: size(step),
    maxSize: size(view.config.maxContracts * CONTRACT),
    budget: Math.min(view.config.budget, view.cash) as Money,
    fixedCost: fixedCost as Money,
    daysToResolution: days,
  };
  const asked = (budget: Money | undefined): ArbitrageTerms => ({
    payoff,
    step: terms.step,
    maxSize: terms.maxSize,
    budget,
    fixedCost: terms.fixedCost,
    daysToResolution: days,
    minEdge,
    minMarginalEdge,
  });
  const lines = (plan: ArbitragePlan) =>
    waterfall(plan, {
      payoff: bundle.payoff,
      venues: bundle.markets.map((market) => view.venue(market)),
      fixedCost,
      mismatch,
    });

  const sure = hopeless ? legs : surely(view, bundle.markets, legs);
  const wanted = hopeless ? null : optimise(sure, asked(terms.budget));
  const most = wanted === null ? 0 : mostOnAgreement(wanted, bundle.payoff, mismatch, view.cash);
  const plan =
    wanted === null || wanted.cost <= most
      ? wanted
      : optimise(sure, asked(Math.min(most, terms.budget ?? most) as Money));
  if (plan === null) {
    const shown = optimise(legs, terms) ?? planAt(legs, terms, topSize(legs, terms));
    const bet = wanted === null ? '' : `the rules may differ: at most ${dollars(most)} may be bet on them agreeing`;
    const old = sure === legs || wanted !== null || optimise(legs, asked(terms.budget)) === null ? '' : OLD;
    const reason = blocker || bet || old || refusal(legs, terms, shown, view.config);
    return sight(bundle, episode, shown, lines, reason);
  }

  const order = sendingOrder(legs, plan);
  const steps = lines(plan);
  const expected = expectedProfit(
    view,
    plan,
    order.map((i) => ({ market: bundle.markets[i], outcome: bundle.outcomes[i], fee: known[i] })),
  );
  if (expected <= 0) {
    episode.restUntil = view.now + LOOK_AGAIN_MS;
    const reason = `the legs may part: selling a naked one again costs more than the edge is worth, ${dollars(expected)} expected`;
    return sight(bundle, episode, plan, () => steps, reason);
  }

  episode.open = true;
  episode.restUntil = view.now + view.config.cooldownMs;
  report(episode, Math.floor(plan.netEdge), plan.size, '');
  return {
    kind: 'order',
    legs: order.map((i) => ({
      market: bundle.markets[i],
      outcome: bundle.outcomes[i],
      action: 'buy',
      size: plan.size,
      limit: plan.legs[i].limit,
    })),
    reason: `net ${dollars(plan.netEdge)} a contract on ${formatSize(plan.size)}, ${percent(plan.simpleAnnual ?? 0)} a year`,
    sighting: sightingOf(bundle, Math.floor(plan.netEdge), plan.size, steps, ''),
  };
}

/** Why nothing may be traded however good the price, or `''`. Anything unknown is a reason. */
function blockerOf(view: StrategyView, bundle: Bundle, fees: readonly (FeeRule | null)[]): string {
  for (let i = 0; i < bundle.markets.length; i++) {
    const market = bundle.markets[i];
    const { id, status } = view.info(market);
    if (status !== 'open') return `${id} is ${status}`;
    if (!view.trusted(market)) return `the book of ${id} cannot be trusted`;
    if (fees[i] === null) return `the fee of ${id} is unknown`;
  }
  if (bundle.mismatch === null) return 'mismatch probability unknown';
  return '';
}

/** Unrounded fees of the first contract of every leg: what is left of gross after them no size can average. */
function topFees(view: StrategyView, bundle: Bundle, fees: readonly (FeeRule | null)[]): number {
  let sum = 0;
  for (let i = 0; i < bundle.markets.length; i++) {
    const fee = fees[i];
    const quote = view.quote(bundle.markets[i]);
    if (fee !== null) sum += unitFee(fee, bundle.outcomes[i] === 'yes' ? quote.ask : quote.bid);
  }
  return sum;
}

const isStale = (view: StrategyView, bundle: Bundle, episode: Episode, blocker: string): boolean =>
  bundle.gross === episode.gross && blocker === episode.blocker && view.now - episode.lookedAt < LOOK_AGAIN_MS;

/** A quote's size counts half when nothing confirmed its book for this long (math.md 8.6). */
const STALE_HALF_LIFE_MS = 30_000;
/** Younger than this a book is as good as now. */
const FRESH_MS = 1_000;
const OLD = 'the books are old: too little of what they show may still be there';

function legOf(view: StrategyView, market: MarketRef, outcome: Outcome, fee: FeeRule): ArbitrageLeg {
  const ladder = view.ladder(market, outcome);
  const worst = ladder.length === 0 ? 0 : ladder[0].price + view.limits.maxThroughAsk;
  return {
    ladder: withinReach(ladder, worst),
    fee,
    precision: view.kalshiPrecision,
    minSize: view.info(market).minSize,
  };
}

/**
 * What of old books may still be there: the older, the less of each level is reckoned with. Fresh books are as they are, and
 * when all are fresh, so are the legs.
 */
function surely(
  view: StrategyView,
  markets: readonly MarketRef[],
  legs: readonly ArbitrageLeg[],
): readonly ArbitrageLeg[] {
  if (markets.every((market) => view.now - view.freshAt(market) < FRESH_MS)) return legs;
  return legs.map((leg, i) => {
    const ageMs = view.now - view.freshAt(markets[i]);
    if (ageMs < FRESH_MS) return leg;
    const share = 2 ** (-ageMs / STALE_HALF_LIFE_MS);
    const ladder = leg.ladder.map((level) => ({ price: level.price, size: size(Math.floor(level.size * share)) }));
    return { ladder, fee: leg.fee, precision: leg.precision, minSize: leg.minSize };
  });
}

/** The gate refuses a limit too far above the best ask, so the walk never goes there. */
const withinReach = (ladder: readonly LadderLevel[], worst: number): readonly LadderLevel[] =>
  ladder.length === 0 || ladder[ladder.length - 1].price <= worst
    ? ladder
    : ladder.filter((level) => level.price <= worst);

/**
 * The least profit per contract that earns the hurdle. A yearly return of h over T days needs profit ≥ r × capital with
 * r = h T / 365, and capital is payoff less profit, so profit per contract ≥ payoff × r / (1 + r).
 */
function edgeForHurdle(hurdlePercent: number, days: number, payoff: number): number {
  const r = (hurdlePercent / 100) * (days / 365);
  return Math.ceil((payoff * r) / (1 + r));
}

/** Size at the top of every book, for showing what a trade there would have brought. */
function topSize(legs: readonly ArbitrageLeg[], terms: ArbitrageTerms): Size {
  let top = terms.maxSize ?? Infinity;
  for (const leg of legs) top = Math.min(top, leg.ladder.length === 0 ? 0 : leg.ladder[0].size);
  return size(top - (top % terms.step));
}

/** Why no size is worth it, the most basic reason first. */
function refusal(
  legs: readonly ArbitrageLeg[],
  terms: ArbitrageTerms,
  shown: ArbitragePlan | null,
  config: ArbitrageConfig,
): string {
  const depth = Math.min(...legs.map((leg) => leg.ladder.reduce((sum, level) => sum + level.size, 0)));
  const least = Math.ceil(Math.max(terms.step, ...legs.map((leg) => leg.minSize)) / terms.step) * terms.step;
  if (depth < least) return `${formatSize(depth)} contracts on offer, the least order is ${formatSize(least)}`;
  if (least > (terms.maxSize ?? Infinity))
    return `the least order of ${formatSize(least)} contracts exceeds the most per trade`;
  const cheapest = planAt(legs, terms, size(least));
  const spent = (cheapest?.cost ?? 0) + (terms.fixedCost ?? 0);
  if (spent > (terms.budget ?? Infinity))
    return `the least order costs ${dollars(spent)}, the budget is ${dollars(terms.budget ?? 0)}`;
  if (shown === null || shown.profit <= 0)
    return `fees and costs eat the edge: net ${dollars(shown?.netEdge ?? 0)} a contract`;
  if (shown.netEdge < config.minEdge)
    return `net ${dollars(shown.netEdge)} a contract, the least edge is ${dollars(config.minEdge)}`;
  const yearly = shown.simpleAnnual ?? 0;
  if (yearly * 100 < config.hurdle) return `${percent(yearly)} a year, the hurdle is ${percent(config.hurdle / 100)}`;
  return `the first contract earns less than the least marginal edge of ${dollars(config.minMarginalEdge)}`;
}

/** The leg with the least to spare first: the one most likely to vanish decides the size of the others. */
function sendingOrder(legs: readonly ArbitrageLeg[], plan: ArbitragePlan): number[] {
  const reach = legs.map((leg, i) =>
    leg.ladder.reduce((sum, level) => (level.price <= plan.legs[i].limit ? sum + level.size : sum), 0),
  );
  return legs.map((_, i) => i).sort((a, b) => reach[a] - reach[b] || a - b);
}

function sight(
  bundle: Bundle,
  episode: Episode,
  plan: ArbitragePlan | null,
  lines: (plan: ArbitragePlan) => Sighting['waterfall'],
  reason: string,
): Signal | undefined {
  const net = plan === null ? 0 : Math.floor(plan.netEdge);
  const of = plan?.size ?? size(0);
  if (episode.open && episode.net === net && episode.size === of && episode.reason === reason) return undefined;
  report(episode, net, of, reason);
  const steps = plan === null ? [] : lines(plan);
  return { kind: 'sighting', sighting: sightingOf(bundle, net, of, steps, reason) };
}

const NO_LINES = (): Sighting['waterfall'] => [];

function report(episode: Episode, net: number, of: number, reason: string): void {
  episode.open = true;
  episode.net = net;
  episode.size = of;
  episode.reason = reason;
}

const sightingOf = (bundle: Bundle, net: number, of: Size, steps: Sighting['waterfall'], reason: string): Sighting => ({
  link: bundle.link,
  group: bundle.group,
  direction: bundle.direction,
  markets: bundle.markets,
  gross: price(bundle.gross),
  net: price(net),
  size: of,
  waterfall: steps,
  reason,
});

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function dollars(micros: number): string {
  const rounded = Math.floor(micros);
  return `${rounded < 0 ? '-' : ''}$${formatMoney(Math.abs(rounded))}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
