import type { Instant, MarketRef } from '#core';

const FIRST_ROOM = 256;

/** What is remembered of each market between two writings of its row, by its dense ref: touched for every event. */
export class MarketMarks {
  private changed: MarketRef[] = [];
  private isChanged = new Uint8Array(FIRST_ROOM);
  private fresh = new Float64Array(FIRST_ROOM).fill(NaN);
  private quotes = new Float64Array(FIRST_ROOM).fill(NaN);

  touch(ref: MarketRef): void {
    if (ref >= this.isChanged.length) this.grow(ref);
    if (this.isChanged[ref] === 1) return;
    this.isChanged[ref] = 1;
    this.changed.push(ref);
  }

  heard(ref: MarketRef, at: Instant): void {
    this.touch(ref);
    this.fresh[ref] = at;
  }

  quoted(ref: MarketRef, seq: number): void {
    this.touch(ref);
    this.quotes[ref] = seq;
  }

  /** When data or a probe last confirmed the book; `null` before. */
  freshAt(ref: MarketRef): Instant | null {
    return known(this.fresh[ref]);
  }

  /** `seq` of the newest quote; `null` before. */
  quoteSeq(ref: MarketRef): number | null {
    return known(this.quotes[ref]);
  }

  /** The markets touched since the last call, each once. */
  take(): readonly MarketRef[] {
    const { changed } = this;
    for (const ref of changed) this.isChanged[ref] = 0;
    this.changed = [];
    return changed;
  }

  private grow(ref: MarketRef): void {
    const room = Math.max(ref + 1, this.isChanged.length * 2);
    const isChanged = new Uint8Array(room);
    isChanged.set(this.isChanged);
    this.isChanged = isChanged;
    this.fresh = widened(this.fresh, room);
    this.quotes = widened(this.quotes, room);
  }
}

function widened(before: Float64Array<ArrayBuffer>, room: number): Float64Array<ArrayBuffer> {
  const after = new Float64Array(room).fill(NaN);
  after.set(before);
  return after;
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
