import type { MarketRef, VenueId } from '../ids.js';
import type { Outcome } from '../journal.js';
import { eventOf, exposureOf, lossesOf, type Holding, type Losses } from './exposure.js';
import { opens, type RiskLeg, type RiskOrder, type RiskState, type Refuse } from './order.js';
import { contracts, dollars } from './words.js';

/**
 * Rules about what the account has at risk, this order included. Sales of what is held free capital and pass. `hedging`
 * leaves out the worst cases, which a hedge only lessens.
 */
export function checkCapital(state: RiskState, order: RiskOrder, refuse: Refuse, hedging = false): void {
  checkSales(order, refuse);
  const buys = order.legs.filter(opens);
  // Without a fee there is no debit to add up; `unknown-fee` has refused already.
  if (buys.length === 0 || buys.some((leg) => !leg.feeKnown)) return;
  const { limits } = state;
  const exposure = state.kept?.exposure ?? exposureOf(state.holdings, state.links);
  const wanted = buys.map(asHolding);
  const asked = exposureOf(wanted, NO_LINKS);

  checkMoney('insufficient-cash', 'free cash', state.freeCash, 0, asked.gross, refuse);

  for (const [market, want] of asked.byMarket) {
    const use = exposure.byMarket.get(market) ?? { size: 0, cost: 0 };
    if (!(use.size + want.size <= limits.maxPositionSize))
      refuse(
        'market-position',
        `${contracts(want.size)} more in ${market} would make ${contracts(use.size + want.size)}; the limit is ${contracts(limits.maxPositionSize)}.`,
        { limit: limits.maxPositionSize, use: use.size, asked: want.size, unit: 'hundredths' },
      );
    else
      refuse.passed?.('market-position', market, {
        limit: limits.maxPositionSize,
        use: use.size,
        asked: want.size,
        unit: 'hundredths',
      });
    checkMoney('market-cost', `the cost in ${market}`, limits.maxMarketCost, use.cost, want.cost, refuse);
  }

  if (!hedging) checkLosses(state, wanted, refuse);

  checkMoney('gross', 'capital at risk', limits.maxGross, exposure.gross, asked.gross, refuse);
  for (const [venue, want] of asked.byVenue)
    checkMoney('venue', `capital at ${venue}`, limits.maxVenue, exposure.byVenue.get(venue) ?? 0, want, refuse);

  const naked = nakedCost(buys);
  if (naked > 0) checkMoney('naked-leg', 'cost of unhedged legs', limits.maxNaked, state.naked, naked, refuse);
}

/**
 * The worst cases after each leg in sending order: the legs behind it may never fill. The worst of those moments counts. Where
 * they are kept only what the order touches is looked at, unless the refusals' order or what passed is to be told, too.
 */
function checkLosses(state: RiskState, buys: readonly Holding[], refuse: Refuse): void {
  const before = state.kept?.losses() ?? lossesOf(exposureOf(state.holdings, state.links), state.shape);
  const kept = refuse.passed === undefined ? (state.kept?.after(buys) ?? null) : null;
  if (kept !== null && isSingle(state, before, kept)) return refuseLosses(state, buys, before, kept, refuse);
  const after: Losses = { byEvent: new Map(), byCluster: new Map() };
  const worst = (into: Map<string, number>, from: ReadonlyMap<string, number>): void => {
    for (const [key, loss] of from) into.set(key, Math.max(into.get(key) ?? 0, loss));
  };
  const holdings = [...state.holdings];
  for (const leg of buys) {
    holdings.push(leg);
    const now = lossesOf(exposureOf(holdings, state.links), state.shape);
    worst(after.byEvent, now.byEvent);
    worst(after.byCluster, now.byCluster);
  }
  refuseLosses(state, buys, before, after, refuse);
}

function refuseLosses(
  { limits }: RiskState,
  buys: readonly Holding[],
  before: Losses,
  after: Losses,
  refuse: Refuse,
): void {
  for (const [event, loss] of after.byEvent) {
    const use = before.byEvent.get(event) ?? 0;
    const of = buys.find((leg) => eventOf(leg) === event);
    const what = of === undefined || of.group === null ? event : `the event of ${of.market}`;
    checkMoney('event-loss', `the worst case of ${what}`, limits.maxGroupLoss, use, loss - use, refuse);
  }
  for (const [cluster, loss] of after.byCluster) {
    const use = before.byCluster.get(cluster) ?? 0;
    const what = cluster === '' ? 'all events without a category' : `all events of the category ${cluster}`;
    checkMoney('cluster-loss', `the worst case of ${what}`, limits.maxClusterLoss, use, loss - use, refuse);
  }
}

