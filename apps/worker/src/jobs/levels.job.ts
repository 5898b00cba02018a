import { setImmediate } from 'node:timers/promises';
import { quoteRecord } from '#data';
import { categoryLevel, fitMids, kalmanFairValue, LEAST_READINGS, levelOf, READ_EVERY_MS, readingsIn } from '#plugins';
import type { LevelFit } from '#quant';
import { FitTurns, type DueMarket, type FitTurn } from './fit-turns.repo.js';
import type { FitHouse } from './job.types.js';

/** What a fit looks back on, and after how much of the tape's time it is made again. */
const WINDOW_MS = 4 * 3_600_000;
const REFIT_MS = 3_600_000;
const HEARD_WITHIN_MS = 24 * 3_600_000;
/** Fits are work for the processor and the database; what is not reached in one run is first in the next. */
const MOST_LOOKS = 1_000;
const MOST_MS = 20_000;
/** A market that lacks only some readings is not looked at again with every one of them. */
const LEAST_WAIT_MS = 5 * 60_000;

/**
 * Fits how fast the log-odds of the markets wander that a running `kalman-fair-value` hears, on what was recorded up to
 * now, pulls short histories towards their category, and puts the result on the tape: from the next beat on the model uses
 * it. A run looks at 1,000 markets and for 20 s at most, those first that have waited longest; a market with too few quotes is looked at
 * again when it can have enough.
 *
 * @returns a sentence about what was found.
 */
export async function fitLevels(house: FitHouse, stop: AbortSignal): Promise<string> {
  const { lane, pool, inbox } = house;
  const turns = new FitTurns(pool);
  const kind = { lane, model: kalmanFairValue.manifest.id, part: '' };
  if ((await turns.configs(lane, kind.model)).length === 0) return 'no workflow asks for a Kalman fair value';
  const { markets, due } = await turns.due(kind, 'fair', HEARD_WITHIN_MS, MOST_LOOKS);
  await house.say?.(`${due} markets are due${due > markets.length ? `, ${markets.length} of them now` : ''}`);
  const fitted: { readonly market: DueMarket; readonly fit: LevelFit }[] = [];
  const looked: FitTurn[] = [];
  const until = performance.now() + MOST_MS;
  for (const market of markets) {
    if (stop.aborted || performance.now() > until) break;
    const to = market.headAt;
    const quotes = await quoteRecord(pool, { lane, ref: market.ref, from: to - WINDOW_MS, to });
    const fit = fitMids(quotes);
    if (fit !== null) fitted.push({ market, fit });
    const missing = fit === null ? LEAST_READINGS - readingsIn(quotes) : 0;
    const wait = missing > 0 ? Math.max(LEAST_WAIT_MS, missing * READ_EVERY_MS) : REFIT_MS;
    looked.push({ market, againAt: to + wait, bars: 0 });
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
      body: { plugin: kind.model, key: market.id, value },
      by: 'level fit',
    });
    put++;
    await house.say?.(`${market.id} is fitted`);
  }
  // After what was found is safe: a run that dies before looks again.
  await turns.took(kind, looked);
  const few = looked.length - fitted.length;
  const left = due - looked.length;
  return `${due} markets were due, ${put} fitted${few > 0 ? `, ${few} with too few quotes` : ''}${left > 0 ? `, ${left} are left for the next run` : ''}`;
}
