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
}

const COLUMNS = `id, workflow, phase, verdict, direction, link, group_id as "group", markets, opened_at as "openedAt", closed_at as "closedAt",
  updated_at as "updatedAt", best_gross as "bestGross", best_net as "bestNet", size, waterfall, signal_id as "signalId", reason`;

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
  const clause = (): string => (where.length ? `where ${where.join(' and ')}` : '');
  if (filter.verdict) where.push(`verdict = ${bind(filter.verdict)}`);
  if (filter.workflow) where.push(`workflow = ${bind(filter.workflow)}`);
  const total = await pool.query<{ total: number }>(`select count(*) as total from opportunity ${clause()}`, [
    ...values,
  ]);
  if (filter.after) {
    const [openedAt, id] = decodeCursor(filter.after, 'ns');
    where.push(`(opened_at, id) < (${bind(openedAt)}, ${bind(id)})`);
  }
  const { rows } = await pool.query<OpportunityRow>(
    `select ${COLUMNS} from opportunity ${clause()} order by opened_at desc, id desc limit ${size + 1}`,
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

export async function opportunityCounts(pool: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ verdict: string; count: number }>(
    'select verdict, count(*) as count from opportunity group by verdict',
  );
  return new Map(rows.map(({ verdict, count }) => [verdict, count]));
}