/** Whether at most one event and one category are refused: of several, the order in which all was bought tells the first. */
function isSingle({ limits }: RiskState, before: Losses, after: Losses): boolean {
  const refused = (limit: number, uses: ReadonlyMap<string, number>, losses: ReadonlyMap<string, number>): number => {
    let count = 0;
    for (const [key, loss] of losses) {
      const use = uses.get(key) ?? 0;
      if (!fits(limit, use, loss - use)) count++;
    }
    return count;
  };
  return (
    refused(limits.maxGroupLoss, before.byEvent, after.byEvent) < 2 &&
    refused(limits.maxClusterLoss, before.byCluster, after.byCluster) < 2
  );
}

/** Most that stands unhedged while an order group is sent leg by leg: all legs but the last. */
export function nakedCost(legs: readonly Pick<RiskLeg, 'debit'>[]): number {
  let cost = 0;
  for (let i = 0; i < legs.length - 1; i++) cost += legs[i].debit;
  return cost;
}

export function checkThrottle(state: RiskState, order: RiskOrder, refuse: Refuse): void {
  const { limits } = state;
  const wanted = new Map<VenueId, number>();
  for (const leg of order.legs) wanted.set(leg.venue, (wanted.get(leg.venue) ?? 0) + 1);
  for (const [venue, asked] of wanted) {
    const tokens = state.tokens.get(venue) ?? Math.floor(limits.orderBurst);
    if (!(asked <= tokens))
      refuse(
        'order-throttle',
        `${venue} may be sent ${tokens} more orders now; ${asked} are asked at ${limits.ordersPerSecond} a second, ${limits.orderBurst} at once.`,
        { limit: limits.orderBurst, use: limits.orderBurst - tokens, asked, unit: 'count' },
      );
    else
      refuse.passed?.('order-throttle', venue, {
        limit: limits.orderBurst,
        use: limits.orderBurst - tokens,
        asked,
        unit: 'count',
      });
  }
  for (const venue of wanted.keys()) {
    const { filled, missed } = state.misses.get(venue) ?? { filled: 0, missed: 0 };
    const allowed = limits.maxCancelRatio * Math.max(1, filled);
    if (!(missed < allowed))
      refuse(
        'cancel-ratio',
        `${missed} orders came back from ${venue} unfilled within the hour and ${filled} filled; ${limits.maxCancelRatio} misses per fill are allowed.`,
        { limit: allowed, use: missed, asked: 1, unit: 'count' },
      );
    else refuse.passed?.('cancel-ratio', venue, { limit: allowed, use: missed, asked: 1, unit: 'count' });
  }
  const asked = order.legs.length;
  if (!(state.openOrders + asked <= limits.maxOpenOrders))
    refuse(
      'open-orders',
      `${asked} more orders would make ${state.openOrders + asked} open ones; the limit is ${limits.maxOpenOrders}.`,
      { limit: limits.maxOpenOrders, use: state.openOrders, asked, unit: 'count' },
    );
  else
    refuse.passed?.('open-orders', '', {
      limit: limits.maxOpenOrders,
      use: state.openOrders,
      asked,
      unit: 'count',
    });
}

function checkSales(order: RiskOrder, refuse: Refuse): void {
  const sold = new Map<string, { leg: RiskLeg; size: number }>();
  for (const leg of order.legs) {
    if (opens(leg)) continue;
    const key = keyOf(leg.ref, leg.outcome);
    const known = sold.get(key);
    if (known === undefined) sold.set(key, { leg, size: leg.size });
    else known.size += leg.size;
  }
  for (const { leg, size } of sold.values())
    if (!(size <= leg.free))
      refuse(
        'not-held',
        `${contracts(size)} of ${leg.outcome.toUpperCase()} of ${leg.market} are to be sold, ${contracts(leg.free)} are held and free.`,
        { limit: leg.free, use: 0, asked: size, unit: 'hundredths' },
      );
    else refuse.passed?.('not-held', leg.market, { limit: leg.free, use: 0, asked: size, unit: 'hundredths' });
}

function checkMoney(rule: string, what: string, limit: number, use: number, asked: number, refuse: Refuse): void {
  if (fits(limit, use, asked)) {
    if (asked > 0) refuse.passed?.(rule, what, { limit, use, asked, unit: 'micro-dollars' });
    return;
  }
  const message =
    rule === 'insufficient-cash'
      ? `The order may cost ${dollars(asked)}; ${dollars(limit)} are free.`
      : `${dollars(asked)} more would bring ${what} to ${dollars(use + asked)}; the limit is ${dollars(limit)}.`;
  refuse(rule, message, { limit, use, asked, unit: 'micro-dollars' });
}

/** An order that adds nothing to a use is not refused for it, even where the use is already beyond the limit. */
const fits = (limit: number, use: number, asked: number): boolean => use + asked <= limit || asked <= 0;

const NO_LINKS = (): readonly [] => [];

const keyOf = (ref: MarketRef, outcome: Outcome): string => `${ref}${outcome}`;

const asHolding = (leg: RiskLeg): Holding => ({
  ref: leg.ref,
  market: leg.market,
  venue: leg.venue,
  group: leg.group,
  category: leg.category,
  outcome: leg.outcome,
  size: leg.size,
  cost: leg.debit,
});
