import type {
  BookSide,
  FeeSchedule,
  GroupInfo,
  Instant,
  MarketInfo,
  MarketStatus,
  Price,
  PriceGrid,
  Size,
  Levels,
} from '#core';
import type { Static, TSchema } from 'typebox';
import type { Manifest } from './manifest.js';
import type { VenueHistory } from './venue-history.js';

/**
 * A venue describes itself; the worker does the work (connects, paces, retries, watches) once for all venues.
 * Nothing here opens a socket, reads a clock or keeps hidden state: what is needed is handed in.
 */
export interface VenuePlugin<S extends TSchema = TSchema> {
  readonly kind: 'venue';
  readonly manifest: Manifest;
  readonly configSchema: S;
  /** REST budget in the venue's own tokens. */
  readonly rest: RateBudget;
  /** Reading the venue's frames: pure, so captures are checked with the very same code. */
  readonly wire: VenueWire;
  /** What the page says about how this venue is read with this config ("streams without a key", "polls REST: no key"). */
  access(config: Static<S>): VenueAccess;
  /** Walks the venue's catalogue page by page. Yields whole groups with their markets; markets without a group come alone. */
  listMarkets(io: VenueIo<Static<S>>, filter: CatalogueFilter): AsyncIterable<CataloguePage>;
  /** Absent when this config cannot stream (Kalshi without a key): the worker then polls `snapshot`. */
  socket(config: Static<S>): SocketDescription | null;
  /** Whole books by REST, for resync, probes and polling. Markets the venue no longer serves are in `missing`. */
  snapshot(
    io: VenueIo<Static<S>>,
    markets: readonly MarketInfo[],
  ): Promise<{ readonly books: readonly BookMessage[]; readonly missing: readonly string[] }>;
  /** Current life cycle of the given markets by REST; settlement polling. */
  resolve(io: VenueIo<Static<S>>, markets: readonly MarketInfo[]): Promise<readonly LifecycleMessage[]>;
  /**
   * Why the whole venue takes no orders at present (maintenance), as a sentence; `null` while it does. Asked every half minute;
   * absent where a venue never says so. Until then none of its books is traded on.
   */
  paused?(io: VenueIo<Static<S>>): Promise<string | null>;
  /** Absent when the venue serves no past. */
  readonly history?: VenueHistory<Static<S>>;
}

export interface VenueWire {
  /**
   * Pure: one text frame in, its messages out, in order. Never throws: what is malformed comes back as `rejected`,
   * what is unknown as `unknown`. `alias` finds the market behind a name that `aliases` gave; a name of no market that
   * is followed gives `undefined`, and what is said of it is left out.
   */
  parse(frame: string, alias: AliasLookup): readonly VenueMessage[];
  /**
   * The commonest frame, straight from the socket's bytes: most of a stream is one kind of frame in one spelling. `null`
   * for any other, which `parse` then reads; where it is not `null`, `parse` gives this one message and nothing else.
   */
  scan?(frame: Buffer, alias: AliasLookup): VenueMessage | null;
  /** Names other than the native id under which frames speak of a market: Polymarket's tokens, YES first. */
  aliases?(market: MarketInfo): readonly string[];
  /**
   * Checks a book against what the venue said of it in the same frame (`proof` of a `BookMessage`). Called after the
   * whole frame was applied. Pure.
   */
  verify(book: VerifiableBook, market: MarketInfo, proof: BookProof): Verdict;
}

export interface Alias {
  readonly native: string;
  /** Place within `aliases`: which of the venue's two views of the book is meant, 0 YES, 1 NO. */
  readonly token: 0 | 1;
}
export type AliasLookup = (name: string) => Alias | undefined;

export interface VenueAccess {
  readonly how: 'stream' | 'poll';
  readonly sentence: string;
}

export interface CatalogueFilter {
  /** Stop after about this many markets; the busiest first where the venue can order. */
  readonly limit: number;
  readonly text: string;
}

