/** Prices are integer micro-dollars of a contract that pays 1: 410000 is 41 ¢ and also 41 %. */
const MINUS = '\u2212';
/** Shown wherever a value does not exist; screen readers get the word from `aria-label`s near it. */
export const NONE = '\u2013';

function hundredthsOf(micros: number, least: 1 | 2 = 1): string {
  const absolute = Math.abs(micros);
  const digits = absolute % 1_000 === 0 ? least : 2;
  return `${micros < 0 ? MINUS : ''}${(absolute / 10_000).toFixed(digits)}`;
}

/** `41.0¢`, and `41.25¢` on a sub-cent grid; columns of averages ask for two decimals always. */
export function cents(micros: number | null | undefined, least: 1 | 2 = 1): string {
  return micros === null || micros === undefined ? NONE : `${hundredthsOf(micros, least)}¢`;
}

/** With its sign, for differences: `+1.3¢`; columns of edges ask for two decimals always. */
export function signedCents(micros: number | null | undefined, least: 1 | 2 = 1): string {
  if (micros === null || micros === undefined) return NONE;
  return `${micros > 0 ? '+' : ''}${hundredthsOf(micros, least)}¢`;
}

/** The same number read as a probability: `41.0 %`. */
export function probability(micros: number | null | undefined): string {
  return micros === null || micros === undefined ? NONE : `${(micros / 10_000).toFixed(1)}\u202f%`;
}

/** YES price of the other side of the question. */
export const complement = (micros: number): number => 1_000_000 - micros;
