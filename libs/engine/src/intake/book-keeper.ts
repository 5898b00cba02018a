import {
  ASK,
  BID,
  onGrid,
  OrderBook,
  type BookSide,
  type ContinuityEvent,
  type Instant,
  type TapeEvent,
  type TrustLoss,
  type Unstamped,
  type VenueId,
} from '#core';
import type { BookMessage, BookProof, VenueWire } from '#plugin-sdk';
import { bookDiff } from './book-diff.js';
import type { MarketEntry } from './market-entry.js';
import type { Tally } from './tally.js';

/** A hash may be early by a frame (a trade's price or a new tick enters it before its own message): that is no proof. */
const SUSPICIONS = 3;
const SUSPECTED_MS = 2000;
/** Freshness without a change is told at most this often. */
const PROBE_MS = 1000;
const NO_LEVELS = new Float64Array(0);

type Emit = (event: Unstamped<TapeEvent>, venue: VenueId) => void;

/**
 * Keeps one book per market equal to the tape's: increments become absolute levels, whole books their differences, and
 * every doubt a continuity event.
 */
export class BookKeeper {
  /** Venues none of whose books are trusted now, whatever they bring. */
  private readonly vetoes = new Map<VenueId, TrustLoss>();

  constructor(
    private readonly emit: Emit,
    private readonly hashEveryMs: number,
  ) {}

  veto(venue: VenueId, reason: TrustLoss | null): void {
    if (reason === null) this.vetoes.delete(venue);
    else this.vetoes.set(venue, reason);
  }

  /** A book message of the connection that brings this market. */
  take(
    market: MarketEntry,
    message: BookMessage,
    connection: number,
    at: Instant,
    tally: Tally,
    wire: VenueWire,
  ): void {
    market.venueAt = Math.max(market.venueAt, message.venueAt ?? 0);
    switch (message.mode) {
      case 'snapshot':
        this.whole(market, message, connection, at, tally, 'snapshot');
        break;
      case 'absolute':
        if (!market.known) return;
        this.levels(market, message.levels, message, connection, at);
        break;
      case 'increment':
        if (!market.known) return;
        this.increments(market, message, connection, at);
        break;
    }
    if (market.known && message.proof) this.prove(market, message, message.proof, at, tally, wire);
  }

  /** After the whole frame: a crossed book is wrong. True when a fresh book is needed. */
  settle(market: MarketEntry, _at: Instant): boolean {
    if (market.known && market.book.isCrossed())
      this.lose(market, 'crossed', `best bid ${market.book.best(BID)}, best ask ${market.book.best(ASK)}`);
    return !market.trusted;
  }

  byRest(market: MarketEntry, message: BookMessage, at: Instant, sequenced: boolean, tally: Tally): void {
    if (market.known && market.trusted) {
      const differences = bookDiff(market.book, OrderBook.fromLevels(message.levels));
      if (differences.length === 0) return this.fresh(market, at);
      if (market.connection === 0) return this.levels(market, differences, message, 0, at);
      if (isOlder(message, market)) return this.fresh(market, at);
      tally.gaps += 1;
      this.lose(market, 'silence', 'the venue has another book than the socket brought');
    }
    // Where changes are increments, only the socket knows which of them this book already holds.
    if (sequenced || (market.known && isOlder(message, market))) return;
    this.whole(market, message, market.connection, at, tally, 'restated');
  }

  /** The book cannot be trusted from here on. What is lost already stays lost for its first reason. */
  lose(market: MarketEntry, reason: TrustLoss, detail: string): void {
    if (!market.trusted) return;
    market.trusted = false;
    market.reason = reason;
    this.tell(market, false, reason, detail);
  }

  private whole(
    market: MarketEntry,
    message: BookMessage,
    connection: number,
    at: Instant,
    tally: Tally,
    reason: 'snapshot' | 'restated',
  ): void {
    if (!this.acceptable(market, message.levels, false)) return;
    if (market.known && market.trusted) {
      const next = OrderBook.fromLevels(message.levels);
      const differences = bookDiff(market.book, next);
      if (differences.length === 0) this.fresh(market, at);
      else this.levels(market, differences, message, connection, at);
    } else {
      market.book.apply(message.levels, true);
      market.lastDataAt = at;
      this.tellBook(market, true, message.levels, message, connection);
    }
    market.known = true;
    if (market.trusted || market.book.isCrossed()) return;
    if (market.reason !== 'not-connected' && market.reason !== 'recovery') tally.resyncs += 1;
    this.trust(market, reason);
  }

  private levels(
    market: MarketEntry,
    levels: Float64Array,
    message: BookMessage,
    connection: number,
    at: Instant,
  ): void {
    if (!this.acceptable(market, levels, true)) return;
    market.book.apply(levels, false);
    market.lastDataAt = at;
    this.tellBook(market, false, levels, message, connection);
  }

