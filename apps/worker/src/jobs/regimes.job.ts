import { setImmediate } from 'node:timers/promises';
import { quoteRecord, quotesSince, tradeRecord } from '#data';
import {
  barIndex,
  fitRegime,
  fitSharedRegime,
  hmmRegime,
  LEAST_BORROWING_BARS,
  LEAST_OWN_BARS,
  openBar,
  presentBars,
  recordedBars,
  regimeKey,
  REGIME_WIDTH,
  type RegimeParameters,
} from '#plugins';
import { mulberry32 } from '#quant';
import type { FitHouse } from './job.types.js';
import { RegimesQuery, type HeardMarket } from './regimes.query.js';

/** Bars a fit looks back on, and bars after which it is made again: walk-forward, never on what it will be asked about. */
const WINDOW_BARS = 2_000;
const REFIT_BARS = 500;
/** Read at a time: a busy market's book changes several times a second. */
const PART_BARS = 200;
/** Fits are work for the processor; what is not reached in one run is in the next. */
const MOST_FITS = 20;
/** Markets that those without regimes of their own borrow from, the young ones apart. */
const MOST_LENDERS = 20;
const HEARD_WITHIN_MS = 24 * 3_600_000;

/** A market's bars up to and without `to`. */
interface Bars {
  readonly market: HeardMarket;
  readonly to: number;
  readonly values: Float64Array;
}

/**
 * Fits the regimes of every market that a running `hmm-regime` hears, on the bars recorded up to now, and puts what was
 * found on the tape: from there on the model filters with it. A market of under 200 bars borrows what regimes look like from
 * all that are heard, and is fitted again whenever it has twice the bars, until it has its own.
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
  let borrowed = 0;
  let few = 0;
  for (const barMs of lengths) {
    const young: Bars[] = [];
    for (const market of markets) {
      if (fits === MOST_FITS || stop.aborted) break;
      if (!isDue(market, barMs)) continue;
      const bars = await barsOf(house, market, barMs, WINDOW_BARS);
      const known = presentBars(bars.values);
      if (known >= LEAST_OWN_BARS) {
        const rows = { values: bars.values, features: REGIME_WIDTH };
        await put(house, market, fitRegime(rows, { barMs, fittedTo: bars.to }, mulberry32(bars.to)));
        await house.say?.(`${market.id}, bars of ${barMs / 1000} s: fitted`);
        fits++;
      } else if (known >= LEAST_BORROWING_BARS) young.push(bars);
      else few++;
      await setImmediate();
    }
    borrowed += await borrow(house, markets, young, barMs);
  }
  const more = [
    ...(borrowed > 0 ? [`, ${borrowed} borrow from the others`] : []),
    ...(few > 0 ? [`, ${few} with too few bars`] : []),
  ];
  return `${markets.length} markets are heard, ${fits} fitted${more.join('')}`;
}

/** As soon as it has twice the bars of its last fit, and after 500 in any case. */
function isDue({ id, headAt, fits }: HeardMarket, barMs: number): boolean {
  const last = fits.get(regimeKey(id, barMs));
  return last === undefined || barIndex(headAt, barMs) - last.fittedTo >= Math.min(REFIT_BARS, last.bars ?? REFIT_BARS);
}

async function barsOf({ lane, pool }: FitHouse, market: HeardMarket, barMs: number, most: number): Promise<Bars> {
  const to = barIndex(market.headAt, barMs);
  const place = { lane, ref: market.ref };
  const since = await quotesSince(pool, { ...place, from: (to - most) * barMs });
  const first = since === null ? to : barIndex(since, barMs);
  const values = new Float64Array(Math.max(0, to - first) * REGIME_WIDTH);
  const bar = openBar(first, barMs);
  for (let from = first; from < to; from += PART_BARS) {
    const end = Math.min(from + PART_BARS, to);
    const span = { ...place, from: from * barMs, to: end * barMs };
    const [quotes, trades] = [await quoteRecord(pool, span), await tradeRecord(pool, span)];
    values.set(recordedBars(quotes, trades, { barMs, from, to: end }, bar), (from - first) * REGIME_WIDTH);
  }
  return { market, to, values };
}

/** Gives young markets the regimes of all that are heard, themselves among them. */
async function borrow(
  house: FitHouse,
  markets: readonly HeardMarket[],
  young: readonly Bars[],
  barMs: number,
): Promise<number> {
  if (young.length === 0) return 0;
  const lenders: Bars[] = [];
  for (const market of markets) {
    if (lenders.length === MOST_LENDERS) break;
    if (young.some((one) => one.market === market)) continue;
    lenders.push(await barsOf(house, market, barMs, LEAST_OWN_BARS));
  }
  const all = [...young, ...lenders].map(({ values, to }) => ({ values, fittedTo: to }));
  const fits = fitSharedRegime(all, barMs, mulberry32(young[0].to));
  let borrowed = 0;
  for (const [i, { market }] of young.entries()) {
    const value = fits[i];
    if (value === null) continue;
    await put(house, market, value);
    borrowed++;
  }
  return borrowed;
}

async function put({ lane, inbox }: FitHouse, market: HeardMarket, value: RegimeParameters | null): Promise<void> {
  if (value === null) return;
  const key = regimeKey(market.id, value.barMs);
  await inbox.put({
    id: `regime-${lane}-${key}-${value.fittedTo}`,
    lane,
    kind: 'parameters',
    body: { plugin: hmmRegime.manifest.id, key, value },
    by: 'regime fit',
  });
}