export interface CataloguePage {
  readonly groups: readonly GroupInfo[];
  readonly markets: readonly MarketInfo[];
  /** Entries that could not be understood, each with a sentence. */
  readonly refused: readonly string[];
}

/** REST as the worker hands it: paced to the venue's budget, signed by `sign`, retried on 429 and 5xx with jitter. */
export interface VenueIo<C> {
  readonly config: C;
  /** Wall clock, for signatures and ranges. */
  now(): Instant;
  /** Resolves to parsed JSON, or throws `OutsideProblem` with the status in `status`. `cost` in the venue's own tokens. */
  get(url: string, options?: RestOptions): Promise<unknown>;
  post(url: string, body: unknown, options?: RestOptions): Promise<unknown>;
}

export interface RestOptions {
  /** A function is called for every attempt, after pacing: signatures carry the moment they are sent. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  readonly cost?: number;
  /** Answer `null` instead of throwing on 404. */
  readonly missingIsNull?: boolean;
}

/** Token bucket in the venue's own units. */
export interface RateBudget {
  readonly tokensPerSecond: number;
  readonly burst: number;
  readonly defaultCost: number;
}

export interface SocketDescription {
  readonly url: string;
  /** Most markets on one connection. The worker shards. */
  readonly marketsPerConnection: number;
  /** Headers of the handshake, signed afresh for every attempt. */
  headers(now: Instant): Record<string, string>;
  /** Frames to send, in order, to start hearing these markets on a fresh connection. */
  subscribe(markets: readonly MarketInfo[], ids: CommandIds): readonly string[];
  /** Frames to add or drop markets on a live connection. */
  change(
    add: readonly MarketInfo[],
    drop: readonly MarketInfo[],
    session: WireSession,
    ids: CommandIds,
  ): readonly string[];
  /** Frames that ask for fresh books of these markets on a live connection; empty when only REST can (`snapshot`). */
  refresh(markets: readonly MarketInfo[], session: WireSession, ids: CommandIds): readonly string[];
  readonly heartbeat: Heartbeat;
  /** How closes are to be read: a planned end is not retried with the same list. */
  closed(code: number, reason: string): { readonly retry: boolean; readonly sentence: string };
}

/** Numbers commands of one connection: 1, 2, 3 … */
export interface CommandIds {
  next(): number;
}

/** What a connection learned from control messages: Kalshi's subscription ids by channel. */
export interface WireSession {
  readonly streams: ReadonlyMap<string, string>;
}

export interface Heartbeat {
  /** Text the client sends every `everyMs`; `null` where the server pings with control frames. */
  readonly send: string | null;
  readonly everyMs: number;
  /** Silence of the transport (no pong, no ping, no data) longer than this ends the connection. */
  readonly deadAfterMs: number;
  /** A market without data or probe for this long is probed; a failed probe makes it untrusted. */
  readonly probeAfterMs: number;
}

export type VenueMessage =
  | BookMessage
  | TradeMessage
  | LifecycleMessage
  | FeeMessage
  | NewMarketMessage
  | ControlMessage
  | { readonly kind: 'unknown'; readonly type: string; readonly sequence?: Sequence }
  | RejectedMessage;

/**
 * What could not be understood. With a `sequence` or a `native` it may have been a change of a book, which then lacks it and
 * is no longer trusted: that market's, or every one of the stream.
 */
export interface RejectedMessage {
  readonly kind: 'rejected';
  readonly reason: string;
  readonly native?: string;
  readonly sequence?: Sequence;
}

/** The venue's own numbering of a stream within one connection. Contiguous from 1 over every sequenced frame. */
export interface Sequence {
  readonly stream: string;
  readonly seq: number;
}

export interface BookMessage {
  readonly kind: 'book';
  /** Native market id (Kalshi ticker, Polymarket condition id). */
  readonly native: string;
  /** `snapshot` replaces the book, `absolute` sets levels, `increment` adds to levels (Kalshi). */
  readonly mode: 'snapshot' | 'absolute' | 'increment';
  /** In any order. The message is the reader's own: it may write absolute sizes over increments. */
  readonly levels: Levels;
  readonly venueAt: Instant | null;
  readonly sequence?: Sequence;
  readonly proof?: BookProof;
  /** What the same frame says of the venue's other view of this book: both must agree with ours. */
  readonly mirrorProof?: BookProof;
  /** The price grid in force, when the message states it. */
  readonly tick?: string;
}

