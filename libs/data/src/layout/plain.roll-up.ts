import type pg from 'pg';
import { transaction } from '../lend-client.js';
import {
  CANDLE_COLUMNS,
  candleTable,
  finer,
  fromCandles,
  fromStream,
  plainFirstLast,
  RESOLUTIONS,
  resolutionMs,
  type CandleSource,
  type Resolution,
} from './candle-tables.js';

/** Candles of one transaction: a roll-up that starts years behind goes in steps, each kept when the next fails. */
const CANDLES_AT_ONCE = 86_400;

/** Up to where a lane's candles are finished, by resolution. */
export async function candleMarks(
  client: pg.ClientBase | pg.Pool,
  source: CandleSource,
  lane: number,
): Promise<ReadonlyMap<Resolution, number>> {
  const found = await client.query<{ name: string; upto: string | number }>(
    'SELECT name, upto FROM candle_mark WHERE lane = $1',
    [lane],
  );
  const marks = new Map<Resolution, number>();
  for (const { name, upto } of found.rows)
    for (const [resolution] of RESOLUTIONS)
      if (name === candleTable(source, resolution)) marks.set(resolution, Number(upto));
  return marks;
}

/**
 * Makes the candles of every finished span. A lane's `at` never falls, so that nothing arrives behind its head: a mark
 * per lane says what is done, and moves in the transaction that writes the candles.
 */
export async function rollUp(client: pg.ClientBase): Promise<void> {
  const lanes = await client.query<{ id: number; head: string | number }>(
    'SELECT id, head_at AS head FROM lane ORDER BY id',
  );
  for (const { id, head } of lanes.rows) {
    for (const source of ['quote', 'trade'] as const) {
      let done: number | null = Number(head);
      for (const [resolution] of RESOLUTIONS)
        done = done === null ? null : await rollUpOne(client, source, resolution, id, done);
    }
  }
}

/** Returns up to where it is finished now; `null` when there is nothing yet. */
async function rollUpOne(
  client: pg.ClientBase,
  source: CandleSource,
  resolution: Resolution,
  lane: number,
  finerUpto: number,
): Promise<number | null> {
  const ms = resolutionMs(resolution);
  const name = candleTable(source, resolution);
  const below = finer(resolution);
  const from = below === null ? source : candleTable(source, below);
  const limit = Math.floor(finerUpto / ms) * ms;
  let done = (await candleMarks(client, source, lane)).get(resolution) ?? null;
  if (done === null) {
    const first = await client.query<{ at: string | number | null }>(
      `SELECT min(at) AS at FROM ${from} WHERE lane = $1`,
      [lane],
    );
    const at = first.rows[0]?.at ?? null;
    if (at === null) return null;
    done = Math.floor(Number(at) / ms) * ms;
  }
  const columns = CANDLE_COLUMNS[source];
  const values = columns.map((column) =>
    below === null ? fromStream(column, plainFirstLast) : fromCandles(column, plainFirstLast),
  );
  while (done < limit) {
    const to = Math.min(limit, done + ms * CANDLES_AT_ONCE);
    await transaction(client, async () => {
      await client.query(
        `INSERT INTO ${name} (lane, market, at, ${columns.map((column) => column.name).join(', ')})
         SELECT lane, market, at / ${ms} * ${ms}, ${values.join(', ')} FROM ${from}
         WHERE lane = ${lane} AND at >= ${done} AND at < ${to} GROUP BY lane, market, at / ${ms} * ${ms}`,
      );
      await client.query(
        `INSERT INTO candle_mark (name, lane, upto) VALUES ($1, $2, $3) ON CONFLICT (name, lane) DO UPDATE SET upto = excluded.upto`,
        [name, lane, to],
      );
    });
    done = to;
  }
  return done;
}
