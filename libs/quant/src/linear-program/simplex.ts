import { Defect, UserProblem } from '#core';

/** Maximise `objective`·x subject to each row·x ≤ its bound, 0 ≤ x ≤ `upper`. */
export interface LinearProgram {
  /** n coefficients. */
  readonly objective: readonly number[];
  /** m rows of n coefficients. */
  readonly rows: readonly (readonly number[])[];
  /** m bounds, at least 0: x = 0 must be admissible. */
  readonly bounds: readonly number[];
  /** n upper ends, at least 0; `Infinity` for none. */
  readonly upper: readonly number[];
}

export interface LinearOptimum {
  readonly value: number;
  /** n values; an optimum need not be unique. */
  readonly x: readonly number[];
  readonly pivots: number;
}

/** Coefficients this small are what rounding left of 0. */
const ZERO = 1e-11;

/**
 * Primal simplex on a dense tableau with bounded variables, by Bland's rule, which cannot cycle: programs here begin in a
 * corner where many bounds meet. Meant for tens of rows and hundreds of columns. Source: Bland 1977; Dantzig's upper-bound
 * technique.
 *
 * @throws UserProblem when shapes differ, a bound or an upper end is below 0 or not a number, or the optimum is unbounded.
 */
export function maximiseLinear(program: LinearProgram): LinearOptimum {
  check(program);
  const tableau = new Tableau(program);
  const n = program.objective.length;
  const most = 50_000 + 100 * (n + program.rows.length);
  for (let pivots = 0; pivots < most; pivots++) if (!tableau.improve()) return tableau.optimum(pivots);
  throw new Defect(`the simplex method did not end within ${most} pivots`);
}

/** Columns: n variables, then m slacks. Every nonbasic variable stands at 0, or is counted down from its upper end. */
class Tableau {
  private readonly n: number;
  private readonly m: number;
  private readonly width: number;
  private readonly body: Float64Array;
  private readonly reduced: Float64Array;
  private readonly values: Float64Array;
  private readonly basis: Int32Array;
  private readonly upper: Float64Array;
  /** 1 where a column stands for (upper end − variable). */
  private readonly flipped: Uint8Array;
  private readonly isBasic: Uint8Array;

  constructor(private readonly program: LinearProgram) {
    const { objective, rows, bounds, upper } = program;
    this.n = objective.length;
    this.m = rows.length;
    this.width = this.n + this.m;
    this.body = new Float64Array(this.m * this.width);
    rows.forEach((row, i) => {
      this.body.set(row, i * this.width);
      this.body[i * this.width + this.n + i] = 1;
    });
    this.reduced = new Float64Array(this.width);
    this.reduced.set(objective);
    this.values = Float64Array.from(bounds);
    this.basis = Int32Array.from({ length: this.m }, (_, i) => this.n + i);
    this.upper = new Float64Array(this.width).fill(Infinity);
    this.upper.set(upper);
    this.flipped = new Uint8Array(this.width);
    this.isBasic = new Uint8Array(this.width);
    this.isBasic.fill(1, this.n);
  }

  /** One step uphill; `false` at the optimum. */
  improve(): boolean {
    let enter = 0;
    while (enter < this.width && !(this.isBasic[enter] === 0 && this.reduced[enter] > ZERO && this.upper[enter] > 0))
      enter++;
    if (enter === this.width) return false;
    let step = this.upper[enter];
    let leave = -1;
    let atTop = false;
    for (let i = 0; i < this.m; i++) {
      const slope = this.body[i * this.width + enter];
      let room = Infinity;
      if (slope > ZERO) room = this.values[i] / slope;
      else if (slope < -ZERO) room = (this.values[i] - this.upper[this.basis[i]]) / slope;
      if (room < step - ZERO || (room <= step + ZERO && leave >= 0 && this.basis[i] < this.basis[leave])) {
        step = Math.min(step, Math.max(room, 0));
        leave = i;
        atTop = slope < 0;
      }
    }
    if (step === Infinity) throw new UserProblem('the linear program has no largest value');
    if (leave < 0) {
      this.flip(enter);
      return true;
    }
    // A variable that leaves at its upper end is counted from there, so that it stands at 0 like the others.
    if (atTop) this.flipBasic(leave);
    this.pivot(leave, enter);
    return true;
  }

  optimum(pivots: number): LinearOptimum {
    const x = Array.from({ length: this.n }, () => 0);
    this.basis.forEach((column, i) => {
      if (column < this.n) x[column] = Math.max(this.values[i], 0);
    });
    for (let j = 0; j < this.n; j++) if (this.flipped[j] === 1) x[j] = this.upper[j] - x[j];
    const value = x.reduce((sum, one, j) => sum + one * this.program.objective[j], 0);
    return { value, x, pivots };
  }

  private flip(column: number): void {
    for (let i = 0; i < this.m; i++) {
      const at = i * this.width + column;
      this.values[i] -= this.body[at] * this.upper[column];
      this.body[at] = -this.body[at];
    }
    this.reduced[column] = -this.reduced[column];
    this.flipped[column] ^= 1;
  }

  private flipBasic(row: number): void {
    const column = this.basis[row];
    for (let j = 0; j < this.width; j++) if (j !== column) this.body[row * this.width + j] *= -1;
    this.values[row] = this.upper[column] - this.values[row];
    this.flipped[column] ^= 1;
  }

  private pivot(row: number, enter: number): void {
    const { width, body, values, reduced } = this;
    const from = row * width;
    const scale = 1 / body[from + enter];
    for (let j = 0; j < width; j++) body[from + j] *= scale;
    values[row] *= scale;
    body[from + enter] = 1;
    for (let i = 0; i < this.m; i++) {
      const factor = body[i * width + enter];
      if (i === row || factor === 0) continue;
      for (let j = 0; j < width; j++) body[i * width + j] -= factor * body[from + j];
      body[i * width + enter] = 0;
      values[i] -= factor * values[row];
    }
    const gain = reduced[enter];
    for (let j = 0; j < width; j++) reduced[j] -= gain * body[from + j];
    reduced[enter] = 0;
    this.isBasic[this.basis[row]] = 0;
    this.isBasic[enter] = 1;
    this.basis[row] = enter;
  }
}

function check({ objective, rows, bounds, upper }: LinearProgram): void {
  const n = objective.length;
  const good =
    upper.length === n &&
    bounds.length === rows.length &&
    rows.every((row) => row.length === n && row.every(Number.isFinite)) &&
    objective.every(Number.isFinite);
  if (!good) throw new UserProblem('the rows, bounds and upper ends of the linear program do not fit its objective');
  if (!bounds.every((bound) => bound >= 0) || !upper.every((end) => end >= 0))
    throw new UserProblem('the bounds and upper ends of a linear program must be at least 0');
}
