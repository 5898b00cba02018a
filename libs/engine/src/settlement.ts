import { settleMarket, type Payout, type ResolutionEvent, type SettlementEntry, PRICE_ONE } from '#core';
import { payDeals } from './deals.js';
import { closeOn } from './opportunities.js';
import { withdraw } from './order-groups.js';
import { noteMoved } from './risk-view.js';
import { causesOf, type World } from './world.js';

/**
 * A market has its result. What may still change pays nothing; the final one pays every account once, and ends all that is
 * under way on that market.
 */
export function resolve(world: World, event: ResolutionEvent): void {
  const market = world.markets.get(event.market);
  if (market.paid) {
    if (event.final && !isSame(market.resolution, event.outcome))
      world.journal.write({ session: '', workflow: '', account: '' }, causesOf(world, [event.market]), {
        kind: 'integrity',
        market: market.info.id,
        message: `The venue changed the final result of ${market.info.id} after it was paid.`,
      });
    return;
  }
  market.resolution = event.outcome;
  world.accounts.reassess();
  market.bookSeq = event.seq;
  closeOn(world, event.market);
  withdraw(world, (group) => group.legs.some((leg) => leg.ref === event.market), `${market.info.id} has its result.`);
  if (!event.final) return;
  market.paid = true;
  for (const account of world.accounts.all.values()) {
    const settled = settleMarket(account.ledger, event.market, event.outcome);
    if (settled.length === 0) continue;
    noteMoved(account, event.market);
    for (const { outcome, size, payout, cost, realised } of settled) {
      world.journal.write({ session: '', workflow: '', account: account.record.id }, causesOf(world, [event.market]), {
        kind: 'settlement',
        market: market.info.id,
        outcome,
        size,
        payout,
        cost,
        realised,
        how: howOf(event.outcome),
      });
      payDeals(world, account, event.market, outcome, payout, event.outcome);
    }
    world.accounts.observe(account);
  }
}

function howOf(outcome: Payout): SettlementEntry['how'] {
  if (outcome.kind === 'void') return 'void';
  if (outcome.yesPays === PRICE_ONE) return 'yes';
  return outcome.yesPays === 0 ? 'no' : 'value';
}

const isSame = (a: Payout | null, b: Payout): boolean =>
  a !== null && a.kind === b.kind && (a.kind === 'void' || (b.kind === 'value' && a.yesPays === b.yesPays));
