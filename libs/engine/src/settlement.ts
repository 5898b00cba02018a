import { payoutOf, settleMarket, type Payout, type ResolutionEvent, type SettlementEntry, PRICE_ONE } from '#core';
import { payDeals } from './deals.js';
import { closeOn } from './opportunities.js';
import type { MarketState, Payment } from './market-table.js';
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
    if (event.final) contradicted(world, market, event.outcome);
    return;
  }
  market.resolution = event.outcome;
  world.accounts.reassess();
  market.bookSeq = event.seq;
  closeOn(world, event.market);
  withdraw(world, (group) => group.legs.some((leg) => leg.ref === event.market), `${market.info.id} has its result.`);
  if (!event.final) return;
  market.paid = true;
  market.finalResult = event.outcome;
  const payments: Payment[] = [...market.payments];
  market.payments = payments;
  for (const account of world.accounts.all.values()) {
    const settled = settleMarket(account.ledger, event.market, event.outcome);
    if (settled.length === 0) continue;
    noteMoved(account, event.market);
    for (const { outcome, size, payout, cost, realised } of settled) {
      payments.push({ account: account.record.id, outcome, size, cost, payout });
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

/**
 * The venue takes a final result back, or comes back to it. No rule of either venue says that paid amounts are corrected, so
 * nothing is booked (docs/decisions/0011); who was paid what, and what it would be now, is said once each time.
 */
function contradicted(world: World, market: MarketState, outcome: Payout): void {
  if (market.finalResult === null || isSame(market.finalResult, outcome)) return;
  market.finalResult = outcome;
  const { id } = market.info;
  const causes = causesOf(world, [market.ref]);
  const nobody = { session: '', workflow: '', account: '' } as const;
  if (market.resolution === null || isSame(market.resolution, outcome)) {
    const message = `The venue's final result of ${id} is again ${said(outcome)}, as it was paid.`;
    world.journal.write(nobody, causes, { kind: 'integrity', market: id, message });
    return;
  }
  const change = `The venue changed the final result of ${id} from ${said(market.resolution)} to ${said(outcome)} after it was paid`;
  if (market.payments.length === 0) {
    world.journal.write(nobody, causes, { kind: 'integrity', market: id, message: `${change}; nobody held it.` });
    return;
  }
  for (const { account, outcome: side, size, cost, payout } of market.payments) {
    const now = payoutOf(outcome, side, { size, cost });
    const message = `${change}: ${account} was paid ${dollars(payout)} for ${size / 100} ${side.toUpperCase()} and would get ${dollars(now)} now. Nothing was taken back or added.`;
    world.journal.write({ ...nobody, account }, causes, { kind: 'integrity', market: id, message });
  }
}

const said = (outcome: Payout): string => (outcome.kind === 'void' ? 'void' : `“YES pays ${dollars(outcome.yesPays)}”`);
const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(2)}`;

function howOf(outcome: Payout): SettlementEntry['how'] {
  if (outcome.kind === 'void') return 'void';
  if (outcome.yesPays === PRICE_ONE) return 'yes';
  return outcome.yesPays === 0 ? 'no' : 'value';
}

const isSame = (a: Payout | null, b: Payout): boolean =>
  a !== null && a.kind === b.kind && (a.kind === 'void' || (b.kind === 'value' && a.yesPays === b.yesPays));
