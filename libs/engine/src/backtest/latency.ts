import type { VenueId } from '#core';
import { mulberry32 } from '#quant';
import { feedDelayOf } from './feed-delay.js';
import type { BacktestHeader } from './header.types.js';

/** 95 % of a normal distribution lie below so many deviations. */
const P95 = 1.644_853_626_951_472_2;
const UNNAMED_MS = 250;

/**
 * The kernel's latency for a header: the time to decide and the way. `measured` is what the tape has said of each venue so far.
 * Where the feed is late the kernel's books are those of a while ago: the order waits for the book it will have met.
 */
export function latencyOf(
  header: Pick<BacktestHeader, 'latency' | 'decisionMs' | 'decisionMsOf' | 'feedMs' | 'seed'>,
  measured: ReadonlyMap<string, number>,
): (venue: VenueId) => number {
  const { latency, decisionMs, decisionMsOf, feedMs } = header;
  const before = (venue: VenueId): number => (decisionMsOf?.[venue] ?? decisionMs) + feedDelayOf(feedMs, venue);
  switch (latency.kind) {
    case 'recorded':
      return (venue) => before(venue) + (measured.get(venue) ?? named(latency.ms, venue));
    case 'constant':
      return (venue) => before(venue) + named(latency.ms, venue);
    case 'sampled': {
      const random = mulberry32(header.seed);
      return (venue) => {
        const rule = latency.venues[venue] ?? latency.venues['*'] ?? { medianMs: UNNAMED_MS, p95Ms: UNNAMED_MS };
        // Two draws whatever the rule is, so that another venue's rule does not shift this one's draws.
        const radius = Math.sqrt(-2 * Math.log(Math.max(random(), 1e-12)));
        const normal = radius * Math.cos(2 * Math.PI * random());
        const spread = Math.log(Math.max(rule.p95Ms, rule.medianMs, 1e-3) / Math.max(rule.medianMs, 1e-3)) / P95;
        return before(venue) + Math.round(rule.medianMs * Math.exp(spread * normal));
      };
    }
  }
}

const named = (ms: Readonly<Record<string, number>>, venue: string): number => ms[venue] ?? ms['*'] ?? UNNAMED_MS;
