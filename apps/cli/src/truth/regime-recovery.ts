import { openBar, recordedBars, fitRegime, hmmRegime, regimeKey, REGIME_WIDTH } from '#plugins';
import { areaUnderCurve, mulberry32 } from '#quant';
import type { MarketPath } from './market-path.js';
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
}

const MINUTE_MS = 60_000;
/** Bars the fit looks back on. */
export const FIT_BARS = 240;

/**
 * Fits the regimes to the path's first bars, as the job does, and lets the plugin filter the rest: each bar's probability of
 * the volatile regime and the held regime against the mood that was really in force.
 */
export function recoverMood(path: MarketPath, seed: number): Recovery {
  const { quotes, trades, moods } = path;
  const trusted = Array.from({ length: quotes.at.length }, () => true);
  const span = { barMs: MINUTE_MS, from: 0, to: FIT_BARS };
  const rows = recordedBars({ ...quotes, trusted }, trades, span, openBar(0, MINUTE_MS));
  const window = { barMs: MINUTE_MS, fittedTo: FIT_BARS };
  const fit = fitRegime({ values: rows, features: REGIME_WIDTH }, window, mulberry32(seed));
  if (fit === null) return { states: 0, bars: 0, area: null, balanced: null };
  const key = regimeKey(path.info.id, MINUTE_MS);
  let fitted = false;
  const run = new ModelRun(hmmRegime, path, {}, (asked) => (fitted && asked === key ? fit : undefined));
  const said: { p: number; held: number; stormy: boolean }[] = [];
  for (let minute = 0; minute < moods.length; minute++) {
    fitted = minute >= FIT_BARS;
    let p = NaN;
    let held = NaN;
    run.until((minute + 1) * MINUTE_MS, (outputs) => {
      for (const one of outputs === undefined ? [] : Array.isArray(outputs) ? outputs : [outputs]) {
        if (one.name === 'regime-volatile') p = one.value;
        if (one.name === 'regime') held = one.value;
      }
    });
    if (!Number.isNaN(p)) said.push({ p, held, stormy: moods[minute] === 'stormy' });
  }
  const stormy = said.filter((one) => one.stormy);
  const calm = said.filter((one) => !one.stormy);
  const share = (bars: typeof said, right: (held: number) => boolean): number =>
    bars.filter(({ held }) => right(held)).length / bars.length;
  const both = stormy.length > 0 && calm.length > 0;
  return {
    states: fit.model.startprob.length,
    bars: said.length,
    area: both ? areaUnderCurve({ p: said.map((one) => one.p), y: said.map((one) => (one.stormy ? 1 : 0)) }) : null,
    balanced: both ? (share(stormy, (held) => held > 0.75) + share(calm, (held) => !(held > 0.75))) / 2 : null,
  };
}
