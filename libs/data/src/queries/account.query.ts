import type { AccountLook, SessionLook } from '#engine';
import type { Pool } from 'pg';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

export async function accountLooks(pool: Pool): Promise<readonly AccountLook[]> {
  const { rows } = await pool.query<{ state: AccountLook }>('select state from account_state order by id');
  return rows.map(({ state }) => state);
}

export async function accountLook(
  pool: Pool,
  id: string,
): Promise<{ readonly lane: number; readonly look: AccountLook } | null> {
  const { rows } = await pool.query<{ lane: number; state: AccountLook }>(
    'select lane, state from account_state where id = $1',
    [id],
  );
  return rows[0] ? { lane: rows[0].lane, look: rows[0].state } : null;
}

/** The newest session of every workflow: what the workflow is now. */
export async function sessionLooks(
  pool: Pool,
  workflow?: string,
): Promise<readonly { readonly lane: number; readonly seq: number; readonly look: SessionLook }[]> {
  const { rows } = await pool.query<{ lane: number; seq: number; state: SessionLook }>(
    `select distinct on (workflow) lane, seq, state from session_state where $1::text is null or workflow = $1
     order by workflow, (state->'workflow'->>'version')::int desc, seq desc`,
    [workflow ?? null],
  );
  return rows.map(({ lane, seq, state }) => ({ lane, seq, look: state }));
}

/** Every session there was, the newest start first. */
export async function sessionPage(pool: Pool, first: number, after: string | null): Promise<Page<SessionLook>> {
  const size = pageSize(first);
  const values: unknown[] = [];
  let where = '';
  if (after !== null) {
    values.push(...decodeCursor(after, 'ns'));
    where = 'where (at < $1 or (at = $1 and id > $2))';
  }
  const { rows } = await pool.query<{ look: SessionLook; at: number; id: string }>(
    `select look, at, id from (select id, (state->>'startedAt')::bigint as at, state as look from session_state) as session
     ${where} order by at desc, id limit ${size + 1}`,
    values,
  );
  const page = pageOf(rows, size, ({ at, id }) => [at, id]);
  return { ...page, items: page.items.map(({ look }) => look) };
}

export interface EquityRow {
  readonly at: number;
  readonly equity: number;
}

/** Last equity of each of about `points` equal spans since `from`, oldest first. */
export async function equitySeries(
  pool: Pool,
  account: string,
  from: number | null,
  points: number,
): Promise<readonly EquityRow[]> {
  const { rows } = await pool.query<EquityRow>(
    `with span as (select coalesce($2::bigint, min(at)) as low, max(at) as high from equity where account = $1),
          step as (select low, high, greatest(1, ceil((high - low + 1)::numeric / $3::int))::bigint as size from span)
     select distinct on ((e.at - step.low) / step.size) e.at, e.equity
     from equity e, step where e.account = $1 and e.at >= step.low and e.at <= step.high
     order by (e.at - step.low) / step.size, e.at desc`,
    [account, from, Math.min(5000, Math.max(2, points))],
  );
  return rows;
}
