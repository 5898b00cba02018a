import { setImmediate } from 'node:timers/promises';
import { quoteRecord, quotesSince, tradeRecord } from '#data';
import { barIndex, fitRegime, hmmRegime, openBar, recordedBars, regimeKey, REGIME_WIDTH } from '#plugins';
import { mulberry32 } from '#quant';
import type { FitHouse } from './job.types.js';
import { RegimesQuery, type HeardMarket } from './regimes.query.js';

/** Bars a fit looks back on, and bars after which it is made again: walk-forward, never on what it will be asked about. */
const WINDOW_BARS = 2_000;
const REFIT_BARS = 500;
/** Read at a time: a busy market's book changes several times a second. */
const PART_BARS = 200;
/** Nothing is read for a market that has been heard of for less. */
const LEAST_BARS = 200;
/** Fits are work for the processor; what is not reached in one run is in the next. */
const MOST_FITS = 20;
const HEARD_WITHIN_MS = 24 * 3_600_000;

/**
 * Fits the regimes of every market that a running `hmm-regime` hears, on the bars recorded up to now, and puts what was
 * found on the tape: from there on the model filters with it.
 *
 * @returns a sentence about what was found.
 */
export async function fitRegimes(house: FitHouse, stop: AbortSignal): Promise<string> {
  const { lane, pool } = house;
  const query = new RegimesQuery(pool);
  const plugin = hmmRegime.manifest.id;
  const lengths = new Set(
    (await query.configs(lane, plugin)).map(
      ({ barSeconds }) => (typeof barSeconds === 'number' ? barSeconds : 60) * 1000,
    ),
  );
  if (lengths.size === 0) return 'no workflow asks for regimes';
  const markets = await query.heard(lane, plugin, 'volatility', HEARD_WITHIN_MS);
  await house.say?.(`${markets.length} markets are heard`);
  let fits = 0;
  let few = 0;
  for (const market of markets) {
    for (const barMs of lengths) {
      if (fits === MOST_FITS || stop.aborted) break;
      const to = barIndex(market.headAt, barMs);
      if (to - (market.fits.get(regimeKey(market.id, barMs)) ?? -Infinity) < REFIT_BARS) continue;
      const enough = await fit(house, market, barMs, to);
      if (enough) fits++;
      else few++;
      await house.say?.(`${market.id}, bars of ${barMs / 1000} s: ${enough ? 'fitted' : 'too few of them'}`);
      await setImmediate();
    }
  }
  return `${markets.length} markets are heard, ${fits} fitted${few > 0 ? `, ${few} with too few bars` : ''}`;
}

async function fit({ lane, pool, inbox }: FitHouse, market: HeardMarket, barMs: number, to: number): Promise<boolean> {
  const place = { lane, ref: market.ref };
  const since = await quotesSince(pool, { ...place, from: (to - WINDOW_BARS) * barMs });
  const first = since === null ? to : barIndex(since, barMs);
  if (to - first < LEAST_BARS) return false;
  const values = new Float64Array((to - first) * REGIME_WIDTH);
  const bar = openBar(first, barMs);
  for (let from = first; from < to; from += PART_BARS) {
    const end = Math.min(from + PART_BARS, to);
    const span = { ...place, from: from * barMs, to: end * barMs };
    const [quotes, trades] = [await quoteRecord(pool, span), await tradeRecord(pool, span)];
    values.set(recordedBars(quotes, trades, { barMs, from, to: end }, bar), (from - first) * REGIME_WIDTH);
  }
  const value = fitRegime({ values, features: REGIME_WIDTH }, { barMs, fittedTo: to }, mulberry32(to));
  if (value === null) return false;
  const key = regimeKey(market.id, barMs);
  await inbox.put({
    id: `regime-${lane}-${key}-${to}`,
    lane,
    kind: 'parameters',
    body: { plugin: hmmRegime.manifest.id, key, value },
    by: 'regime fit',
  });
  return true;
}
