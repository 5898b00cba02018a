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
 * 0 ≤ x ≤ size and cost·x ≤ budget. Fees and prices are linear here; round to steps with `roundArbitrage`, which prices
 * exactly. Ladders are one instrument a level.
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

/**
 * A continuous answer made tradeable: floored to steps, then moved by single steps of one instrument or of two at once while
 * that raises the worst state's profit at exact prices. Floors first, because a size is never rounded up.
 *
 * @param steps smallest change of each instrument's quantity, contracts.
 * @param price exact debit of the whole portfolio, dollars, roundings and fixed costs included.
 */
export function roundArbitrage(
  instruments: readonly StateInstrument[],
  quantities: readonly number[],
  steps: readonly number[],
  price: (quantities: readonly number[]) => number,
  budget: number | null = null,
): StateArbitrage {
  const counts = quantities.map((quantity, i) => Math.floor(quantity / steps[i] + 1e-9));
  const most = instruments.map((one, i) => Math.floor(one.size / steps[i] + 1e-9));
  const sizes = (): number[] => counts.map((count, i) => count * steps[i]);
  const profit = (): number => {
    if (counts.some((count, i) => count < 0 || count > most[i])) return -Infinity;
    const held = sizes();
    const cost = price(held);
    return budget !== null && cost > budget ? -Infinity : worstPayoff(instruments, held) - cost;
  };
  let best = profit();
  for (let moved = true; moved;) {
    moved = false;
    for (const [i, j, by] of moves(counts.length)) {
      counts[i] += by;
      if (j !== i) counts[j] += by;
      const now = profit();
      if (now > best + 1e-12) {
        best = now;
        moved = true;
      } else {
        counts[i] -= by;
        if (j !== i) counts[j] -= by;
      }
    }
  }
  if (!(best > 0)) return { quantities: counts.map(() => 0), guaranteedProfit: 0, cost: 0 };
  return { quantities: sizes(), guaranteedProfit: best, cost: price(sizes()) };
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

function* moves(count: number): Generator<readonly [number, number, number]> {
  for (let i = 0; i < count; i++) for (let j = i; j < count; j++) for (const by of [1, -1]) yield [i, j, by];
}

function checkInstruments(instruments: readonly StateInstrument[], states: number): void {
  if (!(states >= 1)) throw new UserProblem('an arbitrage needs at least one state of the world');
  for (const [i, one] of instruments.entries()) {
    if (one.payoff.length !== states || !one.payoff.every(Number.isFinite))
      throw new UserProblem(`instrument ${i} must say what it pays in each of the ${states} states`);
    if (!(one.cost >= 0) || !(one.size >= 0))
      throw new UserProblem(`instrument ${i} must have a cost and a size of at least 0`);
  }
}
