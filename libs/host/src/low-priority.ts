import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Gives a process of ours this niceness (0…19), all its threads: on Linux a priority belongs to a thread, and Node's for
 * compiling and garbage collection are there before any line of ours. Later ones take after the one that starts them. What
 * cannot be had is left: the process works all the same.
 */
export function lowerPriority(nice: number, pid = process.pid): void {
  for (const id of [pid, ...threadsOf(pid)])
    try {
      setPriority(id, nice);
    } catch {
      // It ended meanwhile, or the system does not let us.
    }
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}
