import type { Pool } from 'pg';
import type { CandlesPiece } from '../layout/candle-tables.js';
import { layoutOf } from '../layout/storage-layout.js';

/** A market's top of book as it was recorded; -1 is an absent side. */
export interface QuoteRow {
  readonly at: number;
  readonly seq: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly trusted: boolean;
}

interface Place {
  readonly lane: number;
  readonly ref: number;
}

/** A market that rests longer is found by its candles: a search through every part of years takes seconds to plan. */
const NEAR_MS = 12 * 3_600_000;

const COLUMNS = 'at, seq, bid, ask, bid_size as "bidSize", ask_size as "askSize", trusted';

/** The quote in force right before a moment, however long it has stood; `null` before the first. Of quotes that retention dropped the candle's close. */
export async function quoteBefore(pool: Pool, market: Place, before: number): Promise<QuoteRow | null> {
  const near = await edgeQuote(pool, market, before - NEAR_MS, before, 'desc');
  if (near !== null) return near;
  const end = before - NEAR_MS;
  for (const piece of (await dayPieces(pool, market)).toReversed()) {
    const [from, to] = [piece.from ?? 0, Math.min(piece.to ?? end, end)];
    if (to <= from) continue;
    if (!piece.candles) {
      const quote = await edgeQuote(pool, market, from, to, 'desc');
      if (quote !== null) return quote;
      continue;
    }
    const { rows } = await pool.query<{ at: number; bid: number | null; ask: number | null }>(
      `select at, bid_close as bid, ask_close as ask from ${piece.table}
       where lane = $1 and market = $2 and at >= $3 and at < $4 order by at desc limit 1`,
      [market.lane, market.ref, from, to],
    );
    if (rows.length === 0) continue;
    const { at, bid, ask } = rows[0];
    return (
      (await edgeQuote(pool, market, at, Math.min(at + piece.ms, before), 'desc')) ?? {
        at: Math.min(at + piece.ms, before) - 1,
        seq: 0,
        bid: bid ?? -1,
        ask: ask ?? -1,
        bidSize: 0,
        askSize: 0,
        trusted: bid !== null || ask !== null,
      }
    );
  }
  return null;
}

/** When a market was first quoted within a span, ms; `null` when it was not. Of quotes that retention dropped the candle's begin. */
export async function firstQuoteAt(pool: Pool, market: Place, from: number, to: number): Promise<number | null> {
  for (const piece of await dayPieces(pool, market)) {
    const [low, high] = [Math.max(from, piece.from ?? 0), Math.min(to + 1, piece.to ?? to + 1)];
    if (high <= low) continue;
    if (!piece.candles) {
      const quote = await edgeQuote(pool, market, low, high, 'asc');
      if (quote !== null) return quote.at;
      continue;
    }
    // The one that `low` lies in may hold nothing behind it.
    const { rows } = await pool.query<{ at: number }>(
      `select at from ${piece.table} where lane = $1 and market = $2 and at > $3 and at >= $4 and at < $5 order by at limit 2`,
      [market.lane, market.ref, low - piece.ms, piece.from ?? 0, high],
    );
    for (const { at } of rows) {
      const quote = await edgeQuote(pool, market, Math.max(at, low), Math.min(at + piece.ms, high), 'asc');
      if (quote !== null) return quote.at;
      if (at >= low && at + piece.ms <= high) return at;
    }
  }
  return null;
}

/** The candles of days, finer ones where there is no day yet, and the stream where there is no candle; oldest first. */
async function dayPieces(pool: Pool, { lane }: Place): Promise<readonly CandlesPiece[]> {
  return (await layoutOf(pool)).candlePieces(pool, 'quote', 'd', lane);
}

/** The newest or oldest quote of `from ≤ at < to`. The bounds are in the text: parts outside them are not even planned for. */
async function edgeQuote(
  pool: Pool,
  { lane, ref }: Place,
  from: number,
  to: number,
  order: 'asc' | 'desc',
): Promise<QuoteRow | null> {
  const { rows } = await pool.query<QuoteRow>(
    `select ${COLUMNS} from quote where lane = ${Number(lane)} and market = ${Number(ref)} and at >= ${Math.floor(from)} and at < ${Math.ceil(to)}
     order by at ${order}, seq ${order} limit 1`,
  );
  return rows[0] ?? null;
}
