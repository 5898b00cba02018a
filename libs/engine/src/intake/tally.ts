import type { Instant, VenueId } from '#core';
import type { VenueMessage } from '#plugin-sdk';
import type { VenueStats } from './intake.types.js';

/** Weight of one message in the smoothed lag. */
const LAG_WEIGHT = 0.05;
/** A venue may invent any number of types; the counts of further ones go together. */
const MOST_TYPES = 100;

/** What one venue has sent, counted. */
export class Tally {
  frames = 0;
  events = 0;
  unknown = 0;
  rejected = 0;
  gaps = 0;
  resyncs = 0;
  hashPassed = 0;
  hashFailed = 0;
  lastFrameAt: Instant | null = null;
  private lag: number | null = null;
  private readonly types = new Map<string, number>();

  constructor(private readonly venue: VenueId) {}

  count(message: VenueMessage): void {
    const type =
      message.kind === 'unknown' ? `unknown ${message.type}` : message.kind === 'book' ? message.mode : message.kind;
    const name = this.types.has(type) || this.types.size < MOST_TYPES ? type : 'others';
    this.types.set(name, (this.types.get(name) ?? 0) + 1);
  }

  lagOf(venueAt: Instant | null, at: Instant): void {
    if (venueAt === null) return;
    const lag = at - venueAt;
    this.lag = this.lag === null ? lag : this.lag + LAG_WEIGHT * (lag - this.lag);
  }

  stats(): VenueStats {
    const { venue, frames, events, unknown, rejected, gaps, resyncs, hashPassed, hashFailed, lastFrameAt } = this;
    const lagMs = this.lag === null ? null : Math.round(this.lag);
    return {
      venue,
      framesByType: new Map(this.types),
      frames,
      events,
      unknown,
      rejected,
      gaps,
      resyncs,
      hashPassed,
      hashFailed,
      lastFrameAt,
      lagMs,
    };
  }
}
