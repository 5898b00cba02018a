import pg from 'pg';
import { DataSource, type Logger } from 'typeorm';
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
export async function migrate(url: string): Promise<void> {
  const guard = new pg.Client({ connectionString: url, application_name: 'arbintel-migrate' });
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = dataSource(url, 1);
    await source.initialize();
    try {
      await source.runMigrations();
    } finally {
      await source.destroy();
    }
    await storageLayout(url);
  } finally {
    // Ends the session and with it the lock.
    await guard.end().catch(() => undefined);
  }
}
