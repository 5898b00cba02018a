import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASK,
  BID,
  marketId,
  OrderBook,
  price,
  PRICE_ONE,
  size,
  venueId,
  type MarketInfo,
  type MarketRef,
  type TapeEvent,
  type Unstamped,
} from '#core';
import { Intake } from '#engine';
import { hostileFrames } from '#plugin-sdk/testing';
import { kalshiFrames, TICKER } from './kalshi/kalshi.world.spec-support.js';
import { kalshi } from './kalshi/kalshi.venue.js';
import { MARKET, NO, polymarketFrames, YES } from './polymarket/polymarket.world.spec-support.js';
import { polymarket } from './polymarket/polymarket.venue.js';

const K = venueId('kalshi');
const P = venueId('polymarket');

const info = (venue: string, native: string, venueData: Record<string, string> = {}): MarketInfo => ({
  id: marketId(venue, native),
  group: null,
  title: native,
  rules: '',
  category: '',
  status: 'open',
  grid: [{ start: price(0), end: PRICE_ONE, step: 10_000 }],
  minSize: size(1),
  sizeStep: size(1),
  fees: null,
  closesAt: null,
  paysAt: null,
  venueData,
});

/** An intake and the books that a reader of its events would have. */
function follow(hashEveryMs: number) {
  const books = new Map<MarketRef, OrderBook>();
  const trusted = new Set<MarketRef>();
  const intake = new Intake({
    wires: new Map([
      [K, kalshi.wire],
      [P, polymarket.wire],
    ]),
    hashEveryMs,
    emit: (event: Unstamped<TapeEvent>) => {
      if (event.kind === 'market' && !books.has(event.ref)) books.set(event.ref, new OrderBook());
      if (event.kind === 'book') books.get(event.market)?.apply(event.levels, event.snapshot);
      if (event.kind === 'continuity') trusted[event.trusted ? 'add' : 'delete'](event.market);
    },
  });
  return { intake, trusted, levels: (ref: MarketRef): number[] => [...(books.get(ref)?.toLevels() ?? [])] };
}

/** What happens to a frame on its way. */
const FATES = ['arrives', 'arrives', 'arrives', 'arrives', 'lost', 'twice', 'late', 'garbled', 'unreadable'] as const;
type Fate = (typeof FATES)[number];

/** Delivers frames as their fates say; a late one comes after its successor. */
function* deliver(frames: Iterable<{ readonly text: string; readonly fate: Fate }>): Generator<string> {
  let held: string | null = null;
  for (const { text, fate } of frames) {
    if (fate === 'late' && held === null) {
      held = text;
      continue;
    }
    if (fate === 'garbled') yield text.slice(0, text.length >> 1);
    // JSON in the right place, with a size that is none.
    else if (fate === 'unreadable') yield text.replace(/"(delta_fp|size)":"[^"]*"/, '"$1":"?"');
    else if (fate !== 'lost') yield text;
    if (fate === 'twice') yield text;
    if (held !== null) {
      yield held;
      held = null;
    }
  }
  if (held !== null) yield held;
}

const change = fc.record({
  market: fc.integer({ min: 0, max: 2 }),
  cents: fc.integer({ min: 1, max: 49 }),
  side: fc.constantFrom('yes' as const, 'no' as const),
  size: fc.integer({ min: 0, max: 5 }),
  fate: fc.constantFrom(...FATES),
});

/** A venue that numbers its frames, and remembers every book after each of them. */
class NumberedVenue {
  readonly frames: string[] = [];
  /** Book of each market after frame n (index n − 1). */
  readonly history: number[][][] = [];
  private readonly books = [new OrderBook(), new OrderBook(), new OrderBook()];

  constructor() {
    for (const market of [0, 1, 2]) this.whole(market);
  }

  whole(market: number): void {
    const half = (side: 0 | 1): [string, string][] => {
      const book = this.books[market];
      return Array.from({ length: book.count(side) }, (_, level) => [
        (side === BID ? book.price(side, level) : PRICE_ONE - book.price(side, level)).toString(),
        book.size(side, level).toString(),
      ]).map(([micros, hundredths]) => [(Number(micros) / 1e6).toFixed(4), (Number(hundredths) / 100).toFixed(2)]);
    };
    this.send('orderbook_snapshot', {
      market_ticker: `M${market}`,
      yes_dollars_fp: half(BID),
      no_dollars_fp: half(ASK),
    });
  }

