import type { PriceGrid } from './market.js';

/** Whether a venue takes orders at this price. Ends of ranges belong to both neighbours. */
export function onGrid(grid: PriceGrid, price: number): boolean {
  for (const range of grid) {
    if (price >= range.start && price <= range.end) return (price - range.start) % range.step === 0;
  }
  return false;
}

/** Step of the grid going up from `price`; at the very end the last range's step. `NaN` outside the grid. */
export function tickAt(grid: PriceGrid, price: number): number {
  let tick = NaN;
  for (const range of grid) {
    if (price >= range.start && price <= range.end) tick = range.step;
  }
  return tick;
}

/** Highest price on the grid that is not above `price`; `NaN` when all are. */
export function floorToGrid(grid: PriceGrid, price: number): number {
  let floor = NaN;
  for (const range of grid) {
    if (price < range.start) break;
    const inside = Math.min(price, range.end);
    floor = inside - ((inside - range.start) % range.step);
  }
  return floor;
}

/** Lowest price on the grid that is not below `price`; `NaN` when all are. */
export function ceilToGrid(grid: PriceGrid, price: number): number {
  for (const range of grid) {
    if (price > range.end) continue;
    if (price <= range.start) return range.start;
    const above = (price - range.start) % range.step;
    const next = above === 0 ? price : price - above + range.step;
    if (next <= range.end) return next;
  }
  return NaN;
}
