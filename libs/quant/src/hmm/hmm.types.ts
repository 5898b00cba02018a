import { UserProblem, type FieldProblem } from '#core';

/**
 * A hidden Markov model with K states and D independent Gaussian features per state. All arrays are flat and row-major,
 * so that filters read them without following references, and structured-cloneable.
 */
export interface HmmParameters {
  /** K, at least 1. */
  readonly states: number;
  /** D, at least 1. */
  readonly features: number;
  /** K probabilities of the first row's state, sum 1. */
  readonly start: Float64Array;
  /** K × K: row i holds the probabilities of the next state after i, sum 1. */
  readonly transitions: Float64Array;
  /** K × D, in the features' units. */
  readonly means: Float64Array;
  /** K × D, above 0, in the features' units squared. */
  readonly variances: Float64Array;
}

/** Observations in time order: n rows of D features, row-major. A row with a `NaN` is missing as a whole. */
export interface HmmRows {
  readonly values: Float64Array;
  readonly features: number;
  /** Rows of each independent sequence, in order, summing to n; left out, all rows are one sequence. */
  readonly lengths?: readonly number[];
}

/** The same model as nested arrays, as JSON and people write it. */
export interface NestedHmm {
  readonly startprob: readonly number[];
  readonly transmat: readonly (readonly number[])[];
  readonly means: readonly (readonly number[])[];
  readonly vars: readonly (readonly number[])[];
}

const SUM_TOLERANCE = 1e-6;

/**
 * Reads and checks a model written as nested arrays.
 *
 * @throws UserProblem naming each field that is of the wrong shape, no distribution, or a variance not above 0.
 */
export function hmmFromNested(nested: NestedHmm): HmmParameters {
  const states = nested.startprob.length;
  const features = nested.means[0]?.length ?? 0;
  const problems: FieldProblem[] = [];
  const say = (path: string, message: string): void => void problems.push({ path, message });
  if (states < 1) say('/startprob', 'a model needs at least one state');
  if (features < 1) say('/means', 'a model needs at least one feature');
  shape(nested.transmat, states, states, '/transmat', say);
  shape(nested.means, states, features, '/means', say);
  shape(nested.vars, states, features, '/vars', say);
  distribution(nested.startprob, '/startprob', say);
  nested.transmat.forEach((row, i) => distribution(row, `/transmat/${i}`, say));
  if (!nested.means.flat().every(Number.isFinite)) say('/means', 'means must be finite numbers');
  if (!nested.vars.flat().every((v) => Number.isFinite(v) && v > 0)) say('/vars', 'variances must be above 0');
  if (problems.length > 0) throw new UserProblem('the hidden Markov model is not usable', problems);
  return {
    states,
    features,
    start: Float64Array.from(nested.startprob),
    transitions: Float64Array.from(nested.transmat.flat()),
    means: Float64Array.from(nested.means.flat()),
    variances: Float64Array.from(nested.vars.flat()),
  };
}

export function hmmToNested(model: HmmParameters): NestedHmm {
  const rows = (flat: Float64Array, width: number): number[][] =>
    Array.from({ length: model.states }, (_, k) => [...flat.subarray(k * width, (k + 1) * width)]);
  return {
    startprob: [...model.start],
    transmat: rows(model.transitions, model.states),
    means: rows(model.means, model.features),
    vars: rows(model.variances, model.features),
  };
}

export function copyHmm(model: HmmParameters): HmmParameters {
  return {
    states: model.states,
    features: model.features,
    start: model.start.slice(),
    transitions: model.transitions.slice(),
    means: model.means.slice(),
    variances: model.variances.slice(),
  };
}

/** n rows out of nested arrays; `null` becomes a missing value. */
export function hmmRows(rows: readonly (readonly (number | null)[])[], lengths?: readonly number[] | null): HmmRows {
  const features = rows[0]?.length ?? 0;
  const values = Float64Array.from(rows.flat(), (value) => value ?? NaN);
  return lengths ? { values, features, lengths } : { values, features };
}

/**
 * How many rows there are.
 *
 * @throws UserProblem when the shape does not hold, a sequence is empty, or a value is infinite.
 */
export function countRows(rows: HmmRows): number {
  const { values, features, lengths } = rows;
  const count = values.length / features;
  const problems: FieldProblem[] = [];
  if (!(features >= 1) || !Number.isInteger(count) || count < 1)
    problems.push({ path: '/values', message: `${values.length} values are not rows of ${features} features` });
  if (lengths && (lengths.some((n) => !(n >= 1)) || lengths.reduce((sum, n) => sum + n, 0) !== count))
    problems.push({ path: '/lengths', message: `lengths must be at least 1 and sum to the ${count} rows` });
  if (values.some((value) => Math.abs(value) === Infinity))
    problems.push({ path: '/values', message: 'values must be finite, or NaN where missing' });
  if (problems.length > 0) throw new UserProblem('the observations are not usable', problems);
  return count;
}

/** Row indices at which sequences begin, with the row count at the end. */
export function sequenceStarts(rows: HmmRows, count: number): Int32Array {
  const lengths = rows.lengths ?? [count];
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (starts[i + 1] = starts[i] + length));
  return starts;
}

type Say = (path: string, message: string) => void;

function shape(rows: readonly (readonly number[])[], height: number, width: number, path: string, say: Say): void {
  if (rows.length !== height || rows.some((row) => row.length !== width))
    say(path, `must be ${height} rows of ${width} numbers`);
}

function distribution(values: readonly number[], path: string, say: Say): void {
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.some((value) => !(value >= 0)) || Math.abs(sum - 1) > SUM_TOLERANCE)
    say(path, 'probabilities must be at least 0 and sum to 1');
}
