import { describe, expect, it } from 'vitest';
import type { BookEvent, MarketRef, TapeEvent, Unstamped } from '#core';
import { HeldEvents } from './held-events.js';

const book = (market: number, levels: number[], snapshot = false): Unstamped<BookEvent> => ({
  kind: 'book',
  market: market as MarketRef,
  snapshot,
  levels: Float64Array.from(levels),
  merged: 1,
  venueAt: null,
  connection: 1,
  venueSeq: null,
});
const other = (kind: 'trade' | 'continuity' | 'beat', market = 0): Unstamped<TapeEvent> =>
  ({ kind, market }) as unknown as Unstamped<TapeEvent>;
const kinds = (held: HeldEvents): string[] =>
  held
    .take(100)
    .map(({ event }) => (event?.kind === 'book' ? `book ${event.market} ×${event.merged}` : (event?.kind ?? 'row')));

describe('events held while storage is slow', () => {
  it('merges the book changes of one market at the place of the latest', () => {
    const held = new HeldEvents();
    held.push(book(1, [0, 400_000, 100, 1, 500_000, 50]), null);
    held.push(book(2, [0, 300_000, 10]), null);
    held.push(other('trade', 1), null);
    held.push(book(1, [0, 400_000, 0, 0, 390_000, 70]), null);
    expect(held.size).toBe(3);
    const events = held.take(10).map((one) => one.event);
    expect(events.map((event) => event?.kind)).toEqual(['book', 'trade', 'book']);
    const last = events[2] as Unstamped<BookEvent>;
    expect(last.merged).toBe(2);
    expect([...last.levels]).toEqual([1, 500_000, 50, 0, 400_000, 0, 0, 390_000, 70]);
    expect(held.merged).toBe(1);
  });

  it('keeps a whole book whole, without the levels removed since', () => {
    const held = new HeldEvents();
    held.push(book(1, [0, 400_000, 100, 0, 390_000, 5], true), null);
    held.push(book(1, [0, 400_000, 0, 0, 380_000, 7]), null);
    const [{ event }] = held.take(1);
    expect((event as Unstamped<BookEvent>).snapshot).toBe(true);
    expect([...(event as Unstamped<BookEvent>).levels]).toEqual([0, 390_000, 5, 0, 380_000, 7]);
  });

  it('never merges trades, and nothing past a change of the market’s trust', () => {
    const held = new HeldEvents();
    held.push(book(1, [0, 1, 1]), null);
    held.push(other('trade', 1), null);
    held.push(other('trade', 1), null);
    held.push(other('continuity', 1), null);
    held.push(book(1, [0, 2, 2]), null);
    held.push(other('beat'), null);
    held.push(book(1, [0, 3, 3]), null);
    expect(kinds(held)).toEqual(['book 1 ×1', 'trade', 'trade', 'continuity', 'beat', 'book 1 ×2']);
  });

  it('goes on merging after some were taken', () => {
    const held = new HeldEvents();
    for (let n = 0; n < 3000; n++) held.push(book(n % 3, [0, (n % 7) + 1, n]), null);
    held.push(null, 'row-1');
    expect(held.size).toBe(4);
    expect(held.take(2).length).toBe(2);
    held.push(book(2, [0, 9, 9]), null);
    const rest = held.take(10);
    expect(rest.map((one) => one.inbox)).toEqual(['row-1', null]);
    expect((rest[1].event as Unstamped<BookEvent>).merged).toBe(1001);
    expect(held.size).toBe(0);
  });
});
