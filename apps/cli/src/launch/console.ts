import type { Launched } from './launcher.js';

export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * Hears Ctrl-C and SIGTERM from now on. Called before anything is started: a signal that comes while the processes
 * start must still stop them in order, not kill the launcher above them.
 */
export function hearEnd(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(null));
  });
}

/** Waits for the person's end, the given time, or a process that was given up (returns its sentence). */
export function waitForEnd(
  launched: Launched,
  asked: Promise<null>,
  exitAfterS: number | null,
): Promise<string | null> {
  const ends: Promise<string | null>[] = [asked, launched.lost];
  if (exitAfterS !== null)
    ends.push(new Promise((resolve) => setTimeout(() => resolve(null), exitAfterS * 1_000).unref()));
  return Promise.race(ends);
}

export function announce(launched: Launched): void {
  const signIn = launched.setupUrl ? `first sign-in: ${launched.setupUrl}` : 'sign in with the account you made';
  process.stdout.write(`ArbIntel is at ${launched.url} — ${signIn}\n`);
}
