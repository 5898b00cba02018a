import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../data-source.js';
import { startEmbedded } from '../embedded/server.js';

export interface TemporaryDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL in a fresh directory for one spec file: `beforeAll(() => temporaryDatabase())`, `stop` in `afterAll`.
 * About a second with the schema, half of it without (`migrated: false`).
 */
export async function temporaryDatabase(options: { migrated?: boolean } = {}): Promise<TemporaryDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'arbintel-test-'));
  // mkdtemp closes the folder to all others; as root the server's user must pass through.
  chmodSync(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, mode: 'test', throwaway: true, log: () => undefined });
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
