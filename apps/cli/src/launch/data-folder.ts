import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { UserProblem } from '#core';

export type DataMode = 'demo' | 'captures' | 'live';

/**
 * Opens a data folder for one mode and one launcher at a time. A folder made by another mode is refused: simulated and
 * real ticks never share a tape. Returns the function that gives the folder back.
 */
export function openDataFolder(folder: string, mode: DataMode): () => void {
  mkdirSync(folder, { recursive: true });
  const marker = join(folder, 'mode');
  if (existsSync(marker)) {
    const found = readFileSync(marker, 'utf8').trim();
    if (found !== mode) {
      throw new UserProblem(
        `${folder} holds ${found} data and this is a ${mode} run; name another folder with --data-dir, or remove that one`,
      );
    }
  } else writeFileSync(marker, `${mode}\n`);

  const lock = join(folder, 'launcher.pid');
  if (existsSync(lock)) {
    const pid = Number(readFileSync(lock, 'utf8').trim());
    if (isLauncher(pid)) {
      throw new UserProblem(
        `ArbIntel already runs on ${folder} (process ${pid}); stop it with Ctrl-C or \`kill ${pid}\`, or name another folder with --data-dir`,
      );
    }
  }
  writeFileSync(lock, `${process.pid}\n`);
  return () => rmSync(lock, { force: true });
}

/** Whose data an existing folder holds. Throws `UserProblem` for a folder no launcher has made. */
export function modeOf(folder: string): DataMode {
  const marker = join(folder, 'mode');
  const found = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : '';
  if (found === 'demo' || found === 'captures' || found === 'live') return found;
  throw new UserProblem(`${folder} is no data folder of ArbIntel; name one with --data-dir`);
}

/** Whether a live process with this pid can be a launcher: a reused number of something else does not count on Linux. */
function isLauncher(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('run.mjs');
  } catch {
    return true;
  }
}

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

/** The port to serve on. A port the person named must be free; the default moves on to the next free one. */
export async function choosePort(host: string, wanted: number, named: boolean): Promise<number> {
  if (wanted === 0 || (await isFree(host, wanted))) return wanted;
  if (named)
    throw new UserProblem(`port ${wanted} on ${host} is in use; name a free one with --port, or --port 0 for any`);
  for (let port = wanted + 1; port < wanted + 50; port += 1) if (await isFree(host, port)) return port;
  return 0;
}
