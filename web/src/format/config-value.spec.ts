import { describe, expect, it } from 'vitest';
import {
  configFrom,
  configText,
  entriesOfText,
  fromTyped,
  rangeText,
  textOfEntries,
  toTyped,
  valueAt,
} from './config-value';

const edge = {
  path: '/minEdge',
  type: 'integer',
  title: 'Least edge',
  unit: 'micro-dollars per contract',
  minimum: 0,
  maximum: 500_000,
};
const part = { path: '/part', type: 'number', title: 'Part', unit: 'share of cash', minimum: 0, maximum: 1 };

describe('a field of a plugin’s config', () => {
  it('is shown in the unit a person thinks in', () => {
    expect(configText(edge, 5_000)).toBe('0.5 ¢ a contract');
    expect(configText(part, 0.07)).toBe('7 % of cash');
    expect(configText({ unit: 'ms' }, 5_000)).toBe('5 seconds');
    expect(configText({ unit: 'micro-dollars' }, 500_000_000)).toBe('$500');
    expect(configText({ unit: null }, true)).toBe('Yes');
    expect(configText({ unit: null }, null)).toBe('–');
    expect(rangeText(edge)).toBe('0 to 50 ¢ a contract');
    expect(rangeText({ ...edge, minimum: null })).toBe('up to 50 ¢ a contract');
  });

  it('comes back from what was typed exactly as it was stored', () => {
    for (const stored of [0, 1, 5_000, 12_345, 499_999])
      expect(fromTyped(edge, toTyped(edge, stored))).toEqual({ value: stored });
    for (const stored of [0, 0.07, 0.33, 1]) expect(fromTyped(part, toTyped(part, stored))).toEqual({ value: stored });
  });

  it('says what is wrong with what was typed', () => {
    expect(fromTyped(edge, '')).toEqual({ problem: 'Required' });
    expect(fromTyped(edge, 'much')).toEqual({ problem: 'A number' });
    expect(fromTyped(edge, '60')).toEqual({ problem: 'Only 0 to 50 ¢ a contract' });
    expect(fromTyped(edge, '0.00001')).toEqual({ problem: 'In steps of 0.0001' });
    expect(fromTyped({ ...part, type: 'object', unit: null }, '{')).toEqual({ problem: 'This is not JSON' });
  });

  it('takes choices and lists with their own types', () => {
    const choice = { path: '/n', type: 'number', title: 'N', enum: [1, 2] };
    expect(fromTyped(choice, '2')).toEqual({ value: 2 });
    const list = { path: '/l', type: 'array', title: 'L' };
    expect(fromTyped(list, ' a, b ')).toEqual({ value: ['a', 'b'] });
    expect(fromTyped(list, '')).toEqual({ value: [] });
  });
});

describe('a list of entries', () => {
  const rate = {
    path: '/mean',
    type: 'number',
    title: 'Base rate',
    unit: 'probability',
    minimum: 0.001,
    maximum: 0.999,
  };
  const list = {
    path: '/priors',
    type: 'array',
    title: 'Base rates',
    entry: [{ path: '/category', type: 'string', title: 'Category' }, rate],
  };
  const stored = [
    { category: 'Politics', mean: 0.65 },
    { category: 'Sport', mean: 0.5 },
  ];

  it('is typed cell by cell in the units of its columns, and comes back as it was stored', () => {
    const text = toTyped(list, stored);
    expect(entriesOfText(text)[0]).toEqual({ '/category': 'Politics', '/mean': '65' });
    expect(fromTyped(list, text)).toEqual({ value: stored });
    expect(fromTyped(list, toTyped(list, []))).toEqual({ value: [] });
    expect(configText({ unit: null }, stored)).toBe('Politics 0.65, Sport 0.5');
  });

  it('says which cell of which row is wrong', () => {
    const typed = (...entries: Record<string, string>[]) => fromTyped(list, textOfEntries(entries));
    expect(typed({ '/category': 'A', '/mean': '50' }, { '/category': 'B', '/mean': '200' })).toEqual({
      problem: 'Row 2, Base rate: Only 0.1 to 99.9 %',
    });
    expect(typed({ '/category': ' ', '/mean': '50' })).toEqual({ problem: 'Row 1, Category: Required' });
  });
});

it('a config is taken apart and put together by pointers', () => {
  const config = configFrom([
    ['/a', 1],
    ['/inner/b~1c', true],
  ]);
  expect(config).toEqual({ a: 1, inner: { 'b/c': true } });
  expect(valueAt(config, '/inner/b~1c')).toBe(true);
  expect(valueAt(config, '/nothing/here')).toBeUndefined();
});

it('shows money a contract in cents and times in seconds, whatever the plugin keeps them in', () => {
  const move = { ...part, unit: 'dollars per contract', maximum: 0.5 };
  expect([toTyped(move, 0.005), rangeText(move)]).toEqual(['0.5', '0 to 50 ¢ a contract']);
  expect(fromTyped(move, '0.7')).toEqual({ value: 0.007 });
  const rest = { ...edge, unit: 'ms', maximum: 3_600_000 };
  expect([toTyped(rest, 5_000), rangeText(rest)]).toEqual(['5', '0 to 3,600 seconds']);
  expect(fromTyped(rest, '2.5')).toEqual({ value: 2_500 });
  expect(fromTyped(rest, '4000')).toEqual({ problem: 'Only 0 to 3,600 seconds' });
});
