import { ASK, BID, type BookSide, type Levels } from './events.js';
import type { Price, Size } from './units.js';

const NO_PRICE = -1 as Price;
const NOTHING = 0 as Size;
const FIRST_CAPACITY = 32;
/** Most edits touch the top: so many levels are looked at one by one before searching by halves. */
const NEAR = 8;

/**
 * One side as two flat arrays. Keys ascend with how good a price is (price for bids, -price for asks), so both sides
 * share one code path and the best level is the last: edits near the top move almost nothing.
 */
class Side {
  keys = new Int32Array(FIRST_CAPACITY);
  sizes = new Float64Array(FIRST_CAPACITY);
  count = 0;

  /** Index of the first key that is not below `key`. */
  seek(key: number): number {
    const keys = this.keys;
    let i = this.count;
    const near = i - NEAR;
    while (i > 0 && keys[i - 1] >= key) {
      i--;
      if (i === near) return this.halve(key, i);
    }
    return i;
  }

  private halve(key: number, high: number): number {
    const keys = this.keys;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(at: number, key: number, size: number): void {
    if (this.count === this.keys.length) this.grow();
    const { keys, sizes } = this;
    for (let i = this.count; i > at; i--) {
      keys[i] = keys[i - 1];
      sizes[i] = sizes[i - 1];
    }
    keys[at] = key;
    sizes[at] = size;
    this.count++;
  }

  remove(at: number): void {
    const { keys, sizes } = this;
    const last = --this.count;
    for (let i = at; i < last; i++) {
      keys[i] = keys[i + 1];
      sizes[i] = sizes[i + 1];
    }
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    keys.set(this.keys);
    sizes.set(this.sizes);
    this.keys = keys;
    this.sizes = sizes;
  }
}

/**
 * The canonical YES book of one market. Level 0 is the best; prices in micro-dollars, sizes in hundredths. Editing
 * allocates nothing. `toLevels`/`fromLevels` carry it through snapshots and structured clones.
 */
export class OrderBook {
  private readonly bids = new Side();
  private readonly asks = new Side();

  /** Sets a level to an absolute size; 0 (or less) removes it. Says whether the best of the side may be another now. */
  set(side: BookSide, price: number, size: number): boolean {
    const levels = side === BID ? this.bids : this.asks;
    const key = side === BID ? price : -price;
    const at = levels.seek(key);
    const { count } = levels;
    const known = at < count && levels.keys[at] === key;
    if (size > 0) {
      if (known) levels.sizes[at] = size;
      else levels.insert(at, key, size);
    } else if (known) levels.remove(at);
    return at >= count - 1;
  }

  /**
   * Adds to a level and returns its new size. A level at 0 is removed; a result below 0 means that an earlier change was
   * lost: the level is removed too and the caller must distrust the book.
   */
  add(side: BookSide, price: number, delta: number): number {
    const levels = side === BID ? this.bids : this.asks;
    const key = side === BID ? price : -price;
    const at = levels.seek(key);
    const known = at < levels.count && levels.keys[at] === key;
    const size = (known ? levels.sizes[at] : 0) + delta;
    if (size > 0) {
      if (known) levels.sizes[at] = size;
      else levels.insert(at, key, size);
    } else if (known) levels.remove(at);
    return size;
  }

  clear(): void {
    this.bids.count = 0;
    this.asks.count = 0;
  }

  /** Triples side, price, absolute size. A snapshot replaces the whole book. Says whether a best level may be another now. */
  apply(levels: Levels, snapshot: boolean): boolean {
    if (snapshot) this.clear();
    let top = snapshot;
    for (let i = 0; i + 2 < levels.length; i += 3)
      top = this.set(levels[i] === BID ? BID : ASK, levels[i + 1], levels[i + 2]) || top;
    return top;
  }

  count(side: BookSide): number {
    return side === BID ? this.bids.count : this.asks.count;
  }

  /** Price of a level, -1 where there is none. */
  price(side: BookSide, level: number): Price {
    const levels = side === BID ? this.bids : this.asks;
    if (level < 0 || level >= levels.count) return NO_PRICE;
    const key = levels.keys[levels.count - 1 - level];
    return (side === BID ? key : 0 - key) as Price;
  }

  /** Size of a level, 0 where there is none. */
  size(side: BookSide, level: number): Size {
    const levels = side === BID ? this.bids : this.asks;
    if (level < 0 || level >= levels.count) return NOTHING;
    return levels.sizes[levels.count - 1 - level] as Size;
  }

  best(side: BookSide): Price {
    return this.price(side, 0);
  }

  bestSize(side: BookSide): Size {
    return this.size(side, 0);
  }

  sizeAt(side: BookSide, price: number): number {
    const levels = side === BID ? this.bids : this.asks;
    const key = side === BID ? price : -price;
    const at = levels.seek(key);
    return at < levels.count && levels.keys[at] === key ? levels.sizes[at] : 0;
  }

  /** Best bid above best ask: no venue shows that, so the book is wrong. */
  isCrossed(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.best(BID) > this.best(ASK);
  }

  isLocked(): boolean {
    return this.bids.count > 0 && this.asks.count > 0 && this.best(BID) === this.best(ASK);
  }

  /** Triples side, price, size: bids best first, then asks best first. */
  toLevels(): Float64Array {
    const levels = new Float64Array((this.bids.count + this.asks.count) * 3);
    let to = 0;
    for (const side of [BID, ASK] as const) {
      const count = this.count(side);
      for (let level = 0; level < count; level++) {
        levels[to++] = side;
        levels[to++] = this.price(side, level);
        levels[to++] = this.size(side, level);
      }
    }
    return levels;
  }

  /** Any order of triples will do; the order of `toLevels` is the cheapest. */
  static fromLevels(levels: Levels): OrderBook {
    const book = new OrderBook();
    for (let i = levels.length - 3; i >= 0; i -= 3)
      book.set(levels[i] === BID ? BID : ASK, levels[i + 1], levels[i + 2]);
    return book;
  }
}
