import type pg from 'pg';
import type { MarketRef } from '#core';
import { candleStep, quoteCandles, tradeCandles, type Ohlc } from '../tape/candles.query.js';
import type { MarketPlace } from '../queries/price-history.query.js';

/** Where a candle comes from: our own tape, or what the venue told of its past afterwards. */
export type CandleOrigin = 'recorded' | 'backfill';

export interface MarketCandle {
  /** Start, ms. */
  readonly at: number;
  readonly origin: CandleOrigin;
  readonly bid: Ohlc;
  readonly ask: Ohlc;
  readonly mid: Ohlc;
  /** Of trades. */
  readonly price: Ohlc;
  /** Hundredths of a contract; `null` where the venue does not say. */
  readonly volume: number | null;
  /** Mean of ask - bid; of recorded quotes only. */
  readonly meanSpread: number | null;
}

export interface MarketCandles {
  readonly stepMs: number;
  readonly candles: readonly MarketCandle[];
}

const NONE: Ohlc = { open: null, high: null, low: null, close: null };

/**
 * A market's candles for so many pixels, oldest first: recorded ones, and where nothing was recorded those of a backfill.
 * A step never mixes the two, and says which it is.
 */
export async function marketCandles(
  pool: pg.Pool,
  market: MarketPlace,
  from: number,
  to: number,
  pixels: number,
): Promise<MarketCandles> {
  const span = { lane: market.lane, market: market.ref as MarketRef, from, to, pixels };
  const [quotes, trades, told] = await Promise.all([
    quoteCandles(pool, span),
    tradeCandles(pool, span),
    backfilled(pool, market.id, from, to, candleStep(from, to, pixels).stepMs),
  ]);
  const steps = new Map<number, MarketCandle>(told.map((candle) => [candle.at, candle]));
  for (const { at, bid, ask, mid, meanSpread } of quotes.candles)
    steps.set(at, { at, origin: 'recorded', bid, ask, mid, price: NONE, volume: 0, meanSpread });
  for (const { at, price, volume } of trades.candles) {
    const known = steps.get(at);
    steps.set(
      at,
      known?.origin === 'recorded'
        ? { ...known, price, volume }
        : { at, origin: 'recorded', bid: NONE, ask: NONE, mid: NONE, price, volume, meanSpread: null },
    );
  }
  return { stepMs: quotes.stepMs, candles: [...steps.values()].sort((a, b) => a.at - b.at) };
}

type Name = 'bid' | 'ask' | 'mid' | 'price';
const NAMES: readonly Name[] = ['bid', 'ask', 'mid', 'price'];

async function backfilled(
  pool: pg.Pool,
  market: string,
  from: number,
  to: number,
  stepMs: number,
): Promise<MarketCandle[]> {
  const picked = NAMES.map(
    (name) => `(min(ARRAY[at, ${name}[1]]) FILTER (WHERE ${name} IS NOT NULL))[2] AS ${name}_open,
      max(${name}[2]) AS ${name}_high, min(${name}[3]) AS ${name}_low,
      (max(ARRAY[at, ${name}[4]]) FILTER (WHERE ${name} IS NOT NULL))[2] AS ${name}_close`,
  );
  const found = await pool.query<Record<string, number | null> & { at: number }>(
    `SELECT at / $4::bigint * $4::bigint AS at, ${picked.join(', ')}, sum(volume)::float8 AS volume
     FROM backfill_candle WHERE market = $1 AND at >= $2 AND at < $3 GROUP BY 1 ORDER BY 1`,
    [market, Math.floor(from / stepMs) * stepMs, (Math.floor(to / stepMs) + 1) * stepMs, stepMs],
  );
  return found.rows.map((row): MarketCandle => {
    const of = (name: Name): Ohlc => ({
      open: row[`${name}_open`],
      high: row[`${name}_high`],
      low: row[`${name}_low`],
      close: row[`${name}_close`],
    });
    const [bid, ask, mid, price] = [of('bid'), of('ask'), of('mid'), of('price')];
    return { at: row.at, origin: 'backfill', bid, ask, mid, price, volume: row.volume, meanSpread: null };
  });
}

export interface MarketTrade {
  readonly at: number;
  readonly origin: CandleOrigin;
  readonly tradeId: string;
  readonly price: number;
  readonly size: number;
  readonly taker: string | null;
}

/** Trades of a span, oldest first, at most `first`: recorded ones, and what a backfill knows beside them, each once. */
export async function marketTrades(
  pool: pg.Pool,
  market: MarketPlace,
  from: number,
  to: number,
  first: number,
): Promise<readonly MarketTrade[]> {
  const found = await pool.query<MarketTrade>(
    `SELECT at, 'recorded' AS origin, trade_id AS "tradeId", price, size, taker FROM trade
       WHERE lane = $1 AND market = $2 AND at BETWEEN $4 AND $5
     UNION ALL
     SELECT at, 'backfill', trade_id, price, size, taker FROM backfill_trade b
       WHERE b.market = $3 AND at BETWEEN $4 AND $5
         AND NOT EXISTS (SELECT 1 FROM trade t WHERE t.lane = $1 AND t.market = $2 AND t.trade_id = b.trade_id
           AND t.at BETWEEN b.at - 3600000 AND b.at + 3600000)
     ORDER BY at, "tradeId" LIMIT $6`,
    [market.lane, market.ref, market.id, from, to, first],
  );
  return found.rows;
}
