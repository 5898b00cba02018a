import type { Instant, MarketRef } from '#core';
import type { BooksFetch } from './books.fetch.js';
import type { FeedHouse } from './feed.types.js';

/**
 * Silence of a market is not the silence of its socket: pings and other markets may go on while one book has quietly
 * stopped. A trusted book without data for `probeAfterMs` is asked for by REST: equal, it is fresh again; unlike, data
 * was missed; unanswered, the book cannot be trusted.
 */
export class Watchdog {
  private readonly probing = new Set<MarketRef>();
  probes = 0;
  failures = 0;

  constructor(
    private readonly house: FeedHouse,
    private readonly books: BooksFetch,
    private readonly probeAfterMs: number,
    /** Data was missed on, or the probe failed for, these markets. */
    private readonly lost: (refs: readonly MarketRef[], missed: boolean) => void,
  ) {}

  tick(markets: Iterable<MarketRef>, now: Instant): void {
    const silent: MarketRef[] = [];
    for (const ref of markets) {
      if (this.probing.has(ref) || this.books.isBusy(ref)) continue;
      const state = this.house.intake.state(ref);
      if (state.trusted && now - state.lastDataAt > this.probeAfterMs) silent.push(ref);
    }
    if (silent.length > 0) void this.probe(silent);
  }

  private async probe(refs: readonly MarketRef[]): Promise<void> {
    for (const ref of refs) this.probing.add(ref);
    this.probes += refs.length;
    const { intake } = this.house;
    const gapsBefore = this.gaps();
    const answer = await this.books.fetch(refs);
    for (const ref of refs) this.probing.delete(ref);
    const unanswered = [...answer.failed, ...answer.missing].filter((ref) => intake.state(ref).trusted);
    this.failures += unanswered.length;
    try {
      const asked = unanswered.filter((ref) => answer.failed.includes(ref));
      const gone = unanswered.filter((ref) => answer.missing.includes(ref));
      if (asked.length > 0) intake.distrust(asked, 'silence', answer.problem ?? 'the probe was not answered');
      if (gone.length > 0) intake.distrust(gone, 'silence', 'the venue has no order book for this market now');
    } catch (error) {
      this.house.broken(error);
      return;
    }
    // Answered, and the book is not what the venue says: only the socket can bring it back.
    const wrong = answer.got.filter((ref) => !intake.state(ref).trusted);
    if (unanswered.length + wrong.length > 0) this.lost([...unanswered, ...wrong], false);
    const missed = this.gaps() > gapsBefore ? answer.got.filter((ref) => intake.state(ref).reason === 'restated') : [];
    if (missed.length > 0) this.lost(missed, true);
  }

  private gaps(): number {
    return this.house.intake.stats().reduce((sum, one) => sum + one.gaps, 0);
  }
}
