import type pg from 'pg';

/** The column store's present form came with 2.18; what is older is treated as absent. */
const OLDEST: readonly [major: number, minor: number] = [2, 18];

export type TimescaleSupport =
  | { readonly usable: true; readonly version: string; readonly created: boolean }
  /** `why`: one sentence for the Storage page. */
  | { readonly usable: false; readonly why: string };

/**
 * Whether this database can hold hypertables with a column store: TimescaleDB loaded, new enough, and under the licence
 * that has the column store and continuous aggregates (the Apache build lacks both).
 */
export async function timescaleSupport(client: pg.ClientBase): Promise<TimescaleSupport> {
  const found = await client.query<{
    installed: string | null;
    available: string | null;
    licence: string | null;
    loader: string | null;
  }>(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS installed,
            (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb') AS available,
            current_setting('timescaledb.license', true) AS licence,
            current_setting('timescaledb.max_background_workers', true) AS loader`,
  );
  const { installed, available, licence, loader } = found.rows[0];
  const version = installed ?? available;
  if (version === null) return { usable: false, why: 'TimescaleDB is not installed on this server' };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return { usable: false, why: `TimescaleDB ${version} is older than ${OLDEST.join('.')}` };
  // The loader's setting exists when it came with the server; without it, creating the extension would end the session.
  if (loader === null) return { usable: false, why: 'TimescaleDB is installed but not in shared_preload_libraries' };
  if (licence !== null && licence !== 'timescale')
    return { usable: false, why: `TimescaleDB runs under the licence "${licence}", which has no column store` };
  return { usable: true, version, created: installed !== null };
}
