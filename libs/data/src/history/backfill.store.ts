import type pg from 'pg';
import { inTransaction } from '../lend-client.js';

/** Micro-dollars. */
export interface BackfillPrices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface BackfillCandle {
  readonly at: number;
  readonly periodMs: number;
  readonly bid: BackfillPrices | null;
  readonly ask: BackfillPrices | null;
  readonly mid: BackfillPrices | null;
  readonly price: BackfillPrices | null;
  readonly volume: number | null;
}

export interface BackfillTrade {
  readonly tradeId: string;
  readonly at: number;
  readonly price: number;
  readonly size: number;
  readonly taker: 'buy' | 'sell' | null;
}

export interface BackfillPage {
  readonly market: string;
  readonly candles: readonly BackfillCandle[];
  readonly trades: readonly BackfillTrade[];
}

const pack = (prices: BackfillPrices | null): string | null =>
  prices === null ? null : `{${prices.open},${prices.high},${prices.low},${prices.close}}`;

/**
 * Stores a page of what a venue remembers, and where its task goes on, in one commit: what was interrupted is asked for
 * again and stored once. A trade is known by its id; a candle that comes again was unfinished, and is replaced.
 */
export async function storeBackfill(
  pool: pg.Pool,
  task: string,
  page: BackfillPage,
  cursor: unknown,
  now: number,
): Promise<{ readonly candles: number; readonly trades: number }> {
  return inTransaction(pool, 'a page of the past could not be stored', async (client) => {
    const candles = [...new Map(page.candles.map((candle) => [`${candle.periodMs} ${candle.at}`, candle])).values()];
    const stored = await client.query(
      `INSERT INTO backfill_candle (market, period_ms, at, bid, ask, mid, price, volume, fetched_at)
       SELECT $1, period_ms, at, bid::integer[], ask::integer[], mid::integer[], price::integer[], volume, $9
       FROM unnest($2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
         AS c (period_ms, at, bid, ask, mid, price, volume)
       ON CONFLICT (market, period_ms, at) DO UPDATE SET bid = excluded.bid, ask = excluded.ask, mid = excluded.mid,
         price = excluded.price, volume = excluded.volume, fetched_at = excluded.fetched_at`,
      [
        page.market,
        candles.map(({ periodMs }) => periodMs),
        candles.map(({ at }) => at),
        candles.map(({ bid }) => pack(bid)),
        candles.map(({ ask }) => pack(ask)),
        candles.map(({ mid }) => pack(mid)),
        candles.map(({ price }) => pack(price)),
        candles.map(({ volume }) => volume),
        now,
      ],
    );
    const { trades } = page;
    const kept = await client.query(
      `INSERT INTO backfill_trade (market, trade_id, at, price, size, taker, fetched_at)
       SELECT $1, id, at, price, size, taker, $7
       FROM unnest($2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::text[]) AS t (id, at, price, size, taker)
       ON CONFLICT (market, trade_id) DO NOTHING`,
      [
        page.market,
        trades.map(({ tradeId }) => tradeId),
        trades.map(({ at }) => at),
        trades.map(({ price }) => price),
        trades.map(({ size }) => size),
        trades.map(({ taker }) => taker),
        now,
      ],
    );
    await client.query('UPDATE storage_task SET cursor = $2 WHERE id = $1', [task, JSON.stringify(cursor)]);
    return { candles: stored.rowCount ?? 0, trades: kept.rowCount ?? 0 };
  });
}
