import type { Pool } from 'pg';
import { UserProblem, type Instant } from '#core';
import { inTransaction } from '../lend-client.js';
import type { Role } from '../entities/rows.entity.js';
import type { Person } from './people.repo.js';

/** A person as admins see them. */
export interface PersonRow extends Person {
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
  readonly lastSeenAt: Instant | null;
}

export interface InviteRow {
  /** Hash of the link's token: names the invite and opens nothing. */
  readonly id: string;
  readonly role: Role;
  readonly by: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

export interface ApiTokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly person: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastSeenAt: Instant | null;
}

const SEEN_EVERY_MS = 60_000;
/** One change of who may do what at a time, so that two admins never take the last admin's role together. */
const PEOPLE_LOCK = 814_220_311;

export async function peopleRows(pool: Pool): Promise<readonly PersonRow[]> {
  const { rows } = await pool.query<PersonRow>(
    `SELECT u.id, u.name, u.role, u.created_at AS "createdAt", u.disabled_at AS "disabledAt", max(s.last_seen_at) AS "lastSeenAt"
     FROM app_user u LEFT JOIN sign_in s ON s.user_id = u.id GROUP BY u.id ORDER BY u.disabled_at IS NOT NULL, lower(u.name)`,
  );
  return rows;
}

/** Links that still make an account. */
export async function openInvites(pool: Pool, now: Instant): Promise<readonly InviteRow[]> {
  const { rows } = await pool.query<InviteRow>(
    `SELECT token_hash AS id, role, invited_by AS "by", created_at AS "createdAt", expires_at AS "expiresAt" FROM setup_token
     WHERE invited_by IS NOT NULL AND used_at IS NULL AND expires_at > $1 ORDER BY created_at DESC`,
    [now],
  );
  return rows;
}

export async function makeInvite(pool: Pool, invite: InviteRow): Promise<void> {
  await pool.query(
    'INSERT INTO setup_token (token_hash, role, created_at, expires_at, invited_by) VALUES ($1, $2, $3, $4, $5)',
    [invite.id, invite.role, invite.createdAt, invite.expiresAt, invite.by],
  );
}

/** `false` when it was used or taken back already. */
export async function takeInviteBack(pool: Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'DELETE FROM setup_token WHERE token_hash = $1 AND invited_by IS NOT NULL AND used_at IS NULL',
    [id],
  );
  return (rowCount ?? 0) > 0;
}

/**
 * Gives a person another role, or takes their sign-ins away and gives them back; who is disabled is signed out everywhere and
 * their tokens open nothing. Answers the hashes of sign-ins that ended.
 *
 * @throws UserProblem for who is not there, and when no admin would be left who can sign in.
 */
export async function changePerson(
  pool: Pool,
  id: string,
  change: { readonly role: Role } | { readonly disabledAt: Instant | null },
): Promise<{ readonly person: Person; readonly ended: readonly string[] }> {
  return inTransaction(pool, 'the person could not be changed', async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PEOPLE_LOCK]);
    const { rows } = await client.query<Person>(
      'role' in change
        ? 'UPDATE app_user SET role = $2 WHERE id::text = $1 RETURNING id, name, role'
        : 'UPDATE app_user SET disabled_at = $2 WHERE id::text = $1 RETURNING id, name, role',
      [id, 'role' in change ? change.role : change.disabledAt],
    );
    if (rows.length === 0) throw new UserProblem(`There is no person ${id}.`);
    const { rows: left } = await client.query(
      `SELECT 1 FROM app_user WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL LIMIT 1`,
    );
    if (left.length === 0) throw new UserProblem('One admin must stay: without any nobody could manage this server.');
    const off = 'disabledAt' in change && change.disabledAt !== null;
    const ended = off
      ? await client.query<{ hash: string }>(
          'DELETE FROM sign_in WHERE user_id::text = $1 RETURNING token_hash AS hash',
          [id],
        )
      : { rows: [] };
    return { person: rows[0], ended: ended.rows.map(({ hash }) => hash) };
  });
}

/** Tokens that still open something: of one person, or of all. */
export async function apiTokens(pool: Pool, person: string | null, now: Instant): Promise<readonly ApiTokenRow[]> {
  const { rows } = await pool.query<ApiTokenRow>(
    `SELECT t.id, t.name, t.role, u.name AS person, t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.last_seen_at AS "lastSeenAt"
     FROM api_token t JOIN app_user u ON u.id = t.user_id
     WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND ($1::text IS NULL OR t.user_id::text = $1)
     ORDER BY t.created_at DESC`,
    [person, now],
  );
  return rows;
}

export async function makeApiToken(
  pool: Pool,
  token: {
    readonly tokenHash: string;
    readonly person: string;
    readonly name: string;
    readonly role: Role;
    readonly createdAt: Instant;
    readonly expiresAt: Instant | null;
  },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO api_token (token_hash, user_id, name, role, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [token.tokenHash, token.person, token.name, token.role, token.createdAt, token.expiresAt],
  );
  return rows[0].id;
}

/** Of one person, or anybody's. Answers its name, `null` when there was none. */
export async function revokeApiToken(
  pool: Pool,
  id: string,
  person: string | null,
  now: Instant,
): Promise<string | null> {
  const { rows } = await pool.query<{ name: string }>(
    `UPDATE api_token SET revoked_at = $3 WHERE id::text = $1 AND ($2::text IS NULL OR user_id::text = $2) AND revoked_at IS NULL
     RETURNING name`,
    [id, person, now],
  );
  return rows[0]?.name ?? null;
}

/** Whom a token stands for, with its own role or the person's, whichever is less. `null`: it opens nothing. */
export async function tokenHolder(pool: Pool, tokenHash: string, now: Instant): Promise<Person | null> {
  const { rows } = await pool.query<Person & { seen: number | null }>(
    `SELECT u.id, u.name || ' (token ' || t.name || ')' AS name, t.last_seen_at AS seen,
       CASE WHEN 'viewer' IN (t.role, u.role) THEN 'viewer' WHEN 'operator' IN (t.role, u.role) THEN 'operator' ELSE 'admin' END AS role
     FROM api_token t JOIN app_user u ON u.id = t.user_id AND u.disabled_at IS NULL
     WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)`,
    [tokenHash, now],
  );
  const found = rows[0];
  if (!found) return null;
  if ((found.seen ?? 0) < now - SEEN_EVERY_MS)
    await pool.query('UPDATE api_token SET last_seen_at = $2 WHERE token_hash = $1', [tokenHash, now]);
  const { id, name, role } = found;
  return { id, name, role, via: 'token' };
}
