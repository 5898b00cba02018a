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

  /** The commonest frame; `null` for any other. */
  scan(frame: string | Buffer): VenueMessage | null {
    if (typeof frame === 'string' || !this.wire?.scan) return null;
    try {
      return this.wire.scan(frame, this.alias);
    } catch (error) {
      return failed(error);
    }
  }

  parse(frame: string | Buffer): readonly VenueMessage[] {
    try {
      const text = typeof frame === 'string' ? frame : textOf(frame);
      if (text === null) return NOT_TEXT;
      return this.wire?.parse(text, this.alias) ?? [];
    } catch (error) {
      return [failed(error)];
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NOT_TEXT: readonly VenueMessage[] = [{ kind: 'rejected', reason: 'the frame is not UTF-8' }];

/** `null` for bytes that are no text: replacing them would make up names and numbers. */
function textOf(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** A parser that throws has a mistake; one frame must not cost more than itself. */
const failed = (error: unknown): VenueMessage => ({
  kind: 'rejected',
  reason: `the parser failed: ${error instanceof Error ? error.message : String(error)}`,
});
