import { ASK, BID, type Instant, type JournalEntry, type MarketRef, type TapeEvent } from '#core';
import type { LaneProjection, TapeBatch } from '#data';
import type { KernelLook } from '#engine';

/** Market rows are for screens: four times a second is as live as a page gets. */
const MARKETS_EVERY_MS = 250;
const ACCOUNTS_EVERY_MS = 1000;
/** A book at any past moment is a checkpoint and at most so many changes. */
const CHECKPOINT_CHANGES = 2000;
const CHECKPOINT_EVERY_MS = 60_000;
/** Checkpoints of one commit; the rest come with the next ones. */
const CHECKPOINTS_AT_ONCE = 40;

interface Trust {
  readonly trusted: boolean;
  readonly reason: string;
}

interface Since {
  changes: number;
  at: Instant;
  snapshot: boolean;
}

type MarketRow = LaneProjection['markets'][number];

/** What the screens read, cut from the kernel at the moment of a commit: only what has changed since the last. */
export class Projection {
  private readonly changed = new Set<MarketRef>();
  private readonly trust = new Map<MarketRef, Trust>();
  private readonly fresh = new Map<MarketRef, Instant>();
  private readonly quoteSeq = new Map<MarketRef, number>();
  private readonly since = new Map<MarketRef, Since>();
  private readonly dueForCheckpoint = new Set<MarketRef>();
  private readonly stated = new Map<string, string>();
  private marketsAt: Instant = 0;
  private accountsAt: Instant = 0;
  private peopleActed = true;

  constructor(private readonly look: KernelLook) {}

  quoteChanged(ref: MarketRef, seq: number): void {
    this.quoteSeq.set(ref, seq);
    this.changed.add(ref);
  }

  take(event: TapeEvent): void {
    switch (event.kind) {
      case 'book':
        this.fresh.set(event.market, event.at);
        this.changed.add(event.market);
        this.countChange(event.market, event.at, event.snapshot);
        break;
      case 'probe':
        this.fresh.set(event.market, event.at);
        this.changed.add(event.market);
        break;
      case 'continuity':
        this.trust.set(event.market, {
          trusted: event.trusted,
          reason: event.detail ? `${event.reason}: ${event.detail}` : event.reason,
        });
        this.changed.add(event.market);
        break;
      case 'market':
        this.changed.add(event.ref);
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
      for (const ref of this.changed) markets.push(this.row(ref));
      this.changed.clear();
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

  checkpoints(seq: number, at: Instant): TapeBatch['checkpoints'] {
    const out: { market: MarketRef; seq: number; at: Instant; levels: Float64Array }[] = [];
    for (const ref of this.dueForCheckpoint) {
      if (out.length >= CHECKPOINTS_AT_ONCE) break;
      this.dueForCheckpoint.delete(ref);
      this.since.set(ref, { changes: 0, at, snapshot: false });
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
      out.push({ market: ref, seq, at, levels });
    }
    return out;
  }

  private countChange(ref: MarketRef, at: Instant, snapshot: boolean): void {
    let since = this.since.get(ref);
    if (!since) this.since.set(ref, (since = { changes: 0, at, snapshot: false }));
    since.changes += 1;
    if (snapshot || since.changes >= CHECKPOINT_CHANGES || at - since.at >= CHECKPOINT_EVERY_MS)
      this.dueForCheckpoint.add(ref);
  }

  private row(ref: MarketRef): MarketRow {
    const info = this.look.info(ref);
    const trust = this.trust.get(ref) ?? { trusted: false, reason: 'not heard yet' };
    return {
      ref,
      id: info.id,
      info,
      quote: this.look.quote(ref),
      quoteSeq: this.quoteSeq.get(ref) ?? null,
      freshAt: this.fresh.get(ref) ?? null,
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
