import type { TrustLoss, VenueId } from '#core';
import type { Alias, AliasLookup, VenueMessage, VenueWire } from '#plugin-sdk';
import type { MarketEntry } from './market-entry.js';
import { Tally } from './tally.js';
import { TradeMemory } from './trade-memory.js';

/** One venue as intake follows it: its markets by the names frames use, its counts, its trades of late. */
export class VenueEntry {
  readonly tally: Tally;
  readonly trades = new TradeMemory();
  readonly markets = new Map<string, MarketEntry>();
  /** While set, none of its books is trusted, whatever they bring. */
  veto: TrustLoss | null = null;
  private readonly aliases = new Map<string, Alias>();
  private readonly alias: AliasLookup = (name) => this.aliases.get(name);

  constructor(
    readonly id: VenueId,
    readonly wire: VenueWire | null,
  ) {
    this.tally = new Tally(id);
  }

  learn(market: MarketEntry): void {
    this.markets.set(market.native, market);
    const names = this.wire?.aliases?.(market.info) ?? [];
    names.slice(0, 2).forEach((name, token) => {
      if (name !== '') this.aliases.set(name, { native: market.native, token: token === 0 ? 0 : 1 });
    });
  }

  /** A parser that throws has a mistake; one frame must not cost more than itself. */
  read(frame: string | Buffer): readonly VenueMessage[] {
    const { wire } = this;
    if (!wire) return [];
    try {
      if (typeof frame === 'string') return wire.parse(frame, this.alias);
      const commonest = wire.scan?.(frame, this.alias) ?? null;
      return commonest === null ? wire.parse(frame.toString('utf8'), this.alias) : [commonest];
    } catch (error) {
      return [
        { kind: 'rejected', reason: `the parser failed: ${error instanceof Error ? error.message : String(error)}` },
      ];
    }
  }
}
