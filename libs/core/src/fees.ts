import { divide, divideBig, notional, type Rounding } from './money.js';
import { Defect, unreachable } from './problems.js';
import { PRICE_ONE, type Instant, type Money, type Price, type Size } from './units.js';

/**
 * What a venue charges a fill of `C` contracts at price `P`, all rates in parts per million.
 *
 * - `kalshi`: ceil to $0.0001 of rate × multiplier × C × P × (1 − P) per fill; then the account's balance change is
 *   floored to its precision (`AccountRecord.kalshiPrecision`). Source: Kalshi fee schedule and rounding page, 2026.
 * - `polymarket`: rate × C × (P (1 − P))^exponent, 5 decimals, takers only. Which way the sixth decimal goes is an open
 *   point: the venue's fee page (docs.polymarket.com/trading/fees, 2026) says five decimals and no fee below $0.00001
 *   without naming a direction, and accounts of it have said half-up. NautilusTrader's adapter, checked against charges in
 *   autumn 2026, floors (`compute_commission`), which is also what makes anything below the fifth decimal free; so the
 *   catalogue floors. Either way differs by at most $0.00001 a fill.
 */
export type FeeRule =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'kalshi';
      readonly takerRate: number;
      /** 0 unless the series charges makers. */
      readonly makerRate: number;
      /** Parts per million like the rates: 1_000_000 charges the full rate, 500_000 half of it. */
      readonly multiplier: number;
      /** Absent today. `order-cent` was the schedule until early 2026: an order's whole fee rounded up to the cent, nothing else. */
      readonly rounding?: 'order-cent';
    }
  | {
      readonly kind: 'polymarket';
      readonly rate: number;
      readonly exponent: number;
      readonly rounding: 'floor' | 'half-up' | 'ceil';
    };

/** Effective-dated: the last period whose `from` is not after the moment holds. Ascending by `from`, never empty. */
export type FeeSchedule = readonly { readonly from: Instant; readonly rule: FeeRule }[];

export type Liquidity = 'taker' | 'maker';
/** Rounding of a Kalshi account's balance changes: direct members $0.0001, broker accounts $0.01. */
export type KalshiPrecision = 'direct' | 'cent';

/** Exponents of ten between the product of the integers below and the unit a venue rounds to. */
const RATE = 6;
const SIZE = 2;
const PRICE_PAIR = 12;
/** Kalshi rounds a fill's fee to $0.0001, Polymarket to $0.00001. */
const KALSHI_DIGITS = 4;
const POLYMARKET_DIGITS = 5;
const KALSHI_UNIT = 100;
const POLYMARKET_UNIT = 10;
const CENT = 10_000;
const MILLION = 1_000_000;
const KALSHI_TENS = RATE + RATE + PRICE_PAIR + SIZE - KALSHI_DIGITS;

const POWERS = Array.from({ length: 16 }, (_, n) => 10 ** n);

/** The rule in force at a moment; `null` when the schedule is unknown or begins later. */
export function ruleAt(schedule: FeeSchedule | null, at: Instant): FeeRule | null {
  if (schedule === null) return null;
  let rule: FeeRule | null = null;
  for (const period of schedule) {
    if (period.from > at) break;
    rule = period.rule;
  }
  return rule;
}

/** Trade fee of one fill, micro-dollars, as the venue rounds it. `price` may be of either outcome: fees are symmetric. */
export function fillFee(rule: FeeRule, price: Price, size: Size, liquidity: Liquidity): Money {
  switch (rule.kind) {
    case 'none':
      return 0 as Money;
    case 'kalshi': {
      const rate = liquidity === 'taker' ? rule.takerRate : rule.makerRate;
      if (rule.rounding === 'order-cent') return wholeCents(rate, rule.multiplier, [{ price, size }]);
      return (roundedFee(rate * rule.multiplier, RATE + RATE, price, 1, size, KALSHI_DIGITS, 'ceil') *
        KALSHI_UNIT) as Money;
    }
    case 'polymarket': {
      if (liquidity === 'maker') return 0 as Money;
      return (roundedFee(rule.rate, RATE, price, rule.exponent, size, POLYMARKET_DIGITS, rule.rounding) *
        POLYMARKET_UNIT) as Money;
    }
    default:
      return unreachable(rule);
  }
}

/**
 * What an order that filled in these parts does to an account's balance. `cash` is the debit of a buy or the credit of a
 * sell, both positive; `fee` is the difference from `notional`, so Kalshi's rounding of the balance is inside it.
 */
export function orderCost(
  rule: FeeRule,
  parts: readonly { readonly price: Price; readonly size: Size }[],
  precision: KalshiPrecision,
  action: 'buy' | 'sell',
  liquidity: Liquidity = 'taker',
): OrderCost {
  const { notional, fee, cash } = furtherCost(rule, parts, precision, action, liquidity, 0);
  return { notional, fee, cash };
}

