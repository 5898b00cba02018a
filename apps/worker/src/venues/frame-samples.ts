import type { Instant, VenueId } from '#core';
import type { Log } from '#host';

const EVERY_MS = 60_000;
const SAMPLE_CHARACTERS = 300;

/** Malformed frames are counted by intake; the log shows one a minute per venue, cut short, and how many there were. */
export class FrameSamples {
  private readonly venues = new Map<VenueId, { since: number; at: Instant }>();

  constructor(
    private readonly log: Log,
    private readonly now: () => Instant,
  ) {}

  note(venue: VenueId, frame: string, reason: string): void {
    const at = this.now();
    const seen = this.venues.get(venue) ?? { since: 0, at: at - EVERY_MS };
    seen.since += 1;
    this.venues.set(venue, seen);
    if (at - seen.at < EVERY_MS) return;
    this.log.warn('a frame could not be understood', {
      venue,
      reason,
      frames: seen.since,
      sample: frame.slice(0, SAMPLE_CHARACTERS),
    });
    seen.since = 0;
    seen.at = at;
  }
}
