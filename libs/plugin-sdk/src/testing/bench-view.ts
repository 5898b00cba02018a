import {
  BID,
  DEFAULT_LIMITS,
  Defect,
  OrderBook,
  parsePrice,
  PRICE_ONE,
  price,
  size,
  venueOf,
  type BookSide,
  type Estimate,
  type FeeRule,
  type GroupId,
  type Instant,
  type LinkId,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type Money,
  type Outcome,
  type Price,
  type RiskLimits,
  type Size,
  type VenueId,
} from '#core';
import type { BookView, GroupView, LadderLevel, LinkView, Quote, StrategyView } from '../strategy.js';
import { frozen } from './frozen.js';
import type { BenchGroup, BenchLink, BenchMarket, BenchOptions, BookText } from './strategy-bench.types.js';

interface Place {
  info: MarketInfo;
  fee: FeeRule | null;
  book: OrderBook;
  quote: Quote;
  trusted: boolean;
  working: boolean;
  freshAt: Instant;
}

/** 2026-10-01T12:00:00Z: the bench begins at a moment of its own. */
const BENCH_START = 1_790_856_000_000;
const DAY_MS = 86_400_000;
const LEVELS = 64;

/**
 * A `StrategyView` over a handful of markets in memory. Whatever it hands out is frozen: a hook that writes to what it was
 * given throws. Ladders are the book as it is, unless `limits.maxDepthShare` says less.
 */
export class BenchView implements StrategyView {
  now: Instant;
  readonly config: Readonly<Record<string, unknown>>;
  state: unknown;
  readonly limits: RiskLimits;
  cash: Money;
  readonly kalshiPrecision: 'direct' | 'cent';
  private readonly places: Place[] = [];
  private readonly refs = new Map<string, MarketRef>();
  private readonly linkViews = new Map<string, LinkView>();
  private readonly groupViews: GroupView[] = [];
  private readonly holdings = new Map<string, Size>();
  private readonly estimates = new Map<string, Estimate>();

  constructor(config: Readonly<Record<string, unknown>>, options: BenchOptions) {
    this.config = frozen(structuredClone(config));
    this.now = options.now ?? BENCH_START;
    this.cash = (options.cash ?? 10_000_000_000) as Money;
    this.limits = frozen({ ...DEFAULT_LIMITS, maxDepthShare: 1_000_000, ...options.limits });
    this.kalshiPrecision = options.kalshiPrecision ?? 'direct';
    for (const market of options.markets) this.addMarket(market, options.groups ?? []);
    for (const link of options.links ?? []) this.setLink(link);
    for (const group of options.groups ?? []) this.addGroup(group);
  }

  ref(id: string): MarketRef {
    const ref = this.refs.get(id);
    if (ref === undefined) throw new Defect(`the bench has no market ${id}`);
    return ref;
  }

  info(market: MarketRef): MarketInfo {
    return this.place(market).info;
  }
  venue(market: MarketRef): VenueId {
    return venueOf(this.info(market).id);
  }
  quote(market: MarketRef): Quote {
    return this.place(market).quote;
  }
  book(market: MarketRef): BookView {
    const { book } = this.place(market);
    return frozen({
      count: (side: BookSide) => book.count(side),
      price: (side: BookSide, level: number) => book.price(side, level),
      size: (side: BookSide, level: number) => book.size(side, level),
      best: (side: BookSide) => book.best(side),
    });
  }
  trusted(market: MarketRef): boolean {
    return this.quote(market).trusted;
  }
  freshAt(market: MarketRef): Instant {
    return this.place(market).freshAt;
  }
  fee(market: MarketRef): FeeRule | null {
    return this.place(market).fee;
  }
  ladder(market: MarketRef, outcome: Outcome, levels = LEVELS): readonly LadderLevel[] {
    const { book } = this.place(market);
    const side: BookSide = outcome === 'yes' ? 1 : BID;
    const ladder: LadderLevel[] = [];
    for (let level = 0; level < Math.min(book.count(side), levels); level++) {
      const yes = book.price(side, level);
      const share = Math.floor((book.size(side, level) * this.limits.maxDepthShare) / 1_000_000);
      if (share > 0) ladder.push({ price: price(outcome === 'yes' ? yes : PRICE_ONE - yes), size: size(share) });
    }
    return frozen(ladder);
  }
  held(market: MarketRef, outcome: Outcome): Size {
    return this.holdings.get(`${market}|${outcome}`) ?? size(0);
  }
  links(market: MarketRef): readonly LinkView[] {
    const touching = [...this.linkViews.values()].filter(
      ({ link, a, b }) => link.state === 'reviewed' && (a === market || b === market),
    );
    return frozen(touching);
  }
  group(market: MarketRef): GroupView | null {
    return this.groupViews.find((view) => view.markets.includes(market)) ?? null;
  }
  estimate(market: MarketRef, name: string, model = ''): Estimate | null {
    return this.estimates.get(`${market}|${name}|${model}`) ?? null;
  }
  working(market: MarketRef): boolean {
    return this.place(market).working;
  }

