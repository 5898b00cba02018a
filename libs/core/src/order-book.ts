import { ASK, BID, type BookSide, type Levels } from './events.js';
import type { Price, Size } from './units.js';

const NO_PRICE = -1 as Price;
const NOTHING = 0 as Size;
/** Levels a side has room for at first. */
const FIRST_ROOM = 32;
/** Most edits touch the top: so many levels are looked at one by one before searching by halves. */
const NEAR = 8;

/**
 * Where the levels of books lie, side by side: whoever walks a tape of many books touches one short stretch of memory per
 * change and not four arrays. A side that outgrows its stretch gets one twice as long; its old one is not used again.
 */
export class BookShelf {
  keys: Int32Array;
  sizes: Float64Array;
  private used = 0;

  constructor(sides = 2) {
    this.keys = new Int32Array(sides * FIRST_ROOM);
    this.sizes = new Float64Array(sides * FIRST_ROOM);
  }

  /** Room for so many levels; says where it begins. */
  take(room: number): number {
    const at = this.used;
    this.used += room;
    if (this.used > this.keys.length) {
      const length = Math.max(this.used, this.keys.length * 2);
      const keys = new Int32Array(length);
      const sizes = new Float64Array(length);
      keys.set(this.keys);
      sizes.set(this.sizes);
      this.keys = keys;
      this.sizes = sizes;
    }
    return at;
  }
}

/** Index of the first key from `from` to before `end` that is not below `key`. */
function seek(keys: Int32Array, from: number, end: number, key: number): number {
  let i = end;
  const near = end - NEAR;
  while (i > from && keys[i - 1] >= key) {
    i--;
    if (i === near) return halve(keys, from, i, key);
  }
  return i;
}

