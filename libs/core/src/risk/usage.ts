import type { Refusal } from '../journal.js';
import { exposureOf, worstLoss } from './exposure.js';
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
  const exposure = exposureOf(state.holdings);
  const most = (entries: Iterable<readonly [string, number]>): { use: number; at: string } => {
    let best = { use: 0, at: '' };
    for (const [at, use] of entries) if (use > best.use) best = { use, at };
    return best;
  };
  const events = [...exposure.byEvent].map(([event, held]): readonly [string, number] => {
    const group = held[0].group;
    return [event, worstLoss(held, group === null ? null : state.shape(group))];
  });
  const { limits } = state;
  const throttle = most([...state.tokens].map(([venue, tokens]) => [venue, limits.orderBurst - tokens] as const));
  const uses: readonly (readonly [NumericLimit, { use: number; at: string }])[] = [
    ['maxPositionSize', most([...exposure.byMarket].map(([market, held]) => [market, held.size] as const))],
    ['maxMarketCost', most([...exposure.byMarket].map(([market, held]) => [market, held.cost] as const))],
    ['maxGroupLoss', most(events)],
    ['maxGross', { use: exposure.gross, at: '' }],
    ['maxVenue', most(exposure.byVenue)],
    ['maxNaked', { use: state.naked, at: '' }],
    ['orderBurst', throttle],
    ['maxOpenOrders', { use: state.openOrders, at: '' }],
    ['maxDailyLoss', { use: losses.daily, at: '' }],
    ['maxDrawdown', { use: losses.drawdown, at: '' }],
  ];
  return uses.map(([rule, { use, at }]) => ({ rule, limit: limits[rule], use, unit: LIMIT_INFO[rule].unit, at }));
}
