import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTar, packFolder, unpackTar } from './archive.tar.js';

describe('an archive as one file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'arbintel-tar-'));
    mkdirSync(join(folder, 'tape'));
    writeFileSync(join(folder, 'tape', 'manifest.json'), '{"a": "€"}');
    writeFileSync(join(folder, 'tape', 'trade.csv'), Buffer.alloc(3_000_001, 'x'));
    writeFileSync(join(folder, 'tape', 'quote.parquet'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('comes back file by file, and other programs can read it', async () => {
    const path = join(folder, 'tape.tar');
    await packFolder(join(folder, 'tape'), path);
    expect(await isTar(path)).toBe(true);
    expect(execFileSync('tar', ['-tf', path], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      'tape/manifest.json',
      'tape/quote.parquet',
      'tape/trade.csv',
    ]);
    await unpackTar(path, join(folder, 'back'));
    expect(readdirSync(join(folder, 'back')).sort()).toEqual(['manifest.json', 'quote.parquet', 'trade.csv']);
    for (const name of readdirSync(join(folder, 'back')))
      expect(readFileSync(join(folder, 'back', name)).equals(readFileSync(join(folder, 'tape', name)))).toBe(true);
  });

  it('made by another program is read as well', async () => {
    const path = join(folder, 'theirs.tar');
    execFileSync('tar', ['-cf', path, '-C', folder, 'tape']);
    await unpackTar(path, join(folder, 'theirs'));
    expect(readdirSync(join(folder, 'theirs')).length).toBe(3);
  });

  it('is refused when it is cut off or holds something else, and leaves nothing', async () => {
    const path = join(folder, 'cut.tar');
    await packFolder(join(folder, 'tape'), path);
    truncateSync(path, 2_000_000);
    await expect(unpackTar(path, join(folder, 'cut'))).rejects.toThrow('cut off');
    mkdirSync(join(folder, 'evil'));
    writeFileSync(join(folder, 'evil', 'run.sh'), 'true');
    await packFolder(join(folder, 'evil'), path);
    await expect(unpackTar(path, join(folder, 'cut'))).rejects.toThrow('no file of an exported tape');
    expect(readdirSync(folder)).not.toContain('cut');
    expect(await isTar(join(folder, 'tape', 'trade.csv'))).toBe(false);
  });
});
