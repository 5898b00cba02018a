import { UserProblem } from '#core';

/** Contracts on offer at one all-in cost, dollars a contract. */
export interface CostLevel {
  readonly cost: number;
  readonly size: number;
}

export interface LadderBet {
  /** Probability that the contracts pay 1. */
  readonly p: number;
  /** Wealth should they pay and should they not, before this order, dollars: differ by what is already held. */
  readonly wealth: number | { readonly ifWon: number; readonly ifLost: number };
  readonly levels: readonly CostLevel[];
  /** Smallest change of the size, contracts; default 1. */
  readonly step?: number;
}

export interface LadderSize {
  readonly contracts: number;
  /** Dollars, by the levels' costs. */
  readonly cost: number;
  /** Gain of expected log wealth over buying nothing, nats. */
  readonly growth: number;
}

/**
 * The number of contracts, in steps, that maximises p ln(W_won − C(n) + n) + (1−p) ln(W_lost − C(n)) up a ladder. Costs rise
 * along the ladder, so the aim is concave: within one level the best size is known in closed form, and the best level is the
 * first whose own best size does not fill it. A tie goes to the smaller size. For a share λ of Kelly hand in λ × wealth.
 *
 * Costs are unrounded here; price the answer exactly before it is sent.
 *
 * @throws UserProblem when p is no probability, wealth or step are not above 0, or a level is negative.
 */
export function kellyLadder({ p, wealth, levels, step = 1 }: LadderBet): LadderSize {
  const { ifWon, ifLost } = typeof wealth === 'number' ? { ifWon: wealth, ifLost: wealth } : wealth;
  if (!(p >= 0 && p <= 1) || !(ifWon > 0) || !(ifLost > 0) || !(step > 0))
    throw new UserProblem('a ladder needs a probability, a wealth above 0 in both cases and a step above 0');
  if (!levels.every((level) => level.cost >= 0 && level.size >= 0))
    throw new UserProblem('costs and sizes of a ladder must be at least 0');
  const sorted = levels.filter((level) => level.size > 0).toSorted((a, b) => a.cost - b.cost);
  let bought = 0;
  let spent = 0;
  for (const { cost, size } of sorted) {
    const most = bestWithin(p, ifWon + bought - spent, ifLost - spent, cost);
    if (most < size) {
      if (most > 0) bought += most;
      break;
    }
    bought += size;
    spent += size * cost;
  }
  const below = Math.floor(bought / step + 1e-9) * step;
  const growth = (n: number): number => {
    const cost = ladderCost(sorted, n);
    const won = p > 0 ? p * Math.log((ifWon - cost + n) / ifWon) : 0;
    return won + (p < 1 ? (1 - p) * Math.log((ifLost - cost) / ifLost) : 0);
  };
  const depth = sorted.reduce((sum, level) => sum + level.size, 0);
  const here = growth(below);
  const above = below + step <= depth + 1e-9 ? growth(below + step) : -Infinity;
  return above > here
    ? { contracts: below + step, cost: ladderCost(sorted, below + step), growth: above }
    : { contracts: below, cost: ladderCost(sorted, below), growth: here };
}

/** Where the derivative is 0 at one cost: p(1−c)/(A + (1−c)m) = (1−p)c/(B − cm). */
function bestWithin(p: number, ifWon: number, ifLost: number, cost: number): number {
  if (cost >= 1) return 0;
  if (cost === 0) return p > 0 ? Infinity : 0;
  return (p * (1 - cost) * ifLost - (1 - p) * cost * ifWon) / (cost * (1 - cost));
}

function ladderCost(sorted: readonly CostLevel[], contracts: number): number {
  let left = contracts;
  let cost = 0;
  for (const level of sorted) {
    const taken = Math.min(left, level.size);
    cost += taken * level.cost;
    left -= taken;
    if (left <= 0) break;
  }
  return cost;
}
