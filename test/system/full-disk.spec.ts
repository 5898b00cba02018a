import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type OpenBrowser } from './browser.spec-support.js';
import { endDemo, startDemo, temporaryFolder, type RunningDemo } from './demo.spec-support.js';

const DISK_MB = 400;

/** Mounts a small disk of its own at `folder`; `false` where this machine or user does not allow it. */
const mountDisk = (folder: string): boolean =>
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0711`, 'tmpfs', folder]).status === 0;
const unmount = (folder: string): void => {
  spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
};

const mountable = ((): boolean => {
  const folder = temporaryFolder();
  const mounted = mountDisk(folder);
  unmount(folder);
  return mounted;
})();

/** Fills what is left of the disk. */
function fill(file: string): void {
  const to = openSync(file, 'w');
  const block = Buffer.alloc(1 << 20);
  try {
    for (let size = block.length; size >= 512;) {
      try {
        writeSync(to, block, 0, size);
      } catch {
        size >>= 1;
      }
    }
  } finally {
    closeSync(to);
  }
}

describe.skipIf(!mountable)('a disk that is full', () => {
  const disk = temporaryFolder();
  const ballast = join(disk, 'ballast');
  let demo: RunningDemo;
  let browser: OpenBrowser;

  beforeAll(async () => {
    mountDisk(disk);
    demo = await startDemo(join(disk, 'data'));
    browser = await openBrowser();
    await browser.setUp(demo.setupUrl!);
  }, 300_000);

  afterAll(async () => {
    rmSync(ballast, { force: true });
    await browser?.close();
    await endDemo(demo);
    unmount(disk);
  }, 90_000);

  const lane = async (): Promise<{ headSeq: number; recording: boolean; state: string }> =>
    (
      await browser.ask<{ health: { lanes: { headSeq: number; recording: boolean; state: string }[] } }>(
        '{ health { lanes { headSeq recording state } } }',
      )
    ).health.lanes[0]!;

  it('pauses recording with a red banner, and recording goes on by itself when there is room', async () => {
    const banner = browser.page.getByText(/is not recording/).first();
    await expect.poll(lane, { timeout: 90_000 }).toMatchObject({ recording: true, state: 'running' });
    const before = (await lane()).headSeq;
    fill(ballast);
    await banner.waitFor({ timeout: 150_000 });
    // Long enough for the database to find no room for its log, end, and find none to start again.
    await sleep(12_000);
    rmSync(ballast);
    await banner.waitFor({ state: 'hidden', timeout: 150_000 });
    await expect
      .poll(lane, { timeout: 60_000, interval: 500 })
      .toMatchObject({ recording: true, state: 'running', headSeq: expect.toSatisfy((seq: number) => seq > before) });
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    const proof = spawnSync(process.execPath, ['scripts/run.mjs', 'proof', '--data-dir', join(disk, 'data')], {
      cwd: join(import.meta.dirname, '..', '..'),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect([proof.status, proof.stdout]).toEqual([
      0,
      expect.stringMatching(/lane 1: \d+ events replayed from its begin/),
    ]);
  }, 600_000);
});
