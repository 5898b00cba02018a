import type { Instant, MarketInfo, MarketRef, VenueId } from '#core';
import type { Intake } from '#engine';
import type { Log } from '#host';
import type { VenueIo } from '#plugin-sdk';

/** What the connection handling asks of intake: everything but the catalogue and recovery. */
export type FeedIntake = Pick<
  Intake,
  'open' | 'add' | 'drop' | 'frame' | 'books' | 'close' | 'distrust' | 'veto' | 'lifecycle' | 'state' | 'info' | 'stats'
>;

export interface FeedHouse {
  readonly intake: FeedIntake;
  readonly io: VenueIo<unknown>;
  readonly now: () => Instant;
  readonly random: () => number;
  readonly log: Log;
  /** Number of the next socket; counts since the lane began. */
  nextConnection(): number;
  /** The venue announced markets the catalogue should be read again for. */
  announced(venue: VenueId, natives: readonly string[]): void;
  /** Wall time of one frame from socket to the end of the kernel's work, in ms. */
  timed(ms: number): void;
  /** A frame had a part that could not be understood. */
  rejected(venue: VenueId, frame: string, reason: string): void;
  /** An error of ours while applying a frame: the lane must stop. */
  broken(error: unknown): void;
}

/** All waits of the connection handling, in ms. Tests use short ones. */
export interface FeedPace {
  readonly tickMs: number;
  readonly handshakeMs: number;
  readonly backOffFirstMs: number;
  readonly backOffMostMs: number;
  /** A connection that lived this long was a good one: the next failure starts the back-off afresh. */
  readonly stableMs: number;
  /** After subscribing: books that have not come by then are fetched by REST. */
  readonly confirmAfterMs: number;
  /** How long each step of a resync may take before the next one. */
  readonly refreshMs: number;
  readonly resubscribeMs: number;
  readonly reconnectMs: number;
  /** Between attempts for a market that nothing has brought back. */
  readonly retryMs: number;
  /** A planned reconnect gives the new connection this long to bring every book. */
  readonly handOverMs: number;
  /** Connections are renewed at this age, before an idle proxy on the way does it for us. */
  readonly maxAgeMs: number;
  /** One round over all markets when polling. */
  readonly pollMs: number;
  /** The venue is asked this often whether it trades at all. */
  readonly statusMs: number;
  /** Our clock is compared with the venue's at least this often. */
  readonly skewCheckMs: number;
}

export const LIVE_PACE: FeedPace = {
  tickMs: 500,
  handshakeMs: 10_000,
  backOffFirstMs: 500,
  backOffMostMs: 60_000,
  stableMs: 30_000,
  confirmAfterMs: 4000,
  refreshMs: 4000,
  resubscribeMs: 8000,
  reconnectMs: 20_000,
  retryMs: 30_000,
  handOverMs: 15_000,
  maxAgeMs: 6 * 3_600_000,
  pollMs: 3000,
  statusMs: 30_000,
  skewCheckMs: 60_000,
};

/** Most markets asked for in one REST call of ours; a plugin may split further. */
export const REST_BATCH = 50;
/** Clocks that differ by more than this make a venue's quotes untrusted. */
export const MAX_SKEW_MS = 1000;

export type Infos = (ref: MarketRef) => MarketInfo;
