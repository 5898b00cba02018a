import { describe, expect, it } from 'vitest';
import { admits } from './version-range.js';

describe('a range of versions', () => {
  it.each([
    ['^1.0.0', '1.9.3', true],
    ['^1.2', '1.1.9', false],
    ['^1', '2.0.0', false],
    ['^0.2.3', '0.2.9', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.4', false],
    ['~1.2.3', '1.2.9', true],
    ['~1.2.3', '1.3.0', false],
    ['~1', '1.9.0', true],
    ['1.x', '1.4.0', true],
    ['1', '2.0.0', false],
    ['1.0.0', '1.0.1', false],
    ['*', '7.0.0', true],
    ['>=1.0.0 <2', '1.5.0', true],
    ['>=1.0.0 <2', '2.0.0', false],
    ['>1', '1.9.9', false],
    ['<=1', '1.9.9', true],
    ['^2 || ^1', '1.0.0', true],
    ['^2 || ^3', '1.0.0', false],
  ])('%s and %s: %s', (range, version, expected) => expect(admits(range, version)).toBe(expected));

  it.each(['', 'latest', '^1.0.0-beta', '^1 ||', 'one.two'])('%j is none', (range) =>
    expect(admits(range, '1.0.0')).toBeNull(),
  );
});
