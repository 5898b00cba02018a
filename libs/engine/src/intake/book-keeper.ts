import {
  ASK,
  BID,
  onGrid,
  OrderBook,
  PRICE_ONE,
  type BookEvent,
  type BookSide,
  type ContinuityEvent,
  type Instant,
  type TapeEvent,
  type TrustLoss,
  type Unstamped,
  type Levels,
} from '#core';
import type { BookMessage } from '#plugin-sdk';
import { bookDiff } from './book-diff.js';
import type { MarketEntry, Turn } from './market-entry.js';
import { Prover } from './prover.js';
import type { VenueEntry } from './venue-entry.js';
import { isOlder } from './venue-time.js';

/** Freshness without a change is told at most this often. */
const PROBE_MS = 1000;
/** A thousand million contracts, in hundredths: money of such a level is still an exact integer. */
const MOST_AT_A_LEVEL = 1e11;
const NO_LEVELS: Levels = [];

type Emit = (event: Unstamped<TapeEvent>, venue: VenueEntry) => void;

/**
 * Keeps one book per market equal to the tape's: increments become absolute levels, whole books their differences, and
 * every doubt a continuity event. `take` edits the book; `settle`, after the whole frame, tells and judges it once.
 */
export class BookKeeper {
  private readonly prover: Prover;

  constructor(
    private readonly emit: Emit,
    hashEveryMs: number,
  ) {
    this.prover = new Prover((market, reason, detail) => this.lose(market, reason, detail), hashEveryMs);
  }

  /** A book message of the connection that brings this market. */
  take(market: MarketEntry, message: BookMessage, connection: number, at: Instant): void {
    const { turn } = market;
    turn.open = true;
    const { venueAt } = message;
    if (venueAt !== null) {
      // A whole book by REST has overtaken what is still on its way here.
      if (venueAt < market.restatedAt && market.known) return;
      if (venueAt > market.venueAt) market.venueAt = venueAt;
    }
    switch (message.mode) {
      case 'snapshot':
        market.stream = message.sequence?.stream ?? null;
        this.whole(market, message, connection, at, 'snapshot');
        break;
      case 'absolute':
        if (!market.known) return;
        this.levels(market, message.levels, message, connection, at);
        break;
      case 'increment':
        // What another subscription counts from is not this book.
        if (!market.known || (message.sequence?.stream ?? null) !== market.stream) return;
        this.increments(market, message, connection, at);
        break;
    }
    if (!market.known) return;
    turn.venueAt = venueAt;
    if (message.proof) turn.proofs.push(message.proof);
    if (message.mirrorProof) turn.proofs.push(message.mirrorProof);
  }

  /** After the whole frame. True when a fresh book is needed. */
  settle(market: MarketEntry, at: Instant): boolean {
    const { turn } = market;
    if (turn.levels !== null && turn.message !== null) this.tellBook(market, turn, turn.levels, turn.message);
    else if (turn.confirmed) this.fresh(market, at);
    if (turn.loss !== null) this.lose(market, turn.loss.reason, turn.loss.detail);
    // Whole and proven, and yet what the venue had then: others trade on what it has now.
    if (market.lateMs > 0) this.lose(market, 'silence', `changes come ${(market.lateMs / 1000).toFixed(1)} s late`);
    if (market.known) this.judge(market, turn, at);
    turn.clear();
    return !market.trusted && !market.over && market.venue.veto === null;
  }

  byRest(market: MarketEntry, message: BookMessage, at: Instant, sequenced: boolean, follows: boolean): void {
    const { turn } = market;
    if (market.known && market.trusted) {
      const differences = bookDiff(market.book, OrderBook.fromLevels(message.levels));
      if (differences.length === 0) {
        this.prover.acquit(market);
        return this.fresh(market, at);
      }
      if (market.connection === 0) {
        this.levels(market, differences, message, 0, at);
        this.settle(market, at);
        return;
      }
      if (isOlder(message, market)) return this.fresh(market, at);
      market.venue.tally.gaps += 1;
      this.lose(market, 'silence', 'the venue has another book than the socket brought');
    }
    // Where changes are increments, only the socket knows which of them this book already holds.
    if (sequenced || (market.known && isOlder(message, market))) return;
    turn.open = true;
    if (message.proof) Object.assign(market.spelled, message.proof.spelled);
    if (message.venueAt !== null) market.restatedAt = message.venueAt;
    // Asked for and answered now, whatever is still on its way by the socket.
    market.lateMs = 0;
    this.whole(market, message, market.connection, at, 'restated');
    if (!follows) turn.regained = null;
    this.settle(market, at);
  }

  /** The price grid is another one: whatever stood in the book belongs to the old one. */
  forget(market: MarketEntry, detail: string): void {
    market.known = false;
    this.lose(market, 'resync', detail);
  }

  /** The book cannot be trusted from here on. What is lost already stays lost for its first reason. */
  lose(market: MarketEntry, reason: TrustLoss, detail: string): void {
    if (!market.trusted) return;
    market.trusted = false;
    market.reason = reason;
    this.prover.dismiss(market);
    this.tell(market, false, reason, detail);
  }