  setBook(id: string, text: BookText): Quote {
    const place = this.place(this.ref(id));
    place.book = new OrderBook();
    for (const side of [0, 1] as const) {
      for (const [at, contracts] of (side === BID ? text.bids : text.asks) ?? []) {
        const parsed = parsePrice(at);
        if (Number.isNaN(parsed)) throw new Defect(`${at} is not a price`);
        place.book.set(side, parsed, Math.round(contracts * 100));
      }
    }
    place.freshAt = this.now;
    return this.restate(id);
  }
  setTrust(id: string, trusted: boolean): Quote {
    this.place(this.ref(id)).trusted = trusted;
    return this.restate(id);
  }
  setFee(id: string, fee: FeeRule | null): void {
    this.place(this.ref(id)).fee = frozen(fee);
  }
  setMarket(id: string, change: Partial<MarketInfo>): void {
    const place = this.place(this.ref(id));
    place.info = frozen({ ...place.info, ...change });
  }
  setWorking(id: string, working: boolean): void {
    this.place(this.ref(id)).working = working;
  }
  setHeld(id: string, outcome: Outcome, contracts: number): void {
    this.holdings.set(`${this.ref(id)}|${outcome}`, size(Math.round(contracts * 100)));
  }
  setEstimate(estimate: Estimate): void {
    for (const model of ['', estimate.model])
      this.estimates.set(`${this.ref(estimate.market)}|${estimate.name}|${model}`, frozen(estimate));
  }
  setLink(link: BenchLink): void {
    const id = (link.id ?? `${link.a}=${link.b}`) as LinkId;
    this.linkViews.set(
      id,
      frozen({
        link: {
          version: 1,
          polarity: 'same' as const,
          state: 'reviewed' as const,
          mismatch: 0,
          differences: [],
          reviewedBy: 'bench',
          ...link,
          id,
          a: link.a as MarketId,
          b: link.b as MarketId,
        },
        a: this.ref(link.a),
        b: this.ref(link.b),
      }),
    );
  }

  private addMarket({ fee, ...market }: BenchMarket, groups: readonly BenchGroup[]): void {
    const ref = this.places.length as MarketRef;
    const group = groups.find((candidate) => candidate.markets.includes(market.id));
    const rule = frozen(fee === undefined ? ({ kind: 'none' } as const) : fee);
    const info: MarketInfo = {
      group: (group?.id ?? null) as GroupId | null,
      title: market.id,
      rules: '',
      category: 'bench',
      status: 'open',
      grid: [{ start: price(10_000), end: price(990_000), step: 10_000 }],
      minSize: size(100),
      sizeStep: size(100),
      closesAt: null,
      paysAt: this.now + 7 * DAY_MS,
      venueData: {},
      ...market,
      id: market.id as MarketId,
      fees: rule === null ? null : [{ from: 0, rule }],
    };
    this.refs.set(market.id, ref);
    const book = new OrderBook();
    this.places.push({
      info: frozen(info),
      fee: rule,
      book,
      quote: frozen({
        market: ref,
        at: this.now,
        bid: price(-1),
        bidSize: size(0),
        ask: price(-1),
        askSize: size(0),
        trusted: true,
      }),
      trusted: true,
      working: false,
      freshAt: this.now,
    });
  }

  private addGroup(group: BenchGroup): void {
    this.groupViews.push(
      frozen({
        group: {
          title: group.id,
          exclusive: true,
          exhaustive: true,
          augmented: false,
          ...group,
          id: group.id as GroupId,
          markets: group.markets as readonly MarketId[],
        },
        markets: group.markets.map((id) => this.refs.get(id) ?? (-1 as MarketRef)),
      }),
    );
  }

  private restate(id: string): Quote {
    const ref = this.ref(id);
    const place = this.place(ref);
    const { book } = place;
    place.quote = frozen({
      market: ref,
      at: this.now,
      bid: book.best(0) as Price,
      bidSize: book.bestSize(0),
      ask: book.best(1) as Price,
      askSize: book.bestSize(1),
      trusted: place.trusted && !book.isCrossed(),
    });
    return place.quote;
  }

  private place(market: MarketRef): Place {
    const place = this.places[market];
    if (place === undefined) throw new Defect(`the bench has no market number ${market}`);
    return place;
  }
}
