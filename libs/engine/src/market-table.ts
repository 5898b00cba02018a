import {
  ASK,
  BID,
  BookShelf,
  Defect,
  OrderBook,
  ruleAt,
  venueOf,
  type AccountId,
  type ContinuityEvent,
  type FeeRule,
  type GroupId,
  type GroupInfo,
  type Instant,
  type Link,
  type LinkId,
  type MarketId,
  type MarketInfo,
  type MarketRef,
  type MarketStatus,
  type Money,
  type Outcome,
  type Payout,
  type Price,
  type Size,
  type VenueId,
} from '#core';
import type { Quote } from '#plugin-sdk';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One market as the kernel knows it. Objects live as long as the lane; hot paths change them in place. */
export interface MarketState {
  readonly ref: MarketRef;
  info: MarketInfo;
  readonly venue: VenueId;
  book: OrderBook;
  /** The one quote object hooks see; changed in place. */
  readonly quote: Mutable<Quote>;
  /** Continuity says that the book is whole. */
  continuous: boolean;
  trustReason: string;
  crossed: boolean;
  /** When data or a probe last confirmed the book. */
  freshAt: Instant;
  /** `seq` of the last event that changed the book or its trust: the cause of what is decided on it. */
  bookSeq: number;
  /** Best prices of the last trusted book, for marking. */
  markBid: Price;
  markAsk: Price;
  resolution: Payout | null;
  paid: boolean;
  /** The final result the venue told last; another than `resolution` once it contradicts what was paid. */
  finalResult: Payout | null;
  /** What was paid, and to whom. */
  payments: readonly Payment[];
}

export interface Payment {
  readonly account: AccountId;
  readonly outcome: Outcome;
  readonly size: Size;
  readonly cost: Money;
  readonly payout: Money;
}

/** Where the kernel stands. Times are read off it: handed over by themselves they would be put on the heap. */
interface Moment {
  readonly seq: number;
  readonly at: Instant;
}

const NONE = -1 as Price;
const NO_LINKS: readonly Link[] = [];
const NO_PAYMENTS: readonly Payment[] = [];

/** All markets, groups and links of the lane; dense by `MarketRef`. */
export class MarketTable {
  readonly states: MarketState[] = [];
  readonly refs = new Map<MarketId, MarketRef>();
  readonly groups = new Map<GroupId, GroupInfo>();
  readonly links = new Map<LinkId, Link>();
  private shelf = new BookShelf();
  /** Links by market, made when first asked for. */
  private linked: Map<MarketId, Link[]> | null = null;

  get(ref: MarketRef): MarketState {
    const state = this.states[ref];
    if (state === undefined) throw new Defect(`market ${ref} was never announced on this tape`);
    return state;
  }

  byId(id: MarketId): MarketState | undefined {
    const ref = this.refs.get(id);
    return ref === undefined ? undefined : this.states[ref];
  }

  announce(ref: MarketRef, info: MarketInfo): MarketState {
    const known = this.states[ref];
    if (known !== undefined) {
      if (known.info.id !== info.id) throw new Defect(`market ${ref} was ${known.info.id} and is now ${info.id}`);
      known.info = info;
      return known;
    }
    if (ref !== this.states.length) throw new Defect(`market ${ref} announced, ${this.states.length} was next`);
    const state: MarketState = {
      ref,
      info,
      venue: venueOf(info.id),
      book: new OrderBook(this.shelf),
      quote: { market: ref, at: 0, bid: NONE, bidSize: 0 as Size, ask: NONE, askSize: 0 as Size, trusted: false },
      continuous: false,
      trustReason: 'no book yet',
      crossed: false,
      freshAt: -Infinity,
      bookSeq: 0,
      markBid: NONE,
      markAsk: NONE,
      resolution: null,
      paid: false,
      finalResult: null,
      payments: NO_PAYMENTS,
    };
    this.states.push(state);
    this.refs.set(info.id, ref);
    return state;
  }