  trust(market: MarketEntry, reason: ContinuityEvent['reason']): void {
    if (market.trusted || market.over || market.lateMs > 0) return;
    if (market.venue.veto !== null || market.book.isCrossed()) return;
    if (market.reason !== 'not-connected' && market.reason !== 'recovery') market.venue.tally.resyncs += 1;
    market.trusted = true;
    market.reason = reason;
    this.prover.acquit(market);
    this.tell(market, true, reason, '');
  }

  /** A frame told an input of proofs late: what failed before may agree now. */
  reconsider(market: MarketEntry): void {
    if (this.prover.reconsider(market)) this.trust(market, 'verified');
  }

  /** Markets under suspicion for too long, which nothing has been heard of since. */
  expire(at: Instant): readonly MarketEntry[] {
    return this.prover.expire(at);
  }

  private judge(market: MarketEntry, turn: Turn, at: Instant): void {
    const { book } = market;
    if (book.isCrossed()) this.lose(market, 'crossed', `best bid ${book.best(BID)}, best ask ${book.best(ASK)}`);
    const finding = turn.proofs.size > 0 ? this.prover.check(market, turn, at) : 'unproven';
    // A whole book that is not what the venue says of it is no ground for trust.
    if (finding === 'wrong') return;
    if (turn.regained !== null) this.trust(market, turn.regained);
    else if (finding === 'proven') this.trust(market, 'verified');
  }

  private whole(
    market: MarketEntry,
    message: BookMessage,
    connection: number,
    at: Instant,
    reason: 'snapshot' | 'restated',
  ): void {
    const { turn } = market;
    if (!this.acceptable(market, message.levels, false)) return;
    turn.regained = reason;
    market.lastDataAt = at;
    if (market.known && market.trusted) {
      const differences = bookDiff(market.book, OrderBook.fromLevels(message.levels));
      if (differences.length === 0) turn.confirmed = true;
      else this.levels(market, differences, message, connection, at);
      return;
    }
    market.book.apply(message.levels, true);
    market.version += 1;
    market.known = true;
    turn.levels = message.levels;
    turn.whole = true;
    turn.message = message;
    turn.connection = connection;
  }

  private levels(market: MarketEntry, levels: Levels, message: BookMessage, connection: number, at: Instant): void {
    if (!this.acceptable(market, levels, true)) return;
    market.book.apply(levels, false);
    this.changed(market, levels, message, connection, at);
  }

  private increments(market: MarketEntry, message: BookMessage, connection: number, at: Instant): void {
    if (!this.acceptable(market, message.levels, true)) return;
    // The message is ours alone: its increments become the absolute levels in place.
    const levels = message.levels as number[] | Float64Array;
    let below: number | null = null;
    for (let i = 0; i < levels.length; i += 3) {
      const left = market.book.add(levels[i] as BookSide, levels[i + 1], levels[i + 2]);
      if (left < 0 || left > MOST_AT_A_LEVEL) {
        below = levels[i + 1];
        if (left > 0) market.book.set(levels[i] as BookSide, levels[i + 1], 0);
      }
      levels[i + 2] = below === levels[i + 1] ? 0 : left;
    }
    this.changed(market, levels, message, connection, at);
    if (below === null) return;
    market.known = false;
    market.turn.loss ??= { reason: 'negative-level', detail: `an impossible size is left at ${below}` };
  }

  private changed(market: MarketEntry, levels: Levels, message: BookMessage, connection: number, at: Instant): void {
    const { turn } = market;
    market.version += 1;
    market.lastDataAt = at;
    turn.levels = turn.levels === null ? levels : joined(turn.levels, levels);
    turn.message = message;
    turn.connection = connection;
  }

  /** Off-grid levels mean that we read the price or its grid wrongly. */
  private acceptable(market: MarketEntry, levels: Levels, isChange: boolean): boolean {
    const { grid } = market.info;
    for (let i = 0; i < levels.length; i += 3) {
      const micros = levels[i + 1];
      // Removing what is not there harms nothing.
      if (isChange && levels[i + 2] === 0) continue;
      if (micros > 0 && micros < PRICE_ONE && levels[i + 2] <= MOST_AT_A_LEVEL && onGrid(grid, micros)) continue;
      market.known = false;
      market.turn.loss ??= { reason: 'off-grid', detail: `a level of ${levels[i + 2]} at ${micros}` };
      return false;
    }
    return true;
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

  private tellBook(market: MarketEntry, turn: Turn, levels: Levels, message: BookMessage): void {
    // With room for the stamp: the lane writes it onto this very object.
    const event: BookEvent = {
      lane: 0,
      seq: 0,
      at: 0,
      kind: 'book',
      market: market.ref,
      snapshot: turn.whole,
      levels: levels.length === 0 ? NO_LEVELS : levels,
      merged: 1,
      venueAt: message.venueAt,
      connection: turn.connection,
      venueSeq: message.sequence?.seq ?? null,
    };
    this.emit(event, market.venue);
  }
}

/** Later levels win where both set one, as the reader applies them in order. */
function joined(first: Levels, then: Levels): Levels {
  const all = new Float64Array(first.length + then.length);
  all.set(first);
  all.set(then, first.length);
  return all;
}