export interface OrderCost {
  readonly notional: Money;
  readonly fee: Money;
  readonly cash: Money;
}

/**
 * The same for an order that filled before: `owed` is what rounding has taken from it beyond the exact amounts so far,
 * micro-dollars, and comes off this time. So however many fills an order has, its balance is rounded once: Kalshi gives whole
 * cents of it back, and then the `fee` of a fill may be below zero. With the new `owed`.
 */
export function furtherCost(
  rule: FeeRule,
  parts: readonly { readonly price: Price; readonly size: Size }[],
  precision: KalshiPrecision,
  action: 'buy' | 'sell',
  liquidity: Liquidity,
  owed: number,
): OrderCost & { readonly owed: number } {
  let total = 0;
  let fees = 0;
  for (const part of parts) {
    total += notional(part.price, part.size);
    fees += fillFee(rule, part.price, part.size, liquidity);
  }
  if (rule.kind === 'kalshi' && rule.rounding === 'order-cent') {
    fees = wholeCents(liquidity === 'taker' ? rule.takerRate : rule.makerRate, rule.multiplier, parts);
  }
  const cash = balanceChange(rule, total, fees - owed, precision, action);
  const fee = (action === 'buy' ? cash - total : total - cash) as Money;
  return { notional: total as Money, fee, cash, owed: fee - fees + owed };
}

/**
 * Balance change of an order from its notional and the sum of its fills' fees. Kalshi rounds it against the account, to
 * $0.0001 or to the cent; its per-order rebate of whole cents makes once-per-order rounding the net result.
 */
export function balanceChange(
  rule: FeeRule,
  total: number,
  fees: number,
  precision: KalshiPrecision,
  action: 'buy' | 'sell',
): Money {
  const exact = action === 'buy' ? total + fees : total - fees;
  if (rule.kind !== 'kalshi' || rule.rounding === 'order-cent') return exact as Money;
  const unit = precision === 'cent' ? CENT : KALSHI_UNIT;
  return (divide(exact, unit, action === 'buy' ? 'ceil' : 'floor') * unit) as Money;
}

/** Fee of a whole order rounded up to the cent, from its exact sum. */
function wholeCents(
  rate: number,
  multiplier: number,
  parts: readonly { readonly price: number; readonly size: number }[],
): Money {
  let sum = 0n;
  for (const part of parts) sum += BigInt(spread(part.price)) * BigInt(part.size);
  const unit = 10n ** BigInt(KALSHI_TENS) * BigInt(CENT / KALSHI_UNIT);
  return (divideBig(BigInt(rate) * BigInt(multiplier) * sum, unit, 'ceil') * CENT) as Money;
}

/** P × (1 − P) in units of 10^-12. */
const spread = (price: number): number => price * (PRICE_ONE - price);

/**
 * rate × size × (P (1 − P))^exponent in units of 10^-digits, rounded, exactly; `rate` in units of 10^-rateTens. Prices and
 * rates are nearly always round: with their zeros taken off first the product stays inside 2^53, and BigInt out of the
 * hot path.
 */
function roundedFee(
  rate: number,
  rateTens: number,
  price: number,
  exponent: number,
  size: number,
  digits: number,
  rounding: Rounding,
): number {
  if (!Number.isInteger(exponent) || exponent < 0)
    throw new Defect(`a fee exponent of ${exponent} cannot be computed exactly`);
  let product = rate;
  let tens = rateTens + SIZE + PRICE_PAIR * exponent - digits;
  if (product % MILLION === 0) {
    product /= MILLION;
    tens -= 6;
  }
  // Dollars in cents, in hundredths of a cent, or as they are: the pair of prices loses 8, 4 or no zeros.
  const cents = price % 10_000 === 0;
  const unit = cents ? 10_000 : price % 100 === 0 ? 100 : 1;
  const pair = (price / unit) * ((PRICE_ONE - price) / unit);
  tens -= (cents ? 8 : unit === 100 ? 4 : 0) * exponent;
  for (let i = 0; i < exponent; i++) product *= pair;
  product *= size;
  if (product <= Number.MAX_SAFE_INTEGER && tens >= 0 && tens < POWERS.length)
    return divide(product, POWERS[tens], rounding);
  return exactFee(rate, rateTens, price, exponent, size, digits, rounding);
}

/** The same by whole numbers of any length. */
function exactFee(
  rate: number,
  rateTens: number,
  price: number,
  exponent: number,
  size: number,
  digits: number,
  rounding: Rounding,
): number {
  const product = BigInt(rate) * BigInt(spread(price)) ** BigInt(exponent) * BigInt(size);
  const tens = rateTens + SIZE + PRICE_PAIR * exponent - digits;
  // A rate without any price in it (exponent 0) may already be finer than the unit.
  return tens >= 0 ? divideBig(product, 10n ** BigInt(tens), rounding) : Number(product * 10n ** BigInt(-tens));
}
