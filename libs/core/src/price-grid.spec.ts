import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceGrid } from './market.js';
import { ceilToGrid, floorToGrid, onGrid, tickAt } from './price-grid.js';
import { price } from './units.js';

const range = (start: number, end: number, step: number) => ({ start: price(start), end: price(end), step });
const cents: PriceGrid = [range(10_000, 990_000, 10_000)];
const tapered: PriceGrid = [
  range(1_000, 100_000, 1_000),
  range(100_000, 900_000, 10_000),
  range(900_000, 999_000, 1_000),
];

describe('price grid', () => {
  it('knows its prices', () => {
    expect(onGrid(cents, 450_000)).toBe(true);
    expect(onGrid(cents, 455_000)).toBe(false);
    expect(onGrid(cents, 0)).toBe(false);
    expect(onGrid(cents, 1_000_000)).toBe(false);
    expect(onGrid(cents, NaN)).toBe(false);
    expect(onGrid(tapered, 99_000)).toBe(true);
    expect(onGrid(tapered, 101_000)).toBe(false);
    expect(onGrid(tapered, 901_000)).toBe(true);
  });

  it('steps finer near the ends of a tapered grid', () => {
    expect(tickAt(tapered, 50_000)).toBe(1_000);
    expect(tickAt(tapered, 100_000)).toBe(10_000);
    expect(tickAt(tapered, 900_000)).toBe(1_000);
    expect(tickAt(tapered, 999_000)).toBe(1_000);
    expect(tickAt(tapered, 500)).toBeNaN();
  });

  it('finds the neighbours of a price between two steps', () => {
    expect(floorToGrid(cents, 455_000)).toBe(450_000);
    expect(ceilToGrid(cents, 455_000)).toBe(460_000);
    expect(floorToGrid(cents, 1_000_000)).toBe(990_000);
    expect(ceilToGrid(cents, 0)).toBe(10_000);
    expect(floorToGrid(cents, 9_999)).toBeNaN();
    expect(ceilToGrid(cents, 990_001)).toBeNaN();
    expect(floorToGrid(tapered, 104_000)).toBe(100_000);
    expect(ceilToGrid(tapered, 899_500)).toBe(900_000);
  });

  it('rounds to the nearest grid prices around any price', () => {
    const prices: number[] = [];
    for (let p = 0; p <= 1_000_000; p += 500) if (onGrid(tapered, p)) prices.push(p);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (p) => {
        expect(floorToGrid(tapered, p)).toBe(prices.filter((q) => q <= p).at(-1) ?? NaN);
        expect(ceilToGrid(tapered, p)).toBe(prices.find((q) => q >= p) ?? NaN);
      }),
      { numRuns: 200 },
    );
  });
});
