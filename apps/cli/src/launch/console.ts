import type { Launched } from './launcher.js';

export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Waits for Ctrl-C, SIGTERM, the given time, or a child that ended by itself (returns its sentence). */
export function waitForEnd(launched: Launched, exitAfterS: number | null): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (): void => resolve(null);
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    process.once('SIGHUP', end);
    if (exitAfterS !== null) setTimeout(end, exitAfterS * 1_000);
    launched.lost.then(resolve, () => resolve(null));
  });
}

export function announce(launched: Launched): void {
  const signIn = launched.setupUrl ? `first sign-in: ${launched.setupUrl}` : 'sign in with the account you made';
  process.stdout.write(`ArbIntel is at ${launched.url} — ${signIn}\n`);
}
