import type { BookEvent, MarketRef, TapeEvent, Unstamped } from '#core';

/** An event that waits for its stamp, with the inbox row it answers; without an event, only the row is answered. */
export interface Held {
  readonly event: Unstamped<TapeEvent> | null;
  readonly inbox: string | null;
}

type BookChange = Unstamped<BookEvent>;

/**
 * Events that wait because storage is slow. Book changes of one market become one, at the place of the latest;
 * nothing else is ever merged or dropped, and nothing of a market is moved past what it depends on (its continuity,
 * its rules, its result).
 */
export class HeldEvents {
  private entries: (Held | null)[] = [];
  private readonly books = new Map<MarketRef, number>();
  private live = 0;
  /** Frames that lost their own event to merging, since the lane began. */
  merged = 0;

  get size(): number {
    return this.live;
  }

  push(event: Unstamped<TapeEvent> | null, inbox: string | null): void {
    if (event?.kind === 'book' && inbox === null) {
      this.pushBook(event);
      return;
    }
    if (event?.kind === 'continuity' || event?.kind === 'resolution') this.books.delete(event.market);
    if (event?.kind === 'market') this.books.delete(event.ref);
    this.append({ event, inbox });
  }

  /** Takes up to `most` entries from the front. */
  take(most: number): Held[] {
    const out: Held[] = [];
    let from = 0;
    for (; from < this.entries.length && out.length < most; from++) {
      const entry = this.entries[from];
      if (entry) out.push(entry);
    }
    this.live -= out.length;
    this.entries = this.entries.slice(from);
    this.reindex(from);
    return out;
  }

  private pushBook(event: BookChange): void {
    const at = this.books.get(event.market);
    const older = at === undefined ? null : (this.entries[at]?.event as BookChange | null);
    if (at !== undefined && older) {
      this.entries[at] = null;
      this.live -= 1;
      this.merged += 1;
      this.append({ event: merge(older, event), inbox: null });
    } else {
      this.append({ event, inbox: null });
    }
    this.books.set(event.market, this.entries.length - 1);
    if (this.entries.length > 1024 && this.entries.length > 4 * this.live) this.compact();
  }

  private append(entry: Held): void {
    this.entries.push(entry);
    this.live += 1;
  }

  private compact(): void {
    const places = new Map<number, number>();
    const kept: Held[] = [];
    this.entries.forEach((entry, at) => {
      if (!entry) return;
      places.set(at, kept.length);
      kept.push(entry);
    });
    this.entries = kept;
    for (const [ref, at] of this.books) this.books.set(ref, places.get(at) ?? -1);
  }

  private reindex(taken: number): void {
    for (const [ref, at] of this.books) {
      if (at < taken) this.books.delete(ref);
      else this.books.set(ref, at - taken);
    }
  }
}

/** Levels are absolute, so the later one of a price wins; in a whole book a removed level is simply absent. */
function merge(older: BookChange, newer: BookChange): BookChange {
  const merged = older.merged + newer.merged;
  if (newer.snapshot) return { ...newer, merged };
  const levels = new Map<number, number>();
  for (const half of [older.levels, newer.levels]) {
    for (let at = 0; at < half.length; at += 3) {
      const key = half[at] * 2_000_000 + half[at + 1];
      levels.delete(key);
      if (half[at + 2] > 0 || !older.snapshot) levels.set(key, half[at + 2]);
    }
  }
  const flat = new Float64Array(levels.size * 3);
  let at = 0;
  for (const [key, size] of levels) {
    flat[at++] = Math.floor(key / 2_000_000);
    flat[at++] = key % 2_000_000;
    flat[at++] = size;
  }
  return { ...newer, snapshot: older.snapshot, levels: flat, merged };
}
