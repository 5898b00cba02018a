import { UserProblem } from '#core';
import { maximiseLinear } from './simplex.js';

/** Something that can be bought up to a size at one price, and pays by how the world turns out. */
export interface StateInstrument {
  /** All-in cost of one contract, dollars. */
  readonly cost: number;
  /** Contracts on offer. */
  readonly size: number;
  /** What one contract pays in each state, dollars. */
  readonly payoff: readonly number[];
}

export interface StateArbitrage {
  /** Contracts of each instrument. */
  readonly quantities: readonly number[];
  /** Least profit over all states, dollars; 0 with nothing bought when there is no arbitrage. */
  readonly guaranteedProfit: number;
  readonly cost: number;
}

/**
 * The portfolio whose worst state pays most above its cost: maximise t subject to payoff_s·x − cost·x ≥ t for every state s,
 * 0 ≤ x ≤ size and cost·x ≤ budget. Fees and prices are linear here; ladders are one instrument a level.
 *
 * @param states how many states there are; each instrument pays in every one of them.
 * @throws UserProblem when a payoff does not name every state, or a cost, size or the budget is below 0 or not a number.
 */
export function stateArbitrage(
  instruments: readonly StateInstrument[],
  states: number,
  budget: number | null = null,
): StateArbitrage {
  checkInstruments(instruments, states);
  const objective = [...instruments.map(() => 0), 1];
  const upper = [...instruments.map((one) => one.size), Infinity];
  const rows = Array.from({ length: states }, (_, s) => [...instruments.map((one) => one.cost - one.payoff[s]), 1]);
  const bounds = rows.map(() => 0);
  if (budget !== null) {
    rows.push([...instruments.map((one) => one.cost), 0]);
    bounds.push(budget);
  }
  const { x, value } = maximiseLinear({ objective, rows, bounds, upper });
  const quantities = x.slice(0, -1);
  return { quantities, guaranteedProfit: value, cost: costOf(instruments, quantities) };
}

/** What the portfolio pays in the state that pays least, dollars. */
export function worstPayoff(instruments: readonly StateInstrument[], quantities: readonly number[]): number {
  const states = instruments[0]?.payoff.length ?? 0;
  let worst = Infinity;
  for (let s = 0; s < states; s++)
    worst = Math.min(
      worst,
      instruments.reduce((sum, one, i) => sum + one.payoff[s] * quantities[i], 0),
    );
  return states === 0 ? 0 : worst;
}

const costOf = (instruments: readonly StateInstrument[], quantities: readonly number[]): number =>
  instruments.reduce((sum, one, i) => sum + one.cost * quantities[i], 0);

function checkInstruments(instruments: readonly StateInstrument[], states: number): void {
  if (!(states >= 1)) throw new UserProblem('an arbitrage needs at least one state of the world');
  for (const [i, one] of instruments.entries()) {
    if (one.payoff.length !== states || !one.payoff.every(Number.isFinite))
      throw new UserProblem(`instrument ${i} must say what it pays in each of the ${states} states`);
    if (!(one.cost >= 0) || !(one.size >= 0))
      throw new UserProblem(`instrument ${i} must have a cost and a size of at least 0`);
  }
}
