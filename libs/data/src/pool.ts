import pg from 'pg';

const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** A pool whose bigints arrive as numbers: all of ours are moments, counters, sizes and money below 2^53. */
export function createPool(url: string, max = 8): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: 'arbintel',
    allowExitOnIdle: false,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // An idle connection that breaks (database restarted) is replaced at the next query; that one reports what is wrong.
  pool.on('error', () => undefined);
  return pool;
}
