import { join, resolve } from 'node:path';
import { startEmbedded } from '#data';
import { modeOf, openDataFolder } from './data-folder.js';
import { root } from './launcher.js';

/**
 * Lends the database of a data folder that nobody else uses now, or that of `DATABASE_URL` when no folder is named.
 *
 * @throws UserProblem when the folder is none of ours or a server runs on it.
 */
export async function withStoredDatabase<T>(
  folder: string | undefined,
  work: (url: string) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  if (folder === undefined && env['DATABASE_URL']) return work(env['DATABASE_URL']);
  const dataDir = resolve(root, folder ?? env['ARBINTEL_DATA_DIR'] ?? '.data/live');
  const mode = modeOf(dataDir);
  const release = openDataFolder(dataDir, mode);
  try {
    const server = await startEmbedded({ dataDir: join(dataDir, 'postgres'), mode, log: () => undefined });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    release();
  }
}
