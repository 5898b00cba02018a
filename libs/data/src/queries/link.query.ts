import type { Link } from '#core';
import type { Pool } from 'pg';

export async function allLinks(pool: Pool): Promise<readonly Link[]> {
  const { rows } = await pool.query<{ body: Link }>('select body from link_state order by id');
  return rows.map(({ body }) => body);
}

export async function linkById(pool: Pool, id: string): Promise<Link | null> {
  const { rows } = await pool.query<{ body: Link }>('select body from link_state where id = $1', [id]);
  return rows[0]?.body ?? null;
}

/** Links that touch the given markets, by market. */
export async function linksByMarket(
  pool: Pool,
  markets: readonly string[],
): Promise<ReadonlyMap<string, readonly Link[]>> {
  const { rows } = await pool.query<{ body: Link }>(
    `select body from link_state where body->>'a' = any($1) or body->>'b' = any($1) order by id`,
    [markets],
  );
  const found = new Map<string, Link[]>(markets.map((market) => [market, []]));
  for (const { body } of rows) for (const end of new Set<string>([body.a, body.b])) found.get(end)?.push(body);
  return found;
}

/** Ids of every market that a link joins, rejected links apart. */
export async function linkedMarkets(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ a: string; b: string }>(
    `select body->>'a' as a, body->>'b' as b from link_state where body->>'state' <> 'rejected'`,
  );
  return new Set(rows.flatMap(({ a, b }) => [a, b]));
}

export interface QuestionRow {
  readonly id: string;
  readonly venue: string;
  readonly title: string;
}

/** Questions whose answer is still open: what a link may join. Soonest to close first. */
export async function openQuestions(pool: Pool): Promise<readonly QuestionRow[]> {
  const { rows } = await pool.query<QuestionRow>(
    `select id, venue, title from market_state where status in ('unopened', 'open', 'paused')
     order by (info->>'closesAt')::bigint nulls last, id`,
  );
  return rows;
}
