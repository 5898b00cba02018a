import type { Pool } from 'pg';
import type { Instant } from '#core';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor.js';

export interface AuditRow {
  readonly id: number;
  readonly at: Instant;
  readonly by: string;
  readonly action: string;
  readonly target: string;
  readonly detail: unknown;
}

/** Newest first. `text` is looked for in who, what and whereon. */
export async function auditPage(
  pool: Pool,
  filter: { readonly first: number; readonly after?: string | null; readonly text?: string | null },
): Promise<Page<AuditRow>> {
  const size = pageSize(filter.first);
  const values: unknown[] = [];
  const where = ['true'];
  if (filter.after) where.push(`id < $${values.push(decodeCursor(filter.after, 'n')[0])}`);
  const text = filter.text?.trim();
  if (text) {
    const at = values.push(text.toLowerCase());
    where.push(`position($${at} IN lower("by" || ' ' || action || ' ' || target)) > 0`);
  }
  const { rows } = await pool.query<AuditRow>(
    `SELECT id, at, "by", action, target, detail FROM audit WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${size + 1}`,
    values,
  );
  return pageOf(rows, size, ({ id }) => [id]);
}

export interface AuditCheck {
  /** Every line says what was hashed, and each holds the hash of the one before. */
  readonly whole: boolean;
  readonly lines: number;
  /** The first line that does not fit; `null` none. */
  readonly brokenAt: number | null;
  /** Hash of the newest line: written down elsewhere, it shows later that no line was cut off the end. */
  readonly head: string;
}

/** Computes the chain anew from its first line to its last. */
export async function checkAudit(pool: Pool): Promise<AuditCheck> {
  const { rows } = await pool.query<{ lines: number; broken: number | null; head: string | null }>(
    `SELECT count(*) AS lines, min(id) FILTER (WHERE broken) AS broken, encode((array_agg(hash ORDER BY id DESC))[1], 'hex') AS head
     FROM (SELECT id, hash,
         hash IS DISTINCT FROM audit_hash(previous, id, at, "by", action, target, detail)
           OR previous IS DISTINCT FROM lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY id)
           OR id <> row_number() OVER (ORDER BY id) AS broken
       FROM audit) line`,
  );
  const { lines, broken, head } = rows[0];
  return { whole: broken === null, lines, brokenAt: broken, head: head ?? '' };
}