  private increments(market: MarketEntry, message: BookMessage, connection: number, at: Instant): void {
    if (!this.acceptable(market, message.levels, true)) return;
    const levels = Float64Array.from(message.levels);
    let below: number | null = null;
    for (let at = 0; at < levels.length; at += 3) {
      const left = market.book.add(levels[at] as BookSide, levels[at + 1], levels[at + 2]);
      if (left < 0) below = levels[at + 1];
      levels[at + 2] = Math.max(0, left);
    }
    market.lastDataAt = at;
    this.tellBook(market, false, levels, message, connection);
    if (below === null) return;
    market.known = false;
    this.lose(market, 'negative-level', `less than nothing at ${below}`);
  }

  /** Off-grid levels mean that we read the price or its grid wrongly. */
  private acceptable(market: MarketEntry, levels: Float64Array, isChange: boolean): boolean {
    for (let at = 0; at < levels.length; at += 3) {
      // Removing what is not there harms nothing.
      if ((isChange && levels[at + 2] === 0) || onGrid(market.info.grid, levels[at + 1])) continue;
      market.known = false;
      this.lose(market, 'off-grid', `a level at ${levels[at + 1]}`);
      return false;
    }
    return true;
  }

  private prove(
    market: MarketEntry,
    message: BookMessage,
    proof: BookProof,
    at: Instant,
    tally: Tally,
    wire: VenueWire,
  ): void {
    Object.assign(market.spelled, proof.spelled);
    if (wrongTop(market, proof)) {
      this.suspect(
        market,
        at,
        SUSPICIONS,
        'top-mismatch',
        `best bid ${market.book.best(BID)}, best ask ${market.book.best(ASK)} are not what the venue says`,
      );
      return;
    }
    if (proof.hash === null || (market.suspicions === 0 && market.trusted && at - market.hashedAt < this.hashEveryMs))
      return;
    market.hashedAt = at;
    const verdict = wire.verify(market.book, market.info, { ...proof, spelled: market.spelled });
    switch (verdict.kind) {
      case 'proven':
        tally.hashPassed += 1;
        market.suspicions = 0;
        if (!market.trusted && !market.book.isCrossed()) {
          tally.resyncs += 1;
          this.trust(market, 'verified');
        }
        break;
      case 'suspect':
        tally.hashFailed += 1;
        if (message.venueAt === null || message.venueAt !== market.suspectedVenueAt)
          this.suspect(market, at, 1, verdict.reason, verdict.detail);
        market.suspectedVenueAt = message.venueAt;
        break;
      case 'unproven':
        break;
    }
  }

  private suspect(market: MarketEntry, at: Instant, weight: number, reason: TrustLoss, detail: string): void {
    if (market.suspicions === 0) market.suspectedAt = at;
    market.suspicions += weight;
    if (market.suspicions >= SUSPICIONS || at - market.suspectedAt > SUSPECTED_MS) this.lose(market, reason, detail);
  }

  private trust(market: MarketEntry, reason: ContinuityEvent['reason']): void {
    if (this.vetoes.has(market.venue)) return;
    market.trusted = true;
    market.reason = reason;
    market.suspicions = 0;
    this.tell(market, true, reason, '');
  }

  private fresh(market: MarketEntry, at: Instant): void {
    market.lastDataAt = at;
    if (at - market.lastProbeAt < PROBE_MS) return;
    market.lastProbeAt = at;
    this.emit({ kind: 'probe', market: market.ref }, market.venue);
  }

  private tell(market: MarketEntry, trusted: boolean, reason: ContinuityEvent['reason'], detail: string): void {
    this.emit({ kind: 'continuity', market: market.ref, trusted, reason, detail }, market.venue);
  }

  private tellBook(
    market: MarketEntry,
    snapshot: boolean,
    levels: Float64Array,
    message: BookMessage,
    connection: number,
  ): void {
    this.emit(
      {
        kind: 'book',
        market: market.ref,
        snapshot,
        levels: levels.length === 0 ? NO_LEVELS : levels,
        merged: 1,
        venueAt: message.venueAt,
        connection,
        venueSeq: message.sequence?.seq ?? null,
      },
      market.venue,
    );
  }
}

function wrongTop(market: MarketEntry, proof: BookProof): boolean {
  const { book } = market;
  if (proof.bestBid !== undefined && (proof.bestBid ?? -1) !== book.best(BID)) return true;
  return proof.bestAsk !== undefined && (proof.bestAsk ?? -1) !== book.best(ASK);
}

/** An answer that is older than what the socket has brought since says nothing of the book now. */
const isOlder = (message: BookMessage, market: MarketEntry): boolean =>
  message.venueAt !== null && message.venueAt < market.venueAt;
