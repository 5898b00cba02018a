import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { transferFolder } from '#host';
import { pruneTransfers } from './housekeeping.job.js';

it('removes exports and uploads that are old, and only those', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-house-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await pruneTransfers(folder, Date.now())).toBe(0);
  const transfers = transferFolder(folder);
  mkdirSync(join(transfers, 'half.upload.d'), { recursive: true });
  for (const name of ['old.tar', 'new.replay', 'half.upload.d/trade.csv']) writeFileSync(join(transfers, name), 'x');
  const longAgo = new Date(Date.now() - 8 * 86_400_000);
  for (const name of ['old.tar', 'half.upload.d']) utimesSync(join(transfers, name), longAgo, longAgo);
  expect(await pruneTransfers(folder, Date.now() - 7 * 86_400_000)).toBe(2);
  expect(readdirSync(transfers)).toEqual(['new.replay']);
});