function halve(keys: Int32Array, from: number, end: number, key: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The canonical YES book of one market. Level 0 is the best; prices in micro-dollars, sizes in hundredths. Editing
 * allocates nothing. `toLevels`/`fromLevels` carry it through snapshots and structured clones.
 *
 * A side is a stretch of two flat arrays. Keys ascend with how good a price is (price for bids, -price for asks), so both
 * sides share one code path and the best level is the last: edits near the top move almost nothing.
 */
export class OrderBook {
  private bidAt: number;
  private bidCount = 0;
  private bidRoom = FIRST_ROOM;
  private askAt: number;
  private askCount = 0;
  private askRoom = FIRST_ROOM;

  /** Books that are read together lie on one shelf; alone, a book has its own. */
  constructor(private readonly shelf = new BookShelf()) {
    this.bidAt = shelf.take(FIRST_ROOM);
    this.askAt = shelf.take(FIRST_ROOM);
  }

  /** Sets a level to an absolute size; 0 (or less) removes it. Says whether the best of the side may be another now. */
  set(side: BookSide, price: number, size: number): boolean {
    const { keys, sizes } = this.shelf;
    const key = side === BID ? price : -price;
    const from = side === BID ? this.bidAt : this.askAt;
    const end = from + (side === BID ? this.bidCount : this.askCount);
    const at = seek(keys, from, end, key);
    const known = at < end && keys[at] === key;
    if (size > 0) {
      if (known) sizes[at] = size;
      else this.insert(side, at - from, key, size);
    } else if (known) this.remove(side, at, end);
    return at >= end - 1;
  }

  /**
   * Adds to a level and returns its new size. A level at 0 is removed; a result below 0 means that an earlier change was
   * lost: the level is removed too and the caller must distrust the book.
   */
  add(side: BookSide, price: number, delta: number): number {
    const { keys, sizes } = this.shelf;
    const key = side === BID ? price : -price;
    const from = side === BID ? this.bidAt : this.askAt;
    const end = from + (side === BID ? this.bidCount : this.askCount);
    const at = seek(keys, from, end, key);
    const known = at < end && keys[at] === key;
    const size = (known ? sizes[at] : 0) + delta;
    if (size > 0) {
      if (known) sizes[at] = size;
      else this.insert(side, at - from, key, size);
    } else if (known) this.remove(side, at, end);
    return size;
  }

  clear(): void {
    this.bidCount = 0;
    this.askCount = 0;
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
    return side === BID ? this.bidCount : this.askCount;
  }

  /** Price of a level, -1 where there is none. */
  price(side: BookSide, level: number): Price {
    const count = side === BID ? this.bidCount : this.askCount;
    if (level < 0 || level >= count) return NO_PRICE;
    const key = this.shelf.keys[(side === BID ? this.bidAt : this.askAt) + count - 1 - level];
    return (side === BID ? key : 0 - key) as Price;
  }

  /** Size of a level, 0 where there is none. */
  size(side: BookSide, level: number): Size {
    const count = side === BID ? this.bidCount : this.askCount;
    if (level < 0 || level >= count) return NOTHING;
    return this.shelf.sizes[(side === BID ? this.bidAt : this.askAt) + count - 1 - level] as Size;
  }

  best(side: BookSide): Price {
    return this.price(side, 0);
  }

  bestSize(side: BookSide): Size {
    return this.size(side, 0);
  }

  sizeAt(side: BookSide, price: number): number {
    const { keys, sizes } = this.shelf;
    const key = side === BID ? price : -price;
    const from = side === BID ? this.bidAt : this.askAt;
    const end = from + (side === BID ? this.bidCount : this.askCount);
    const at = seek(keys, from, end, key);
    return at < end && keys[at] === key ? sizes[at] : 0;
  }

  /** Best bid above best ask: no venue shows that, so the book is wrong. */
  isCrossed(): boolean {
    return this.bidCount > 0 && this.askCount > 0 && this.best(BID) > this.best(ASK);
  }

  isLocked(): boolean {
    return this.bidCount > 0 && this.askCount > 0 && this.best(BID) === this.best(ASK);
  }

  /** Triples side, price, size: bids best first, then asks best first. */
  toLevels(): Float64Array {
    const levels = new Float64Array((this.bidCount + this.askCount) * 3);
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
  static fromLevels(levels: Levels, shelf?: BookShelf): OrderBook {
    const book = new OrderBook(shelf);
    for (let i = levels.length - 3; i >= 0; i -= 3)
      book.set(levels[i] === BID ? BID : ASK, levels[i + 1], levels[i + 2]);
    return book;
  }

  private insert(side: BookSide, level: number, key: number, size: number): void {
    if (side === BID) {
      if (this.bidCount === this.bidRoom) {
        this.bidAt = this.moved(this.bidAt, this.bidRoom);
        this.bidRoom *= 2;
      }
      this.put(this.bidAt, level, this.bidCount++, key, size);
      return;
    }
    if (this.askCount === this.askRoom) {
      this.askAt = this.moved(this.askAt, this.askRoom);
      this.askRoom *= 2;
    }
    this.put(this.askAt, level, this.askCount++, key, size);
  }

  private put(from: number, level: number, count: number, key: number, size: number): void {
    const { keys, sizes } = this.shelf;
    const at = from + level;
    for (let i = from + count; i > at; i--) {
      keys[i] = keys[i - 1];
      sizes[i] = sizes[i - 1];
    }
    keys[at] = key;
    sizes[at] = size;
  }

  /** A full side gets a stretch twice as long. */
  private moved(from: number, room: number): number {
    const to = this.shelf.take(room * 2);
    const { keys, sizes } = this.shelf;
    keys.copyWithin(to, from, from + room);
    sizes.copyWithin(to, from, from + room);
    return to;
  }

  private remove(side: BookSide, at: number, end: number): void {
    const { keys, sizes } = this.shelf;
    if (side === BID) this.bidCount--;
    else this.askCount--;
    for (let i = at; i < end - 1; i++) {
      keys[i] = keys[i + 1];
      sizes[i] = sizes[i + 1];
    }
  }
}
