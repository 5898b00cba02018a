import { conditionOf, PAIRS, tickerOf, tokenOf } from './bench.market.js';

export const VENUES = ['kalshi', 'polymarket'] as const;
export type BenchVenue = (typeof VENUES)[number];

export interface BenchFrame {
  readonly venue: BenchVenue;
  readonly text: string;
}

/** What the frames are, in words, for the report. */
export const MIX =
  `${PAIRS} linked pairs, one level per frame: 80 % Kalshi orderbook_delta, 20 % Polymarket price_change ` +
  '(both tokens, best bid and ask, hash left empty); 5 % of steps move a mid by a cent; mids of a set of five add up to about one dollar';

/** Frames' own times advance by a millisecond per so many: 20,000 a second. */
export const FRAMES_PER_MS = 20;
const KALSHI_SHARE = 0.8;
const MID_MOVES = 0.05;
const DEPTH = 10;
/** Cents that the two venues' mids of one question may lie apart, and a mid from where it began. */
const APART = 3;
const ASTRAY = 2;
/** Where the mids of an exclusive set of five begin: together one dollar. */
const SHARES = [12, 14, 18, 24, 32] as const;

/** A small seeded generator (mulberry32): the frames of one seed are the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Whole contracts by cent. Bids stand below `mid`, asks above it. */
interface Book {
  readonly bids: Int32Array;
  readonly asks: Int32Array;
  readonly home: number;
  mid: number;
}

/** Endless well-formed frames of both venues: opening books first, then one level per frame. */
export class FrameSource {
  private readonly random: () => number;
  private readonly books: Readonly<Record<BenchVenue, Book[]>>;
  private seq = 0;
  private made = 0;
  private opening = 0;

  constructor(
    seed: number,
    private readonly startsAt: number,
  ) {
    this.random = seeded(seed);
    this.books = { kalshi: [], polymarket: [] };
    for (let pair = 0; pair < PAIRS; pair++) {
      const mid = SHARES[pair % SHARES.length];
      for (const venue of VENUES) this.books[venue].push(this.newBook(mid));
    }
  }

  next(): BenchFrame {
    this.made += 1;
    if (this.opening < 2 * PAIRS) {
      const n = this.opening++;
      const venue = VENUES[n % 2];
      const pair = n >> 1;
      const book = this.books[venue][pair];
      return { venue, text: venue === 'kalshi' ? this.kalshiBook(pair, book) : this.polymarketBook(pair, book) };
    }
    for (;;) {
      const venue: BenchVenue = this.random() < KALSHI_SHARE ? 'kalshi' : 'polymarket';
      const pair = Math.floor(this.random() * PAIRS);
      const text = this.step(venue, pair);
      if (text !== null) return { venue, text };
    }
  }

  private newBook(mid: number): Book {
    const book: Book = { bids: new Int32Array(101), asks: new Int32Array(101), home: mid, mid };
    for (let depth = 1; depth <= DEPTH; depth++) {
      book.bids[mid - depth] = this.contracts();
      book.asks[mid + depth] = this.contracts();
    }
    return book;
  }

  private contracts(): number {
    return 1 + Math.floor(this.random() * 500);
  }

  /** One level set to another size, or the level that a moving mid sweeps away; `null` when nothing would change. */
  private step(venue: BenchVenue, pair: number): string | null {
    const book = this.books[venue][pair];
    let bid = this.random() < 0.5;
    let cent: number;
    let target: number;
    if (this.random() < MID_MOVES) {
      const other = this.books[venue === 'kalshi' ? 'polymarket' : 'kalshi'][pair];
      bid = book.mid - other.mid >= APART || (book.mid - other.mid > -APART && bid);
      if (book.mid <= Math.max(DEPTH + 1, book.home - ASTRAY)) bid = false;
      if (book.mid >= book.home + ASTRAY) bid = true;
      cent = bid ? book.mid - 1 : book.mid + 1;
      target = 0;
      book.mid = cent;
    } else {
      // Most changes are near the top.
      const depth = Math.min(DEPTH, 1 + Math.floor(-Math.log(1 - this.random()) * 3));
      cent = bid ? book.mid - depth : book.mid + depth;
      target = this.random() < 0.2 ? 0 : this.contracts();
    }
    const half = bid ? book.bids : book.asks;
    const change = target - half[cent];
    if (change === 0) return null;
    half[cent] = target;
    return venue === 'kalshi' ? this.delta(pair, bid, cent, change) : this.priceChange(pair, book, bid, cent, target);
  }

  private now(): number {
    return this.startsAt + Math.floor(this.made / FRAMES_PER_MS);
  }

  private kalshiBook(pair: number, book: Book): string {
    const ladder = (sizes: Int32Array, no: boolean): string[][] =>
      listed(sizes).map(([cent, contracts]) => [`${cents(no ? 100 - cent : cent)}00`, `${contracts}.00`]);
    return JSON.stringify({
      type: 'orderbook_snapshot',
      sid: 1,
      seq: ++this.seq,
      msg: {
        market_ticker: tickerOf(pair),
        market_id: `00000000-0000-4000-8000-${String(pair).padStart(12, '0')}`,
        yes_dollars_fp: ladder(book.bids, false),
        no_dollars_fp: ladder(book.asks, true),
      },
    });
  }

  private delta(pair: number, bid: boolean, cent: number, change: number): string {
    return JSON.stringify({
      type: 'orderbook_delta',
      sid: 1,
      seq: ++this.seq,
      msg: {
        market_ticker: tickerOf(pair),
        market_id: `00000000-0000-4000-8000-${String(pair).padStart(12, '0')}`,
        price_dollars: `${cents(bid ? cent : 100 - cent)}00`,
        delta_fp: `${change}.00`,
        side: bid ? 'yes' : 'no',
        ts: new Date(this.now()).toISOString(),
        ts_ms: this.now(),
      },
    });
  }

  private polymarketBook(pair: number, book: Book): string {
    const rows = (sizes: Int32Array): { price: string; size: string }[] =>
      listed(sizes).map(([cent, contracts]) => ({ price: cents(cent), size: String(contracts) }));
    return JSON.stringify({
      market: conditionOf(pair),
      asset_id: tokenOf(pair, 0),
      timestamp: String(this.now()),
      bids: rows(book.bids),
      asks: rows(book.asks).reverse(),
      event_type: 'book',
    });
  }

  private priceChange(pair: number, book: Book, bid: boolean, cent: number, contracts: number): string {
    const bestBid = listed(book.bids).at(-1)?.[0] ?? 0;
    const bestAsk = listed(book.asks)[0]?.[0] ?? 100;
    const row = (token: 0 | 1): object => ({
      asset_id: tokenOf(pair, token),
      price: cents(token === 0 ? cent : 100 - cent),
      size: String(contracts),
      side: bid === (token === 0) ? 'BUY' : 'SELL',
      hash: '',
      best_bid: cents(token === 0 ? bestBid : 100 - bestAsk),
      best_ask: cents(token === 0 ? bestAsk : 100 - bestBid),
    });
    return JSON.stringify({
      market: conditionOf(pair),
      price_changes: [row(0), row(1)],
      timestamp: String(this.now()),
      event_type: 'price_change',
    });
  }
}

const cents = (cent: number): string => (cent === 0 ? '0' : cent === 100 ? '1' : `0.${String(cent).padStart(2, '0')}`);

function listed(sizes: Int32Array): [number, number][] {
  const out: [number, number][] = [];
  for (let cent = 1; cent < 100; cent++) if (sizes[cent] > 0) out.push([cent, sizes[cent]]);
  return out;
}
