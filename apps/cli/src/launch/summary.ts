import { createPool } from '#data';

/** What `--json` writes at the end of a demo. Counts are of this run (rows committed since it began). */
export interface DemoSummary {
  readonly frames: Readonly<Record<string, number>>;
  readonly events: number;
  readonly gaps: number;
  readonly resyncs: number;
  /** Events the worker stamped that never reached the tape; 0 or something is wrong. */
  readonly lost: number;
  readonly opportunities: { readonly accepted: number; readonly denied: number; readonly netNegative: number };
  readonly orders: number;
  readonly fills: number;
  readonly tapeRows: number;
  readonly journalRows: number;
  /** From the start of the demo (packages installed, build done) to the first of its kind on the tape; `null` none. */
  readonly firstOpportunityMs: number | null;
  readonly firstDenialMs: number | null;
}

const STREAMS = ['event', 'book_change', 'trade', 'continuity', 'pulse', 'quote'] as const;

export async function summarise(databaseUrl: string, since: number): Promise<DemoSummary> {
  const pool = createPool(databaseUrl, 2);
  try {
    const one = async (sql: string): Promise<Record<string, unknown>> =>
      (await pool.query<Record<string, unknown>>(sql, [since])).rows[0] ?? {};
    const count = async (sql: string): Promise<number> => Number((await one(sql))['n'] ?? 0);
    const feeds = await pool.query<{ venue: string; body: Record<string, unknown> }>(
      'select venue, body from feed_health',
    );
    const sum = (field: string): number => feeds.rows.reduce((total, row) => total + Number(row.body[field] ?? 0), 0);
    const journal = (kind: string, more = ''): Promise<number> =>
      count(`select count(*) n from journal where at >= $1 and kind = '${kind}' ${more}`);
    const verdict = (name: string): Promise<number> =>
      count(`select count(*) n from opportunity where updated_at >= $1 and verdict = '${name}'`);
    const first = async (condition: string): Promise<number | null> => {
      const row = await one(`select min(at) n from journal where at >= $1 and ${condition}`);
      return row['n'] === null || row['n'] === undefined ? null : Number(row['n']) - since;
    };
    let tapeRows = 0;
    for (const table of STREAMS) tapeRows += await count(`select count(*) n from ${table} where at >= $1`);
    const lane = await one(
      "select coalesce(max(head_seq), 0) head, coalesce(max((health->>'seq')::bigint), 0) stamped, $1::bigint s from lane",
    );
    const seqs = await one(
      'select min(seq) lo from (select min(seq) seq from event where at >= $1 union all select min(seq) from pulse where at >= $1 union all select min(seq) from book_change where at >= $1) firsts',
    );
    return {
      frames: Object.fromEntries(feeds.rows.map((row) => [row.venue, Number(row.body['frames'] ?? 0)])),
      events: seqs['lo'] === null ? 0 : Number(lane['head']) - Number(seqs['lo']) + 1,
      gaps: sum('gaps'),
      resyncs: sum('resyncs'),
      lost: Math.max(0, Number(lane['stamped']) - Number(lane['head'])),
      opportunities: {
        accepted: await verdict('accepted'),
        denied: await count(
          `select count(*) n from opportunity where updated_at >= $1 and (verdict = 'denied' or denials > 0)`,
        ),
        netNegative: await verdict('net-negative'),
      },
      orders: await journal('order', "and body->>'state' = 'sent'"),
      fills: await journal('fill'),
      tapeRows,
      journalRows: await count('select count(*) n from journal where at >= $1'),
      firstOpportunityMs: await first("kind = 'opportunity' and body->>'verdict' = 'accepted'"),
      firstDenialMs: await first("kind = 'denial'"),
    };
  } finally {
    await pool.end();
  }
}
