import type { ContinuityEvent, Instant, MarketEvent, MarketId } from '#core';

export interface Watched {
  readonly market: MarketId;
  open: boolean;
  trusted: boolean;
  reason: string;
  since: Instant;
  openMs: number;
  trustedMs: number;
  /** Spans in which an open market's book could not be trusted. */
  gaps: number;
  longestGapMs: number;
}

export interface MarketCoverage {
  readonly market: MarketId;
  readonly openMs: number;
  readonly trustedMs: number;
  /** 0…1. */
  readonly share: number;
  readonly gaps: number;
  readonly longestGapMs: number;
}

export interface CoverageFacts {
  /** Trusted time over open time of all markets, 0…1; 1 when none was open. */
  readonly share: number;
  readonly gaps: number;
  /** Least covered first. */
  readonly markets: readonly MarketCoverage[];
}

/** How much of the time that a market was open its book could be trusted. */
export class Coverage {
  private readonly markets: (Watched | undefined)[] = [];
  /** What is watched before it began counts for nothing. */
  private startedAt: Instant = Infinity;

  /** What was before does not count. */
  start(at: Instant): void {
    this.startedAt = at;
  }

  /** What is known before the start, to be structured-cloned. */
  save(): readonly (Watched | undefined)[] {
    return this.markets;
  }

  load(saved: readonly (Watched | undefined)[]): void {
    this.markets.splice(0, Infinity, ...saved);
  }

  market(event: MarketEvent): void {
    const known = this.markets[event.ref];
    const open = event.info.status === 'open';
    if (known === undefined) {
      this.markets[event.ref] = {
        market: event.info.id,
        open,
        trusted: false,
        reason: 'no book yet',
        since: event.at,
        openMs: 0,
        trustedMs: 0,
        gaps: 0,
        longestGapMs: 0,
      };
      return;
    }
    this.pass(known, event.at);
    known.open = open;
  }

  continuity(event: ContinuityEvent): void {
    const known = this.markets[event.market];
    if (known === undefined) return;
    this.pass(known, event.at);
    if (known.trusted && !event.trusted && known.open && event.at >= this.startedAt) known.gaps++;
    known.trusted = event.trusted;
    known.reason = event.reason;
  }

  end(at: Instant): CoverageFacts {
    const markets: MarketCoverage[] = [];
    let open = 0;
    let trusted = 0;
    let gaps = 0;
    for (const known of this.markets) {
      if (known === undefined) continue;
      this.pass(known, at);
      if (known.openMs === 0) continue;
      const { market, openMs, trustedMs, longestGapMs } = known;
      markets.push({
        market,
        openMs,
        trustedMs,
        share: trustedMs / openMs,
        gaps: known.gaps,
        longestGapMs,
      });
      open += openMs;
      trusted += trustedMs;
      gaps += known.gaps;
    }
    markets.sort((a, b) => a.share - b.share || (a.market < b.market ? -1 : 1));
    return { share: open === 0 ? 1 : trusted / open, gaps, markets };
  }

  private pass(known: Watched, at: Instant): void {
    const from = Math.max(known.since, this.startedAt);
    known.since = at;
    const ms = at - from;
    if (!(ms > 0) || !known.open) return;
    known.openMs += ms;
    if (known.trusted) known.trustedMs += ms;
    else known.longestGapMs = Math.max(known.longestGapMs, ms);
  }
}
