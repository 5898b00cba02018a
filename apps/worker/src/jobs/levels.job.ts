import { setImmediate } from 'node:timers/promises';
import { quoteRecord } from '#data';
import { categoryLevel, fitMids, kalmanFairValue, levelOf } from '#plugins';
import type { LevelFit } from '#quant';
import type { FitHouse } from './job.types.js';
import { RegimesQuery, type HeardMarket } from './regimes.query.js';

/** What a fit looks back on, and after how much of the tape's time it is made again. */
const WINDOW_MS = 4 * 3_600_000;
const REFIT_MS = 3_600_000;
const HEARD_WITHIN_MS = 24 * 3_600_000;
/** Fits are work for the processor; what is not reached in one run is in the next. */
const MOST_FITS = 40;

/**
 * Fits how fast the log-odds of every market wander that a running `kalman-fair-value` hears, on what was recorded up to
 * now, pulls short histories towards their category, and puts the result on the tape: from the next beat on the model uses it.
 *
 * @returns a sentence about what was found.
 */
export async function fitLevels(house: FitHouse, stop: AbortSignal): Promise<string> {
  const { lane, pool, inbox } = house;
  const query = new RegimesQuery(pool);
  const plugin = kalmanFairValue.manifest.id;
  if ((await query.configs(lane, plugin)).length === 0) return 'no workflow asks for a Kalman fair value';
  const heard = await query.heard(lane, plugin, 'fair', HEARD_WITHIN_MS);
  const due = heard.filter(({ id, headAt, fits }) => headAt - (fits.get(id)?.fittedTo ?? -Infinity) >= REFIT_MS);
  await house.say?.(`${heard.length} markets are heard, ${due.length} are due`);
  const fitted: { readonly market: HeardMarket; readonly fit: LevelFit }[] = [];
  let few = 0;
  for (const market of due) {
    if (fitted.length === MOST_FITS || stop.aborted) break;
    const to = market.headAt;
    const fit = fitMids(await quoteRecord(pool, { lane, ref: market.ref, from: to - WINDOW_MS, to }));
    if (fit === null) few++;
    else fitted.push({ market, fit });
    if (fit === null) await house.say?.(`${market.id} has too few quotes`);
    await setImmediate();
  }
  let put = 0;
  for (const { market, fit } of fitted) {
    const alike = fitted.filter((one) => one.market.category === market.category).map((one) => one.fit);
    const value = levelOf(fit, categoryLevel(alike), market.headAt);
    if (value === null) continue;
    await inbox.put({
      id: `level-${lane}-${market.id}-${market.headAt}`,
      lane,
      kind: 'parameters',
      body: { plugin, key: market.id, value },
      by: 'level fit',
    });
    put++;
    await house.say?.(`${market.id} is fitted`);
  }
  return `${heard.length} markets are heard, ${put} fitted${few > 0 ? `, ${few} with too few quotes` : ''}`;
}
