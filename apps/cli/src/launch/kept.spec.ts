import { spawn } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { Kept, type Life, type Patience } from './kept.js';

interface RealLife extends Life {
  readonly pid: number;
}

/** A real process that lives `ms`, or until it is told to end. */
function life(ms: number): Promise<RealLife> {
  const child = spawn(process.execPath, ['-e', `setTimeout(() => process.exit(3), ${ms})`], { stdio: 'ignore' });
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  return new Promise((resolve) => {
    child.once('spawn', () =>
      resolve({
        pid: child.pid!,
        gone,
        stop: async () => {
          child.kill('SIGTERM');
          return (await gone) === 'SIGTERM';
        },
      }),
    );
  });
}

const QUICK: Patience = { firstWaitMs: 10, mostWaitMs: 40, steadyMs: 60_000, mostFastDeaths: 4 };

async function keep(lives: () => Promise<RealLife>, patience: Partial<Patience> = {}) {
  const said: string[] = [];
  const kept = new Kept(await lives(), {
    name: 'child',
    log: 'child.log',
    again: lives,
    say: (line) => said.push(line),
    patience: { ...QUICK, ...patience },
  });
  return { kept, said };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a process that is kept going', () => {
  it('is started again after kill -9, and says so', async () => {
    const { kept, said } = await keep(() => life(60_000));
    const { pid } = kept.life!;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(kept.life?.pid ?? pid).not.toBe(pid), { timeout: 10_000 });
    expect(said).toEqual([
      'child ended by itself (SIGKILL); starting it again in 0.01 s (log: child.log)',
      expect.stringMatching(/^child runs again after \d+\.\d s$/),
    ]);
    const second = kept.life!.pid;
    expect(await kept.stop(1_000)).toBe(true);
    expect(isAlive(second)).toBe(false);
  }, 20_000);

  it('is given up after dying fast again and again, with longer waits between', async () => {
    const { kept, said } = await keep(() => life(0));
    expect(await kept.givenUp).toBe(
      'child ended by itself (code 3), 4 times in a row; everything is stopped. Its log is child.log',
    );
    expect(said.filter((line) => line.includes('again in')).map((line) => /in ([\d.]+) s/.exec(line)![1])).toEqual([
      '0.01',
      '0.02',
      '0.04',
    ]);
  }, 20_000);

  it('forgives what was long ago', async () => {
    let born = 0;
    const { kept, said } = await keep(() => (born++ < 8 ? life(30) : life(60_000)), { steadyMs: 20 });
    await vi.waitFor(() => expect(born).toBe(9), { timeout: 15_000 });
    expect(said.every((line) => !line.includes('0.02'))).toBe(true);
    expect(await kept.stop(1_000)).toBe(true);
  }, 20_000);

  it('counts a start that fails, and says why', async () => {
    let born = 0;
    const { kept, said } = await keep(() =>
      born++ === 0 ? life(0) : Promise.reject(new RangeError('the port is taken; its log is x')),
    );
    expect(await kept.givenUp).toContain('child did not start (the port is taken), 4 times in a row');
    expect(said[1]).toContain('child did not start (the port is taken); starting it again');
  }, 20_000);

  it('ends well when it is stopped between two lives, and ends the one about to begin', async () => {
    const { kept, said } = await keep(() => life(0), { firstWaitMs: 60_000, mostWaitMs: 60_000 });
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 10_000 });
    expect(kept.life).toBeNull();
    expect(await kept.stop(1_000)).toBe(true);

    let begun: (() => void) | null = null;
    let born = 0;
    let late: RealLife | null = null;
    const slow = await keep(async () => {
      if (born++ === 0) return life(0);
      await new Promise<void>((resolve) => (begun = resolve));
      return (late = await life(60_000));
    });
    await vi.waitFor(() => expect(begun).not.toBeNull(), { timeout: 10_000 });
    const stopped = slow.kept.stop(1_000);
    begun!();
    expect(await stopped).toBe(true);
    expect(isAlive(late!.pid)).toBe(false);
  }, 20_000);
});
