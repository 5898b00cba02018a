import type { Instant, MarketRef, TapeEvent, Unstamped, VenueId } from '#core';
import type { ControlMessage, VenueWire } from '#plugin-sdk';

export interface IntakeOptions {
  readonly wires: ReadonlyMap<VenueId, VenueWire>;
  /** Called synchronously, in order. The receiver owns the object and stamps it. */
  emit(event: Unstamped<TapeEvent>): void;
  /** A market's full book hash is checked at most this often, ms: 1000 live, 0 for every frame of a capture. */
  readonly hashEveryMs: number;
  /** Changes told later than this after the venue made them, ms, make their book one of the past. Absent: however late. */
  readonly mostLateMs?: number;
}

/** What the owner of the socket has to do about a frame. */
export interface FrameOutcome {
  /** Books that are not whole any more: fresh ones are needed. */
  readonly refresh: readonly MarketRef[];
  readonly control: readonly ControlMessage[];
  /** Native ids the venue announced. */
  readonly newMarkets: readonly string[];
  /** First reason why a part of the frame was not understood. */
  readonly rejected: string | null;
  /** The connection is of no further use and must be remade. */
  readonly fatal: string | null;
}

export interface MarketTrust {
  readonly trusted: boolean;
  /** Why it is, or is not: the reason of the last change. */
  readonly reason: string;
  /** When data or a probe last confirmed the book; 0 never. */
  readonly lastDataAt: Instant;
  /** The connection that brings the book; 0 none. */
  readonly connection: number;
}

export interface VenueStats {
  readonly venue: VenueId;
  /** Messages by kind, unknown ones by the venue's own type. */
  readonly framesByType: ReadonlyMap<string, number>;
  readonly frames: number;
  readonly events: number;
  readonly unknown: number;
  readonly rejected: number;
  /** Times data was missed: a break in a sequence, a probe that found another book. */
  readonly gaps: number;
  /** Books brought back after they were lost. */
  readonly resyncs: number;
  readonly hashPassed: number;
  readonly hashFailed: number;
  readonly lastFrameAt: Instant | null;
  /** Receive time less the venue's time, ms, smoothed. */
  readonly lagMs: number | null;
}
