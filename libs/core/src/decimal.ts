import type { Price, Size } from './units.js';

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const MINUS = 45;

/**
 * Exact decimal text → integer of `10^-decimals`. Accepts `12`, `12.5`, `.5`, and digits beyond `decimals` when they
 * are zeros. Anything else (sign, exponent, blanks, more precision than fits, above 2^53) is `NaN`: the caller is on a
 * hot path and counts what is malformed rather than catching it.
 */
export function parseDecimal(text: string, decimals: number): number {
  return parseFrom(text, 0, decimals);
}

function parseFrom(text: string, from: number, decimals: number): number {
  const length = text.length;
  let value = 0;
  let digits = 0;
  let scale = -1;
  for (let i = from; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (scale >= 0 || i === length - 1) return NaN;
      scale = 0;
      continue;
    }
    if (code < ZERO || code > NINE) return NaN;
    digits++;
    if (scale < 0) value = value * 10 + (code - ZERO);
    else if (scale < decimals) {
      value = value * 10 + (code - ZERO);
      scale++;
    } else if (code !== ZERO) return NaN;
  }
  if (digits === 0) return NaN;
  for (let i = scale < 0 ? 0 : scale; i < decimals; i++) value *= 10;
  return value <= Number.MAX_SAFE_INTEGER ? value : NaN;
}

/** Integer of `10^-decimals` → shortest decimal text: 410000 with 6 is `0.41`, 12500 with 2 is `125`. */
export function formatDecimal(value: number, decimals: number): string {
  const digits = Math.abs(value)
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  let end = digits.length;
  while (end > whole.length && digits.charCodeAt(end - 1) === ZERO) end--;
  const fraction = digits.slice(whole.length, end);
  return (value < 0 ? '-' : '') + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** Dollars `0` … `1` with at most 6 decimals → micro-dollars; `NaN` for anything that is not a price. */
export function parsePrice(text: string): Price {
  const value = parseDecimal(text, 6);
  return (value <= 1_000_000 ? value : NaN) as Price;
}

/** Contracts with at most 2 decimals → hundredths; `NaN` when malformed, negative or finer. */
export function parseSize(text: string): Size {
  return parseDecimal(text, 2) as Size;
}

/** As `parseSize`, with an optional leading minus: changes of a level (`-54.00` → -5400). */
export function parseSignedSize(text: string): number {
  if (text.charCodeAt(0) !== MINUS) return parseDecimal(text, 2);
  const value = parseFrom(text, 1, 2);
  return value === 0 ? 0 : -value;
}

export const formatPrice = (value: number): string => formatDecimal(value, 6);
export const formatSize = (value: number): string => formatDecimal(value, 2);
export const formatMoney = (value: number): string => formatDecimal(value, 6);
