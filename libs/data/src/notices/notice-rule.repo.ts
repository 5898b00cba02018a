import type { Pool, PoolClient } from 'pg';
import { UserProblem, type Instant } from '#core';
import type { NoticeRule } from './notice.types.js';

export const RULE_COLUMNS = `r.id, r.title, r.workflow, r.kinds, r.notifier, r.notifier_version AS "notifierVersion", r.config, r.active,
  r.since::float8 AS since, r.at::float8 AS at, r."by"`;

/** A rule with what has become of its deliveries. */
export interface NoticeRuleLook extends NoticeRule {
  readonly waiting: number;
  readonly delivered: number;
  readonly failed: number;
}

export async function noticeRules(pool: Pool): Promise<readonly NoticeRuleLook[]> {
  const { rows } = await pool.query<NoticeRuleLook>(
    `SELECT ${RULE_COLUMNS}, coalesce(d.waiting, 0) AS waiting, coalesce(d.delivered, 0) AS delivered, coalesce(d.failed, 0) AS failed
     FROM notice_rule r LEFT JOIN (
       SELECT rule, count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'delivered') AS delivered,
         count(*) FILTER (WHERE state = 'failed') AS failed
       FROM delivery GROUP BY rule) d ON d.rule = r.id
     ORDER BY r.title, r.id`,
  );
  return rows;
}

export async function activeRules(client: PoolClient): Promise<readonly NoticeRule[]> {
  const { rows } = await client.query<NoticeRule>(`SELECT ${RULE_COLUMNS} FROM notice_rule r WHERE r.active`);
  return rows;
}

/** `null` when there is none of that id. */
export async function noticeRule(pool: Pool, id: string): Promise<NoticeRule | null> {
  const { rows } = await pool.query<NoticeRule>(`SELECT ${RULE_COLUMNS} FROM notice_rule r WHERE r.id::text = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/**
 * Makes a rule, or changes the one of that id, and answers its id. What was committed while it was off stays untold: `since` moves
 * when it is switched on.
 *
 * @throws UserProblem when there is no rule of that id.
 */
export async function saveNoticeRule(
  pool: Pool,
  rule: Omit<NoticeRule, 'id' | 'since'> & { readonly id: string | null },
): Promise<string> {
  const values = [
    rule.title,
    rule.workflow,
    rule.kinds,
    rule.notifier,
    rule.notifierVersion,
    JSON.stringify(rule.config),
    rule.active,
    rule.at,
    rule.by,
  ];
  const { rows } =
    rule.id === null
      ? await pool.query<{ id: string }>(
          `INSERT INTO notice_rule (title, workflow, kinds, notifier, notifier_version, config, active, since, at, "by")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) RETURNING id`,
          values,
        )
      : await pool.query<{ id: string }>(
          `UPDATE notice_rule SET title = $1, workflow = $2, kinds = $3, notifier = $4, notifier_version = $5, config = $6,
             since = CASE WHEN $7 AND NOT active THEN $8 ELSE since END, active = $7, at = $8, "by" = $9
           WHERE id::text = $10 RETURNING id`,
          [...values, rule.id],
        );
  if (rows.length === 0) throw new UserProblem(`There is no notice rule ${rule.id}.`);
  return rows[0].id;
}

/** Its deliveries go with it. `false` when there was none. */
export async function removeNoticeRule(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM notice_rule WHERE id::text = $1', [id]);
  return (rowCount ?? 0) > 0;
}

/** A delivery that tells of nothing but itself. Answers its place: lane 0 is no lane. */
export async function makeTestDelivery(
  pool: Pool,
  rule: Pick<NoticeRule, 'id' | 'title' | 'workflow'>,
  now: Instant,
): Promise<{ readonly rule: string; readonly lane: 0; readonly seq: number; readonly ordinal: 0 }> {
  const { rows } = await pool.query<{ seq: number }>(
    `INSERT INTO delivery (rule, lane, seq, ordinal, at, kind, workflow, sentence, state, due_at, made_at)
     VALUES ($1, 0, nextval('notice_test'), 0, $2, 'test', $3, $4, 'waiting', $2, $2) RETURNING seq`,
    [rule.id, now, rule.workflow ?? '', `A test of “${rule.title}”; nothing happened`],
  );
  return { rule: rule.id, lane: 0, seq: rows[0].seq, ordinal: 0 };
}
