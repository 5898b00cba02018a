import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarketRef, TapeEvent } from '#core';
import { rollUpCandles } from '../layout/storage-layout.js';
import { createPool } from '../pool.js';
import { batchOf } from '../testing/batches.js';
import { STORE_KINDS, type TemporaryDatabase } from '../testing/temporary-database.js';
import { candleStep, quoteCandles, tradeCandles } from './candles.query.js';
import { createTapeStore } from './tape.store.js';

interface Line {
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  readonly trusted: boolean;
}

const MARKET = 3 as MarketRef;
const HOUR = 3_600_000;

describe('the step of candles', () => {
  it('never gives more candles than pixels, and never less than half of what could be shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
        fc.integer({ min: 60_000, max: 400 * 24 * HOUR }),
        fc.integer({ min: 2, max: 3_000 }),
        (from, length, pixels) => {
          const to = from + length;
          const { stepMs } = candleStep(from, to, pixels);
          const count = Math.floor(to / stepMs) - Math.floor(from / stepMs) + 1;
          expect(count).toBeLessThanOrEqual(pixels);
          if (stepMs > 2_000) expect(count * 3).toBeGreaterThanOrEqual(Math.min(pixels, 3));
        },
      ),
    );
  });

  it('is an hour or a few for a year', () => {
    expect(candleStep(0, 365 * 24 * HOUR - 1, 1_000)).toEqual({ resolution: 'h', stepMs: 9 * HOUR });
  });
});

for (const kind of STORE_KINDS) {
  describe.skipIf(kind.missing)(`candles ${kind.title}`, () => {
    let database: TemporaryDatabase;
    let pool: pg.Pool;
    beforeAll(async () => {
      database = await kind.open();
      pool = createPool(database.url);
    });
    afterAll(async () => {
      await pool?.end();
      await database?.stop();
    });

    const start = Math.floor((Date.now() - 30 * HOUR) / HOUR) * HOUR;
    let random = 11;
    const chance = (below: number): number => (random = (random * 48_271) % 2_147_483_647) % below;

    async function record(lane: number, lines: readonly Line[], epochs: Map<number, number>): Promise<void> {
      const store = createTapeStore(pool);
      const { epoch, headSeq } = await store.takeOver(lane, 'spec');
      epochs.set(lane, epoch);
      const events = lines.map(({ at }, i): TapeEvent => {
        const seq = headSeq + i + 1;
        const source = { venueAt: null, connection: 1, venueSeq: null };
        return i % 3 === 0
          ? {
              kind: 'trade',
              lane,
              seq,
              at,
              market: MARKET,
              ...source,
              tradeId: `t${seq}`,
              price: (100_000 + (i % 50) * 1_000) as never,
              size: (100 + i) as never,
              taker: i % 2 === 0 ? 'buy' : 'sell',
            }
          : { kind: 'beat', lane, seq, at };
      });
      const quotes = lines.map((line, i) => ({
        seq: headSeq + i + 1,
        quote: { market: MARKET, bidSize: 1, askSize: 1, ...line },
      }));
      await store.append(batchOf(events, { epoch, quotes: quotes as never }));
    }

    /** What the candles must say, from the lines themselves. */
    function expected(lines: readonly Line[], stepMs: number) {
      const byStep = new Map<number, Line[]>();
      for (const line of lines) {
        const at = Math.floor(line.at / stepMs) * stepMs;
        byStep.set(at, [...(byStep.get(at) ?? []), line]);
      }
      const shape = (values: number[]) => ({
        open: values[0] ?? null,
        high: values.length > 0 ? Math.max(...values) : null,
        low: values.length > 0 ? Math.min(...values) : null,
        close: values.at(-1) ?? null,
      });
      return [...byStep].map(([at, of]) => {
        const trusted = of.filter((line) => line.trusted);
        const both = trusted.filter((line) => line.bid >= 0 && line.ask >= 0);
        return {
          at,
          bid: shape(trusted.filter((line) => line.bid >= 0).map((line) => line.bid)),
          ask: shape(trusted.filter((line) => line.ask >= 0).map((line) => line.ask)),
          mid: shape(both.map((line) => Math.floor((line.bid + line.ask) / 2))),
          spread: shape(both.map((line) => line.ask - line.bid)),
          meanSpread: both.length === 0 ? null : both.reduce((sum, line) => sum + line.ask - line.bid, 0) / both.length,
          quotes: of.length,
          untrusted: of.length - trusted.length,
        };
      });
    }

    it('say what the quotes said, at every resolution, rolled up or not yet, and again after more quotes', async () => {
      const lane = 5;
      const epochs = new Map<number, number>();
      const lines: Line[] = [];
      const more = (count: number, from: number, pace: number): Line[] =>
        Array.from({ length: count }, (_, i) => {
          const bid = chance(9) === 0 ? -1 : 10_000 * (1 + chance(90));
          return {
            at: from + i * pace,
            bid,
            ask: chance(9) === 0 ? -1 : bid + 1_000 * chance(30),
            trusted: chance(10) > 0,
          };
        });
      const first = more(4_000, start, 17_333);
      await record(lane, first, epochs);
      lines.push(...first);
      const whole = { from: start, to: start + 32 * HOUR };
      const look = async (): Promise<void> => {
        for (const pixels of [3, 40, 900, 10_000]) {
          const { stepMs, candles } = await quoteCandles(pool, { lane, market: MARKET, ...whole, pixels });
          expect(candles).toEqual(expected(lines, stepMs));
          expect(candles.length).toBeLessThanOrEqual(pixels);
        }
      };
      await look();
      await rollUpCandles(pool, Date.now(), whole);
      await look();
      // What is heard after the roll-up is seen at once.
      const second = more(800, Date.now() - 8_000, 10);
      await record(lane, second, epochs);
      lines.push(...second);
      await look();
      await rollUpCandles(pool, Date.now() + 40 * HOUR);
      await rollUpCandles(pool, Date.now() + 40 * HOUR);
      await look();
      expect((await quoteCandles(pool, { lane: 6, market: MARKET, ...whole, pixels: 10 })).candles).toEqual([]);
    });

    it('count volume, takers and the mean price of trades', async () => {
      const lane = 7;
      const lines = Array.from({ length: 9 }, (_, i) => ({ at: start + i * 1_000, bid: 1, ask: 2, trusted: true }));
      await record(lane, lines, new Map());
      await rollUpCandles(pool, Date.now(), { from: start, to: start + HOUR });
      const { candles } = await tradeCandles(pool, {
        lane,
        market: MARKET,
        from: start,
        to: start + HOUR - 1,
        pixels: 1,
      });
      expect(candles).toEqual([
        {
          at: start,
          price: { open: 100_000, high: 106_000, low: 100_000, close: 106_000 },
          volume: 100 + 103 + 106,
          bought: 100 + 106,
          meanPrice: expect.closeTo((100 * 100_000 + 103 * 103_000 + 106 * 106_000) / 309, 6) as number,
          trades: 3,
        },
      ]);
    });
  });
}
