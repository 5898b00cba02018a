import type { WaterfallStep } from '#core';
import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

export interface OpportunityRow {
  readonly id: string;
  readonly workflow: string;
  readonly phase: string;
  readonly verdict: string;
  readonly direction: string;
  readonly link: string | null;
  readonly group: string | null;
  readonly markets: readonly string[];
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly updatedAt: number;
  readonly bestGross: number;
  readonly bestNet: number;
  readonly size: number;
  readonly waterfall: readonly WaterfallStep[];
  readonly signalId: string | null;
  readonly reason: string;
  /** Refusals of the gate over its life. */
  readonly denials: number;
  /** Why it is over; `''` while it lasts. */
  readonly ended: string;
  /** Profit its trades have locked in and not realised yet; `null` without any. */
  readonly lockedIn: number | null;
  /** What its trades have realised; `null` before the first of them is settled. */
  readonly realised: number | null;
}

const COLUMNS = `id, workflow, phase, verdict, direction, link, group_id as "group", markets, opened_at as "openedAt", closed_at as "closedAt",
  updated_at as "updatedAt", best_gross as "bestGross", best_net as "bestNet", size, waterfall, signal_id as "signalId", reason, denials, ended,
  (select sum((trade.value->>'lockedIn')::bigint) from jsonb_each(trades) trade where trade.value->>'realised' is null)::bigint as "lockedIn",
  (select sum((trade.value->>'realised')::bigint) from jsonb_each(trades) trade)::bigint as realised`;

/** Refused at least once counts as refused, also when it was accepted after all. */
const REFUSED = `(verdict = 'denied' or denials > 0)`;

export interface OpportunityFilter {
  readonly verdict?: string | null;
  readonly workflow?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Newest episode first. */
export async function opportunityPage(
  pool: Pool,
  filter: OpportunityFilter,
): Promise<Page<OpportunityRow> & { readonly total: number }> {
  const size = pageSize(filter.first);
  const where: string[] = [];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (filter.workflow) where.push(`workflow = ${bind(filter.workflow)}`);
  if (filter.verdict && filter.verdict !== 'denied') where.push(`verdict = ${bind(filter.verdict)}`);
  const clause = (refused: string): string => {
    const all = filter.verdict === 'denied' ? [refused, ...where] : where;
    return all.length > 0 ? `where ${all.join(' and ')}` : '';
  };
  const total = await pool.query<{ total: number }>(
    `select coalesce(sum(n), 0)::bigint as total from opportunity_count ${clause('refused')}`,
    [...values],
  );
  if (filter.after) {
    const [openedAt, id] = decodeCursor(filter.after, 'ns');
    where.push(`(opened_at, id) < (${bind(openedAt)}, ${bind(id)})`);
  }
  const { rows } = await pool.query<OpportunityRow>(
    `select ${COLUMNS} from opportunity ${clause(REFUSED)} order by opened_at desc, id desc limit ${size + 1}`,
    values,
  );
  return { ...pageOf(rows, size, (row) => [row.openedAt, row.id]), total: total.rows[0].total };
}

export async function opportunityById(pool: Pool, id: string): Promise<OpportunityRow | null> {
  const { rows } = await pool.query<OpportunityRow>(`select ${COLUMNS} from opportunity where id = $1`, [id]);
  return rows[0] ?? null;
}

/** Episodes that opened, changed or closed after `afterSeq`, oldest change first. */
export async function changedOpportunities(
  pool: Pool,
  lane: number,
  afterSeq: number,
): Promise<readonly OpportunityRow[]> {
  const { rows } = await pool.query<OpportunityRow>(
    `select ${COLUMNS} from opportunity where lane = $1 and seq > $2 order by seq desc, id limit 200`,
    [lane, afterSeq],
  );
  return rows.reverse();
}

/** Episodes by verdict; those refused at least once are all among `denied`, accepted later or not. */
export async function opportunityCounts(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ verdict: string; count: number }>(
    `select verdict, sum(n)::bigint as count from opportunity_count where verdict <> 'denied' group by verdict having sum(n) > 0
     union all select 'denied', coalesce(sum(n), 0)::bigint from opportunity_count where refused`,
  );
  return new Map(rows.map(({ verdict, count }) => [verdict, count]));
}
