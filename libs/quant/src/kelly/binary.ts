import { UserProblem } from '#core';

/** One side of a binary market, per contract. For NO, p is 1 − P(YES) and the cost is NO's. */
export interface BinaryBet {
  /** Probability that this side wins, 0…1. */
  readonly p: number;
  /** All-in cost c, dollars: price plus fees. Above 0. */
  readonly cost: number;
  /** What it pays when it wins, dollars; 1 unless a fee is taken from winnings. */
  readonly payout?: number;
}

/** Payout of a contract when `rate` of the profit over `price` is taken from the winner. */
export const payoutAfterWinFee = (price: number, rate: number): number => 1 - rate * (1 - price);

/**
 * Share of wealth to **spend** so that the expected log of wealth grows most: max(0, (p·payout − c) / (payout − c)); 0 where
 * the cost reaches the payout. 1 at p = 1: cap it. Source: Kelly 1956; Thorp 2006.
 *
 * @throws UserProblem when p is no probability, or cost or payout are not above 0.
 */
export function kellyFraction({ p, cost, payout = 1 }: BinaryBet): number {
  checkBet(p, cost, payout);
  if (cost >= payout) return 0;
  // The share is never above p; said here, rounding cannot make it all in on what may still lose.
  return Math.min(p, Math.max(0, (p * payout - cost) / (payout - cost)));
}

/**
 * Expected log growth of wealth, nats, when the share `fraction` is spent: p ln(1 + f(payout/c − 1)) + (1−p) ln(1 − f).
 *
 * @throws UserProblem as `kellyFraction`, or when the fraction is not in 0…1.
 */
export function kellyGrowth({ p, cost, payout = 1 }: BinaryBet, fraction: number): number {
  checkBet(p, cost, payout);
  if (!(fraction >= 0 && fraction <= 1)) throw new UserProblem(`a share of wealth is between 0 and 1, not ${fraction}`);
  const won = p > 0 ? p * Math.log1p(fraction * (payout / cost - 1)) : 0;
  const lost = p < 1 ? (1 - p) * Math.log1p(-fraction) : 0;
  return won + lost;
}

/**
 * How far to hold back because p itself is only known with a variance: k = e² / (e² + payout² · Var p) with the edge
 * e = payout · p − c; 0 without an edge. Multiply the Kelly share by it. Source: Baker & McHale 2013, in its simple form.
 *
 * @param variance of p under what is believed, at least 0.
 */
export function uncertaintyShrink({ p, cost, payout = 1 }: BinaryBet, variance: number): number {
  checkBet(p, cost, payout);
  if (!(variance >= 0)) throw new UserProblem(`a variance is at least 0, not ${variance}`);
  const edge = payout * p - cost;
  if (!(edge > 0)) return 0;
  return (edge * edge) / (edge * edge + payout * payout * variance);
}

function checkBet(p: number, cost: number, payout: number): void {
  if (!(p >= 0 && p <= 1)) throw new UserProblem(`a probability is between 0 and 1, not ${p}`);
  if (!(cost > 0) || !(payout > 0)) throw new UserProblem('cost and payout of a contract must be above 0');
}
