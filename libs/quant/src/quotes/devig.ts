import { Defect } from '#core';
import { bracketedRoot } from '../numeric/index.js';
import { logit, logSumExp, sigmoid } from './logistic.js';

/*
 * Probabilities from the prices of N exclusive outcomes, whose sum is not 1 (math 2.4). Prices are asks (or mids) in
 * (0, 1); every answer has their order and sums to 1. Sources: Shin 1993 (insiders), Clarke et al. 2017 (power).
 */

export type DevigMethod = 'multiplicative' | 'additive' | 'power' | 'shin' | 'logit-shift';

export interface Devigged {
  readonly probabilities: readonly number[];
  /** Exponent of the power, share of insiders z of Shin, shift of the log-odds; 0 for the other methods. */
  readonly parameter: number;
  /** The method that was used: additive falls back to multiplicative when it would leave (0, 1). */
  readonly method: DevigMethod;
}

/** Sum of the prices less 1: the margin that is in them. */
export const overround = (prices: readonly number[]): number => sum(prices) - 1;

/**
 * Takes the margin out. `logit-shift` on mids is the default: an order book has no bookmaker, and all outcomes move by
 * the same log-odds. `shin` suits a bookmaker's odds.
 *
 * @throws Defect for fewer than two prices or one outside (0, 1).
 */
export function devig(prices: readonly number[], method: DevigMethod = 'logit-shift'): Devigged {
  if (prices.length < 2 || !prices.every((price) => price > 0 && price < 1))
    throw new Defect(`${prices.length} prices between 0 and 1 are needed, at least two: ${prices.join(', ')}`);
  switch (method) {
    case 'multiplicative':
      return multiplicative(prices);
    case 'additive':
      return additive(prices);
    case 'power':
      return power(prices);
    case 'shin':
      return shin(prices);
    case 'logit-shift':
      return logitShift(prices);
  }
}

function multiplicative(prices: readonly number[]): Devigged {
  const total = sum(prices);
  return { probabilities: prices.map((price) => price / total), parameter: 0, method: 'multiplicative' };
}

function additive(prices: readonly number[]): Devigged {
  const share = overround(prices) / prices.length;
  const probabilities = prices.map((price) => price - share);
  if (!probabilities.every((p) => p > 0 && p < 1)) return multiplicative(prices);
  return { probabilities, parameter: 0, method: 'additive' };
}

function power(prices: readonly number[]): Devigged {
  const logs = prices.map(Math.log);
  const excess = (k: number): number => logs.reduce((total, log) => total + Math.exp(k * log), 0) - 1;
  // Above this exponent even the greatest price is below 1/N.
  const { x } = bracketedRoot(excess, 0, -Math.log(prices.length) / Math.max(...logs));
  return { probabilities: logs.map((log) => Math.exp(x * log)), parameter: x, method: 'power' };
}

function shin(prices: readonly number[]): Devigged {
  const total = sum(prices);
  if (total <= 1) return { ...multiplicative(prices), method: 'shin' };
  const squares = prices.map((price) => (price * price) / total);
  // Shin's (√(z² + 4(1−z)s) − z) / 2(1−z), with the difference of equals turned into a sum.
  const share = (z: number, square: number): number => (2 * square) / (Math.sqrt(z * z + 4 * (1 - z) * square) + z);
  const excess = (z: number): number => squares.reduce((all, square) => all + share(z, square), 0) - 1;
  const { x } = bracketedRoot(excess, 0, 1);
  return { probabilities: squares.map((square) => share(x, square)), parameter: x, method: 'shin' };
}

function logitShift(prices: readonly number[]): Devigged {
  const odds = prices.map(logit);
  const excess = (c: number): number => odds.reduce((all, log) => all + sigmoid(log - c), 0) - 1;
  const low = Math.min(...odds) + Math.log(prices.length - 1);
  const { x } = bracketedRoot(excess, low, logSumExp(odds));
  return { probabilities: odds.map((log) => sigmoid(log - x)), parameter: x, method: 'logit-shift' };
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
