import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { OutsideProblem } from '#core';
import { processFacts } from './process-facts.js';

interface Holder {
  readonly pid: number;
  readonly started: string;
}

/**
 * One server per data directory: a file that names its holder, held as long as the server runs. Without it a second
 * start could not tell a sibling's living PostgreSQL from the orphan of a killed one. A holder that no longer runs
 * (`kill -9`, power cut, pid given to somebody else) does not count.
 *
 * @returns the release function. Throws `OutsideProblem` while a living process holds it.
 */
export function takeStartLock(path: string): () => void {
  const own = JSON.stringify({ pid: process.pid, started: processFacts(process.pid)?.started ?? '' } satisfies Holder);
  for (let attempt = 0; attempt < 20; attempt++) {
    if (writeWhole(path, own)) {
      return () => {
        if (read(path) === own) rmSync(path, { force: true });
      };
    }
    const text = read(path);
    if (text === null) continue;
    const holder = parse(text);
    if (holder !== null && processFacts(holder.pid)?.started === holder.started) {
      throw new OutsideProblem(
        `another ArbIntel (process ${holder.pid}) is running on this data directory; stop it first (lock: ${path})`,
        false,
      );
    }
    setAside(path, text);
  }
  throw new OutsideProblem(`the lock ${path} keeps changing hands; start again in a moment`, true);
}

/** The lock appears with its content or not at all: a reader never sees a half-written one. */
function writeWhole(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a stale lock, but puts it back when it turns out that somebody renewed it in between. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    if (read(aside) !== stale) linkSync(aside, path);
  } catch {
    // Somebody took the lock meanwhile; theirs stands.
  } finally {
    rmSync(aside, { force: true });
  }
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

function parse(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.started === 'string'
      ? { pid: value.pid, started: value.started }
      : null;
  } catch {
    return null;
  }
}
