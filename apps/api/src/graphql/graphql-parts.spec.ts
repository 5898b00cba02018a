import { OutsideProblem, UserProblem } from '#core';
import { createLog } from '#host';
import { buildSchema, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { batched } from './batch.js';
import { operationLimits } from './limits.js';
import { InstantScalar } from './scalars.js';
import { shownGraphqlError } from './shown-error.js';

const schema = buildSchema(`
  type Node { id: ID! nodes(first: Int = 50): [Node!]! peers: [Node!]! next: Node }
  type Query { node: Node }
`);
const complaints = (query: string): string[] =>
  validate(schema, parse(query), [...specifiedRules, operationLimits({ depth: 6, cost: 1_000 })]).map(
    ({ message }) => message,
  );

describe('the limits of an operation', () => {
  it('let an ordinary one through, introspection included', () => {
    expect(complaints('{ node { id nodes(first: 20) { id peers { id } } } }')).toEqual([]);
    expect(complaints('{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }')).toEqual(
      [],
    );
  });

  it('count pages by what they ask for', () => {
    expect(complaints('{ node { nodes(first: 2000) { id } } }')).toHaveLength(1);
    expect(complaints('query ($n: Int) { node { nodes(first: $n) { peers { id } } } }')).toHaveLength(1);
    expect(complaints('{ node { nodes { nodes { id } } } }')).toHaveLength(1);
  });

  it('count nesting through fragments', () => {
    const [complaint] = complaints(
      '{ node { ...a } } fragment a on Node { next { next { ...b } } } fragment b on Node { next { next { next { id } } } }',
    );
    expect(complaint).toContain('nests deeper');
  });

  it('end on fragments that multiply or go in circles', () => {
    const doubling = Array.from({ length: 30 }, (_, n) => `fragment f${n} on Node { ...f${n + 1} ...f${n + 1} }`).join(
      ' ',
    );
    expect(complaints(`{ node { ...f0 } } ${doubling} fragment f30 on Node { id }`).length).toBeGreaterThan(0);
    expect(complaints('{ node { ...a } } fragment a on Node { next { id } ...a }').length).toBeGreaterThan(0);
  });
});

describe('reads of one turn', () => {
  it('become one query without doubles, and the next turn reads anew', async () => {
    const asked: string[][] = [];
    const read = batched(async (keys) => {
      asked.push([...keys]);
      return new Map(keys.map((key) => [key, key.toUpperCase()]));
    });
    expect(await Promise.all([read('a'), read('b'), read('a')])).toEqual(['A', 'B', 'A']);
    await read('a');
    expect(asked).toEqual([['a', 'b'], ['a']]);
  });

  it('fail together', async () => {
    const read = batched(() => Promise.reject(new OutsideProblem('gone', true)));
    const both = await Promise.allSettled([read('a'), read('b')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('an error', () => {
  const lines: string[] = [];
  const log = createLog('info', {}, (line) => lines.push(line));
  const wrapped = (original: Error): GraphQLError =>
    new GraphQLError(original.message, { originalError: original, path: ['x'] });

  it('of the asker keeps its words and fields', () => {
    const shown = shownGraphqlError(wrapped(new UserProblem('No.', [{ path: '/a', message: 'b' }])), log);
    expect(shown).toMatchObject({ message: 'No.', extensions: { code: 'BAD_USER_INPUT', fields: [{ path: '/a' }] } });
  });

  it('of ours is a code and a trace id, the stack only in the log', () => {
    const shown = shownGraphqlError(wrapped(new TypeError('secret detail')), log);
    expect(JSON.stringify(shown)).not.toContain('secret');
    const trace = String(shown.extensions?.['trace']);
    expect(lines.join('')).toContain(trace);
    expect(lines.join('')).toContain('secret detail');
  });

  it('of a lost database says so', () => {
    const shown = shownGraphqlError(wrapped(Object.assign(new TypeError('x'), { code: 'ECONNREFUSED' })), log);
    expect(shown.extensions?.['code']).toBe('OUTSIDE');
  });
});

it('takes only exact whole numbers for an instant', () => {
  expect(InstantScalar.parseValue(1_800_000_000_000)).toBe(1_800_000_000_000);
  for (const value of [1.5, '5', null, 2 ** 53, Number.NaN])
    expect(() => InstantScalar.parseValue(value)).toThrow('whole number');
});