  change({
    market,
    cents,
    side,
    size: contracts,
  }: {
    market: number;
    cents: number;
    side: 'yes' | 'no';
    size: number;
  }): void {
    const book = this.books[market];
    const at = side === 'yes' ? cents * 10_000 : PRICE_ONE - cents * 10_000;
    const yesSide = side === 'yes' ? BID : ASK;
    const delta = contracts * 100 - book.sizeAt(yesSide, at);
    book.set(yesSide, at, contracts * 100);
    this.send('orderbook_delta', {
      market_ticker: `M${market}`,
      price_dollars: (cents / 100).toFixed(4),
      delta_fp: (delta / 100).toFixed(2),
      side,
      ts_ms: 1_795_000_000_000 + this.frames.length,
    });
  }

  private send(type: string, msg: object): void {
    this.frames.push(JSON.stringify({ type, sid: 1, seq: this.frames.length + 1, msg }));
    this.history.push(this.books.map((book) => [...book.toLevels()]));
  }
}

describe('a numbered stream that is dropped, doubled, reordered and garbled', () => {
  it('never leaves a book trusted that is not the venue’s at that number', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 5, maxLength: 120 }), (changes) => {
        const venue = new NumberedVenue();
        const { intake, levels, trusted } = follow(1000);
        const refs = [0, 1, 2].map((market) => intake.market(info('kalshi', `M${market}`)));
        intake.open(1, K, refs);
        const wanted = new Set<MarketRef>();
        let newest = 0;
        let at = 1_795_000_000_000;
        const hear = (text: string): void => {
          const { refresh } = intake.frame(1, text, (at += 7));
          const seq = /"seq":(\d+)/.exec(text);
          if (seq && text.endsWith('}}')) newest = Math.max(newest, Number(seq[1]));
          for (const ref of refs) {
            if (!intake.state(ref).trusted) continue;
            expect(levels(ref)).toEqual(venue.history[newest - 1][ref]);
          }
          expect([...trusted].sort()).toEqual(refs.filter((ref) => intake.state(ref).trusted));
          for (const ref of refresh) wanted.add(ref);
        };
        const sent = function* (): Generator<{ text: string; fate: Fate }> {
          let next = 0;
          const fresh = function* (fate: Fate): Generator<{ text: string; fate: Fate }> {
            for (; next < venue.frames.length; next++) yield { text: venue.frames[next], fate };
          };
          for (const one of changes) {
            venue.change(one);
            yield* fresh(one.fate);
            // What is asked for again the venue sends, with the next number, and it may get lost like everything else.
            const again = [...wanted];
            wanted.clear();
            for (const ref of again) venue.whole(ref);
            yield* fresh(one.cents % 3 === 0 ? one.fate : 'arrives');
          }
          // The end of the trouble: everything comes whole again.
          for (const market of [0, 1, 2, 0, 1, 2]) venue.whole(market);
          yield* fresh('arrives');
        };
        for (const text of deliver(sent())) hear(text);
        for (const ref of refs) expect(intake.state(ref).trusted).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

/** The venue's hash, written again from its description: nothing of the plugin's. */
function venueHash(book: OrderBook, token: 0 | 1, timestamp: string): string {
  const half = (side: 0 | 1): object[] =>
    Array.from({ length: book.count(side) }, (_, level) => {
      const micros = token === 0 ? book.price(side, level) : PRICE_ONE - book.price(side, level);
      return { price: String(micros / 1e6), size: String(book.size(side, level) / 100) };
    }).reverse();
  const body = {
    market: MARKET,
    asset_id: token === 0 ? YES : NO,
    timestamp,
    hash: '',
    bids: half(token === 0 ? BID : ASK),
    asks: half(token === 0 ? ASK : BID),
    min_order_size: '5',
    tick_size: '0.01',
    neg_risk: true,
    last_trade_price: '0.5',
  };
  return createHash('sha1').update(JSON.stringify(body)).digest('hex');
}

class HashedVenue {
  readonly frames: { readonly text: string; readonly after: number[] }[] = [];
  private readonly book = new OrderBook();
  private at = 1_795_000_000_000;

  whole(): void {
    const timestamp = String((this.at += 10));
    const half = (side: 0 | 1): object[] =>
      Array.from({ length: this.book.count(side) }, (_, level) => ({
        price: String(this.book.price(side, level) / 1e6),
        size: String(this.book.size(side, level) / 100),
      })).reverse();
    this.send({
      event_type: 'book',
      market: MARKET,
      asset_id: YES,
      timestamp,
      hash: venueHash(this.book, 0, timestamp),
      tick_size: '0.01',
      last_trade_price: '0.5',
      bids: half(BID),
      asks: half(ASK),
    });
  }

  change({ cents, side, size: contracts }: { cents: number; side: 'yes' | 'no'; size: number }): void {
    const timestamp = String((this.at += 10));
    const micros = side === 'yes' ? cents * 10_000 : PRICE_ONE - cents * 10_000;
    this.book.set(side === 'yes' ? BID : ASK, micros, contracts * 100);
    const spelled = (value: number): string => String(value / 1e6);
    const yes = { asset_id: YES, price: spelled(micros), side: side === 'yes' ? 'BUY' : 'SELL' };
    const no = { asset_id: NO, price: spelled(PRICE_ONE - micros), side: side === 'yes' ? 'SELL' : 'BUY' };
    const rows = [
      { ...no, size: String(contracts), hash: venueHash(this.book, 1, timestamp) },
      { ...yes, size: String(contracts), hash: venueHash(this.book, 0, timestamp) },
    ];
    this.send({ event_type: 'price_change', market: MARKET, price_changes: rows, timestamp });
  }

  private send(frame: object): void {
    this.frames.push({ text: JSON.stringify(frame), after: [...this.book.toLevels()] });
  }
}

describe('a hashed stream that is dropped, doubled, reordered and garbled', () => {
  it('never leaves a book trusted that is not the venue’s after that frame', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 5, maxLength: 80 }), (changes) => {
        const venue = new HashedVenue();
        const { intake, levels } = follow(0);
        const venueData = { yesToken: YES, noToken: NO, negRisk: 'true', minSize: '5' };
        const ref = intake.market(info('polymarket', MARKET, venueData));
        intake.open(1, P, [ref]);
        venue.whole();
        for (const one of changes) venue.change(one);
        const fates = new Map(changes.map((one, i) => [i + 1, one.fate]));
        const after = new Map(venue.frames.map(({ text, after: book }) => [text, book]));
        let at = 1_795_000_000_000;
        const sent = venue.frames.map(({ text }, i) => ({ text, fate: fates.get(i) ?? 'arrives' }) as const);
        for (const text of deliver(sent)) {
          intake.frame(1, text, (at += 10));
          const book = after.get(text);
          if (book && intake.state(ref).trusted) expect(levels(ref)).toEqual(book);
        }
        venue.whole();
        intake.frame(1, venue.frames.at(-1)?.text ?? '', (at += 10));
        expect(intake.state(ref).trusted).toBe(true);
        expect(levels(ref)).toEqual(venue.frames.at(-1)?.after);
      }),
      { numRuns: 150 },
    );
  });
});

