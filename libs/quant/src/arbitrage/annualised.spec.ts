import { describe, expect, it } from 'vitest';
import { annualised, bestBuy, grossEdge } from './index.js';

describe('annualised', () => {
  it('scales a return to a year', () => {
    const yearly = annualised(0.01, 36.5);
    expect(yearly?.simple).toBeCloseTo(0.1, 12);
    expect(yearly?.compound).toBeCloseTo(1.01 ** 10 - 1, 12);
  });

  it('says nothing about an unknown or past date', () => {
    expect(annualised(0.01, null)).toBeNull();
    expect(annualised(0.01, 0)).toBeNull();
    expect(annualised(0.01, -3)).toBeNull();
    expect(annualised(0.01, NaN)).toBeNull();
  });
});

describe('the cheap gross test', () => {
  it('buys YES at the ask and NO against the bid', () => {
    expect(bestBuy('yes', 440_000, 450_000)).toBe(450_000);
    expect(bestBuy('no', 440_000, 450_000)).toBe(560_000);
    expect(grossEdge(1_000_000, 450_000, 520_000)).toBe(30_000);
  });

  it('has no price where nobody sells, so that no comparison holds', () => {
    expect(bestBuy('yes', 440_000, -1)).toBeNaN();
    expect(bestBuy('no', -1, 450_000)).toBeNaN();
    expect(grossEdge(1_000_000, NaN, 520_000) > 0).toBe(false);
  });
});
