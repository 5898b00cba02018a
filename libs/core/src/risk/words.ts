import { formatSize } from '../decimal.js';
import type { Weighed } from './order.js';

/** Numbers as a refusal's sentence spells them. */
export const dollars = (micros: number): string =>
  Number.isFinite(micros) ? `${micros < 0 ? '-' : ''}$${(Math.abs(micros) / 1e6).toFixed(2)}` : String(micros);

export const contracts = (size: number): string =>
  Number.isSafeInteger(size) ? `${formatSize(size)} contracts` : `${size} contracts`;

/** A price in cents: 415000 is 41.5¢. */
export const cents = (price: number): string =>
  Number.isSafeInteger(price) ? `${Number((price / 10_000).toFixed(4))}¢` : `${price}`;

export const percent = (ppm: number): string => `${(ppm / 10_000).toFixed(2)} %`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const minutes = (ms: number): string => `${Number((ms / 60_000).toFixed(1))} min`;

/** Spells a number of a rule by its unit. */
export const spellingOf = (unit: Weighed['unit']): ((value: number) => string) =>
  ({ 'micro-dollars': dollars, hundredths: contracts, ms: seconds, ppm: percent, count: String, '': String })[unit];

/** A rule with nothing against it: what it leaves. `about` is what it looked at. */
export function roomSentence(about: string, { limit, use, asked, unit }: Weighed): string {
  const amount = spellingOf(unit);
  const where = about === '' ? '' : ` (${about})`;
  if (asked <= 0) return `Nothing of the ${amount(limit)} there may be${where}.`;
  return use === 0
    ? `${amount(asked)} of the ${amount(limit)} there may be${where}.`
    : `${amount(asked)} more would make ${amount(use + asked)} of ${amount(limit)}${where}.`;
}
