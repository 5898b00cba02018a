import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UserProblem, type FieldProblem } from '#core';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads `--name value` arguments. An unknown or valueless one is a `UserProblem` that names the ones there are.
 */
export function readArguments<const O extends Options>(
  argv: readonly string[],
  options: O,
  usage: string,
  positionals = false,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: positionals, strict: true });
  } catch (error) {
    throw new UserProblem(`${(error as Error).message.split('.')[0]}. Usage: ${usage}`);
  }
}

/** A whole number within bounds, or a complaint pushed to `problems`. */
export function wholeNumber(
  text: string | undefined,
  name: string,
  range: { readonly min: number; readonly max: number; readonly fallback: number },
  problems: FieldProblem[],
): number {
  if (text === undefined) return range.fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  problems.push({
    path: `/${name}`,
    message: `--${name} is ${JSON.stringify(text)}; it must be a whole number from ${range.min} to ${range.max}`,
  });
  return range.fallback;
}

export function positiveNumber(
  text: string | undefined,
  name: string,
  fallback: number,
  problems: FieldProblem[],
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  problems.push({ path: `/${name}`, message: `--${name} is ${JSON.stringify(text)}; it must be a number above 0` });
  return fallback;
}

export function complainTogether(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new UserProblem('the arguments are not usable', problems);
}
