import { formatPrice, formatSize } from '../decimal.js';
import type { Price, Size } from '../units.js';

/** Micro-dollars as dollars: `$1,234.50`, `-$0.0123`. At least two decimals, no more than needed. */
export function exactDollars(micros: number): string {
  const text = Math.abs(micros) / 1_000_000;
  return `${micros < 0 ? '-' : ''}$${text.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
}

export const priceText = (price: number): string => (price < 0 ? 'none' : formatPrice(price as Price));
export const sizeText = (size: number): string =>
  size < 0 ? `-${formatSize(-size as Size)}` : formatSize(size as Size);
export const countOfContracts = (size: number): string =>
  `${sizeText(size)} ${Math.abs(size) === 100 ? 'contract' : 'contracts'}`;
