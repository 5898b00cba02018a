import type { Pool } from 'pg';
import type { Instant } from '#core';

/** A secret as it may be shown: that there is one. */
export interface StoredSecret {
  readonly name: string;
  readonly at: Instant;
  readonly by: string;
}

export async function storedSecrets(pool: Pool): Promise<readonly StoredSecret[]> {
  const { rows } = await pool.query<StoredSecret>('SELECT name, at, "by" FROM stored_secret ORDER BY name');
  return rows;
}

/** As it was sealed; `null` when nobody stored one of that name. */
export async function sealedSecret(pool: Pool, name: string): Promise<Buffer | null> {
  const { rows } = await pool.query<{ sealed: Buffer }>('SELECT sealed FROM stored_secret WHERE name = $1', [name]);
  return rows[0]?.sealed ?? null;
}

export async function storeSecret(pool: Pool, secret: StoredSecret & { readonly sealed: Buffer }): Promise<void> {
  await pool.query(
    `INSERT INTO stored_secret (name, sealed, at, "by") VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, at = excluded.at, "by" = excluded."by"`,
    [secret.name, secret.sealed, secret.at, secret.by],
  );
}

/** `false` when there was none. */
export async function removeSecret(pool: Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM stored_secret WHERE name = $1', [name]);
  return (rowCount ?? 0) > 0;
}
