import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserProblem } from '#core';
import type { ArchiveManifest } from './archive.types.js';
import { columnAt, type ColumnBlock } from './columns.js';
import { ReplayFile, type ReplayTexts } from './replay.file.js';
import { ReplayWriter } from './replay.format.js';

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

  it('gives every text as it was, with letters of one byte or of more', async () => {
    for (const letter of ['a', 'ä', '🙂']) {
      const path = join(folder, `texts-${letter}`);
      const texts = [null, `${letter}1`, '', null, `${letter}${letter}`, 'plain', ''];
      const { columns } = block(1, texts.length);
      const writer = await ReplayWriter.open(path);
      await writer.write({ stream: 'trade', rows: texts.length, columns: columns.with(-2, texts) });
      await writer.finish(manifest);
      const file = await ReplayFile.open(path);
      try {
        for await (const read of file.blocks('trade')) {
          const taker = read.columns[columnAt('trade', 'taker')] as ReplayTexts;
          expect(texts.map((_, row) => taker.at(row))).toEqual(texts);
        }
      } finally {
        await file.close();
      }
    }
  });

  it('holds small numbers in few bytes', async () => {
    const path = join(folder, 'small');
    const writer = await ReplayWriter.open(path);
    await writer.write(block(1, 4_000));
    await writer.finish(manifest);
    // As plain doubles and integers it would be 74 a row, the texts left out.
    expect(statSync(path).size).toBeLessThan(4_000 * 32);
  });

  it('gives some columns in runs that never part the rows of one number, and reads on into the same arrays', async () => {
    const path = join(folder, 'runs');
    const writer = await ReplayWriter.open(path);
    const seqs = [1, 1, 1, 2, 3, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6];
    const rows = { ...block(1, seqs.length), columns: block(1, seqs.length).columns.with(0, seqs) };
    await writer.write(rows);
    await writer.write(block(7, 5));
    await writer.finish(manifest);
    const file = await ReplayFile.open(path);
    try {
      const runs: number[][] = [];
      const prices: number[] = [];
      const arrays = new Set<unknown>();
      for await (const { rows: count, columns } of file.numbers('trade', ['seq', 'at', 'market', 'price'], 2)) {
        runs.push([...columns[0].subarray(0, count)]);
        prices.push(...columns[3].subarray(0, count));
        expect(columns[1]).toBeInstanceOf(Float64Array);
        expect(columns[3]).toBeInstanceOf(Int32Array);
        arrays.add(columns[3]);
      }
      expect(runs).toEqual([[1, 1, 1], [2, 3, 3], [4, 5, 5, 5, 5, 5, 5, 5, 5], [6], [7, 8], [9, 10], [11]]);
      expect(prices).toEqual(Array(21).fill(410_000));
      // Made anew only where a run was longer than all before.
      expect(arrays.size).toBeLessThanOrEqual(3);
      await expect(file.numbers('trade', ['at'], 2).next()).rejects.toThrow('kept together by seq');
      for await (const none of file.numbers('pulse', ['seq'], 2)) expect(none).toBeUndefined();
      // Whoever leaves early leaves nothing behind that reads.
      for await (const run of file.numbers('trade', ['seq'], 2)) {
        expect(run.rows).toBe(3);
        break;
      }
    } finally {
      await file.close();
    }
  });

  it('of the first kind, without narrow columns, is read as well', async () => {
    const path = join(folder, 'first');
    const numbers = [Float64Array.of(1, 1, 2), Float64Array.of(50, 50, 60), Int32Array.of(0, 0, 0)];
    const kinds = [...numbers, Float64Array.of(7, NaN, NaN)].map(({ buffer }) => {
      const whole = Buffer.alloc(Math.ceil(buffer.byteLength / 8) * 8);
      whole.set(new Uint8Array(buffer));
      return whole;
    });
    const blocks = [
      { stream: 'pulse', rows: 3, at: 8, fromSeq: 1, toSeq: 2, columns: kinds.map(({ length }) => length) },
    ];
    const index = Buffer.from(JSON.stringify({ manifest, blocks }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(index.length);
    const magic = Buffer.from('ABTAPE01');
    writeFileSync(path, Buffer.concat([magic, ...kinds, index, length, magic]));
    const file = await ReplayFile.open(path);
    try {
      for await (const { columns } of file.blocks('pulse')) {
        expect(columns.slice(0, 3)).toEqual(numbers);
        expect(columns[3]).toEqual(Float64Array.of(7, NaN, NaN));
      }
      const runs: unknown[] = [];
      for await (const { rows, columns } of file.numbers('pulse', ['seq', 'at'], 1))
        runs.push(columns.map((column) => [...column.subarray(0, rows)]));
      expect(runs).toEqual([
        [
          [1, 1],
          [50, 50],
        ],
        [[2], [60]],
      ]);
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
