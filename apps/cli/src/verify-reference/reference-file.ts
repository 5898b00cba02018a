import { readFileSync } from 'node:fs';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { UserProblem } from '#core';
import type { ReferenceCase } from './reference-model.js';

const SCHEMA = 'arbintel-ref/1';

const fileSchema = Type.Object({
  schema: Type.Literal(SCHEMA),
  name: Type.String(),
  model: Type.String(),
  tolerance: Type.Record(Type.String(), Type.Unknown()),
  cases: Type.Array(
    Type.Object({
      id: Type.String(),
      description: Type.Optional(Type.String()),
      input: Type.Unknown(),
      expected: Type.Record(Type.String(), Type.Unknown()),
    }),
    { minItems: 1 },
  ),
});

export type ReferenceFile = Omit<Static<typeof fileSchema>, 'cases'> & { readonly cases: readonly ReferenceCase[] };

/** @throws UserProblem with one sentence when the file cannot be read, is no JSON or has another shape. */
export function readReferenceFile(path: string): ReferenceFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserProblem(`it cannot be read: ${(error as Error).message}`);
  }
  const problem = firstProblem(fileSchema, content);
  if (problem !== null) throw new UserProblem(`it is no reference file of the form ${SCHEMA}: ${problem}`);
  const file = content as Static<typeof fileSchema>;
  return { ...file, cases: file.cases.map((one) => ({ description: '', ...one })) };
}

/** The first thing that does not fit, with its place; `null` when all does. */
export function firstProblem(schema: TSchema, value: unknown): string | null {
  if (Value.Check(schema, value)) return null;
  const [error] = Value.Errors(schema, value);
  return `${error?.instancePath || 'the whole'} ${error?.message ?? 'does not fit'}`;
}
