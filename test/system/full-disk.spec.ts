import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type OpenBrowser } from './browser.spec-support.js';
import { SMALL_DISKS, smallDisk, type SmallDisk } from '../../libs/data/src/testing/small-disk.js';
import { endDemo, startDemo, type RunningDemo } from './demo.spec-support.js';

const DISK_MB = 400;

describe.skipIf(!SMALL_DISKS)('a disk that is full', () => {
  let disk: SmallDisk;
  let demo: RunningDemo;
  let browser: OpenBrowser;

  beforeAll(async () => {
    disk = smallDisk(DISK_MB)!;
    demo = await startDemo(join(disk.folder, 'data'));
    browser = await openBrowser();
    await browser.setUp(demo.setupUrl!);
  }, 300_000);

  afterAll(async () => {
    disk?.empty();
    await browser?.close();
    await endDemo(demo);
    disk?.remove();
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
    disk.fill();
    await banner.waitFor({ timeout: 150_000 });
    // Long enough for the database to find no room for its log, end, and find none to start again.
    await sleep(12_000);
    disk.empty();
    await banner.waitFor({ state: 'hidden', timeout: 150_000 });
    await expect
      .poll(lane, { timeout: 60_000, interval: 500 })
      .toMatchObject({ recording: true, state: 'running', headSeq: expect.toSatisfy((seq: number) => seq > before) });
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    const proof = spawnSync(process.execPath, ['scripts/run.mjs', 'proof', '--data-dir', join(disk.folder, 'data')], {
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
