import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import type { ArchiveManifest } from './archive.types.js';
import { columnAt, type ColumnBlock } from './columns.js';
import { ReplayFile, ReplayWriter, type ReplayTexts } from './replay.format.js';

describe('a replay file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'arbintel-replay-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const block = (from: number, rows: number): ColumnBlock => ({
    stream: 'trade',
    rows,
    columns: [
      Array.from({ length: rows }, (_, i) => from + i),
      Array.from({ length: rows }, (_, i) => 1_795_000_000_000 + i),
      Array.from({ length: rows }, () => Number.MAX_SAFE_INTEGER),
      Array.from({ length: rows }, (_, i) => (i % 2 ? null : 7)),
      Array.from({ length: rows }, () => null),
      Array.from({ length: rows }, () => 0),
      Array.from({ length: rows }, () => 3),
      Array.from({ length: rows }, () => 410_000),
      Array.from({ length: rows }, () => 1),
      Array.from({ length: rows }, (_, i) => (i % 3 ? '' : null)),
      Array.from({ length: rows }, (_, i) => `€${from + i}`),
    ],
  });
  const manifest = { kind: 'arbintel-tape', version: 1, fromSeq: 1, toSeq: 30 } as ArchiveManifest;

  async function written(name: string): Promise<string> {
    const path = join(folder, name);
    const writer = await ReplayWriter.open(path);
    for (const from of [1, 11, 21]) await writer.write(block(from, 10));
    await writer.finish(manifest);
    return path;
  }

  it('gives typed arrays of the blocks a span touches, exact to the last integer, NULL and empty text apart', async () => {
    const file = await ReplayFile.open(await written('whole'));
    try {
      expect(file.manifest).toEqual(manifest);
      const found = [];
      for await (const each of file.blocks('trade', 12, 25)) found.push(each);
      expect(found.map(({ columns }) => (columns[columnAt('trade', 'seq')] as Float64Array)[0])).toEqual([11, 21]);
      const [{ columns }] = found;
      expect(columns[columnAt('trade', 'price')]).toEqual(new Int32Array(10).fill(410_000));
      expect(columns[columnAt('trade', 'size')]).toEqual(new Float64Array(10).fill(Number.MAX_SAFE_INTEGER));
      expect([...(columns[columnAt('trade', 'venue_at')] as Float64Array)].slice(0, 2)).toEqual([7, NaN]);
      const taker = columns[columnAt('trade', 'taker')] as ReplayTexts;
      expect([0, 1, 2].map((row) => taker.at(row))).toEqual([null, '', '']);
      expect((columns[columnAt('trade', 'trade_id')] as ReplayTexts).at(9)).toBe('€20');
      for await (const none of file.blocks('pulse')) expect(none).toBeUndefined();
    } finally {
      await file.close();
    }
  });

  it('that was cut off is refused, wherever it was cut', async () => {
    const path = await written('cut');
    for (const size of [2_000, 40, 9, 0]) {
      truncateSync(path, size);
      await expect(ReplayFile.open(path)).rejects.toThrow(UserProblem);
    }
  });
});