export interface BookProof {
  /** Which of the venue's two views of the book this is about: 0 is YES, 1 is NO. */
  readonly token: 0 | 1;
  readonly hash: string | null;
  /** Best bid and ask of the canonical YES book as the venue states them; `undefined` not stated, `null` an absent side. */
  readonly bestBid?: Price | null;
  readonly bestAsk?: Price | null;
  /**
   * Fields that enter the hash and only frames know (`timestamp`, `last_trade_price`, `tick_size`), spelled as the venue
   * does. `verify` is given the newest spelling of each that any frame of the market has told.
   */
  readonly spelled: Readonly<Record<string, string>>;
  /** Given to `verify`: the levels this frame changed. A trade's price enters the hash before its own message comes. */
  readonly changes?: Levels;
}

/**
 * `unproven`: the frame carries nothing to check, or an input of the hash is not known. `spelled` of a proof are inputs
 * that no frame has told yet and that the hash shows.
 */
export type Verdict =
  | { readonly kind: 'proven'; readonly by: string; readonly spelled?: Readonly<Record<string, string>> }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'suspect'; readonly reason: 'hash-mismatch' | 'top-mismatch'; readonly detail: string };

/** Read access to a canonical YES book. Level 0 is the best. */
export interface VerifiableBook {
  count(side: BookSide): number;
  price(side: BookSide, level: number): Price;
  size(side: BookSide, level: number): Size;
}

export interface TradeMessage {
  readonly kind: 'trade';
  readonly native: string;
  readonly tradeId: string;
  /** Price of YES. */
  readonly price: Price;
  readonly size: Size;
  /** What the taker did in terms of YES. */
  readonly taker: 'buy' | 'sell' | null;
  readonly venueAt: Instant | null;
  /** Fields that enter later proofs of this market's book, spelled as the venue does (`last_trade_price`). */
  readonly spelled?: Readonly<Record<string, string>>;
  readonly sequence?: Sequence;
}

export interface LifecycleMessage {
  readonly kind: 'lifecycle';
  readonly native: string;
  readonly status: MarketStatus | null;
  readonly closesAt?: Instant | null;
  readonly paysAt?: Instant | null;
  readonly grid?: PriceGrid;
  readonly resolution?: {
    readonly outcome: { readonly kind: 'value'; readonly yesPays: Price } | { readonly kind: 'void' };
    readonly final: boolean;
  };
  readonly venueAt: Instant | null;
  readonly sequence?: Sequence;
}

/** A fee changed live, for one market or for a whole group. `null` fees: now unknown. */
export interface FeeMessage {
  readonly kind: 'fee';
  readonly native: string | null;
  readonly nativeGroup: string | null;
  readonly fees: FeeSchedule | null;
  readonly sequence?: Sequence;
}

/** The venue announces a market; the catalogue is read again for it. */
export interface NewMarketMessage {
  readonly kind: 'new-market';
  readonly native: string;
  readonly sequence?: Sequence;
}

export interface ControlMessage {
  readonly kind: 'control';
  readonly what: 'pong' | 'subscribed' | 'ok' | 'unsubscribed' | 'notice' | 'error';
  /** `error` only: the subscription is over and must be made again. */
  readonly fatal?: boolean;
  /** `error` only: too many markets for one subscription; split. */
  readonly tooMany?: boolean;
  /** `subscribed` only: stream name → id for `WireSession`. */
  readonly stream?: { readonly channel: string; readonly id: string };
  readonly text: string;
  readonly sequence?: Sequence;
}

export function defineVenue<S extends TSchema>(plugin: Omit<VenuePlugin<S>, 'kind'>): VenuePlugin<S> {
  return Object.freeze({ kind: 'venue' as const, ...plugin });
}
