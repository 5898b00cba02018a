import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideProblem } from '#core';
import type { Binaries } from './binaries.js';
import { processFacts } from './process-facts.js';
import { asUser, type ServerUser } from './server-user.js';

/** So long a server that is already on its way out may take, ms. */
const ENDS_WITHIN_MS = 10_000;

/** The pid in `postmaster.pid`, and whether that server says it accepts connections. */
export function postmaster(cluster: string): { readonly pid: number; readonly ready: boolean } | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Deals with what a killed start left behind: a PostgreSQL that outlived its parent is stopped in good order, a
 * `postmaster.pid` of a dead one is removed. Call it only under the start lock: a sibling's server looks the same.
 */
export async function clearLeftover(
  cluster: string,
  binaries: Binaries,
  user: ServerUser | null,
  log: (line: string) => void,
): Promise<void> {
  const found = postmaster(cluster);
  if (found === null) return;
  if (!isServerOf(found.pid, cluster)) {
    log('removed the stale postmaster.pid of a PostgreSQL that no longer runs');
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  log(`a PostgreSQL of a killed start still runs on this data (process ${found.pid}); stopping it`);
  for (const mode of ['fast', 'immediate']) {
    const stop = spawnSync(binaries.pgCtl, ['-D', cluster, '-m', mode, '-w', '-t', '30', 'stop'], {
      ...asUser(user),
      cwd: cluster,
      encoding: 'utf8',
    });
    // One that ends by itself takes its pid file away first: pg_ctl fails at once then, while the process still runs.
    if (stop.status === 0 || (await hasEnded(found.pid, cluster))) {
      rmSync(join(cluster, 'postmaster.pid'), { force: true });
      return;
    }
  }
  throw new OutsideProblem(
    `PostgreSQL process ${found.pid} still runs on ${cluster} and does not stop; end it by hand (kill ${found.pid}) and start again`,
    true,
  );
}

async function hasEnded(pid: number, cluster: string): Promise<boolean> {
  const until = Date.now() + ENDS_WITHIN_MS;
  while (isServerOf(pid, cluster)) {
    if (Date.now() > until) return false;
    await sleep(50);
  }
  return true;
}

/** PostgreSQL makes its data folder its working directory; that tells it from whoever has the pid now. */
function isServerOf(pid: number, cluster: string): boolean {
  const facts = processFacts(pid);
  if (facts === null) return false;
  if (facts.exe === null && facts.cwd === null) return true;
  const exe = facts.exe?.replace(/ \(deleted\)$/, '') ?? '';
  return /(^|\/)postgres(\.exe)?$/.test(exe) && (facts.cwd === null || facts.cwd === realpathSync(cluster));
}
