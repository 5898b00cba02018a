import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..', '..');

export interface RunningDemo {
  readonly process: ChildProcess;
  readonly url: string;
  readonly setupUrl: string | null;
  /** All lines printed so far. */
  said(): string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** As root the database's own user must pass through it, or its files go to a place outside that nobody clears. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-demo-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Starts the real `npm run demo` (its script, less npm) in a data folder of its own and waits for its address. */
export const startDemo = (dataDir: string, more: readonly string[] = []): Promise<RunningDemo> =>
  startServer('demo', dataDir, more);

/** The same for `npm start`; `env` is added to the environment. */
export function startServer(
  command: 'demo' | 'start',
  dataDir: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningDemo> {
  const child = spawn(
    process.execPath,
    [join(root, 'scripts', 'run.mjs'), command, '--data-dir', dataDir, '--port', '0', ...more],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const line = /ArbIntel is at (\S+) — (?:first sign-in: (\S+))?/.exec(output);
      if (line && output.includes('\n', line.index)) {
        resolve({ process: child, url: line[1]!, setupUrl: line[2] ?? null, said: () => output, ended });
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`it ended with ${code} before it was ready:\n${output}`)));
  });
}

/** Stops it in order, and not in order when that takes too long. */
export async function endDemo(demo: RunningDemo | undefined): Promise<void> {
  if (!demo || demo.process.exitCode !== null || demo.process.signalCode !== null) return;
  demo.process.kill('SIGTERM');
  const late = setTimeout(() => demo.process.kill('SIGKILL'), 40_000);
  await demo.ended;
  clearTimeout(late);
}

/** The process that a launcher started with this as its last argument; Linux only. */
export function childOf(launcher: number, role: string): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // After the name in brackets come the state and the parent.
      const parent = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1];
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0').filter(Boolean);
      if (Number(parent) === launcher && args.at(-1) === role) return Number(entry);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`the launcher ${launcher} has no child ${role}`);
}
