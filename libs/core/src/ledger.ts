import type { MarketRef } from './ids.js';
import type { Outcome } from './journal.js';
import { mulDiv, notional } from './money.js';
import { Defect } from './problems.js';
import { PRICE_ONE, type Money, type Price, type Size } from './units.js';

/**
 * Money and positions of one paper account, as plain data. Average cost accounting with fees in the basis on buys and
 * out of the proceeds on sells (math.md 13). Everything is an exact integer; `cash` includes what is reserved.
 */
export interface Ledger {
  cash: Money;
  /** Part of `cash` promised to working orders. */
  reserved: Money;
  /** Opening cash plus deposits minus withdrawals. */
  paidIn: Money;
  realised: Money;
  fees: Money;
  readonly positions: Map<number, Position>;
}

export interface Position {
  readonly market: MarketRef;
  readonly outcome: Outcome;
  size: Size;
  /** Basis of the whole position, fees included. */
  cost: Money;
}

/** What the holder of an outcome gets when its market is over. */
export type Payout = { readonly kind: 'value'; readonly yesPays: Price } | { readonly kind: 'void' };

export interface Settled {
  readonly outcome: Outcome;
  readonly size: Size;
  readonly payout: Money;
  readonly cost: Money;
  readonly realised: Money;
}

export const openLedger = (cash: number): Ledger => ({
  cash: cash as Money,
  reserved: 0 as Money,
  paidIn: cash as Money,
  realised: 0 as Money,
  fees: 0 as Money,
  positions: new Map(),
});

/** Key of a position: positions of both outcomes of one market are kept apart. */
export const positionKey = (market: MarketRef, outcome: Outcome): number => market * 2 + (outcome === 'no' ? 1 : 0);

export const positionOf = (ledger: Ledger, market: MarketRef, outcome: Outcome): Position | undefined =>
  ledger.positions.get(positionKey(market, outcome));

/** Cash that no working order has a claim on. */
export const freeCash = (ledger: Ledger): Money => (ledger.cash - ledger.reserved) as Money;

/** Average cost of one contract, micro-dollars, rounded half up; 0 without contracts. */
export const averageCost = (position: Position): Money =>
  (position.size === 0 ? 0 : mulDiv(position.cost, 100, position.size, 'half-up')) as Money;

export function reserve(ledger: Ledger, amount: number): void {
  if (!(amount >= 0) || amount > freeCash(ledger))
    throw new Defect(`cannot reserve ${amount} of ${freeCash(ledger)} free micro-dollars`);
  ledger.reserved = (ledger.reserved + amount) as Money;
}

export function release(ledger: Ledger, amount: number): void {
  if (!(amount >= 0) || amount > ledger.reserved)
    throw new Defect(`cannot release ${amount} of ${ledger.reserved} reserved micro-dollars`);
  ledger.reserved = (ledger.reserved - amount) as Money;
}

/** Positive adds cash, negative takes it. Neither is profit. */
export function deposit(ledger: Ledger, amount: number): void {
  if (!Number.isSafeInteger(amount) || amount + freeCash(ledger) < 0)
    throw new Defect(`cannot move ${amount} micro-dollars: ${freeCash(ledger)} are free`);
  ledger.cash = (ledger.cash + amount) as Money;
  ledger.paidIn = (ledger.paidIn + amount) as Money;
}

/** `debit` is the whole change of the balance, `fee` the part of it that is no notional. */
export function recordBuy(
  ledger: Ledger,
  market: MarketRef,
  outcome: Outcome,
  size: number,
  debit: number,
  fee: number,
): void {
  if (!(size > 0) || !(debit >= 0) || debit > ledger.cash)
    throw new Defect(`cannot buy ${size} for ${debit}: cash is ${ledger.cash}`);
  ledger.cash = (ledger.cash - debit) as Money;
  ledger.fees = (ledger.fees + fee) as Money;
  const key = positionKey(market, outcome);
  const position = ledger.positions.get(key);
  if (position === undefined) ledger.positions.set(key, { market, outcome, size: size as Size, cost: debit as Money });
  else {
    position.size = (position.size + size) as Size;
    position.cost = (position.cost + debit) as Money;
  }
}

