import { ASK, BID, type Instant, type JournalEntry, type MarketRef, type TapeEvent } from '#core';
import { BookBlocks, type BookCheckpoint, type LaneProjection } from '#data';
import type { KernelLook } from '#engine';
import { MarketMarks } from './market-marks.js';

/** Market rows are for screens: four times a second is as live as a page gets. */
const MARKETS_EVERY_MS = 250;
const ACCOUNTS_EVERY_MS = 1000;
interface Trust {
  readonly trusted: boolean;
  readonly reason: string;
}

type MarketRow = LaneProjection['markets'][number];

/** What the screens read, cut from the kernel at the moment of a commit: only what has changed since the last. */
export class Projection {
  private readonly marks = new MarketMarks();
  private readonly trust = new Map<MarketRef, Trust>();
  private readonly blocks: BookBlocks;
  private readonly stated = new Map<string, string>();
  private marketsAt: Instant = 0;
  private accountsAt: Instant = 0;
  private peopleActed = true;

  constructor(private readonly look: KernelLook) {
    this.blocks = new BookBlocks(look.markets());
  }

  quoteChanged(ref: MarketRef, seq: number): void {
    this.marks.quoted(ref, seq);
  }

  take(event: TapeEvent): void {
    switch (event.kind) {
      case 'book':
        this.marks.heard(event.market, event.at);
        this.blocks.take(event);
        break;
      case 'probe':
        this.marks.heard(event.market, event.at);
        break;
      case 'continuity':
        this.trust.set(event.market, {
          trusted: event.trusted,
          reason: event.detail ? `${event.reason}: ${event.detail}` : event.reason,
        });
        this.marks.touch(event.market);
        break;
      case 'market':
        this.marks.touch(event.ref);
        break;
      case 'act':
      case 'paused':
      case 'resolution':
        this.peopleActed = true;
        break;
      default:
        break;
    }
  }

  /** `all`: whatever has changed goes now, however recently the last rows went. */
  cut(now: Instant, journal: readonly JournalEntry[], all: boolean): LaneProjection {
    const markets: MarketRow[] = [];
    if (all || now - this.marketsAt >= MARKETS_EVERY_MS) {
      this.marketsAt = now;
      for (const ref of this.marks.take()) markets.push(this.row(ref));
    }
    let accounts: LaneProjection['accounts'] = [];
    let sessions: LaneProjection['sessions'] = [];
    if (all || this.peopleActed || journal.length > 0 || now - this.accountsAt >= ACCOUNTS_EVERY_MS) {
      this.accountsAt = now;
      this.peopleActed = false;
      accounts = this.onlyChanged(this.look.accounts().map((account) => ({ id: account.record.id, state: account })));
      sessions = this.onlyChanged(this.look.sessions().map((session) => ({ id: session.id, state: session })));
    }
    return { markets, accounts, sessions };
  }

  checkpoints(seq: number, at: Instant): readonly BookCheckpoint[] {
    return this.blocks.cut(seq, at, (ref) => this.levels(ref));
  }

  private levels(ref: MarketRef): Float64Array {
    const { bids, asks } = this.look.levels(ref);
    const levels = new Float64Array((bids.length + asks.length) * 3);
    let place = 0;
    for (const [side, half] of [
      [BID, bids],
      [ASK, asks],
    ] as const) {
      for (const [price, size] of half) {
        levels[place++] = side;
        levels[place++] = price;
        levels[place++] = size;
      }
    }
    return levels;
  }

  private row(ref: MarketRef): MarketRow {
    const info = this.look.info(ref);
    const trust = this.trust.get(ref) ?? { trusted: false, reason: 'not heard yet' };
    return {
      ref,
      id: info.id,
      info,
      quote: this.look.quote(ref),
      quoteSeq: this.marks.quoteSeq(ref),
      freshAt: this.marks.freshAt(ref),
      trusted: trust.trusted,
      trustReason: trust.reason,
    };
  }

  private onlyChanged<Row extends { readonly id: string; readonly state: unknown }>(rows: readonly Row[]): Row[] {
    return rows.filter((row) => {
      const text = JSON.stringify(row.state);
      if (this.stated.get(row.id) === text) return false;
      this.stated.set(row.id, text);
      return true;
    });
  }
}
