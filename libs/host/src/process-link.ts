/**
 * How a child process talks to the launcher: one `ready` message when it serves, and an orderly end on SIGTERM,
 * SIGINT or when the launcher is gone (its channel closes even after `kill -9`).
 */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export function reportReady(name: string, facts: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ kind: 'ready', name, facts } satisfies ReadyMessage);
}

/** Calls `stop` once, then exits 0; exits 1 when `stop` fails or takes longer than `limitMs`. */
export function onStop(stop: (why: string) => Promise<void>, limitMs = 10_000): void {
  let stopping = false;
  const end = (why: string): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), limitMs).unref();
    stop(why).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${JSON.stringify({ level: 'error', message: 'stop failed', error: String(error) })}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  if (process.send) process.once('disconnect', () => end('launcher gone'));
}
