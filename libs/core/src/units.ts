/**
 * The three integer units of the domain (docs/decisions/0003-integers.md). All of them are plain JavaScript
 * numbers that hold exact integers below 2^53; the brands stop one from being passed as another.
 */
declare const unit: unique symbol;

/** Price of a contract that pays 1, in micro-dollars: 0 … 1_000_000. Equals the implied probability × 10⁶. */
export type Price = number & { readonly [unit]: 'price' };
/** Money in micro-dollars; may be negative. */
export type Money = number & { readonly [unit]: 'money' };
/** Number of contracts in hundredths: 100 is one contract. */
export type Size = number & { readonly [unit]: 'size' };
/** Milliseconds since the epoch, an integer. Tape time. */
export type Instant = number;

export const PRICE_ONE = 1_000_000 as Price;
export const SIZE_ONE = 100 as Size;
export const MONEY_ONE = 1_000_000 as Money;

/** Claims that an integer is a price. For literals and results of exact arithmetic; input goes through `parsePrice`. */
export const price = (micros: number): Price => micros as Price;
export const money = (micros: number): Money => micros as Money;
export const size = (hundredths: number): Size => hundredths as Size;
