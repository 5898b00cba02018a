import { createLog } from '#host';
import { LIVE_PACE, type FeedPace } from '../feed.types.js';
import { createVenueIo } from '../rest.io.js';
import { VenueFeed } from '../venue.feed.js';
import type { ToyIntake } from './toy.intake.js';
import { toyVenue, type ToyOptions, type ToyServer } from './toy.venue.js';

/** Waits that a test can wait for. */
const PACE: FeedPace = {
  ...LIVE_PACE,
  tickMs: 10,
  handshakeMs: 500,
  backOffFirstMs: 40,
  backOffMostMs: 200,
  stableMs: 1000,
  confirmAfterMs: 120,
  refreshMs: 120,
  resubscribeMs: 120,
  reconnectMs: 300,
  retryMs: 200,
  handOverMs: 500,
  pollMs: 40,
};

/** What a feed has told its house. */
export interface Told {
  readonly announced: string[];
  readonly complaints: string[];
  readonly broken: unknown[];
}

/** A feed on real sockets that hears the toy server; to be stopped by the test. */
export function openFeed(
  server: ToyServer,
  intake: ToyIntake,
  { announced, complaints, broken }: Told,
  options: ToyOptions = {},
  pace: Partial<FeedPace> = {},
): VenueFeed {
  const plugin = toyVenue(options);
  let connections = 0;
  const skew = (ms: number): void => made.heardClock(ms);
  const made: VenueFeed = new VenueFeed(
    plugin,
    {
      intake,
      io: createVenueIo<unknown>(server.config, {
        venue: 'Toy',
        budget: plugin.rest,
        share: 1,
        now: Date.now,
        random: () => 0.5,
        timeoutMs: 300,
        attempts: 2,
        firstWaitMs: 10,
        onSkew: skew,
      }),
      now: Date.now,
      random: () => 0.5,
      log: createLog('error'),
      nextConnection: () => ++connections,
      announced: (_venue, natives) => announced.push(...natives),
      timed: () => undefined,
      rejected: (_venue, _frame, reason) => complaints.push(reason),
      broken: (error) => broken.push(error),
    },
    { ...PACE, ...pace },
  );
  made.start();
  made.setMarkets(intake.refs);
  return made;
}
