import { priceOf, type RiskLeg } from '#core';
import type { SignalLeg } from '#plugin-sdk';
import type { Account } from './accounts.js';
import { totalSize } from './depth.js';
import { fairOf } from './fair-values.js';
import { debitAt } from './paper-broker.js';
import { freeHolding } from './risk-view.js';
import type { Session } from './sessions.js';
import type { World } from './world.js';

/** A leg with all that the rules ask about its market, as it stands now; `session` for what its models hold it for. */
export function riskLeg(
  world: World,
  account: Account,
  leg: Pick<SignalLeg, 'market' | 'outcome' | 'action' | 'size' | 'limit' | 'restMs'>,
  session: Session | null = null,
): RiskLeg {
  const market = world.markets.get(leg.market);
  const { info, book, quote } = market;
  const fee = world.markets.fee(market, world.journal.at);
  const taken = world.depth.walk(book, leg.market, leg.outcome, leg.action, leg.limit, Infinity);
  // YES is bought at the ask and sold at the bid; NO the other way round.
  const best = priceOf(leg.outcome, (leg.outcome === 'yes') === (leg.action === 'buy') ? quote.ask : quote.bid);
  return {
    ref: leg.market,
    market: info.id,
    venue: market.venue,
    group: info.group,
    category: info.category,
    outcome: leg.outcome,
    action: leg.action,
    size: leg.size,
    limit: leg.limit,
    debit: leg.action === 'sell' ? 0 : debitAt(fee, leg.limit, leg.size, account.record.kalshiPrecision),
    status: world.markets.statusAt(market, world.journal.at),
    grid: info.grid,
    minSize: info.minSize,
    sizeStep: info.sizeStep,
    feeKnown: fee !== null,
    trusted: market.continuous,
    trustReason: market.trustReason,
    crossed: market.crossed,
    quoteAgeMs: world.journal.at - market.freshAt,
    best,
    depth: totalSize(taken),
    fair: session === null ? null : fairOf(session, leg.market, leg.outcome, world.journal.at),
    rests: leg.restMs !== undefined && leg.restMs > 0,
    free: leg.action === 'sell' ? freeHolding(world, account.record.id, leg.market, leg.outcome) : 0,
  };
}
