import type { Refusal } from '../journal.js';
import { exposureOf, lossesOf, type Exposure } from './exposure.js';
import { LIMIT_INFO, type NumericLimit } from './limit-info.js';
import type { RiskState } from './order.js';

/** One limit with its use now. `at` names the market, event or venue where the use is greatest. */
export interface LimitUse {
  readonly rule: NumericLimit;
  readonly limit: number;
  readonly use: number;
  readonly unit: Refusal['unit'];
  readonly at: string;
}

/** Every limit of the account with its greatest use, for the risk page. `daily` and `drawdown` in ppm. */
export function limitUses(
  state: RiskState,
  losses: { readonly daily: number; readonly drawdown: number },
): readonly LimitUse[] {
  const sum = (): Exposure => exposureOf(state.holdings, state.links);
  const exposure = state.kept?.exposure ?? sum();
  const worst = state.kept?.losses() ?? lossesOf(sum(), state.shape);
  const most = (entries: Iterable<readonly [string, number]>): { use: number; at: string } => {
    let best = { use: 0, at: '' };
    // Of equal uses the first by name, whatever was bought first.
    for (const [at, use] of entries)
      if (use > best.use || (use === best.use && use > 0 && at < best.at)) best = { use, at };
    return best;
  };
  const { limits } = state;
  const throttle = most([...state.tokens].map(([venue, tokens]) => [venue, limits.orderBurst - tokens] as const));
  const misses = most(
    [...state.misses].map(([venue, { filled, missed }]) => [venue, missed / Math.max(1, filled)] as const),
  );
  const uses: readonly (readonly [NumericLimit, { use: number; at: string }])[] = [
    ['maxPositionSize', most([...exposure.byMarket].map(([market, held]) => [market, held.size] as const))],
    ['maxMarketCost', most([...exposure.byMarket].map(([market, held]) => [market, held.cost] as const))],
    ['maxGroupLoss', most(worst.byEvent)],
    ['maxClusterLoss', most(worst.byCluster)],
    ['maxGross', { use: exposure.gross, at: '' }],
    ['maxVenue', most(exposure.byVenue)],
    ['maxNaked', { use: state.naked, at: '' }],
    ['orderBurst', throttle],
    ['maxOpenOrders', { use: state.openOrders, at: '' }],
    ['maxCancelRatio', misses],
    ['maxDailyLoss', { use: losses.daily, at: '' }],
    ['maxDrawdown', { use: losses.drawdown, at: '' }],
  ];
  return uses.map(([rule, { use, at }]) => ({ rule, limit: limits[rule], use, unit: LIMIT_INFO[rule].unit, at }));
}
