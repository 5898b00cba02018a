import { Defect } from './problems.js';
import type { Money } from './units.js';

export type Rounding = 'floor' | 'ceil' | 'half-up';

/**
 * `a × b ÷ c` exactly, then rounded (floor and ceil towards -∞ and +∞, half-up towards +∞ on a tie). Integers only,
 * `c > 0`. Uses BigInt when the product leaves 2^53. Throws `Defect` when the quotient does.
 */
export function mulDiv(a: number, b: number, c: number, rounding: Rounding): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return divide(product, c, rounding);
  const exact = divideBig(BigInt(a) * BigInt(b), BigInt(c), rounding);
  if (!Number.isSafeInteger(exact)) throw new Defect(`${a} × ${b} ÷ ${c} does not fit an exact integer`);
  return exact;
}

/** Below this a quotient's product with its divisor is exact even when the quotient is one too high. */
const HALF_EXACT = 2 ** 52;

/** `n ÷ d` rounded, exact for integers up to 2^53. The division is only a guess, put right by its exact remainder. */
export function divide(n: number, d: number, rounding: Rounding): number {
  if (n > HALF_EXACT || n < -HALF_EXACT || d > HALF_EXACT) return divideBig(BigInt(n), BigInt(d), rounding);
  let floor = Math.floor(n / d);
  let remainder = n - floor * d;
  if (remainder < 0) {
    floor--;
    remainder += d;
  } else if (remainder >= d) {
    floor++;
    remainder -= d;
  }
  if (remainder === 0 || rounding === 'floor') return floor + 0;
  if (rounding === 'ceil') return floor + 1;
  return floor + (remainder * 2 >= d ? 1 : 0);
}

export function divideBig(n: bigint, d: bigint, rounding: Rounding): number {
  let remainder = n % d;
  if (remainder < 0n) remainder += d;
  const floor = (n - remainder) / d;
  if (remainder === 0n || rounding === 'floor') return Number(floor);
  if (rounding === 'ceil') return Number(floor + 1n);
  return Number(floor + (remainder * 2n >= d ? 1n : 0n));
}

/** What `size` contracts cost at `price`, micro-dollars; floored on a remainder (there is none on any venue's grid). */
export function notional(price: number, size: number): Money {
  return mulDiv(price, size, 100, 'floor') as Money;
}
