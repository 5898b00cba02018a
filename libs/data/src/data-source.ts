import pg from 'pg';
import { DataSource, type Logger } from 'typeorm';
import { UserProblem } from '#core';
import { migrations } from '../../../migrations/index.js';
import { entities } from './entities/rows.entity.js';
import { storageLayout } from './layout/storage-layout.js';

/** Libraries do not log: what goes wrong is thrown. */
const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

/** For rows. The caller initialises and destroys it. Never synchronises: the schema is what the migrations made. */
export function dataSource(url: string, maxConnections = 4): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'arbintel-rows',
    entities,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    logger: silent,
    poolErrorHandler: () => undefined,
    extra: { max: maxConnections },
  });
}

/** Advisory lock round migrations: of several processes that boot at once, one migrates and the others wait. */
const MIGRATION_LOCK = 814_220_300;

/** Brings the database to this build's schema and storage layout. Idempotent; safe from several processes at once. */
export const migrate = (url: string): Promise<void> =>
  alone(url, async (source) => {
    await source.runMigrations();
    await storageLayout(url);
  });

/** Every migration of this build and whether the database has had it, oldest first. */
export async function migrationState(
  url: string,
): Promise<readonly { readonly name: string; readonly ran: boolean }[]> {
  const source = await dataSource(url, 1).initialize();
  try {
    const [{ there }] = await source.query<{ there: boolean }[]>(
      `SELECT to_regclass('migration') IS NOT NULL AS there`,
    );
    const ran = there ? await source.query<{ name: string }[]>('SELECT name FROM migration') : [];
    return migrations.map(({ name }) => ({ name, ran: ran.some((row) => row.name === name) }));
  } finally {
    await source.destroy();
  }
}

/** Takes the newest migration back and returns its name. The first one stays: without it there is no database to speak of. */
export async function revertMigration(url: string): Promise<string> {
  const newest = (await migrationState(url)).findLast(({ ran }) => ran)?.name;
  if (newest === undefined || newest === migrations[0].name)
    throw new UserProblem('there is no migration to revert; to begin anew remove the data directory');
  await alone(url, (source) => source.undoLastMigration());
  return newest;
}

/** Runs `work` while no other process migrates the same database. */
async function alone(url: string, work: (source: DataSource) => Promise<void>): Promise<void> {
  const guard = new pg.Client({ connectionString: url, application_name: 'arbintel-migrate' });
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = dataSource(url, 1);
    await source.initialize();
    try {
      await work(source);
    } finally {
      await source.destroy();
    }
  } finally {
    // Ends the session and with it the lock.
    await guard.end().catch(() => undefined);
  }
}
