import type { Pool } from 'pg';

/** What came of a stretch of running: rows committed since a moment, and what the feeds counted. */
export interface RunSummary {
  /** Since their worker started, by venue. */
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
  /** From that moment to the first of its kind on the tape; `null` none. */
  readonly firstOpportunityMs: number | null;
  readonly firstDenialMs: number | null;
}

/** The tape's own tables; `quote` is made of them and counted as rows, not as events. */
const TAPE = ['event', 'book_change', 'trade', 'continuity', 'pulse'] as const;

/** Sums up a run that began at `since`, ms. Reads whole days of the streams: for the end of a run, not for a screen. */
export async function runSummary(pool: Pool, since: number): Promise<RunSummary> {
  const { rows: feeds } = await pool.query<{ venue: string; frames: number; gaps: number; resyncs: number }>(
    `SELECT venue, coalesce((body->>'frames')::float8, 0) AS frames, coalesce((body->>'gaps')::float8, 0) AS gaps,
            coalesce((body->>'resyncs')::float8, 0) AS resyncs FROM feed_health ORDER BY venue`,
  );
  const {
    rows: [opportunities],
  } = await pool.query<{ accepted: number; denied: number; netNegative: number }>(
    `SELECT count(*) FILTER (WHERE verdict = 'accepted') AS accepted,
            count(*) FILTER (WHERE verdict = 'denied' OR denials > 0) AS denied,
            count(*) FILTER (WHERE verdict = 'net-negative') AS "netNegative"
     FROM opportunity WHERE updated_at >= $1`,
    [since],
  );
  const streams = TAPE.map((table) => `SELECT count(*) AS rows, min(seq) AS first FROM ${table} WHERE at >= $1`);
  const {
    rows: [tape],
  } = await pool.query<{ rows: number; first: number | null }>(
    `SELECT sum(rows)::bigint AS rows, min(first) AS first FROM (
       ${[...streams, 'SELECT count(*), NULL FROM quote WHERE at >= $1'].join(' UNION ALL ')}) AS streams`,
    [since],
  );
  const {
    rows: [journal],
  } = await pool.query<{
    rows: number;
    orders: number;
    fills: number;
    accepted: number | null;
    denied: number | null;
  }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE kind = 'order' AND body->>'state' = 'sent') AS orders,
            count(*) FILTER (WHERE kind = 'fill') AS fills,
            min(at) FILTER (WHERE kind = 'opportunity' AND body->>'verdict' = 'accepted') AS accepted,
            min(at) FILTER (WHERE kind = 'denial') AS denied
     FROM journal WHERE at >= $1`,
    [since],
  );
  const {
    rows: [lane],
  } = await pool.query<{ head: number; stamped: number }>(
    `SELECT coalesce(max(head_seq), 0) AS head, coalesce(max((health->>'seq')::bigint), 0) AS stamped FROM lane`,
  );
  const after = (at: number | null): number | null => (at === null ? null : at - since);
  return {
    frames: Object.fromEntries(feeds.map((row) => [row.venue, row.frames])),
    events: tape.first === null ? 0 : lane.head - tape.first + 1,
    gaps: feeds.reduce((sum, row) => sum + row.gaps, 0),
    resyncs: feeds.reduce((sum, row) => sum + row.resyncs, 0),
    lost: Math.max(0, lane.stamped - lane.head),
    opportunities,
    orders: journal.orders,
    fills: journal.fills,
    tapeRows: tape.rows,
    journalRows: journal.rows,
    firstOpportunityMs: after(journal.accepted),
    firstDenialMs: after(journal.denied),
  };
}
