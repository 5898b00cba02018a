import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lowerPriority } from './low-priority.js';

/** Niceness of every thread: after the name in brackets come the state and, seventeenth, that. */
const nicenessOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[16]),
  );

it.skipIf(process.platform !== 'linux')('lowers the priority of every thread of a process (needs /proc)', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => undefined, 1_000)']);
  try {
    await once(child.stdout, 'data');
    lowerPriority(19, child.pid);
    const niceness = nicenessOf(child.pid!);
    expect(niceness.length).toBeGreaterThan(1);
    expect(new Set(niceness)).toEqual(new Set([19]));
  } finally {
    child.kill('SIGKILL');
  }
});
