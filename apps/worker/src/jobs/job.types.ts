import type { Instant } from '#core';
import type { Inbox, Pool } from '#data';
import type { Config, Log } from '#host';
import type { VenueIo, VenuePlugin } from '#plugin-sdk';
import type { KnownQuery } from './known.query.js';

export interface JobVenue {
  readonly plugin: VenuePlugin;
  readonly io: VenueIo<unknown>;
}

/** What a job that learns from the tape is handed. */
export interface FitHouse {
  readonly lane: number;
  readonly pool: Pool;
  readonly inbox: Inbox;
  /** A line for the run's own log, for who watches it. */
  readonly say?: (line: string) => Promise<void>;
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