  /**
   * The book has taken an event's levels, `top`: a best one may be among them. Returns true when the top of book or its trust
   * changed.
   */
  bookApplied(state: MarketState, now: Moment, top: boolean): boolean {
    state.freshAt = now.at;
    state.bookSeq = now.seq;
    state.quote.at = now.at;
    return top && this.topMoved(state);
  }

  applyContinuity(state: MarketState, event: ContinuityEvent): boolean {
    state.continuous = event.trusted;
    state.trustReason = event.trusted ? '' : event.detail === '' ? event.reason : `${event.reason}, ${event.detail}`;
    state.bookSeq = event.seq;
    if (event.trusted) state.freshAt = event.at;
    state.quote.at = event.at;
    return this.topMoved(state);
  }

  /** The quote follows its book, where a best level or trust may be another. Returns true when it changed. */
  topMoved(state: MarketState): boolean {
    const { book, quote } = state;
    const bid = book.best(BID);
    const ask = book.best(ASK);
    const bidSize = book.bestSize(BID);
    const askSize = book.bestSize(ASK);
    state.crossed = bid >= 0 && ask >= 0 && bid > ask;
    const trusted = state.continuous && !state.crossed;
    if (trusted) {
      state.markBid = bid;
      state.markAsk = ask;
    }
    const changed =
      quote.bid !== bid ||
      quote.ask !== ask ||
      quote.bidSize !== bidSize ||
      quote.askSize !== askSize ||
      quote.trusted !== trusted;
    if (changed) {
      quote.bid = bid;
      quote.ask = ask;
      quote.bidSize = bidSize;
      quote.askSize = askSize;
      quote.trusted = trusted;
    }
    return changed;
  }

  fee(state: MarketState, at: Instant): FeeRule | null {
    return ruleAt(state.info.fees, at);
  }

  /** What the market is at a moment, which may be more than the venue has said. */
  statusAt({ info, resolution }: MarketState, at: Instant): MarketStatus {
    if (info.status !== 'open') return info.status;
    if (resolution !== null) return 'determined';
    return info.closesItself === true && info.closesAt !== null && at >= info.closesAt ? 'closed' : 'open';
  }

  /** Why the market takes no order at a moment; `''` when it does. */
  shutReason(state: MarketState, at: Instant): string {
    if (state.resolution !== null) return 'it has a result';
    const status = this.statusAt(state, at);
    return status === 'open' ? '' : `it is ${status}`;
  }

  group(state: MarketState): GroupInfo | null {
    return state.info.group === null ? null : (this.groups.get(state.info.group) ?? null);
  }

  setLink(link: Link): void {
    this.links.set(link.id, link);
    this.linked = null;
  }

  linksOf(market: MarketId): readonly Link[] {
    if (this.linked === null) {
      this.linked = new Map();
      for (const link of this.links.values())
        for (const id of [link.a, link.b]) {
          const known = this.linked.get(id);
          if (known === undefined) this.linked.set(id, [link]);
          else known.push(link);
        }
    }
    return this.linked.get(market) ?? NO_LINKS;
  }

  /** Links that join two markets, the newest words of each. */
  linkBetween(a: MarketId, b: MarketId): Link | null {
    let found: Link | null = null;
    for (const link of this.links.values()) {
      if (!((link.a === a && link.b === b) || (link.a === b && link.b === a))) continue;
      if (link.state === 'reviewed') return link;
      found ??= link;
    }
    return found;
  }

  save() {
    return {
      states: this.states.map((state) => ({ ...state, book: state.book.toLevels() })),
      groups: this.groups,
      links: this.links,
    };
  }

  load(saved: ReturnType<MarketTable['save']>): void {
    this.states.length = 0;
    this.shelf = new BookShelf();
    this.refs.clear();
    this.groups.clear();
    this.links.clear();
    this.linked = null;
    for (const state of saved.states) {
      this.states.push({ ...state, book: OrderBook.fromLevels(state.book, this.shelf) });
      this.refs.set(state.info.id, state.ref);
    }
    for (const [id, group] of saved.groups) this.groups.set(id, group);
    for (const [id, link] of saved.links) this.links.set(id, link);
  }
}
