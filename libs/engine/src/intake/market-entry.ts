import {
  groupId,
  nativeOf,
  OrderBook,
  parsePrice,
  price,
  PRICE_ONE,
  type GroupId,
  type Instant,
  type MarketInfo,
  type MarketRef,
  type PriceGrid,
  type TrustLoss,
  type Levels,
} from '#core';
import type { BookMessage, BookProof } from '#plugin-sdk';
import type { MarketTrust } from './intake.types.js';
import { Gathered } from './gathered.js';
import type { VenueEntry } from './venue-entry.js';

/** One market as intake follows it. */
export class MarketEntry implements MarketTrust {
  readonly native: string;
  readonly book = new OrderBook();
  /** `book` is what the tape says: changes to it can be told as changes. */
  known = false;
  trusted = false;
  reason = 'not-connected';
  lastDataAt: Instant = 0;
  connection = 0;
  /** The numbered stream that brought the last whole book; `null` where the venue does not number. */
  stream: string | null = null;
  lastProbeAt: Instant = 0;
  /** Newest venue time of a book message on a socket. */
  venueAt: Instant = 0;
  /** Venue time of the last whole book by REST: what a socket tells of an earlier moment is in it already. */
  restatedAt: Instant = 0;
  hashedAt: Instant = 0;
  /** How late the newest change was told, ms, where that is too late; 0 otherwise. */
  lateMs = 0;
  /** Newest spelling of what enters the venue's proofs (`BookProof.spelled`). */
  readonly spelled: Record<string, string> = {};
  /** Checks failed in a row, and since when. */
  suspicions = 0;
  suspectedAt: Instant = 0;
  /** Venue time of the last suspicious message: what one trade causes shares a moment and is one suspicion. */
  suspectedVenueAt: Instant | null = null;
  /** The proof that failed last and the book it failed on: a later message may explain it. */
  failed: { readonly proof: BookProof; readonly version: number } | null = null;
  /** Counts changes of `book`. */
  version = 0;
  /** The last resolution told, as JSON, and whether it was final. */
  resolution = '';
  final = false;
  /** What the frame in hand does to this market; emptied when the frame is settled. */
  readonly turn = new Turn();
  private listedGrid: PriceGrid;

  constructor(
    readonly ref: MarketRef,
    readonly venue: VenueEntry,
    public info: MarketInfo,
  ) {
    this.native = nativeOf(info.id);
    this.listedGrid = info.grid;
  }

  /** The venue's event it is of. The only market of one has no group here, yet may say whose it is. */
  get event(): GroupId {
    return this.info.group ?? groupId(this.venue.id, this.info.venueData['event'] ?? '');
  }

  /**
   * What a listing says now. It is made ready beforehand and may be minutes old: as long as its price grid is the one it had
   * before, what the venue told of the grid since holds.
   */
  listed(info: MarketInfo): MarketInfo {
    const unchanged = isSame(info.grid, this.listedGrid);
    this.listedGrid = info.grid;
    return unchanged ? { ...info, grid: this.info.grid } : info;
  }

  /** No trading, so no book to trust. */
  get over(): boolean {
    const { status } = this.info;
    return status === 'closed' || status === 'determined' || status === 'settled';
  }
}

/** What one frame (or one REST answer) does to one market: told as one event, after the whole frame was applied. */
export class Turn {
  open = false;
  levels: Levels | null = null;
  /** `levels` is the whole book. */
  whole = false;
  message: BookMessage | null = null;
  connection = 0;
  /** A whole book that was the same as ours. */
  confirmed = false;
  /** A whole book came: the market may be trusted again. */
  regained: 'snapshot' | 'restated' | null = null;
  loss: { readonly reason: TrustLoss; readonly detail: string } | null = null;
  readonly proofs = new Gathered<BookProof>();
  venueAt: Instant | null = null;

  clear(): void {
    this.open = false;
    this.levels = null;
    this.whole = false;
    this.message = null;
    this.confirmed = false;
    this.regained = null;
    this.loss = null;
    this.proofs.clear();
    this.venueAt = null;
  }
}

/** One socket as intake follows it. */
export class ConnectionEntry {
  readonly refs = new Set<MarketRef>();
  /** Last sequence number by stream. */
  readonly streams = new Map<string, number>();
  /** Stream of each channel; a channel that gets a new one retires the old. */
  private readonly channels = new Map<string, string>();
  /** Streams that are over: frames of theirs may still arrive and mean nothing. */
  readonly retired = new Set<string>();

  constructor(
    readonly id: number,
    readonly venue: VenueEntry,
  ) {}

  /** The venue numbers what it sends here: only the socket can bring a lost book back. */
  get sequenced(): boolean {
    return this.streams.size > 0;
  }

  subscribed(channel: string, stream: string): void {
    const before = this.channels.get(channel);
    if (before !== undefined && before !== stream) this.retired.add(before);
    this.retired.delete(stream);
    this.channels.set(channel, stream);
  }
}

/** With the tick a message states to be in force: the venue narrows it near the ends, sometimes before it says so. */
export function regridded(info: MarketInfo, tick: string): MarketInfo {
  const step = parsePrice(tick);
  const { grid } = info;
  if (!(step > 0) || (grid.length === 1 && grid[0].step === step)) return info;
  return { ...info, grid: [{ start: price(0), end: PRICE_ONE, step }] };
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
