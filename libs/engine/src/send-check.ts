import { assessAtSend, assessHedge, type Refusal, type Size } from '#core';
import type { SignalLeg } from '#plugin-sdk';
import type { Account } from './accounts.js';
import { riskLeg } from './risk-leg.js';
import { riskState } from './risk-view.js';
import { limitsOf } from './sessions.js';
import type { Order, OrderGroup, World } from './world.js';

type Asked = Pick<Order, 'ref' | 'outcome' | 'action' | 'size' | 'limit'> & { readonly restMs?: number };

/** First reason against sending an order now, `''` when there is none. */
export const refusalAtSend = (
  world: World,
  account: Account,
  group: OrderGroup,
  order: Asked,
  hedging: boolean,
): string => first(ask(world, account, group, order, (state, leg) => assessAtSend(state, leg, hedging)));

/** The same for a hedge that is not made yet: what it costs was never gated. */
export const refusalOfHedge = (world: World, account: Account, group: OrderGroup, order: Asked): string =>
  first(ask(world, account, group, order, assessHedge));

function ask(
  world: World,
  account: Account,
  group: OrderGroup,
  order: Asked,
  question: typeof assessHedge,
): readonly Refusal[] {
  // Not the session's kept ones: an order leaves between events, when an act may have changed them unseen.
  const session = world.sessions.get(group.session);
  const limits = (session === undefined ? null : limitsOf(world, session)) ?? account.record.limits;
  const leg: SignalLeg = {
    market: order.ref,
    outcome: order.outcome,
    action: order.action,
    size: order.size as Size,
    limit: order.limit as SignalLeg['limit'],
    restMs: order.restMs,
  };
  return question(riskState(world, account, limits, session ?? null), riskLeg(world, account, leg));
}

const first = (refusals: readonly Refusal[]): string => refusals[0]?.message ?? '';
