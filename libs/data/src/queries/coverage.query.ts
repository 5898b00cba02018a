import type { Pool } from 'pg';
import type { MarketPlace } from './price-history.query.js';
import { trustBefore } from './trust-at.query.js';

const DAY = 86_400_000;
/** A lane that records leaves a mark at least every minute: without one for longer it did not record. */
const SILENT_AFTER_MS = 150_000;

/** One UTC day of one market: how long its book could be trusted, how long not, and how long nothing was recorded, ms. */
export interface CoverageDay {
  /** Start of the day. */
  readonly at: number;
  readonly trustedMs: number;
  readonly gapMs: number;
  readonly silentMs: number;
  /** Times that trust was lost on this day. */
  readonly losses: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A market's continuity ledger by days, oldest first: `trusted` while its book was proven continuous, `gap` while it was
 * recorded but not trusted, `silent` while nothing was recorded of it: before it was first heard, or with the lane off.
 */
export async function coverage(pool: Pool, market: MarketPlace, from: number, to: number): Promise<CoverageDay[]> {
  const end = Math.min(to, market.headAt);
  const stood = await trustBefore(pool, market, from);
  const { rows } = await pool.query<{ at: number; trusted: boolean }>(
    'SELECT at, trusted FROM continuity WHERE lane = $1 AND market = $2 AND at >= $3 AND at <= $4 ORDER BY at, seq',
    [market.lane, market.ref, from, end],
  );
  const said = stood === null ? rows : [stood, ...rows];
  const off = await pool.query<{ from: number; to: number }>(
    `SELECT at - silent_ms AS "from", at AS "to" FROM tape_mark
     WHERE lane = $1 AND silent_ms > ${SILENT_AFTER_MS} AND at > $2 AND at - silent_ms < $3 ORDER BY at`,
    [market.lane, from, end],
  );
  const days = new Map<number, { trusted: number; gap: number; losses: number }>();
  const dayOf = (at: number): { trusted: number; gap: number; losses: number } => {
    const start = Math.floor(at / DAY) * DAY;
    let day = days.get(start);
    if (day === undefined) days.set(start, (day = { trusted: 0, gap: 0, losses: 0 }));
    return day;
  };
  for (let i = 0; i < said.length; i++) {
    const { at, trusted } = said[i];
    const span = { from: Math.max(at, from), to: Math.min(said[i + 1]?.at ?? end, end) };
    if (at >= from && !trusted && said[i - 1]?.trusted) dayOf(at).losses++;
    for (const part of without(span, off.rows))
      addByDay(part, (start, ms) => (dayOf(start)[trusted ? 'trusted' : 'gap'] += ms));
  }
  const covered: CoverageDay[] = [];
  for (let at = Math.floor(from / DAY) * DAY; at <= to; at += DAY) {
    const { trusted, gap, losses } = days.get(at) ?? { trusted: 0, gap: 0, losses: 0 };
    const length = Math.max(0, Math.min(at + DAY, end) - Math.max(at, from));
    covered.push({ at, trustedMs: trusted, gapMs: gap, silentMs: Math.max(0, length - trusted - gap), losses });
  }
  return covered;
}

/** When a market was first heard of, ms; `null` when nothing was recorded of it. */
export async function firstHeard(pool: Pool, market: MarketPlace): Promise<number | null> {
  const { rows } = await pool.query<{ at: number }>(
    'SELECT at FROM continuity WHERE lane = $1 AND market = $2 ORDER BY at LIMIT 1',
    [market.lane, market.ref],
  );
  return rows[0]?.at ?? null;
}

/** What of a span lies outside the holes, which are in order and do not overlap. */
function without(span: Span, holes: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = span.from;
  for (const hole of holes) {
    if (hole.to <= from || hole.from >= span.to) continue;
    if (hole.from > from) left.push({ from, to: hole.from });
    from = Math.max(from, hole.to);
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

function addByDay(span: Span, add: (start: number, ms: number) => void): void {
  for (let from = span.from; from < span.to;) {
    const to = Math.min(span.to, (Math.floor(from / DAY) + 1) * DAY);
    add(from, to - from);
    from = to;
  }
}
