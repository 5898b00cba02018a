import { freeCash, furtherCost, orderCost, positionOf, PRICE_ONE, type FeeRule, type Money, type Price } from '#core';
import type { Account } from './accounts.js';
import { outcomePrice, sideTaken, type Part } from './depth.js';
import type { Order, World } from './world.js';

/** What an order met when it reached its venue. */
export type Arrival =
  | { readonly kind: 'rejected'; readonly reason: string }
  | {
      readonly kind: 'taken';
      readonly parts: readonly Part[];
      readonly notional: Money;
      readonly fee: Money;
      readonly cash: Money;
      readonly owed: number;
    };

/**
 * The paper venue: an immediate-or-cancel order meets the recorded depth that is there when it arrives, best level first up
 * to its limit, and takes it away. It never fills on a book that cannot be trusted. Changes the books' consumption, not the
 * account.
 */
export function meet(world: World, account: Account, order: Order): Arrival {
  const market = world.markets.get(order.ref);
  const at = world.journal.at;
  const shut = world.markets.shutReason(market, at);
  if (shut !== '') return rejected(`The venue takes no order for ${market.info.id}: ${shut}.`);
  if (!market.continuous) return rejected(`The book of ${market.info.id} cannot be trusted: ${market.trustReason}.`);
  if (market.crossed) return rejected(`The book of ${market.info.id} is crossed.`);
  const age = at - market.freshAt;
  if (!(age <= account.record.limits.maxQuoteAgeMs))
    return rejected(`The book of ${market.info.id} was last confirmed ${(age / 1000).toFixed(1)} s ago.`);
  const rule = world.markets.fee(market, at);
  if (rule === null) return rejected(`The fee of ${market.info.id} is not known.`);
  const held = positionOf(account.ledger, order.ref, order.outcome)?.size ?? 0;
  if (order.action === 'sell' && held < order.size) return rejected('The contracts to be sold are no longer held.');

  const precision = account.record.kalshiPrecision;
  let parts = world.depth.walk(market.book, order.ref, order.outcome, order.action, order.limit, order.size);
  let cost = firstCost(rule, parts, precision, order.action);
  // Rounding of fees over many small levels can pass the reservation; what is not free is not spent.
  while (parts.length > 0 && order.action === 'buy' && cost.cash > order.reserved + freeCash(account.ledger)) {
    parts = parts.slice(0, -1);
    cost = firstCost(rule, parts, precision, order.action);
  }
  if (order.action === 'sell' && cost.cash < 0) return rejected('What it would bring does not pay its fee.');
  const side = sideTaken(order.outcome, order.action);
  for (const part of parts) world.depth.take(order.ref, side, outcomePrice(order.outcome, part.price), part.size);
  return { kind: 'taken', parts, ...cost };
}

/** An order that met nothing moves no cash, whatever a venue rounds. */
const NOTHING = { notional: 0 as Money, fee: 0 as Money, cash: 0 as Money, owed: 0 };

export const costOf = (rule: FeeRule, parts: readonly Part[], precision: 'direct' | 'cent', action: 'buy' | 'sell') =>
  parts.length === 0 ? NOTHING : orderCost(rule, parts, precision, action);

const firstCost = (rule: FeeRule, parts: readonly Part[], precision: 'direct' | 'cent', action: 'buy' | 'sell') =>
  parts.length === 0 ? NOTHING : furtherCost(rule, parts, precision, action, 'taker', 0);

/** A thousand million contracts: of more, money is no exact integer. No book has as many. */
const MOST_CONTRACTS = 1e11;

/** Debit of buying `size` all at the limit: nothing better costs more. `NaN` when the fee is unknown or one of them absurd. */
export const debitAt = (rule: FeeRule | null, limit: number, size: number, precision: 'direct' | 'cent'): number =>
  rule === null || !isCount(limit, PRICE_ONE) || !isCount(size, MOST_CONTRACTS)
    ? NaN
    : costOf(rule, [{ price: limit as Price, size: size as Part['size'] }], precision, 'buy').cash;

const isCount = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most;

const rejected = (reason: string): Arrival => ({ kind: 'rejected', reason });
