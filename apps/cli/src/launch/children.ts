import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { OutsideProblem } from '#core';
import { lowerPriority, type ReadyMessage } from '#host';
import type { Life } from './kept.js';

/** A process that is not ready yet has little to put away. */
const STOP_EARLY_MS = 5_000;

export interface ChildSpec {
  readonly name: string;
  /** Compiled entry below `dist`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readyWithinMs: number;
  /** Lower scheduling priority (jobs must not delay ticks). */
  readonly nice?: number;
}

export interface Child extends Life {
  readonly pid: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

export const logOf = (logFolder: string, name: string): string => join(logFolder, `${name}.log`);

/**
 * Starts one of our processes and waits until it says `ready`. The child has its own process group, so that Ctrl-C
 * reaches the launcher alone and the order of stopping is ours; its log goes to a file. When the launcher dies, the
 * closing channel tells the child.
 */
export async function startChild(
  root: string,
  logFolder: string,
  spec: ChildSpec,
  signal?: AbortSignal,
): Promise<Child> {
  const logFile = logOf(logFolder, spec.name);
  const log = createWriteStream(logFile, { flags: 'a' });
  // A full disk costs the log's lines, not the processes.
  log.on('error', () => undefined);
  const process_ = fork(join(root, 'dist', spec.entry), [...spec.args], {
    cwd: root,
    env: { ...process.env, ...spec.env },
    execArgv: ['--enable-source-maps'],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let tail = '';
  for (const stream of [process_.stdout!, process_.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2_000);
      log.write(chunk);
    });
  }
  const gone = new Promise<string>((resolve) => {
    process_.once('exit', (code, how) => {
      log.end();
      resolve(how ?? `code ${code}`);
    });
  });
  const stop = async (limitMs: number): Promise<boolean> => {
    if (process_.exitCode === null && process_.signalCode === null) {
      process_.kill('SIGTERM');
      const timer = setTimeout(() => process_.kill('SIGKILL'), limitMs);
      await gone;
      clearTimeout(timer);
    }
    return process_.exitCode === 0;
  };
  const unwanted = (): void => void stop(STOP_EARLY_MS);
  signal?.addEventListener('abort', unwanted, { once: true });
  let late: NodeJS.Timeout | undefined;
  const facts = await Promise.race([
    ready(process_),
    gone.then((how) => {
      throw new OutsideProblem(
        `${spec.name} ended before it was ready (${how}); its log is ${logFile}\n${lastLines(tail)}`,
        false,
      );
    }),
    new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        process_.kill('SIGKILL');
        reject(
          new OutsideProblem(
            `${spec.name} was not ready within ${spec.readyWithinMs / 1000} s; its log is ${logFile}`,
            true,
          ),
        );
      }, spec.readyWithinMs);
    }),
  ]).finally(() => {
    clearTimeout(late);
    signal?.removeEventListener('abort', unwanted);
  });
  if (spec.nice !== undefined) lowerPriority(spec.nice, process_.pid!);
  return { pid: process_.pid!, facts, gone, stop };
}

function ready(child: ChildProcess): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve) => {
    child.on('message', (message: ReadyMessage) => {
      if (message.kind === 'ready') resolve(message.facts);
    });
  });
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-6).join('\n');
