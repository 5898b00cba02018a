import { UserProblem } from '#core';
import { GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';

/** Integers beyond 32 bits travel as JSON numbers: everything below 2^53 is exact in JavaScript. */
function wholeNumber(name: string, description: string): GraphQLScalarType<number, number> {
  const check = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw new UserProblem(`${name} must be a whole number, not ${JSON.stringify(value)}`);
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: check,
    parseValue: check,
    parseLiteral: (node: ValueNode) => {
      if (node.kind !== Kind.INT) throw new UserProblem(`${name} must be a whole number`);
      return check(Number(node.value));
    },
  });
}

export const InstantScalar = wholeNumber('Instant', 'Milliseconds since the epoch.');
export const MicrosScalar = wholeNumber('Micros', 'Exact integer micro-dollars (may exceed 32 bits).');
export const HundredthsScalar = wholeNumber('Hundredths', 'Exact integer hundredths of a contract.');

export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
