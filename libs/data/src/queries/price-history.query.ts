import type { MarketRef } from '#core';
import type { Pool } from 'pg';
import { quoteCandles } from '../tape/candles.query.js';
import { firstQuoteAt, quoteBefore } from './quote-at.query.js';
import { trustBefore, type TrustRow } from './trust-at.query.js';

/** A market's place on the tape; what stream tables are read by. */
export interface MarketPlace {
  readonly id: string;
  readonly lane: number;
  readonly ref: number;
  /** Time of the lane's last commit: the "now" of everything stored. */
  readonly headAt: number;
}

export async function marketPlace(pool: Pool, id: string): Promise<MarketPlace | null> {
  const { rows } = await pool.query<{ lane: number; ref: number; head_at: number }>(
    'select m.lane, m.ref, l.head_at from market_state m join lane l on l.id = m.lane where m.id = $1',
    [id],
  );
  const row = rows[0];
  return row ? { id, lane: row.lane, ref: row.ref, headAt: row.head_at } : null;
}

/** Columns of equal length, oldest first; -1 is an absent side. */
export interface QuoteColumns {
  readonly at: number[];
  readonly bid: number[];
  readonly ask: number[];
}

/** The last quote of each of about `points` equal spans, led by the one in force at `from`. */
export async function quoteSeries(
  pool: Pool,
  market: MarketPlace,
  from: number,
  to: number,
  points: number,
): Promise<QuoteColumns> {
  const step = Math.max(1, Math.ceil((to - from + 1) / Math.min(5000, Math.max(2, points))));
  const [led, { rows }] = await Promise.all([
    quoteBefore(pool, market, from),
    pool.query<{ at: number; bid: number; ask: number }>(
      `select at, bid, ask, seq from (
         select distinct on ((at - $3::bigint) / $5::bigint) at, bid, ask, seq from quote
         where lane = $1 and market = $2 and at >= $3 and at <= $4
         order by (at - $3::bigint) / $5::bigint, seq desc) spans
       order by seq`,
      [market.lane, market.ref, from, to, step],
    ),
  ]);
  const all = led === null ? rows : [{ ...led, at: from }, ...rows];
  return { at: all.map((row) => row.at), bid: all.map((row) => row.bid), ask: all.map((row) => row.ask) };
}

/** A step as long as this reads candles: a week of a busy market is a million quotes. */
const LEAST_CANDLE_MS = 1_000;

/**
 * Quotes as a chart is wide: where a point stands for less than a second the quotes themselves, otherwise the closes of
 * candles that give no more than `points`, led by the quote in force at `from`. Candles leave out what was not trusted.
 */
export async function chartQuotes(
  pool: Pool,
  market: MarketPlace,
  { from, to }: { readonly from: number; readonly to: number },
  points: number,
): Promise<QuoteColumns> {
  const pixels = Math.min(5000, Math.max(2, points));
  const isShort = (since: number): boolean => (to - since + 1) / pixels < LEAST_CANDLE_MS;
  if (isShort(from)) return quoteSeries(pool, market, from, to, points);
  const led = await quoteBefore(pool, market, from + 1);
  // A span that begins before anything was heard is as long as what was recorded.
  const since = led !== null ? from : ((await firstQuoteAt(pool, market, from, to)) ?? to);
  if (isShort(since)) return quoteSeries(pool, market, since, to, points);
  const { candles, stepMs } = await quoteCandles(pool, {
    lane: market.lane,
    market: market.ref as MarketRef,
    from: since,
    to,
    pixels,
  });
  const columns: QuoteColumns =
    led === null ? { at: [], bid: [], ask: [] } : { at: [from], bid: [led.bid], ask: [led.ask] };
  for (const { at, bid, ask } of candles) {
    if (bid.close === null && ask.close === null) continue;
    // What a candle closed with is known at its end.
    columns.at.push(Math.min(Math.max(at + stepMs - 1, since), to));
    columns.bid.push(bid.close ?? -1);
    columns.ask.push(ask.close ?? -1);
  }
  return columns;
}

export interface ContinuityRow {
  readonly from: number;
  readonly to: number | null;
  readonly trusted: boolean;
  readonly reason: string;
  readonly detail: string;
}

/** Spans of trust and of doubt that touch `from … to`, oldest first; the last one is open. At most the newest 500. */
export async function continuitySpans(
  pool: Pool,
  market: MarketPlace,
  from: number,
  to: number,
): Promise<readonly ContinuityRow[]> {
  const [stood, { rows }] = await Promise.all([
    trustBefore(pool, market, from),
    pool.query<TrustRow>(
      `select seq, at, trusted, reason, detail from continuity where lane = $1 and market = $2 and at >= $3 and at <= $4
       order by at desc, seq desc limit 500`,
      [market.lane, market.ref, from, to],
    ),
  ]);
  const said = [...(stood === null ? [] : [stood]), ...rows.toReversed()];
  return said.map(({ at, trusted, reason, detail }, i) => ({
    from: at,
    to: said[i + 1]?.at ?? null,
    trusted,
    reason,
    detail,
  }));
}

export interface TradeRow {
  /** Its place on the market's lane. */
  readonly seq: number;
  readonly at: number;
  readonly price: number;
  readonly size: number;
  readonly taker: string | null;
}

const DAY = 86_400_000;
/** How far back from its head a market's newest trades are looked for first: through the parts of years only when they are few. */
const TRADES_BACK_MS = [2 * DAY, 60 * DAY, Number.MAX_SAFE_INTEGER];

/** Newest first. */
export async function newestTrades(pool: Pool, market: MarketPlace, first: number): Promise<readonly TradeRow[]> {
  for (const back of TRADES_BACK_MS) {
    const since = Math.max(0, market.headAt - back);
    // In the text: parts before it are not even planned for.
    const { rows } = await pool.query<TradeRow>(
      `select seq, at, price, size, taker from trade where lane = $1 and market = $2 and at >= ${Number(since)}
       order by at desc, seq desc limit $3`,
      [market.lane, market.ref, first],
    );
    if (rows.length >= first || since === 0) return rows;
  }
  return [];
}

/** What was traded behind a place, newest first, at most the newest `first`. `at` of a place is never beyond what follows it. */
export async function tradesAfter(
  pool: Pool,
  market: MarketPlace,
  after: { readonly seq: number; readonly at: number },
  first: number,
): Promise<readonly TradeRow[]> {
  const { rows } = await pool.query<TradeRow>(
    `select seq, at, price, size, taker from trade where lane = $1 and market = $2 and at >= $3 and seq > $4
     order by at desc, seq desc limit $5`,
    [market.lane, market.ref, after.at, after.seq, first],
  );
  return rows;
}