/** `credit` is what reaches the balance after fees; it may be below zero when a fee exceeds a tiny price. */
export function recordSell(
  ledger: Ledger,
  market: MarketRef,
  outcome: Outcome,
  size: number,
  credit: number,
  fee: number,
): Money {
  const key = positionKey(market, outcome);
  const position = ledger.positions.get(key);
  if (position === undefined || !(size > 0) || size > position.size || ledger.cash + credit < 0)
    throw new Defect(`cannot sell ${size} of ${position?.size ?? 0} held`);
  const cost = size === position.size ? position.cost : mulDiv(position.cost, size, position.size, 'floor');
  const realised = (credit - cost) as Money;
  ledger.cash = (ledger.cash + credit) as Money;
  ledger.fees = (ledger.fees + fee) as Money;
  ledger.realised = (ledger.realised + realised) as Money;
  position.size = (position.size - size) as Size;
  position.cost = (position.cost - cost) as Money;
  if (position.size === 0) ledger.positions.delete(key);
  return realised;
}

/** Pays both outcomes of a market: its value per contract, or the cost back when void. YES first. */
export function settleMarket(ledger: Ledger, market: MarketRef, payout: Payout): readonly Settled[] {
  const settled: Settled[] = [];
  for (const outcome of ['yes', 'no'] as const) {
    const position = positionOf(ledger, market, outcome);
    if (position !== undefined)
      settled.push(recordPayout(ledger, market, outcome, payoutOf(payout, outcome, position)));
  }
  return settled;
}

/** Ends a position for `payout`, the whole amount its holder gets. */
export function recordPayout(ledger: Ledger, market: MarketRef, outcome: Outcome, payout: number): Settled {
  const position = positionOf(ledger, market, outcome);
  if (position === undefined || !(payout >= 0))
    throw new Defect(`cannot pay ${payout} for a position that is not held`);
  const { size, cost } = position;
  const realised = (payout - cost) as Money;
  ledger.cash = (ledger.cash + payout) as Money;
  ledger.realised = (ledger.realised + realised) as Money;
  ledger.positions.delete(positionKey(market, outcome));
  return { outcome, size, payout: payout as Money, cost, realised };
}

/** What a position is paid: its value per contract, or its cost back when void. */
export function payoutOf(payout: Payout, outcome: Outcome, { size, cost }: Pick<Position, 'size' | 'cost'>): Money {
  if (payout.kind === 'void') return cost;
  return notional(outcome === 'yes' ? payout.yesPays : PRICE_ONE - payout.yesPays, size);
}

/**
 * What must always hold: no negative cash, reservations covered by cash, whole numbers, and
 * cash + basis of all positions = paid in + realised. Empty when all is well.
 */
export function ledgerProblems(ledger: Ledger): readonly string[] {
  const problems: string[] = [];
  let basis = 0;
  for (const position of ledger.positions.values()) {
    basis += position.cost;
    if (!(position.size > 0) || !Number.isSafeInteger(position.size) || !Number.isSafeInteger(position.cost))
      problems.push(`position of market ${position.market} holds ${position.size} for ${position.cost}`);
  }
  if (!Number.isSafeInteger(ledger.cash) || ledger.cash < 0) problems.push(`cash is ${ledger.cash}`);
  if (!Number.isSafeInteger(ledger.reserved) || ledger.reserved < 0 || ledger.reserved > ledger.cash)
    problems.push(`reserved is ${ledger.reserved} of cash ${ledger.cash}`);
  if (ledger.cash + basis !== ledger.paidIn + ledger.realised)
    problems.push(`cash ${ledger.cash} + basis ${basis} is not paid in ${ledger.paidIn} + realised ${ledger.realised}`);
  return problems;
}
