import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../data-source.js';
import { startEmbedded } from '../embedded/server.js';

export interface TemporaryDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL in a fresh directory for one spec file: `beforeAll(() => temporaryDatabase())`, `stop` in `afterAll`.
 * About a second with the schema, half of it without (`migrated: false`). What it commits survives nothing but the
 * process, unless `durable`: then it waits for the disk as a real one does.
 */
export async function temporaryDatabase(
  options: { migrated?: boolean; durable?: boolean } = {},
): Promise<TemporaryDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'arbintel-test-'));
  // mkdtemp closes the folder to all others; as root the server's user must pass through.
  chmodSync(dataDir, 0o711);
  const server = await startEmbedded({
    dataDir,
    mode: 'test',
    throwaway: options.durable !== true,
    log: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    if (options.migrated !== false) await migrate(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, stop };
}

/** A server with TimescaleDB for tests and benchmarks, as a superuser: `postgres://…/postgres`. */
export const TIMESCALE_URL = process.env.ARBINTEL_TIMESCALE_URL ?? '';

/** A database of its own on the server that `ARBINTEL_TIMESCALE_URL` names, laid out as hypertables; dropped by `stop`. */
export async function temporaryTimescale(): Promise<TemporaryDatabase> {
  const name = `arbintel_test_${process.pid}_${Date.now().toString(36)}_${made++}`;
  const server = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: TIMESCALE_URL });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await server(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(TIMESCALE_URL);
  url.pathname = `/${name}`;
  const stop = (): Promise<void> => server(`DROP DATABASE ${name} WITH (FORCE)`);
  try {
    await migrate(url.href);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url.href, stop };
}

let made = 0;

/** The two databases that every store spec runs against: `describe.skipIf(missing)('…', …)`. */
export const STORE_KINDS = [
  { layout: 'plain', title: 'on plain PostgreSQL', missing: false, open: () => temporaryDatabase() },
  {
    layout: 'timescale',
    title: 'on TimescaleDB (needs ARBINTEL_TIMESCALE_URL)',
    missing: TIMESCALE_URL === '',
    open: temporaryTimescale,
  },
] as const;
