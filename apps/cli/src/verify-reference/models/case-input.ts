import { Type, type TSchema } from 'typebox';
import { parseDecimal, UserProblem } from '#core';

/** A price, size or amount: decimal text, or a number whose shortest decimal text is meant. */
export const decimal = Type.Union([Type.Number(), Type.String()]);

/** May be absent or `null`, which means the same. */
export const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** Converts what was given; nothing stays nothing. */
export const given = <T, R>(value: T | null | undefined, convert: (value: T) => R): R | undefined =>
  value === null || value === undefined ? undefined : convert(value);

/** `null` is a missing value, which our functions know as `NaN`. */
export const numberOrGap = Type.Union([Type.Number(), Type.Null()]);
export const series = Type.Array(numberOrGap);
export const withGaps = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? NaN);

/** The other way: what is not defined is `null` in a reference file. */
export const orNothing = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Exact integer of 10^-digits: 6 for dollars, 2 for contracts. @throws UserProblem when it has no such value. */
export function exact(value: number | string, digits: number): number {
  const text = String(value);
  const negative = text.startsWith('-');
  const parsed = parseDecimal(negative ? text.slice(1) : text, digits);
  if (Number.isNaN(parsed)) throw new UserProblem(`${text} is no decimal of at most ${digits} places`);
  return negative ? -parsed : parsed;
}

export const micros = (dollars: number | string): number => exact(dollars, 6);
export const hundredths = (contracts: number | string): number => exact(contracts, 2);
