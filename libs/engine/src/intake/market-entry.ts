import { nativeOf, OrderBook, venueOf, type Instant, type MarketInfo, type MarketRef, type VenueId } from '#core';
import type { MarketTrust } from './intake.types.js';

/** One market as intake follows it. */
export class MarketEntry implements MarketTrust {
  readonly venue: VenueId;
  readonly native: string;
  readonly book = new OrderBook();
  /** `book` is what the tape says: changes to it can be told as changes. */
  known = false;
  trusted = false;
  reason = 'not-connected';
  lastDataAt: Instant = 0;
  connection = 0;
  lastProbeAt: Instant = 0;
  /** Newest venue time of a book message on a socket. */
  venueAt: Instant = 0;
  hashedAt: Instant = 0;
  /** Newest spelling of what enters the venue's proofs (`BookProof.spelled`). */
  readonly spelled: Record<string, string> = {};
  /** Checks failed in a row, and since when. */
  suspicions = 0;
  suspectedAt: Instant = 0;
  /** Venue time of the last suspicious message: what one trade causes shares a moment and is one suspicion. */
  suspectedVenueAt: Instant | null = null;
  /** The last resolution told, as JSON. */
  resolution = '';

  constructor(
    readonly ref: MarketRef,
    public info: MarketInfo,
  ) {
    this.venue = venueOf(info.id);
    this.native = nativeOf(info.id);
  }
}

/** One socket as intake follows it. */
export class ConnectionEntry {
  readonly refs = new Set<MarketRef>();
  /** Last sequence number by stream. */
  readonly streams = new Map<string, number>();

  constructor(
    readonly id: number,
    readonly venue: VenueId,
  ) {}

  /** The venue numbers what it sends here: only the socket can bring a lost book back. */
  get sequenced(): boolean {
    return this.streams.size > 0;
  }
}

/** Deep equality of plain JSON values, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
