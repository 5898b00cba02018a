import { meanStatistic, mulberry32, percentileInterval, resample, type BootstrapInterval } from '#quant';
import { BOOKS, type BookClass } from './books.js';
import { FORECASTERS, scorePath, type Forecaster, type PathScore } from './forecasts.js';
import { walk } from './market-path.js';
import { LINKED_QUESTIONS, scoreLinked, type LinkedScore } from './linked-venues.js';
import { recoverMood } from './regime-recovery.js';

/** A mean with its 95 % interval, seeds drawn again as wholes. */
export interface Estimated extends BootstrapInterval {
  readonly mean: number;
}

export interface BookReport {
  readonly name: BookClass['name'];
  readonly says: string;
  readonly samples: number;
  readonly brier: Readonly<Record<Forecaster, number>>;
  readonly log: Readonly<Record<Forecaster, number>>;
  /** Score of the fair value less the other's: below 0 the fair value is better. */
  readonly brierLess: Readonly<Record<'mid' | 'microprice', Estimated>>;
  readonly logLess: Readonly<Record<'mid' | 'microprice', Estimated>>;
  /** Least Brier score anyone could have: that of the truth. */
  readonly brierOfTruth: number;
  readonly coverage: Estimated;
  readonly regime: {
    readonly fits: number;
    readonly withRegimes: number;
    readonly bars: number;
    readonly area: Estimated | null;
    readonly balanced: Estimated | null;
  };
}

/** Mean squared errors against the truth of one question's fair values at both venues. */
export interface LinkedReport extends LinkedScore {
  readonly key: string;
  /** Together less alone: below 0 it helps to read both. */
  readonly less: Estimated;
}

export interface TruthReport {
  readonly seeds: { readonly from: number; readonly to: number };
  readonly hours: number;
  readonly books: readonly BookReport[];
  readonly linked: { readonly hours: number; readonly questions: readonly LinkedReport[] };
}

/** Long enough for a fit of regimes and as many bars again that it never saw. */
export const HOURS = 8;
const LINKED_HOURS = 2;
const RESAMPLES = 10_000;

/**
 * Plays every class of book on every seed. `told` is called after each seed.
 *
 * @returns the same for the same seeds.
 */
export function truthReport(
  seeds: { readonly from: number; readonly to: number },
  told: (seed: number) => void = () => {},
): TruthReport {
  const collected = BOOKS.map(() => new Collected());
  const linked = LINKED_QUESTIONS.map((): LinkedScore[] => []);
  for (let seed = seeds.from; seed <= seeds.to; seed++) {
    BOOKS.forEach((book, i) => {
      const paths = book.markets.map(({ key, venue }) => walk(seed, key, venue, HOURS));
      collected[i].add(
        paths.map((path) => scorePath(path)),
        paths.map((path) => recoverMood(path, seed)),
      );
    });
    LINKED_QUESTIONS.forEach((key, i) => linked[i].push(scoreLinked(seed, key, LINKED_HOURS)));
    told(seed);
  }
  return {
    seeds,
    hours: HOURS,
    books: BOOKS.map((book, i) => collected[i].report(book)),
    linked: { hours: LINKED_HOURS, questions: LINKED_QUESTIONS.map((key, i) => linkedReport(key, linked[i])) },
  };
}

function linkedReport(key: string, scores: readonly LinkedScore[]): LinkedReport {
  const mean = (of: (one: LinkedScore) => number): number =>
    scores.reduce((sum, one) => sum + of(one), 0) / scores.length;
  return {
    key,
    samples: scores.reduce((sum, { samples }) => sum + samples, 0),
    mid: mean((one) => one.mid),
    alone: mean((one) => one.alone),
    together: mean((one) => one.together),
    coveredAlone: mean((one) => one.coveredAlone),
    coveredTogether: mean((one) => one.coveredTogether),
    less: estimated(scores.map(({ alone, together }) => together - alone)),
  };
}

/** One class of books, seed by seed: a seed is an event of the bootstrap, for its minutes hang together. */
class Collected {
  private readonly scores: PathScore[] = [];
  private readonly recoveries: ReturnType<typeof recoverMood>[] = [];

  add(scores: readonly PathScore[], recoveries: readonly ReturnType<typeof recoverMood>[]): void {
    this.scores.push(summed(scores));
    this.recoveries.push(...recoveries);
  }

  report({ name, says }: BookClass): BookReport {
    const { scores, recoveries } = this;
    const all = summed(scores);
    const less = (kind: 'brier' | 'log', other: Forecaster): Estimated =>
      estimated(scores.map((one) => (one[kind].fair - one[kind][other]) / one.samples));
    const known = (values: readonly (number | null)[]): Estimated | null => {
      const numbers = values.filter((value) => value !== null);
      return numbers.length === 0 ? null : estimated(numbers);
    };
    return {
      name,
      says,
      samples: all.samples,
      brier: means(all, 'brier'),
      log: means(all, 'log'),
      brierOfTruth: all.brierOfTruth / all.samples,
      brierLess: { mid: less('brier', 'mid'), microprice: less('brier', 'microprice') },
      logLess: { mid: less('log', 'mid'), microprice: less('log', 'microprice') },
      coverage: estimated(scores.map((one) => one.covered / one.samples)),
      regime: {
        fits: recoveries.filter(({ states }) => states > 0).length,
        withRegimes: recoveries.filter(({ states }) => states > 1).length,
        bars: recoveries.reduce((sum, { bars }) => sum + bars, 0),
        area: known(recoveries.map(({ area }) => area)),
        balanced: known(recoveries.map(({ balanced }) => balanced)),
      },
    };
  }
}

function summed(scores: readonly PathScore[]): PathScore {
  const total = (of: (one: PathScore) => number): number => scores.reduce((sum, one) => sum + of(one), 0);
  const each = (kind: 'brier' | 'log') =>
    Object.fromEntries(FORECASTERS.map((who) => [who, total((one) => one[kind][who])])) as PathScore['brier'];
  return {
    samples: total((one) => one.samples),
    covered: total((one) => one.covered),
    brierOfTruth: total((one) => one.brierOfTruth),
    brier: each('brier'),
    log: each('log'),
  };
}

const means = (all: PathScore, kind: 'brier' | 'log'): Readonly<Record<Forecaster, number>> =>
  Object.fromEntries(FORECASTERS.map((who) => [who, all[kind][who] / all.samples])) as PathScore['brier'];

/** Mean over the seeds, each drawn as a whole. */
function estimated(values: readonly number[]): Estimated {
  const draws = resample(values, meanStatistic, {
    random: mulberry32(5),
    by: { kind: 'values' },
    resamples: RESAMPLES,
  });
  return { mean: meanStatistic(Float64Array.from(values)), ...percentileInterval(draws) };
}
