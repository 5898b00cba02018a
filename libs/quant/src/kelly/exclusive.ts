import { UserProblem } from '#core';

export interface ExclusiveKelly {
  /** Share of wealth to spend on each outcome. */
  readonly fractions: readonly number[];
  /** R: the share kept as cash, which is also the wealth left when an outcome without a bet wins. */
  readonly reserve: number;
  /** Expected log growth, nats. */
  readonly growth: number;
  /** The outcomes with a bet cost less than 1 together and are all there are: that is an arbitrage, not a bet. */
  readonly arbitrage: boolean;
}

/**
 * Kelly over outcomes of which at most one pays 1, YES only: by falling p/c, outcomes join while p/c > R with
 * R = (1 − Σp) / (1 − Σc) over those that joined; each gets p − R·c. Source: Smoczynski & Tomkins 2010.
 *
 * @param p probability of each outcome, sum at most 1; what is missing is that none of them wins.
 * @param cost all-in cost of each, dollars, above 0.
 * @throws UserProblem when the lists differ in length, or p is no part of a distribution, or a cost is not above 0.
 */
export function kellyExclusive(p: readonly number[], cost: readonly number[]): ExclusiveKelly {
  const total = p.reduce((sum, one) => sum + one, 0);
  if (p.length !== cost.length) throw new UserProblem(`${p.length} probabilities do not fit ${cost.length} costs`);
  if (!p.every((one) => one >= 0) || !(total <= 1 + 1e-9))
    throw new UserProblem('probabilities of exclusive outcomes are at least 0 and sum to at most 1');
  if (!cost.every((one) => one > 0)) throw new UserProblem('the cost of an outcome must be above 0');
  const order = p.map((_, i) => i).sort((a, b) => p[b] / cost[b] - p[a] / cost[a] || a - b);
  let reserve = 1;
  let pLeft = 1;
  let costLeft = 1;
  const joined: number[] = [];
  let arbitrage = false;
  for (const i of order) {
    if (!(p[i] > reserve * cost[i])) break;
    const pAfter = Math.max(pLeft - p[i], 0);
    const costAfter = costLeft - cost[i];
    if (costAfter <= 0) break;
    joined.push(i);
    pLeft = pAfter < 1e-12 ? 0 : pAfter;
    costLeft = costAfter;
    reserve = pLeft / costLeft;
    if (pLeft === 0) arbitrage = true;
  }
  const fractions = p.map(() => 0);
  for (const i of joined) fractions[i] = Math.max(p[i] - reserve * cost[i], 0);
  let growth = 0;
  for (const [i, one] of p.entries()) if (one > 0) growth += one * Math.log(reserve + fractions[i] / cost[i]);
  const none = 1 - total;
  if (none > 1e-12) growth += none * Math.log(reserve);
  return { fractions, reserve, growth, arbitrage };
}
