import { expect, it } from 'vitest';
import { isLower, modeDone, startsTrading } from './mode-change';

it('asks only before what lets orders leave', () => {
  expect(startsTrading('off', 'paper')).toBe(true);
  expect(startsTrading('shadow', 'paper')).toBe(true);
  expect(startsTrading('off', 'shadow')).toBe(false);
  expect(startsTrading('paper', 'off')).toBe(false);
  expect(startsTrading('paper', 'paper')).toBe(false);
});

it('knows which mode does less', () => {
  expect(isLower('paper', 'shadow')).toBe(true);
  expect(isLower('shadow', 'off')).toBe(true);
  expect(isLower('off', 'shadow')).toBe(false);
});

it('says what became of orders and positions', () => {
  expect(modeDone('Arbitrage', 'paper', 'off')).toBe(
    'Arbitrage is now off: its resting orders are cancelled, hedges are finished, what it holds stays until it settles',
  );
  expect(modeDone('Arbitrage', 'paper', 'shadow')).toContain('goes on deciding, and orders nothing');
  expect(modeDone('Arbitrage', 'shadow', 'off')).toBe('Arbitrage is now off: it decides nothing more');
  expect(modeDone('Arbitrage', 'off', 'paper')).toBe('Arbitrage is now on and trades on paper');
});
