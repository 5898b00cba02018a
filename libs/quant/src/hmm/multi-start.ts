import { UserProblem } from '#core';
import { baumWelch, featureMoments, type BaumWelchOptions, type HmmFit, type VariancePrior } from './baum-welch.js';
import { ForwardBackward } from './forward-backward.js';
import { countRows, type HmmRows } from './hmm.types.js';
import { startingPoint } from './starts.js';

export interface MultiStartOptions {
  /** Chance, seeded by the caller: the same numbers give the same fit. */
  readonly random: () => number;
  /** Starting points; default 25: five of each kind. */
  readonly starts?: number;
  /** EM steps from each before the best are chosen; default 15. */
  readonly shortSteps?: number;
  /** How many of the best are run to the end; default 3. Three times as many go through a middle round. */
  readonly polished?: number;
  /** Most EM steps of the long runs; default 500. */
  readonly iterations?: number;
  /** Stops a long run when the penalised gain is below this × (1 + |objective|); default 1e-8. */
  readonly tolerance?: number;
  /** Default: 0.01 × each feature's variance, weight 1, which is free of scale. */
  readonly prior?: VariancePrior;
  /** As `BaumWelchOptions.staying`. */
  readonly staying?: number;
}

/** The middle round keeps this many times the fits of the last one, and runs this many times the steps of the first. */
const MIDDLE_ROUND = 3;

/** Below this many rows for K states and D features nothing can be said: 2KD + K². */
export const fewestRows = (states: number, features: number): number => 2 * states * features + states * states;

/** c₀ = 0.01 × variance of each feature. */
export function scaleFreePrior(rows: HmmRows): VariancePrior {
  return { scale: featureMoments(rows).variances.map((variance) => 0.01 * variance), weight: 1 };
}

/**
 * The best of many EM runs: short ones from starting points that look at volatility, then the best few to the end
 * (short-run EM, Biernacki, Celeux & Govaert 2003). A run in which a state lost all its mass never wins over one in which
 * none did.
 *
 * @throws UserProblem when there are fewer rows than 2KD + K², or the rows' shape does not hold.
 */
export function fitHmm(rows: HmmRows, states: number, options: MultiStartOptions): HmmFit {
  const count = countRows(rows);
  if (!Number.isInteger(states) || states < 1) throw new UserProblem(`a model cannot have ${states} states`);
  const present = presentRows(rows);
  if (present < fewestRows(states, rows.features))
    throw new UserProblem(
      `${present} rows (of ${count}, the rest missing) are too few for ${states} states and ${rows.features} features: ` +
        `at least ${fewestRows(states, rows.features)} are needed`,
    );
  const prior = options.prior ?? scaleFreePrior(rows);
  const staying = options.staying ?? 0;
  const moments = featureMoments(rows);
  const workspace = new ForwardBackward(rows, states);
  const short = { iterations: options.shortSteps ?? 15, tolerance: -Infinity, prior, staying };
  const long = {
    iterations: options.iterations ?? 500,
    tolerance: options.tolerance ?? 1e-8,
    stop: 'penalised' as const,
    prior,
    staying,
  };
  const starts = states === 1 ? 1 : (options.starts ?? 25);
  const first: HmmFit[] = [];
  for (let i = 0; i < starts; i++) {
    const start = startingPoint(rows, moments, states, i, options.random);
    first.push(baumWelch(rows, start, short, workspace));
  }
  const goOn = (fits: readonly HmmFit[], keep: number, how: BaumWelchOptions): HmmFit[] =>
    distinct(fits, keep).map((fit) => baumWelch(rows, fit.model, how, workspace));
  const polished = options.polished ?? 3;
  const middle = goOn(first, MIDDLE_ROUND * polished, { ...short, iterations: MIDDLE_ROUND * short.iterations });
  return goOn(middle, polished, long).sort(better)[0];
}

/** The best `keep` fits, each climbing a hill of its own as far as can be told. */
function distinct(fits: readonly HmmFit[], keep: number): HmmFit[] {
  const best: HmmFit[] = [];
  for (const fit of fits.toSorted(better)) {
    const last = best.at(-1);
    const same = last && Math.abs(last.penalised - fit.penalised) < 1e-6 * (1 + Math.abs(fit.penalised));
    if (!same && best.push(fit) === keep) break;
  }
  return best;
}

function better(a: HmmFit, b: HmmFit): number {
  return a.emptyStates.length - b.emptyStates.length || rank(b.penalised) - rank(a.penalised);
}

const rank = (objective: number): number => (Number.isNaN(objective) ? -Number.MAX_VALUE : objective);

/** How many rows are not missing. */
export function presentRows(rows: HmmRows): number {
  let present = 0;
  for (let from = 0; from < rows.values.length; from += rows.features) if (!rowIsMissing(rows, from)) present++;
  return present;
}

/** Whether the row that begins at `from` is missing. */
export function rowIsMissing({ values, features }: HmmRows, from: number): boolean {
  for (let d = 0; d < features; d++) if (values[from + d] !== values[from + d]) return true;
  return false;
}
