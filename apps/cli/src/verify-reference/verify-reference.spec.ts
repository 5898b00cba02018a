import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import { compare } from './compare.js';
import { referenceModel, type ReferenceCase, type ReferenceModel } from './reference-model.js';
import { report } from './verify-reference.command.js';
import { verifyFile, verifyFolder } from './verify.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reference-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const fees = (debit: number): object => ({
  schema: 'arbintel-ref/1',
  name: 'own numbers',
  model: 'fees',
  tolerance: { abs: 1e-12 },
  cases: [
    {
      id: 'one',
      input: { fills: [{ price: '0.50', size: '100' }] },
      expected: { kalshiTaker: { debit, fee: 1.75 } },
    },
  ],
});
const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const lines = (): string[] => report(verifyFolder(folder));

describe('verify:reference', () => {
  it('passes right numbers and says how many', () => {
    write('a.json', fees(51.75));
    expect(lines().at(-1)).toBe('1 passed, 0 failed');
  });

  it('names the field that is wrong, with both values', () => {
    write('a.json', fees(51.76));
    const said = lines();
    expect(said.at(-1)).toBe('0 passed, 1 failed');
    expect(said.join('\n')).toContain('kalshiTaker.debit is 51.75, wanted 51.76');
  });

  it.each([
    { model: 'crystal-ball' },
    { model: 'toString' },
    { name: 'fees', model: 'crystal-ball' },
    { name: 'crystal-ball', model: 'venue fees, exact decimal arithmetic' },
  ])('fails on a model nobody knows: %j', (said) => {
    write('a.json', { ...fees(51.75), ...said });
    expect(lines().at(-1)).toBe('0 passed, 1 failed');
    expect(lines().join('\n')).toContain('there is no model "');
  });

  it('knows a model by its short name in either place', () => {
    write('a.json', { ...fees(51.75), name: 'my numbers', model: 'fees' });
    write('b.json', { ...fees(51.75), name: 'fees', model: 'venue fees, exact decimal arithmetic' });
    expect(lines().at(-1)).toBe('2 passed, 0 failed');
  });

  it('gives a bad file a sentence and goes on with the others', () => {
    write('a.json', '{"schema":');
    write('b.json', { schema: 'arbintel-ref/9' });
    write('c.json', { ...fees(51.75), cases: [] });
    write('d.json', fees(51.75));
    expect(lines().at(-1)).toBe('1 passed, 3 failed');
    expect(lines().join('\n')).toMatch(/a\.json: it cannot be read: .*\n/);
    expect(lines().join('\n')).toContain('b.json: it is no reference file of the form arbintel-ref/1');
  });

  it('says which part of an input does not fit, and what a function would not take', () => {
    const { cases, ...file } = fees(51.75) as { cases: object[] };
    write('a.json', {
      ...file,
      cases: [
        { ...cases[0], input: { fills: [{ price: true, size: '1' }] } },
        { ...cases[0], input: { fills: [{ price: '0.1234567', size: '1' }] } },
      ],
    });
    expect(lines().join('\n')).toContain('the input does not fit: /fills/0/price');
    expect(lines().join('\n')).toContain('0.1234567 is no decimal of at most 6 places');
  });

  it('says whether a file’s stretch goal is reached, and does not ask for it', () => {
    write('a.json', { ...fees(51.75 + 1e-9), tolerance: { abs: 1e-6, strict: { abs: 1e-12 } } });
    write('b.json', { ...fees(51.75), tolerance: { abs: 1e-6, strict: { abs: 1e-12 } } });
    expect(
      lines()
        .filter((line) => line.includes('passed '))
        .map((line) => line.split('·')[1]),
    ).toEqual([' not strict', ' strict too']);
    expect(lines().at(-1)).toBe('2 passed, 0 failed');
  });

  it('asks for a folder that holds something', () => {
    expect(() => verifyFolder(join(folder, 'missing'))).toThrow(UserProblem);
    expect(() => verifyFolder(folder)).toThrow('holds no *.json file');
  });
});

