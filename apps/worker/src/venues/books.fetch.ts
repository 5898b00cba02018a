import { nativeOf, type MarketRef, type VenueId } from '#core';
import type { VenuePlugin } from '#plugin-sdk';
import { REST_BATCH, type FeedHouse } from './feed.types.js';
import { sentenceOf } from './rest.io.js';

export interface FetchedBooks {
  /** Asked for and answered. */
  readonly got: readonly MarketRef[];
  /** The venue says it has no book for these. */
  readonly missing: readonly MarketRef[];
  /** The request failed: nothing is known about these. */
  readonly failed: readonly MarketRef[];
  readonly problem: string | null;
}

/**
 * Whole books by REST, handed to intake as they come. A market is in flight once: probe, resync and polling may all
 * want it in the same moment.
 */
export class BooksFetch {
  private readonly inFlight = new Set<MarketRef>();
  problem: string | null = null;

  constructor(
    private readonly venue: VenueId,
    private readonly plugin: VenuePlugin,
    private readonly house: FeedHouse,
    private readonly stopped: () => boolean,
    /** No socket brings these books. */
    private readonly alone: boolean,
  ) {}

  isBusy(ref: MarketRef): boolean {
    return this.inFlight.has(ref);
  }

  async fetch(wanted: readonly MarketRef[]): Promise<FetchedBooks> {
    const refs = wanted.filter((ref) => !this.inFlight.has(ref));
    for (const ref of refs) this.inFlight.add(ref);
    const got: MarketRef[] = [];
    const missing: MarketRef[] = [];
    const failed: MarketRef[] = [];
    try {
      for (let from = 0; from < refs.length; from += REST_BATCH) {
        const batch = refs.slice(from, from + REST_BATCH);
        await this.fetchBatch(batch, got, missing, failed);
        if (this.stopped()) break;
      }
    } finally {
      for (const ref of refs) this.inFlight.delete(ref);
    }
    return { got, missing, failed, problem: this.problem };
  }

  private async fetchBatch(
    batch: readonly MarketRef[],
    got: MarketRef[],
    missing: MarketRef[],
    failed: MarketRef[],
  ): Promise<void> {
    const infos = batch.map((ref) => this.house.intake.info(ref));
    let answer: Awaited<ReturnType<VenuePlugin['snapshot']>>;
    try {
      answer = await this.plugin.snapshot(this.house.io, infos);
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
      failed.push(...batch);
      return;
    }
    if (this.stopped()) return;
    try {
      this.house.intake.books(this.venue, answer.books, this.house.now(), this.alone);
    } catch (error) {
      this.house.broken(error);
      return;
    }
    const served = new Set(answer.books.map((book) => book.native));
    const gone = new Set(answer.missing);
    batch.forEach((ref, at) => {
      const native = nativeOf(infos[at].id);
      if (served.has(native)) got.push(ref);
      else if (gone.has(native)) missing.push(ref);
      else failed.push(ref);
    });
  }
}
