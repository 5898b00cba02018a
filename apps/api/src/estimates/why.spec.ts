import { describe, expect, it } from 'vitest';
import type { EstimateRow } from '#data';
import { logit, sigmoid } from '#quant';
import { whySteps } from './why.js';

const band = (mean: number, deviation: number) => ({
  low: sigmoid(mean - 1.959963984540054 * deviation),
  high: sigmoid(mean + 1.959963984540054 * deviation),
});
const said = (model: string, value: number, ends: { low: number | null; high: number | null }, name = 'fair') =>
  ({ model, name, seq: 9, at: 1, value, ...ends }) as EstimateRow;
const numbers = (steps: ReturnType<typeof whySteps>) =>
  Object.fromEntries(steps.filter(({ part }) => part === 'pool').map(({ label, value }) => [label, value]));

const pooled = said('pooled-fair-value', 0.6, band(0.52, 0.1265));
const share = said('pooled-fair-value', 0.8, { low: null, high: null }, 'pool-share');
const quotes = said('kalman-fair-value', 0.6, band(0.4, 0.1));
const trades = said('bayes-fair-value', 0.73, band(1, 0.2));

describe('why a pooled fair value', () => {
  it('shows what both members said and how much each is of it', () => {
    const steps = numbers(whySteps(pooled, null, null, [pooled, share, quotes, trades]));
    expect(steps).toMatchObject({ Quotes: 0.6, Trades: 0.73, 'Quotes, weight': 0.8 });
    expect(steps['Quotes, log-odds']).toBeCloseTo(0.4, 9);
    expect(steps['Trades, deviation']).toBeCloseTo(0.2, 9);
    expect(steps['Trades, weight']).toBeCloseTo(0.2, 12);
    // By the weights shown the members give the pool shown.
    const mean =
      steps['Quotes, weight']! * steps['Quotes, log-odds']! + steps['Trades, weight']! * steps['Trades, log-odds']!;
    expect(mean).toBeCloseTo((logit(pooled.low!) + logit(pooled.high!)) / 2, 9);
  });

  it('says which of them had not spoken, and nothing of the kind of another model', () => {
    expect(numbers(whySteps(pooled, null, null, [pooled, share, quotes]))).toMatchObject({ Quotes: 0.6, Trades: null });
    expect(numbers(whySteps(quotes, null, null, [pooled, share, quotes, trades]))).toEqual({});
  });
});
