import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrice } from './decimal.js';
import { ASK, BID, type BookSide } from './events.js';
import { OrderBook } from './order-book.js';
import { PRICE_ONE } from './units.js';

/** The obvious book: a map a side, sorted on reading. */
class NaiveBook {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const;

  set(side: BookSide, price: number, size: number): void {
    if (size > 0) this.sides[side].set(price, size);
    else this.sides[side].delete(price);
  }

  levels(side: BookSide): [number, number][] {
    return [...this.sides[side]].sort(([a], [b]) => (side === BID ? b - a : a - b));
  }
}

function levelsOf(book: OrderBook, side: BookSide): [number, number][] {
  return Array.from({ length: book.count(side) }, (_, level) => [book.price(side, level), book.size(side, level)]);
}

type Edit =
  | { kind: 'set'; side: BookSide; price: number; size: number }
  | { kind: 'add'; side: BookSide; price: number; size: number }
  | { kind: 'clear' };

const side = fc.constantFrom<BookSide>(BID, ASK);
const level = fc.integer({ min: 0, max: 120 }).map((tick) => tick * 8_000);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      side,
      price: level,
      size: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      side,
      price: level,
      size: fc.integer({ min: -3, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

describe('OrderBook', () => {
  it('keeps level 0 the best of each side', () => {
    const book = new OrderBook();
    book.set(BID, 440_000, 500);
    book.set(BID, 450_000, 100);
    book.set(ASK, 470_000, 300);
    book.set(ASK, 460_000, 200);
    expect(book.best(BID)).toBe(450_000);
    expect(book.bestSize(BID)).toBe(100);
    expect(book.best(ASK)).toBe(460_000);
    expect(levelsOf(book, ASK)).toEqual([
      [460_000, 200],
      [470_000, 300],
    ]);
    expect(book.sizeAt(BID, 440_000)).toBe(500);
    expect(book.sizeAt(BID, 430_000)).toBe(0);
  });

  it('answers -1 and 0 where a side is empty or a level is missing', () => {
    const book = new OrderBook();
    expect(book.best(BID)).toBe(-1);
    expect(book.bestSize(ASK)).toBe(0);
    expect(book.price(ASK, 3)).toBe(-1);
    expect(book.size(BID, -1)).toBe(0);
    expect(book.isCrossed()).toBe(false);
    expect(book.isLocked()).toBe(false);
  });

  it('tells a locked book from a crossed one', () => {
    const book = new OrderBook();
    book.set(BID, 450_000, 1);
    book.set(ASK, 450_000, 1);
    expect([book.isLocked(), book.isCrossed()]).toEqual([true, false]);
    book.set(BID, 460_000, 1);
    expect([book.isLocked(), book.isCrossed()]).toEqual([false, true]);
  });

  it('reports a level that would fall below zero and drops it', () => {
    const book = new OrderBook();
    book.set(BID, 450_000, 100);
    expect(book.add(BID, 450_000, -150)).toBe(-50);
    expect(book.count(BID)).toBe(0);
    expect(book.add(BID, 440_000, -1)).toBe(-1);
    expect(book.count(BID)).toBe(0);
  });

  it('replaces everything on a snapshot and only what is named otherwise', () => {
    const book = new OrderBook();
    book.apply(Float64Array.of(BID, 400_000, 10, ASK, 600_000, 10), true);
    book.apply(Float64Array.of(BID, 400_000, 0, BID, 410_000, 7), false);
    expect(levelsOf(book, BID)).toEqual([[410_000, 7]]);
    expect(levelsOf(book, ASK)).toEqual([[600_000, 10]]);
    book.apply(new Float64Array(0), true);
    expect(book.count(BID) + book.count(ASK)).toBe(0);
  });

  it('equals a naive book after any edits, and after a structured clone of its levels', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 400 }), (edits) => {
        const book = new OrderBook();
        const naive = new NaiveBook();
        const results: [number, number][] = [];
        for (const step of edits) {
          if (step.kind === 'clear') {
            book.clear();
            naive.sides.forEach((levels) => levels.clear());
          } else if (step.kind === 'set') {
            book.set(step.side, step.price, step.size);
            naive.set(step.side, step.price, step.size);
          } else {
            const want = (naive.sides[step.side].get(step.price) ?? 0) + step.size;
            results.push([book.add(step.side, step.price, step.size), want]);
            naive.set(step.side, step.price, want);
          }
        }
        expect(results.map(([got]) => got)).toEqual(results.map(([, want]) => want));
        const clone = OrderBook.fromLevels(structuredClone(book.toLevels()));
        for (const side of [BID, ASK] as const) {
          expect(levelsOf(book, side)).toEqual(naive.levels(side));
          expect(levelsOf(clone, side)).toEqual(naive.levels(side));
        }
      }),
    );
  });

  it('does not depend on the order in which a snapshot names its levels', () => {
    const distinct = fc.uniqueArray(fc.tuple(side, level, fc.integer({ min: 1, max: 9 })), {
      selector: ([s, p]) => `${s} ${p}`,
      maxLength: 200,
    });
    fc.assert(
      fc.property(distinct, (triples) => {
        const forwards = OrderBook.fromLevels(Float64Array.from(triples.flat()));
        const backwards = OrderBook.fromLevels(Float64Array.from(triples.toReversed().flat()));
        expect(forwards.toLevels()).toEqual(backwards.toLevels());
      }),
    );
  });

  const reference = process.env['ARBINTEL_REFERENCE'];
  it.skipIf(reference === undefined)(
    'mirrors into the NO book as the reference vectors do (needs ARBINTEL_REFERENCE)',
    () => {
      interface Case {
        id: string;
        input: { bid: number; ask: number; bidSize: number; askSize: number };
        expected: { noBid: number; noAsk: number; mid: number };
      }
      const { cases } = JSON.parse(readFileSync(join(reference ?? '', 'book.json'), 'utf8')) as { cases: Case[] };
      const tops = cases.filter(({ input }) => 'bid' in input);
      expect(tops.length).toBeGreaterThan(0);
      for (const { id, input, expected } of tops) {
        const book = new OrderBook();
        book.set(BID, parsePrice(String(input.bid)), input.bidSize * 100);
        book.set(ASK, parsePrice(String(input.ask)), input.askSize * 100);
        expect({ id, noBid: PRICE_ONE - book.best(ASK), noAsk: PRICE_ONE - book.best(BID) }).toEqual({
          id,
          noBid: parsePrice(String(expected.noBid)),
          noAsk: parsePrice(String(expected.noAsk)),
        });
        expect((book.best(BID) + book.best(ASK)) / 2 / PRICE_ONE).toBeCloseTo(expected.mid, 12);
      }
    },
  );
});