describe('comparing', () => {
  const model = (rest: Partial<ReferenceModel> = {}): ReferenceModel =>
    referenceModel({ title: '', input: Type.Unknown(), run: () => ({}), ...rest });
  const one = (expected: Record<string, unknown>): ReferenceCase => ({ id: '', description: '', input: {}, expected });
  const wrong = (
    expected: Record<string, unknown>,
    actual: Record<string, unknown>,
    tolerance: Record<string, unknown>,
    rest: Partial<ReferenceModel> = {},
  ): readonly string[] => compare(model(rest), one(expected), actual, tolerance).wrong;

  it('allows abs + rel × |want|', () => {
    expect(wrong({ x: -2 }, { x: -2.29 }, { abs: 0.1, rel: 0.1 })).toEqual([]);
    expect(wrong({ x: -2 }, { x: -2.31 }, { abs: 0.1, rel: 0.1 })).toHaveLength(1);
  });

  it('lets a field or its family override, and only what they name', () => {
    const rest = { families: { lo95: 'quantile' } };
    const tolerance = { abs: 1e-9, rel: 0, quantile_abs: 0.1, mean_abs: 0.2 };
    expect(wrong({ lo95: 1, mean: 1 }, { lo95: 1.05, mean: 1.15 }, tolerance, rest)).toEqual([]);
    expect(wrong({ lo95: 1, x: 1 }, { lo95: 1.15, x: 1.05 }, tolerance, rest)).toHaveLength(2);
    expect(wrong({ a: [{ lo95: 1 }] }, { a: [{ lo95: 1.05 }] }, tolerance, rest)).toEqual([]);
  });

  it('prefers a field’s longer name', () => {
    const rest = { families: { 'probes.logLik': 'probe_logLik' } };
    const tolerance = { logLik_abs: 1, probe_logLik_abs: 1e-7 };
    expect(
      wrong({ logLik: 1, probes: [{ logLik: 1 }] }, { logLik: 1.5, probes: [{ logLik: 1.5 }] }, tolerance, rest),
    ).toEqual([expect.stringContaining('probes[0].logLik is 1.5')]);
  });

  it('wants exact numbers where the file allows nothing', () => {
    expect(wrong({ n: 5 }, { n: 5 }, {})).toEqual([]);
    expect(wrong({ n: 5 }, { n: 5 + 1e-12 }, {})).toHaveLength(1);
  });

  it('takes null for undefined and for nothing else', () => {
    expect(wrong({ x: null, y: null }, { x: null }, {})).toEqual([]);
    expect(wrong({ x: null }, { x: NaN }, {})).toHaveLength(1);
    expect(wrong({ x: null }, { x: 0 }, { abs: 1 })).toHaveLength(1);
    expect(wrong({ x: 1 }, { x: null }, { abs: 9 })).toHaveLength(1);
    expect(wrong({ x: 1 }, { x: NaN }, { abs: 9 })).toHaveLength(1);
  });

  it('compares lists by length and element, text and truth exactly', () => {
    expect(wrong({ x: [1, 2] }, { x: new Float64Array([1, 2]) }, {})).toEqual([]);
    expect(wrong({ x: [1, 2] }, { x: [1, 2, 3] }, {})).toEqual(['x is "a list of 3", wanted a list of 2']);
    expect(wrong({ x: { y: true, z: 'a' } }, { x: { y: false, z: 'b' } }, {})).toHaveLength(2);
    expect(wrong({ x: { y: 1 } }, {}, {})).toHaveLength(1);
  });

  it('takes a better optimum for a right one, if nothing is broken', () => {
    const optimum = { objective: 'profit', better: 'higher' as const, broken: () => [] };
    const tolerance = { abs: 1e-9 };
    expect(wrong({ profit: 1, x: 3 }, { profit: 1.1, x: 7 }, tolerance, { optimum })).toEqual([]);
    expect(wrong({ profit: 1, x: 3 }, { profit: 1, x: 7 }, tolerance, { optimum })).toHaveLength(1);
    expect(wrong({ profit: 1, x: 3 }, { profit: 0.9, x: 3 }, tolerance, { optimum })).toHaveLength(1);
    const broken = { ...optimum, broken: () => ['it spends more than the budget'] };
    expect(wrong({ profit: 1, x: 3 }, { profit: 1.1, x: 7 }, tolerance, { optimum: broken })).toEqual([
      'it spends more than the budget',
    ]);
  });

  it('lets each number that is an optimum of its own be better, not worse', () => {
    const rest = { oneSided: { 'table.gain': 'higher' as const, 'table.cost': 'lower' as const } };
    const tolerance = { abs: 0.1 };
    const want = { table: [{ gain: 1, cost: 1 }] };
    expect(wrong(want, { table: [{ gain: 9, cost: -9 }] }, tolerance, rest)).toEqual([]);
    expect(wrong(want, { table: [{ gain: 0.95, cost: 1.05 }] }, tolerance, rest)).toEqual([]);
    expect(wrong(want, { table: [{ gain: 0.8, cost: 1.2 }] }, tolerance, rest)).toHaveLength(2);
    expect(wrong(want, { table: [{ gain: NaN, cost: NaN }] }, tolerance, rest)).toHaveLength(2);
  });

  it('compares a path of states by the share that agrees', () => {
    const rest = { agreements: { path: 'pathAgreement' } };
    expect(wrong({ path: [0, 0, 0, 1] }, { path: [0, 0, 0, 0] }, { pathAgreement: 0.75 }, rest)).toEqual([]);
    expect(wrong({ path: [0, 0, 0, 1] }, { path: [0, 0, 0, 0] }, { pathAgreement: 0.9 }, rest)).toHaveLength(1);
  });
});

const reference = process.env['ARBINTEL_REFERENCE'];

describe.skipIf(reference === undefined)('the reference files (need ARBINTEL_REFERENCE)', () => {
  const names = reference === undefined ? [] : readdirSync(reference).filter((name) => name.endsWith('.json'));

  it.each(names)('%s passes', (name) => {
    const failed = verifyFile(reference ?? '', name).cases.filter((one) => !one.passed);
    expect(failed.map(({ id, problems }) => ({ id, problems }))).toEqual([]);
  });
});
