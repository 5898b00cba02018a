import type { Pool } from 'pg';
import { UserProblem, type Instant } from '#core';
import { decodeCursor, pageOf, pageSize, type Page } from '../queries/cursor.js';
import type { Delivery, DeliveryKey, DeliveryState } from './notice.types.js';

export const DELIVERY_COLUMNS = `d.rule, d.lane, d.seq::float8 AS seq, d.ordinal, d.at::float8 AS at, d.kind, d.workflow, d.sentence, d.state, d.attempts,
  d.spent, d.due_at::float8 AS "dueAt", d.tried_at::float8 AS "triedAt", d.answer, d.made_at::float8 AS "madeAt"`;

export interface DeliveryFilter {
  readonly rule?: string | null;
  readonly state?: DeliveryState | null;
  readonly first: number;
  readonly after?: string | null;
}

/** Newest first. */
export async function deliveryPage(pool: Pool, filter: DeliveryFilter): Promise<Page<Delivery>> {
  const size = pageSize(filter.first);
  const where = ['true'];
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (filter.rule) where.push(`d.rule::text = ${bind(filter.rule)}`);
  if (filter.state) where.push(`d.state = ${bind(filter.state)}`);
  if (filter.after) {
    const [madeAt, seq, ordinal, rule, lane] = decodeCursor(filter.after, 'nnnsn');
    where.push(
      `(d.made_at, d.seq, d.ordinal, d.rule::text, d.lane) < (${bind(madeAt)}, ${bind(seq)}, ${bind(ordinal)}, ${bind(rule)}, ${bind(lane)})`,
    );
  }
  const { rows } = await pool.query<Delivery>(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery d WHERE ${where.join(' AND ')}
     ORDER BY d.made_at DESC, d.seq DESC, d.ordinal DESC, d.rule::text DESC, d.lane DESC LIMIT ${size + 1}`,
    values,
  );
  return pageOf(rows, size, (row) => [row.madeAt, row.seq, row.ordinal, row.rule, row.lane]);
}

/**
 * Has a delivery tried again from the start, at once, whatever became of it.
 *
 * @throws UserProblem when there is none of that key.
 */
export async function sendDeliveryAgain(
  pool: Pool,
  { rule, lane, seq, ordinal }: DeliveryKey,
  now: Instant,
): Promise<void> {
  const { rowCount } = await pool.query(
    `UPDATE delivery SET state = 'waiting', spent = spent + attempts, attempts = 0, due_at = $5
     WHERE rule = $1 AND lane = $2 AND seq = $3 AND ordinal = $4`,
    [rule, lane, seq, ordinal, now],
  );
  if (rowCount === 0) throw new UserProblem('There is no such delivery any more.');
}
