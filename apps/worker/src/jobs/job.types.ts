import type { Instant } from '#core';
import type { Inbox } from '#data';
import type { Config, Log } from '#host';
import type { VenueIo, VenuePlugin } from '#plugin-sdk';
import type { KnownQuery } from './known.query.js';

export interface JobVenue {
  readonly plugin: VenuePlugin;
  readonly io: VenueIo<unknown>;
}

/** What every job is handed. */
export interface JobHouse {
  readonly lane: number;
  readonly config: Pick<Config, 'marketsPerVenue' | 'linksFile'>;
  readonly venues: readonly JobVenue[];
  readonly inbox: Inbox;
  readonly known: KnownQuery;
  readonly now: () => Instant;
  readonly log: Log;
  /** A line for the run's own log, for who watches it. */
  readonly say?: (line: string) => Promise<void>;
}
