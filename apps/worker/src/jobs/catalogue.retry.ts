import { BackOff } from '../venues/back-off.js';

const FIRST_MS = 5_000;
const MOST_MS = 60_000;

/**
 * A venue whose catalogue could not be read is asked again with back-off, not only at the next slot: without its markets
 * there is nothing to listen to.
 */
export class CatalogueRetry {
  private readonly backOffs = new Map<string, BackOff>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly random: () => number,
    private readonly read: (venue: string) => void,
  ) {}

  worked(venue: string): void {
    this.backOffs.delete(venue);
    clearTimeout(this.timers.get(venue));
    this.timers.delete(venue);
  }

  /** Once per venue, however often it fails meanwhile. */
  failed(venue: string): void {
    if (this.timers.has(venue)) return;
    let backOff = this.backOffs.get(venue);
    if (!backOff) this.backOffs.set(venue, (backOff = new BackOff(this.random, FIRST_MS, MOST_MS)));
    const timer = setTimeout(() => {
      this.timers.delete(venue);
      this.read(venue);
    }, backOff.next());
    this.timers.set(venue, timer);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
