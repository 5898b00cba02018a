import type { Pool } from '#data';

/** What a price did after an item took a side on its market. */
export interface NewsOutcome {
  readonly item: string;
  readonly source: string;
  readonly at: number;
  readonly stance: number;
  /** What the model made of it then; `null` when it did not run. */
  readonly z: number | null;
  /** Mid of the book at that moment and a while after, micro-dollars. */
  readonly before: number;
  readonly after: number;
}

const MID = (moment: string): string =>
  `SELECT (quote.bid + quote.ask) / 2.0 AS mid FROM quote
   WHERE quote.lane = $1::int AND quote.market = state.ref AND quote.at <= ${moment} AND quote.at > ${moment} - 600000 AND quote.bid > 0 AND quote.ask > 0 AND quote.trusted
   ORDER BY quote.at DESC LIMIT 1`;

/** The newest items on the tape that are no echoes and of which `afterMs` have passed, with what followed; oldest first. */
export async function newsOutcomes(
  pool: Pool,
  { lane, since, until, afterMs, most }: { lane: number; since: number; until: number; afterMs: number; most: number },
): Promise<readonly NewsOutcome[]> {
  const { rows } = await pool.query<NewsOutcome>(
    `WITH told AS (
       SELECT item.id, item.source, event.at, event.seq FROM news_item item
       JOIN inbox ON inbox.id = 'news-' || ($1::int)::text || '-' || item.id
       JOIN event ON event.lane = $1::int AND event.seq = inbox.seq AND event.at >= $2
       WHERE item.received_at >= $2 AND item.echo_of IS NULL AND event.at <= $3::bigint - $4::bigint
       ORDER BY event.seq DESC LIMIT $5)
     SELECT told.id AS item, told.source, told.at, touch.stance::float8 AS stance,
       (SELECT value FROM estimate WHERE estimate.lane = $1::int AND estimate.seq = told.seq AND estimate.market = touch.market
          AND estimate.name = 'news-z' LIMIT 1) AS z,
       before.mid::float8 AS before, after.mid::float8 AS after
     FROM told
     JOIN news_touch touch ON touch.item = told.id AND touch.stance <> 0
     JOIN market_state state ON state.lane = $1::int AND state.id = touch.market
     CROSS JOIN LATERAL (${MID('told.at')}) AS before
     CROSS JOIN LATERAL (${MID('told.at + $4::bigint')}) AS after
     ORDER BY told.seq`,
    [lane, since, until, afterMs, most],
  );
  return rows;
}
