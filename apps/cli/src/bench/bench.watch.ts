import { performance } from 'node:perf_hooks';
import { UserProblem } from '#core';

/** How far a long measurement is, for whoever waits for it, and whether they still do. */
export interface Watch {
  readonly say: (line: string) => void;
  /** Says at most every few seconds how many of `total` are done, at what pace, and what is left. */
  readonly progress: (what: string, total: number) => (done: number) => void;
  /** @throws UserProblem once it was asked to end: what was made is removed on the way out. */
  readonly going: () => void;
  readonly end: () => void;
}

const EVERY_MS = 5_000;
const count = (n: number): string => Math.round(n).toLocaleString('en-US');

/** Hears Ctrl-C until `end`; a second one ends the process at once. */
export function watch(): Watch {
  let asked = false;
  const ask = (): void => void (asked = true);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, ask);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const going = (): void => {
    if (asked) throw new UserProblem('It was ended before it was through; what it had made is removed.');
  };
  return {
    say,
    going,
    progress: (what, total) => {
      const began = performance.now();
      let saidAt = began;
      return (done) => {
        going();
        const now = performance.now();
        if (now - saidAt < EVERY_MS || done === 0) return;
        saidAt = now;
        const pace = done / (now - began);
        say(
          `  ${count(done)} of ${count(total)} ${what}, ${count(pace * 1_000)}/s, about ${count((total - done) / pace / 1_000)} s left`,
        );
      };
    },
    end: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, ask);
    },
  };
}
