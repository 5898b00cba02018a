import {
  buildSchema,
  getNamedType,
  isEnumType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { KALSHI, POLY } from '../../libs/data/src/queries/sample-lane.spec-support.js';
import { ApiBench } from './api-bench.js';

/** More statements than this for one operation is no page any more. */
const MOST = 12;
/** Objects within objects, as deep as any page asks. */
const DEPTH = 4;
/** Arguments that a query cannot do without. */
const GIVEN: Readonly<Record<string, string>> = {
  market: `(id: "${POLY}")`,
  depth: `(market: "${POLY}")`,
  quotes: `(market: "${POLY}")`,
  continuity: `(market: "${POLY}")`,
  trades: `(market: "${POLY}")`,
  beliefs: `(market: "${POLY}")`,
  why: `(market: "${POLY}")`,
  equity: '(account: "house")',
  enablement: '(plugin: "exclusive-bundle", first: 20)',
  enablementPlaces: '(kind: "market", plugins: ["exclusive-bundle", "cross-venue-arbitrage"], first: 20)',
  scopePreview: '(scope: {})',
  trace: '(signalId: "S6.1")',
  run: '(id: "run-1")',
  linkCandidates: `(market: "${POLY}")`,
  linkLikeness: `(a: "${POLY}", b: "${KALSHI}")`,
};

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const queries = schema.getQueryType()!.getFields();
const needs = (field: GraphQLField<unknown, unknown>): boolean =>
  field.args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);

/** Everything there is to ask of a type, down to a depth. */
function everything(type: GraphQLNamedType, depth: number): string {
  if (isScalarType(type) || isEnumType(type)) return '';
  if (isUnionType(type))
    return `{ __typename ${type
      .getTypes()
      .map((each) => `... on ${each.name} ${everything(each, depth - 1)}`)
      .join(' ')} }`;
  if (!isObjectType(type)) return '{ __typename }';
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (needs(field)) return [];
    if (isScalarType(inner) || isEnumType(inner)) return [field.name];
    return depth > 1 ? [`${field.name} ${everything(inner, depth - 1)}`] : [];
  });
  return `{ __typename ${parts.join(' ')} }`;
}

const operations = Object.values(queries).flatMap((field) => {
  const given = GIVEN[field.name];
  if (given === undefined && needs(field)) return [];
  const first = field.args.some(({ name }) => name === 'first') ? '(first: 20)' : '';
  return [[field.name, `{ ${field.name}${given ?? first} ${everything(getNamedType(field.type), DEPTH)} }`] as const];
});

let bench: ApiBench;
const statements: string[] = [];
beforeAll(async () => {
  bench = await ApiBench.start();
  await bench.setUp();
  const original = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const { application_name: who } = (this as unknown as { connectionParameters: { application_name?: string } })
      .connectionParameters;
    // Queue, bus and sign-in have connections of their own.
    if (who === 'arbintel')
      statements.push(typeof first === 'string' ? first : String((first as { text: string }).text));
    return Reflect.apply(original, this, args) as never;
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await bench?.stop();
});

const runs = (from: number, to: number): Promise<unknown> =>
  bench.pool.query(`
    insert into run (id, kind, title, state, started_at) select 'run-' || n, 'links', 'links', 'done', n from generate_series(${from}, ${to}) n;
    insert into run_line (run, at, kind, line) select 'run-' || n, 1, 'state', 'Done' from generate_series(${from}, ${to}) n;
    insert into job_schedule select 'links-' || n, 'catalogue', 'links', null, 1000 from generate_series(${from}, ${to}) n;
  `);

async function counted(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [name, query] of operations) {
    statements.length = 0;
    const { errors } = await bench.ask(query);
    expect(errors, `${name}: ${query}`).toBeUndefined();
    counts.set(name, statements.length);
  }
  return counts;
}

it('asks the database as often for many rows as for one, whatever is selected, and never often', async () => {
  // What is kept for a while, such as sizes of tables, is asked for once before; what that takes is counted too.
  for (const [name, query] of operations.filter(([each]) => each === 'health' || each === 'storage')) {
    statements.length = 0;
    await bench.ask(query);
    expect([name, statements.length > MOST ? statements : 'few']).toEqual([name, 'few']);
  }
  await runs(1, 1);
  const few = await counted();
  await bench.pool.query(`
    insert into market_state select (jsonb_populate_record(m, jsonb_build_object('id', m.id || '-' || n, 'ref', m.ref + 10 * n))).*
      from market_state m, generate_series(1, 15) n;
    insert into link_state select (jsonb_populate_record(l, jsonb_build_object('id', l.id || '-' || n, 'body', l.body::jsonb
      || jsonb_build_object('id', l.id || '-' || n, 'a', '${POLY}-' || n, 'b', '${KALSHI}-' || n)))).*
      from link_state l, generate_series(1, 15) n;
    insert into session_state select (jsonb_populate_record(s, jsonb_build_object('id', s.id || '-' || n, 'workflow', s.workflow || '-' || n,
      'state', jsonb_set(s.state, '{workflow,id}', to_jsonb(s.workflow || '-' || n))))).* from session_state s, generate_series(1, 15) n;
    insert into opportunity select (jsonb_populate_record(o, jsonb_build_object('id', o.id || '-' || n))).*
      from opportunity o, generate_series(1, 15) n;
  `);
  await runs(2, 15);
  const { data } = await bench.ask(
    '{ markets(first: 50) { total } links { id } workflows { id } runs(first: 50) { items { id } } }',
  );
  expect([data.markets.total, data.links.length, data.runs.items.length]).toEqual([32, 16, 15]);
  expect(data.workflows.length).toBeGreaterThan(15);
  const many = await counted();
  expect(Object.fromEntries(many)).toEqual(Object.fromEntries(few));
  expect([...many].filter(([, count]) => count > MOST)).toEqual([]);
  // And the measure measures: nobody answers these without asking.
  for (const name of ['markets', 'links', 'workflows', 'runs', 'schedules']) expect(many.get(name)).toBeGreaterThan(0);
});
