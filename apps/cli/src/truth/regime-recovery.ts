import {
  fitRegime,
  fitSharedRegime,
  hmmRegime,
  recordedBars,
  regimeKey,
  REGIME_WIDTH,
  type RegimeParameters,
} from '#plugins';
import { areaUnderCurve, logit, mulberry32, normalPdf } from '#quant';
import { QUESTIONS } from '../../../simulator/src/model/catalogue.js';
import { MOODS } from '../../../simulator/src/model/latent.js';
import { SAMPLE_MS, type MarketPath } from './market-path.js';
import { ModelRun } from './model-run.js';

/** How well a hidden mood was found again, on bars the fit never saw. */
export interface Recovery {
  /** States of the fit; 1 found no regimes at all, 0 was no fit. */
  readonly states: number;
  readonly bars: number;
  /** P(a stormy bar was given a higher probability of volatile than a calm one); `null` when one mood was not met. */
  readonly area: number | null;
  /** Mean of the share of calm bars and of stormy bars called right by the held regime; a coin has 0.5. */
  readonly balanced: number | null;
  /** The regime held at each minute, as published: `NaN` before there is one. */
  readonly held: Float64Array;
}

const MINUTE_MS = 60_000;
/** Bars the fit looks back on. */
export const FIT_BARS = 720;

/**
 * Fits the regimes to the path's first bars, as the job does, and lets the plugin filter the rest: each bar's probability of
 * the volatile regime and the held regime against the mood that was really in force.
 */
export function recoverMood(path: MarketPath, seed: number): Recovery {
  const window = { barMs: MINUTE_MS, fittedTo: FIT_BARS };
  const rows = { values: barsOf(path, FIT_BARS), features: REGIME_WIDTH };
  return judge(path, fitRegime(rows, window, mulberry32(seed)));
}

/** Bars of their own that young markets borrow the others' regimes with. */
export const BORROWING_BARS = 60;

/** The same for markets that are known for an hour only and borrow what regimes look like from one another. */
export function recoverBorrowed(paths: readonly MarketPath[], seed: number): readonly Recovery[] {
  const markets = paths.map((path) => ({ values: barsOf(path, BORROWING_BARS), fittedTo: BORROWING_BARS }));
  const fits = fitSharedRegime(markets, MINUTE_MS, mulberry32(seed));
  return paths.map((path, i) => judge(path, fits[i]));
}

function barsOf({ quotes, trades }: MarketPath, to: number): Float64Array {
  const trusted = Array.from({ length: quotes.at.length }, () => true);
  return recordedBars({ ...quotes, trusted }, trades, { barMs: MINUTE_MS, from: 0, to });
}

/** Lets the plugin filter with a fit, from `FIT_BARS` on. */
function judge(path: MarketPath, fit: RegimeParameters | null): Recovery {
  const { moods } = path;
  const held = new Float64Array(moods.length).fill(NaN);
  if (fit === null) return { states: 0, bars: 0, area: null, balanced: null, held };
  const key = regimeKey(path.info.id, MINUTE_MS);
  let fitted = false;
  const run = new ModelRun(hmmRegime, path, {}, (asked) => (fitted && asked === key ? fit : undefined));
  const said: Judged[] = [];
  for (let minute = 0; minute < moods.length; minute++) {
    fitted = minute >= FIT_BARS;
    let p = NaN;
    run.until((minute + 1) * MINUTE_MS, (outputs) => {
      for (const one of outputs === undefined ? [] : Array.isArray(outputs) ? outputs : [outputs]) {
        if (one.name === 'regime-volatile') p = one.value;
        if (one.name === 'regime') held[minute] = one.value;
      }
    });
    if (!Number.isNaN(p)) said.push({ p, called: held[minute] > 0.75, stormy: moods[minute] === 'stormy' });
  }
  return {
    states: fit.model.startprob.length,
    bars: said.length,
    area: areaOf(said),
    balanced: balancedOf(said),
    held,
  };
}

/** The same model, shown the truth itself for a book of no spread: what is left to its own account. */
export function recoverFromTruth(path: MarketPath, seed: number): number | null {
  const at = path.truth.map((_, i) => (i + 1) * SAMPLE_MS - 1);
  const price = path.truth.map((p) => p * 1e6);
  const sizes = path.truth.map(() => 10_000);
  const quotes = { at, bid: price, ask: price, bidSize: sizes, askSize: sizes };
  const none = new Float64Array();
  return recoverMood({ ...path, quotes, trades: { at: none, price: none, size: none } }, seed).area;
}

/**
 * Area of whoever sees the truth of every minute and knows by what law moods and news are drawn: nobody can do better. (Of a
 * question whose group shares one probability the law is that of its own part only.)
 */
export function knowableMood(path: MarketPath, key: string): number | null {
  const question = QUESTIONS.find((def) => def.key === key);
  if (question === undefined) return null;
  const { volatility, newsPerMinute } = question;
  const perMinute = MINUTE_MS / SAMPLE_MS;
  const likelihood = (change: number, pace: number): number => {
    const calm = volatility * pace;
    const loud = Math.hypot(calm, NEWS_SIZE);
    return (1 - newsPerMinute) * density(change, calm) + newsPerMinute * density(change, loud);
  };
  const said: Judged[] = [];
  let p = MOODS.calm.ends / (MOODS.calm.ends + MOODS.stormy.ends);
  for (let minute = 1; minute < path.moods.length; minute++) {
    const change = logit(path.truth[(minute + 1) * perMinute - 1]) - logit(path.truth[minute * perMinute - 1]);
    p = p * (1 - MOODS.stormy.ends) + (1 - p) * MOODS.calm.ends;
    const stormy = p * likelihood(change, MOODS.stormy.pace);
    p = stormy / (stormy + (1 - p) * likelihood(change, MOODS.calm.pace));
    if (minute >= FIT_BARS) said.push({ p, called: p > 0.5, stormy: path.moods[minute] === 'stormy' });
  }
  return areaOf(said);
}

/** Root mean square of the jump that news makes: 0.25 + 0.35 |N(0, 1)|. */
const NEWS_SIZE = 0.57;
const density = (x: number, deviation: number): number => normalPdf(x / deviation) / deviation;

interface Judged {
  readonly p: number;
  readonly called: boolean;
  readonly stormy: boolean;
}

const areaOf = (said: readonly Judged[]): number | null =>
  said.length === 0
    ? null
    : areaUnderCurve({ p: said.map(({ p }) => p), y: said.map(({ stormy }) => (stormy ? 1 : 0)) });

function balancedOf(said: readonly Judged[]): number | null {
  const right = { stormy: 0, calm: 0 };
  const all = { stormy: 0, calm: 0 };
  for (const { called, stormy } of said) {
    const mood = stormy ? 'stormy' : 'calm';
    all[mood]++;
    if (called === stormy) right[mood]++;
  }
  return all.stormy === 0 || all.calm === 0 ? null : (right.stormy / all.stormy + right.calm / all.calm) / 2;
}
