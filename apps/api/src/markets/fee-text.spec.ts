import type { FeeSchedule } from '#core';
import { expect, it } from 'vitest';
import { feeText } from './fee-text.js';

it('says what a fill costs at the moment, and that an unknown fee trades nothing', () => {
  const schedule: FeeSchedule = [
    { from: 0, rule: { kind: 'none' } },
    { from: 100, rule: { kind: 'kalshi', takerRate: 70_000, makerRate: 17_500, multiplier: 1_000_000 } },
    { from: 200, rule: { kind: 'polymarket', rate: 25_000, exponent: 2, rounding: 'half-up' } },
  ];
  expect(feeText(schedule, 50)).toEqual({ known: true, text: 'No fee.' });
  expect(feeText(schedule, 100).text).toBe(
    'Takers pay 7 % of P × (1 − P) a contract, makers 1.75 %; rounded up per fill.',
  );
  expect(feeText(schedule, 300).text).toBe('Takers pay 2.5 % of (P × (1 − P))^2 a contract, makers nothing.');
  expect(feeText(null, 0).known).toBe(false);
});
