import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderBook, UserProblem, type MarketRef, type TapeEvent } from '#core';
import {
  bookAt,
  createPool,
  importFrames,
  readFrames,
  readSpan,
  STORE_KINDS,
  type Pool,
  type TemporaryDatabase,
} from '#data';
import { kalshi, polymarket } from '#plugins';

const sample = join(process.env['ARBINTEL_SAMPLES'] ?? '', 'kalshi', 'ws_orderbook_stream_part1.jsonl');
const unwrapped = join(process.env['ARBINTEL_SAMPLES'] ?? '', 'polymarket', 'clob_ws_market_stream.jsonl');
const AT = Date.now() - 60_000;
const line = (at: number, frame: unknown): string => JSON.stringify({ received_ms: at, frame });
const snapshot = {
  type: 'orderbook_snapshot',
  sid: 1,
  seq: 1,
  msg: { market_ticker: 'T', yes_dollars_fp: [['0.4000', '5.00']], no_dollars_fp: [['0.5800', '7.00']] },
};
const delta = (seq: number, size: string) => ({
  type: 'orderbook_delta',
  sid: 1,
  seq,
  msg: { market_ticker: 'T', price_dollars: '0.4000', delta_fp: size, side: 'yes', ts_ms: AT },
});
const CAPTURE = [
  line(AT, snapshot),
  line(AT + 10, delta(2, '1.00')),
  line(AT + 20, 'what is this'),
  line(AT + 30, delta(3, '2.00')),
].join('\n');

it('captures are read whole: one that is too large is refused before, and one that is not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arbintel-frames-'));
  try {
    const path = join(folder, 'frames.jsonl');
    writeFileSync(path, CAPTURE);
    expect(await readFrames(path)).toBe(CAPTURE);
    truncateSync(path, 200 << 20);
    await expect(readFrames(path)).rejects.toThrow('the capture has 200 MB; import it in pieces of at most 128');
    await expect(readFrames(join(folder, 'none'))).rejects.toThrow(UserProblem);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`captured frames as a tape ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: Pool;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
    }, 60_000);
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    it('become the events a lane would have recorded, once, and the refused lines are named', async () => {
      const first = await importFrames(pool, kalshi, CAPTURE, undefined, Date.now());
      expect(first.refused.map(({ line: at }) => at)).toEqual([3]);
      expect(first.written).toBe(first.events.length);
      const read = [];
      for await (const block of readSpan(pool, { lane: first.lane, fromSeq: 1, toSeq: first.events.length }))
        read.push(...block);
      // A reader's levels are typed, those of a frame of one level are not.
      const plain = (event: TapeEvent) => (event.kind === 'book' ? { ...event, levels: [...event.levels] } : event);
      expect(read.map(plain)).toEqual(first.events.map(plain));
      const book = await bookAt(pool, first.lane, 0 as MarketRef, { at: AT + 10 });
      expect(book.book.toLevels()).toEqual(
        OrderBook.fromLevels(Float64Array.of(0, 400_000, 600, 1, 420_000, 700)).toLevels(),
      );
      const second = await importFrames(pool, kalshi, CAPTURE, undefined, Date.now());
      expect(second).toMatchObject({ lane: first.lane, written: 0 });
      const other = await importFrames(
        pool,
        kalshi,
        `${CAPTURE}\n${line(AT + 40, delta(4, '1.00'))}`,
        undefined,
        Date.now(),
      );
      expect(other.lane).toBe(first.lane + 1);
    });

    it('are refused when nobody can know when they came', async () => {
      await expect(importFrames(pool, kalshi, JSON.stringify(snapshot), 7, Date.now())).rejects.toThrow(UserProblem);
    });

    it.skipIf(!existsSync(unwrapped))(
      'were received when the venue sent them where nothing else says so (needs ARBINTEL_SAMPLES)',
      async () => {
        const done = await importFrames(pool, polymarket, readFileSync(unwrapped, 'utf8'), undefined, Date.now());
        expect(done.refused).toEqual([]);
        expect(done.written).toBeGreaterThan(50);
        expect(done.events[0].at).toBe(1_790_491_135_942);
      },
    );

    it.skipIf(!existsSync(sample))('of a real capture give a whole tape (needs ARBINTEL_SAMPLES)', async () => {
      const done = await importFrames(pool, kalshi, readFileSync(sample, 'utf8'), undefined, Date.now());
      expect(done.written).toBeGreaterThan(100);
      let events = 0;
      for await (const block of readSpan(pool, { lane: done.lane, fromSeq: 1, toSeq: done.written }))
        events += block.length;
      expect(events).toBe(done.written);
    });
  });
}