describe('hostile frames through intake', () => {
  it.each([
    { venue: K, name: 'Kalshi', native: TICKER, venueData: {} as Record<string, string>, frames: kalshiFrames },
    {
      venue: P,
      name: 'Polymarket',
      native: MARKET,
      venueData: { yesToken: YES, noToken: NO, negRisk: 'true', minSize: '5', tickSize: '0.01' },
      frames: polymarketFrames,
    },
  ])('of $name throw nothing, and what is told of them is sound', ({ venue, native, venueData, frames }) => {
    const told: Unstamped<TapeEvent>[] = [];
    const intake = new Intake({
      wires: new Map([
        [K, kalshi.wire],
        [P, polymarket.wire],
      ]),
      hashEveryMs: 0,
      emit: (event) => told.push(event),
    });
    const ref = intake.market(info(venue, native, venueData));
    intake.open(1, venue, [ref]);
    let at = 1_795_000_000_000;
    const good = frames.map((frame) => frame.text);
    for (const text of hostileFrames(good)) intake.frame(1, text, ++at);
    const [stats] = intake.stats().filter((one) => one.venue === venue);
    expect(stats.frames).toBeGreaterThan(3000);
    expect(stats.rejected).toBeGreaterThan(500);
    expect(stats.framesByType.size).toBeLessThan(110);
    for (const event of told) {
      if (event.kind !== 'book') continue;
      for (let i = 0; i < event.levels.length; i += 3) {
        expect(event.levels[i + 2]).toBeGreaterThanOrEqual(0);
        // Money of any level is an exact integer.
        expect(event.levels[i + 2] * PRICE_ONE).toBeLessThan(2 ** 53 * 100);
      }
    }
  });
});
