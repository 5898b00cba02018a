import { balanceChange, fillFee, notional, orderCost, PRICE_ONE, price, size } from '#core';
import type { FeeRule, KalshiPrecision, Money, Price, Size } from '#core';

/** One order of a bundle: where it can buy, and what the venue charges for it. */
export interface ArbitrageLeg {
  /** Levels to buy at. Any order; equal prices are merged; levels without size are skipped. */
  readonly ladder: readonly { readonly price: Price; readonly size: Size }[];
  readonly fee: FeeRule;
  /** How a Kalshi account's balance is rounded; without meaning elsewhere. */
  readonly precision: KalshiPrecision;
  readonly minSize: Size;
}

/** A leg bought up to some size. Money in micro-dollars; `averagePrice` in dollars, before fees. */
export interface PlannedLeg {
  readonly notional: Money;
  /** Includes the rounding of the account's balance. */
  readonly fee: Money;
  readonly debit: Money;
  readonly averagePrice: number;
  /** Worst level used: the limit to send. */
  readonly limit: Price;
}

/** What rounding in our favour can at most add per level: a floored Polymarket fee and a floored notional, micro-dollars. */
const FAVOUR = 11;

/**
 * Cost of buying 1, 2, 3 … up one ladder, with everything below the current level summed once. Fees are exact: per fill as
 * the venue rounds, then the balance.
 */
export class LegCost {
  readonly prices: number[] = [];
  /** Size lying below each level, hundredths; the last entry is the depth. */
  readonly starts: number[] = [0];
  /** Price plus unrounded fee of one contract at each level, micro-dollars: what a further contract costs. */
  readonly unit: number[] = [];
  readonly favour: number;
  private readonly notionals: number[] = [0];
  private readonly fees: number[] = [0];

  constructor(readonly leg: ArbitrageLeg) {
    const levels = isRising(leg.ladder) ? leg.ladder : leg.ladder.toSorted((a, b) => a.price - b.price);
    for (const level of levels) {
      if (!(level.size > 0)) continue;
      const last = this.prices.length - 1;
      if (last >= 0 && this.prices[last] === level.price) this.starts[last + 1] += level.size;
      else {
        this.prices.push(level.price);
        this.starts.push(this.depth + level.size);
      }
    }
    for (let i = 0; i < this.prices.length; i++) {
      const taken = this.starts[i + 1] - this.starts[i];
      this.notionals.push(this.notionals[i] + notional(this.prices[i], taken));
      this.fees.push(this.fees[i] + fillFee(leg.fee, price(this.prices[i]), size(taken), 'taker'));
      this.unit.push(this.prices[i] + unitFee(leg.fee, this.prices[i]));
    }
    this.favour = FAVOUR * this.prices.length;
  }

  get depth(): number {
    return this.starts[this.starts.length - 1];
  }

  /** Level from which the contract that completes `n` comes. `n` within the depth. */
  levelOf(n: number): number {
    let level = 0;
    while (this.starts[level + 1] < n) level++;
    return level;
  }

  /** Debit of buying `n` hundredths, the last of them at `level`. */
  debit(n: number, level: number): number {
    const rule = this.leg.fee;
    if (rule.kind === 'kalshi' && rule.rounding === 'order-cent') return this.wholeOrder(n, level).cash;
    const taken = n - this.starts[level];
    const total = this.notionals[level] + notional(this.prices[level], taken);
    const fees = this.fees[level] + fillFee(rule, price(this.prices[level]), size(taken), 'taker');
    return balanceChange(rule, total, fees, this.leg.precision, 'buy');
  }

  plan(n: number): PlannedLeg {
    const level = this.levelOf(n);
    const cost = this.wholeOrder(n, level);
    return {
      notional: cost.notional,
      fee: cost.fee,
      debit: cost.cash,
      averagePrice: cost.notional / (n * (PRICE_ONE / 100)),
      limit: price(this.prices[level]),
    };
  }

  private wholeOrder(n: number, level: number): ReturnType<typeof orderCost> {
    const parts = [];
    for (let i = 0; i <= level; i++) {
      const taken = Math.min(n, this.starts[i + 1]) - this.starts[i];
      parts.push({ price: price(this.prices[i]), size: size(taken) });
    }
    return orderCost(this.leg.fee, parts, this.leg.precision, 'buy');
  }
}

/** Books give their levels in this order. */
function isRising(ladder: ArbitrageLeg['ladder']): boolean {
  for (let i = 1; i < ladder.length; i++) if (!(ladder[i - 1].price <= ladder[i].price)) return false;
  return true;
}

/** Fee of one contract before any rounding, micro-dollars: for bounds and first looks, never for money. */
export function unitFee(rule: FeeRule, at: number): number {
  const p = at / PRICE_ONE;
  const pair = p * (1 - p);
  switch (rule.kind) {
    case 'none':
      return 0;
    case 'kalshi':
      return rule.takerRate * (rule.multiplier / PRICE_ONE) * pair;
    case 'polymarket':
      return rule.rate * pair ** rule.exponent;
  }
}
