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
import { FitTurns, type DueMarket, type FitKind, type FitTurn } from './fit-turns.repo.js';
import type { FitHouse } from './job.types.js';

/** Bars a fit looks back on, and bars after which it is made again: walk-forward, never on what it will be asked about. */
const WINDOW_BARS = 2_000;
const REFIT_BARS = 500;
/** Read at a time: a busy market's book changes several times a second. */
const PART_BARS = 200;
/** Fits are work for the processor and the database; what is not reached in one run is first in the next. */
const MOST_FITS = 20;
const MOST_LOOKS = 100;
const MOST_MS = 30_000;
/** Markets that those without regimes of their own borrow from, the young ones apart. */
const MOST_LENDERS = 20;
const HEARD_WITHIN_MS = 24 * 3_600_000;
const USUAL_BAR_MS = 60_000;

/** A market's bars up to and without `to`. */
interface Bars {
  readonly market: DueMarket;
  readonly to: number;
  readonly values: Float64Array;
}

/**
 * Fits the regimes of markets that a running `hmm-regime` hears, on the bars recorded up to now, and puts what was
 * found on the tape: from there on the model filters with it. A market of under 200 bars borrows what regimes look like from
 * others that are heard, and is fitted again whenever it has twice the bars, until it has its own. A run looks at 100 markets
 * at most, those first that have waited longest.
 *
 * @returns a sentence about what was found.
 */
export async function fitRegimes(house: FitHouse, stop: AbortSignal): Promise<string> {
  const { lane, pool } = house;
  const turns = new FitTurns(pool);
  const model = hmmRegime.manifest.id;
  const lengths = new Set(
    (await turns.configs(lane, model)).map(({ barSeconds }) =>
      typeof barSeconds === 'number' ? barSeconds * 1000 : USUAL_BAR_MS,
    ),
  );
  if (lengths.size === 0) return 'no workflow asks for regimes';
  const until = performance.now() + MOST_MS;
  const counts = { due: 0, looked: 0, fits: 0, borrowed: 0, few: 0 };
  for (const barMs of lengths) {
    const kind = { lane, model, part: String(barMs) };
    const { markets, due } = await turns.due(kind, 'volatility', HEARD_WITHIN_MS, MOST_LOOKS);
    await house.say?.(`bars of ${barMs / 1000} s: ${due} markets are due`);
    const looked: FitTurn[] = [];
    const young: Bars[] = [];
    let fits = 0;
    for (const market of markets) {
      if (fits === MOST_FITS || stop.aborted || performance.now() > until) break;
      const bars = await barsOf(house, market, barMs, WINDOW_BARS);
      const known = presentBars(bars.values);
      if (known >= LEAST_OWN_BARS) {
        const rows = { values: bars.values, features: REGIME_WIDTH };
        const value = fitRegime(rows, { barMs, fittedTo: bars.to }, mulberry32(bars.to));
        await put(house, market, value);
        looked.push(turnOf(bars, known, barMs, value === null ? LEAST_BORROWING_BARS : Math.min(REFIT_BARS, known)));
        await house.say?.(`${market.id}, bars of ${barMs / 1000} s: fitted`);
        fits++;
      } else if (known >= LEAST_BORROWING_BARS) young.push(bars);
      else {
        looked.push(turnOf(bars, known, barMs, LEAST_BORROWING_BARS - known));
        counts.few++;
      }
      await setImmediate();
    }
    const borrowing = young.length === 0 ? [] : await borrow(house, turns, kind, young, barMs);
    // After what was found is safe: a run that dies before looks again.
    await turns.took(kind, [...looked, ...borrowing]);
    counts.due += due;
    counts.looked += looked.length + borrowing.length;
    counts.fits += fits;
    counts.borrowed += borrowing.filter(({ againAt, market }) => againAt > market.headAt).length;
  }
  const { due, looked, fits, borrowed, few } = counts;
  const more = [
    ...(borrowed > 0 ? [`, ${borrowed} borrow from the others`] : []),
    ...(few > 0 ? [`, ${few} with too few bars`] : []),
    ...(due > looked ? [`, ${due - looked} are left for the next run`] : []),
  ];
  return `${due} markets were due, ${fits} fitted${more.join('')}`;
}

/** Due again after so many bars more. */
const turnOf = ({ market, to }: Bars, bars: number, barMs: number, more: number): FitTurn => ({
  market,
  againAt: (to + more) * barMs,
  bars,
});

async function barsOf({ lane, pool }: FitHouse, market: DueMarket, barMs: number, most: number): Promise<Bars> {
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

/** Gives young markets the regimes of some that are heard, themselves among them. One that gets none is due at once. */
async function borrow(
  house: FitHouse,
  turns: FitTurns,
  kind: FitKind,
  young: readonly Bars[],
  barMs: number,
): Promise<FitTurn[]> {
  const lenders: Bars[] = [];
  for (const market of await turns.known(kind, LEAST_BORROWING_BARS, MOST_LENDERS + young.length)) {
    if (lenders.length === MOST_LENDERS) break;
    if (young.some((one) => one.market.id === market.id)) continue;
    lenders.push(await barsOf(house, market, barMs, LEAST_OWN_BARS));
  }
  const all = [...young, ...lenders].map(({ values, to }) => ({ values, fittedTo: to }));
  const fits = fitSharedRegime(all, barMs, mulberry32(young[0].to));
  const looked: FitTurn[] = [];
  for (const [i, bars] of young.entries()) {
    const value = fits[i];
    await put(house, bars.market, value);
    looked.push(
      turnOf(
        bars,
        presentBars(bars.values),
        barMs,
        value === null ? 0 : Math.min(REFIT_BARS, value.bars ?? REFIT_BARS),
      ),
    );
  }
  return looked;
}

async function put({ lane, inbox }: FitHouse, market: DueMarket, value: RegimeParameters | null): Promise<void> {
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
