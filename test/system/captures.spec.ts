import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '#data';
import { temporaryFolder } from './demo.spec-support.js';

const ROOT = join(import.meta.dirname, '..', '..');
const samples = process.env['ARBINTEL_SAMPLES'] ?? '';

describe('captured frames of the real venues', () => {
  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it.skipIf(!samples)(
    'go through the whole system: sockets, books, tape, page, and a clean stop',
    () => {
      const out = join(folder, 'summary.json');
      const run = spawnSync(
        process.execPath,
        [
          ...['scripts/run.mjs', 'demo', '--captures', samples, '--exit-after', '12', '--json', out],
          ...['--data-dir', join(folder, 'data'), '--port', '0'],
        ],
        { cwd: ROOT, encoding: 'utf8', timeout: 280_000, env: { ...process.env, NODE_OPTIONS: '' } },
      );
      expect(run.stderr).toContain('stopped cleanly');
      expect(run.status).toBe(0);
      const summary = JSON.parse(readFileSync(out, 'utf8')) as RunSummary & { stoppedClean: boolean };
      expect(summary).toMatchObject({ lost: 0, stoppedClean: true, orders: 0, fills: 0 });
      expect(summary.frames['kalshi']).toBeGreaterThan(20);
      expect(summary.frames['polymarket']).toBeGreaterThan(10);
      expect(summary.events).toBeGreaterThan(30);
      expect(summary.tapeRows).toBeGreaterThan(summary.events);
    },
    300_000,
  );
});
