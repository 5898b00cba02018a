import { describe, expect, it } from 'vitest';
import type { FeeRule } from '#core';
import { sigmoid } from '#quant';
import { beliefOf, worthOf } from './worth.js';

const FREE: FeeRule = { kind: 'none' };
const KALSHI: FeeRule = { kind: 'kalshi', takerRate: 70_000, makerRate: 0, multiplier: 1_000_000 };
const QUOTE = { bid: 480_000, ask: 500_000 };
/** A band of ±1.96 × 0.1 log-odds about a middle. */
const band = (middle: number) => {
  const belief = beliefOf(sigmoid(middle - 0.1959963984540054), sigmoid(middle + 0.1959963984540054));
  expect(belief).not.toBeNull();
  return belief!;
};

describe('what a fair value is worth', () => {
  it('reads the log-odds back from the ends of the band', () => {
    const { mean, deviation, probability } = band(0.4);
    expect(mean).toBeCloseTo(0.4, 12);
    expect(deviation).toBeCloseTo(0.1, 12);
    // The mean of a spread-out belief lies nearer to a half than its median.
    expect(probability).toBeLessThan(sigmoid(0.4));
    expect(probability).toBeCloseTo(sigmoid(0.4), 2);
  });

  it('knows nothing without a band inside (0, 1)', () => {
    expect(beliefOf(null, 0.5)).toBeNull();
    expect(beliefOf(-0.5, 1.5)).toBeNull();
    expect(beliefOf(0.6, 0.5)).toBeNull();
  });

  it('takes cost and fee from what the side is worth', () => {
    const yes = worthOf('yes', band(0.4), QUOTE, KALSHI)!;
    expect(yes.fee).toBeCloseTo(0.0175, 12);
    expect(yes.edge).toBeCloseTo(yes.worth - 0.5 - 0.0175, 12);
    expect(yes.kelly).toBeCloseTo(yes.edge / (1 - yes.cost), 12);
    expect(yes.chance).toBeGreaterThan(0.99);
    const no = worthOf('no', band(0.4), QUOTE, KALSHI)!;
    expect(no.price).toBeCloseTo(0.52, 12);
    expect(no.edge).toBeLessThan(0);
    expect([no.kelly, no.shrink]).toEqual([0, 0]);
  });

  it('is held back the more, the less is known', () => {
    const vague = beliefOf(sigmoid(-0.6), sigmoid(1.4))!;
    expect(worthOf('yes', vague, QUOTE, FREE)!.shrink).toBeLessThan(worthOf('yes', band(0.4), QUOTE, FREE)!.shrink);
  });

  it('is nothing where nobody sells', () => {
    expect(worthOf('yes', band(0), { bid: 480_000, ask: -1 }, FREE)).toBeNull();
    expect(worthOf('no', band(0), { bid: -1, ask: 500_000 }, FREE)).toBeNull();
  });
});
