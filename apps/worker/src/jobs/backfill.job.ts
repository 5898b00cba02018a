import type { MarketInfo } from '#core';
import { storeBackfill, tellTask, type Pool, type StorageTask } from '#data';
import type { HistoryKind } from '#plugin-sdk';
import type { JobVenue } from './job.types.js';
import { TimeLeft } from './time-left.js';

/** What a backfill was asked for. */
export interface BackfillBody {
  readonly venue: string;
  /** Ids, in the order they are asked for. */
  readonly markets: readonly string[];
  readonly kinds: readonly HistoryKind[];
  /** ms; `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Where it is: a place in the list of (market, kind), and the venue's own cursor there. */
interface Place {
  readonly unit: number;
  readonly cursor: string | null;
  readonly candles: number;
  readonly trades: number;
  readonly refused: number;
}

const BEGIN: Place = { unit: 0, cursor: null, candles: 0, trades: 0, refused: 0 };

/**
 * Fetches what a venue remembers, page by page at the venue's pace. Each page is stored together with the place behind
 * it, so that a try that was stopped goes on there; nothing is stored twice.
 *
 * @returns a sentence about what was found, or `null` when it was cancelled meanwhile.
 */
export async function backfill(
  pool: Pool,
  task: StorageTask,
  { plugin, io }: JobVenue,
  known: ReadonlyMap<string, { readonly info: MarketInfo }>,
  clock: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<string | null> {
  const body = task.body as unknown as BackfillBody;
  const history = plugin.history;
  if (!history) return `${plugin.manifest.title} serves no past.`;
  const units = body.markets.flatMap((market) =>
    body.kinds.filter((kind) => history.kinds.includes(kind)).map((kind) => ({ market, kind })),
  );
  let place = (task.cursor as Place | null) ?? BEGIN;
  let unknown = 0;
  const left = new TimeLeft(clock.now(), place.unit / Math.max(1, units.length));
  const sentence = (): string =>
    `${place.candles} candles and ${place.trades} trades${place.refused > 0 ? `, ${place.refused} rows could not be read` : ''}`;
  while (place.unit < units.length) {
    clock.signal.throwIfAborted();
    const { market, kind } = units[place.unit];
    const info = known.get(market)?.info;
    if (!info) {
      unknown++;
      place = { ...place, unit: place.unit + 1, cursor: null };
      continue;
    }
    const page = await history.page(io, info, { kind, from: body.from, to: body.to, cursor: place.cursor });
    const within = ({ at }: { readonly at: number }): boolean => at >= body.from && at < body.to;
    const over = page.next === null;
    const rows = { market, candles: page.candles.filter(within), trades: page.trades.filter(within) };
    place = {
      unit: over ? place.unit + 1 : place.unit,
      cursor: page.next,
      candles: place.candles + rows.candles.length,
      trades: place.trades + rows.trades.length,
      refused: place.refused + page.refused,
    };
    await storeBackfill(pool, task.id, rows, place, clock.now());
    const done = (place.unit + (over ? 0 : page.done)) / units.length;
    const said = `${Math.min(place.unit + 1, units.length)} of ${units.length}: ${sentence()}; ${left.say(done, clock.now())}`;
    if (!(await tellTask(pool, task.id, done, said))) return null;
  }
  const lost = unknown > 0 ? `; ${unknown} markets are not known here` : '';
  return `${sentence()} were fetched, marked as backfill${lost}`;
}
