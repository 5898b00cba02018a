import { meanStatistic, mulberry32, percentileInterval, resample, type BootstrapInterval } from '#quant';
import { BOOKS, type BookClass } from './books.js';
import { FORECASTERS, scorePath, type Forecaster, type PathScore } from './forecasts.js';
import { SAMPLE_MS, walk } from './market-path.js';
import { LINKED_QUESTIONS, scoreLinked, type LinkedScore } from './linked-venues.js';
import type { NewsControlScore } from './news/news-control.js';
import { scoreQuickened, type Quickened } from './quickened.js';
import { scoreFittedPace, type FittedPace } from './fitted-pace.js';
import { POOLED, scorePool, type Pooled, type PoolScore } from './pool-score.js';
import { knowableMood, recoverBorrowed, recoverFromTruth, recoverMood, type Recovery } from './regime-recovery.js';

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
    /** Area of the same model shown the truth itself, and of whoever knows by what law moods are drawn as well. */
    readonly areaFromTruth: Estimated | null;
    readonly areaKnowable: Estimated | null;
    /** Area after an hour, with what regimes look like borrowed from the other markets of the seed. */
    readonly areaBorrowed: Estimated | null;
  };
  /** Errors and bands of what quotes say, what trades say, and both pooled; the pool's error less that of the quotes. */
  readonly pool: {
    readonly samples: number;
    readonly error: Readonly<Record<Pooled, number>>;
    readonly coverage: Readonly<Record<Pooled, number>>;
    readonly less: Estimated;
  };
  /** The fair value at the pace of its settings, and how much less its error is at a fitted one; both bands. */
  readonly pace: {
    readonly set: number;
    readonly less: Estimated;
    readonly coverageSet: Estimated;
    readonly coverageFitted: Estimated;
  };
  /** The fair value's error deaf to regimes, and how much less it is when a volatile market is followed faster. */
  readonly quickened: { readonly steady: number; readonly less: Estimated };
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

/** Errors of a fair value deaf to news, and how much more or less they are when it moves on news. */
export interface NewsControlReport {
  readonly all: Heard;
  readonly soon: Heard;
  readonly ahead: Heard;
}
export interface Heard {
  readonly samples: number;
  readonly deaf: number;
  readonly less: Estimated;
}

export function newsControlReport(scores: readonly NewsControlScore[]): NewsControlReport {
  const heard = (of: (one: NewsControlScore) => Omit<NewsControlScore, 'soon' | 'ahead'>): Heard => {
    const seeds = scores.map(of).filter(({ samples }) => samples > 0);
    const samples = seeds.reduce((sum, one) => sum + one.samples, 0);
    return {
      samples,
      deaf: seeds.reduce((sum, one) => sum + one.deaf, 0) / samples,
      less: estimated(seeds.map((one) => (one.hearing - one.deaf) / one.samples)),
    };
  };
  return { all: heard((one) => one), soon: heard((one) => one.soon), ahead: heard((one) => one.ahead) };
}

/** Hours over which fair values are judged. */
export const HOURS = 8;
/** Long enough for a fit of regimes to half a day and four hours that it never saw. */
const REGIME_HOURS = 16;
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
    const markets = BOOKS.flatMap(({ markets }, i) =>
      markets.map(({ key, venue }) => ({ i, key, path: walk(seed, key, venue, REGIME_HOURS) })),
    );
    const borrowed = recoverBorrowed(
      markets.map(({ path }) => path),
      seed,
    );
    for (const [at, { i, key, path }] of markets.entries()) {
      const judged = { ...path, truth: path.truth.subarray(0, (HOURS * 3_600_000) / SAMPLE_MS) };
      const recovery = recoverMood(path, seed);
      collected[i].add(seed, {
        score: scorePath(judged),
        pool: scorePool(judged),
        pace: scoreFittedPace(path),
        borrowed: borrowed[at].area,
        recovery,
        fromTruth: recoverFromTruth(path, seed),
        knowable: knowableMood(path, key),
        quickened: scoreQuickened(path, recovery.held),
      });
    }
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

/** One market of one seed. */
interface Played {
  readonly score: PathScore;
  readonly pool: PoolScore;
  readonly pace: FittedPace;
  readonly borrowed: number | null;
  readonly recovery: Recovery;
  readonly fromTruth: number | null;
  readonly knowable: number | null;
  readonly quickened: Quickened;
}

/** One class of books, seed by seed: a seed is an event of the bootstrap, for its minutes hang together. */
class Collected {
  private readonly seeds = new Map<number, Played[]>();

  add(seed: number, played: Played): void {
    this.seeds.set(seed, [...(this.seeds.get(seed) ?? []), played]);
  }

  report({ name, says }: BookClass): BookReport {
    const bySeed = [...this.seeds.values()];
    const played = bySeed.flat();
    const scores = bySeed.map((markets) => summed(markets.map(({ score }) => score)));
    const recoveries = played.map(({ recovery }) => recovery);
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
        areaFromTruth: known(played.map(({ fromTruth }) => fromTruth)),
        areaKnowable: known(played.map(({ knowable }) => knowable)),
        areaBorrowed: known(played.map(({ borrowed }) => borrowed)),
      },
      pool: poolOf(bySeed.map((markets) => markets.map(({ pool }) => pool))),
      pace: paceOf(bySeed.map((markets) => markets.map(({ pace }) => pace))),
      quickened: quickenedOf(bySeed.map((markets) => markets.map((one) => one.quickened))),
    };
  }
}

const sumOf = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

function poolOf(bySeed: readonly (readonly PoolScore[])[]): BookReport['pool'] {
  const all = bySeed.flat();
  const samples = sumOf(all, (one) => one.samples);
  const each = (kind: 'error' | 'covered') =>
    Object.fromEntries(POOLED.map((who) => [who, sumOf(all, (one) => one[kind][who]) / samples])) as PoolScore['error'];
  const less = bySeed
    .filter((seed) => seed.some((one) => one.samples > 0))
    .map((seed) => sumOf(seed, ({ error }) => error.pool - error.quotes) / sumOf(seed, (one) => one.samples));
  return { samples, error: each('error'), coverage: each('covered'), less: estimated(less) };
}

function paceOf(bySeed: readonly (readonly FittedPace[])[]): BookReport['pace'] {
  const per = (of: (one: FittedPace) => number): number[] =>
    bySeed.map((seed) => sumOf(seed, of) / sumOf(seed, (one) => one.samples));
  return {
    set: sumOf(bySeed.flat(), (one) => one.set) / sumOf(bySeed.flat(), (one) => one.samples),
    less: estimated(per((one) => one.fitted - one.set)),
    coverageSet: estimated(per((one) => one.coveredSet)),
    coverageFitted: estimated(per((one) => one.coveredFitted)),
  };
}

function quickenedOf(bySeed: readonly (readonly Quickened[])[]): BookReport['quickened'] {
  const per = (seed: readonly Quickened[], of: (one: Quickened) => number): number =>
    seed.reduce((sum, one) => sum + of(one), 0) / seed.reduce((sum, { samples }) => sum + samples, 0);
  return {
    steady: per(bySeed.flat(), (one) => one.steady),
    less: estimated(bySeed.map((seed) => per(seed, (one) => one.quickened - one.steady))),
  };
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
