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
  private increments = 0;
  private absolutes = 0;
  private snapshots = 0;

  constructor(private readonly venue: VenueId) {}

  count(message: VenueMessage): void {
    if (message.kind === 'book') {
      // Nearly every message: a field is cheaper than a map.
      if (message.mode === 'increment') this.increments += 1;
      else if (message.mode === 'absolute') this.absolutes += 1;
      else this.snapshots += 1;
      return;
    }
    const type = message.kind === 'unknown' ? `unknown ${message.type}` : message.kind;
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
      framesByType: this.framesByType(),
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

  private framesByType(): Map<string, number> {
    const types = new Map(this.types);
    if (this.snapshots > 0) types.set('snapshot', this.snapshots);
    if (this.absolutes > 0) types.set('absolute', this.absolutes);
    if (this.increments > 0) types.set('increment', this.increments);
    return types;
  }
}
