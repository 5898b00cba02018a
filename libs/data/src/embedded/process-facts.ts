import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** What the operating system says of a process. `null` fields could not be learnt on this platform. */
export interface ProcessFacts {
  /** Differs between two processes that had the same pid. Linux: clock ticks since boot; elsewhere the `ps` start time. */
  readonly started: string;
  readonly exe: string | null;
  readonly cwd: string | null;
}

const link = (path: string): string | null => {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
};

/** `null` when no such process runs. A zombie does not run: it only waits for its parent to look. */
export function processFacts(pid: number): ProcessFacts | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return linuxFacts(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  if (process.platform === 'win32') return { started: '', exe: null, cwd: null };
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=,comm=', '-p', String(pid)], { encoding: 'utf8' });
  const match = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(ps.stdout ?? '');
  if (!match || match[1]?.startsWith('Z')) return null;
  return { started: match[2] ?? '', exe: match[3]?.trim() ?? null, cwd: null };
}

function linuxFacts(pid: number): ProcessFacts | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the command in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { started: fields[19] ?? '', exe: link(`/proc/${pid}/exe`), cwd: link(`/proc/${pid}/cwd`) };
}
