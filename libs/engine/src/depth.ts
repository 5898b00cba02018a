import {
  ASK,
  BID,
  PRICE_ONE,
  type Action,
  type BookSide,
  type MarketRef,
  type OrderBook,
  type Outcome,
  type Price,
  type Size,
  type Levels,
} from '#core';

export interface Part {
  readonly price: Price;
  readonly size: Size;
}

/** Side of the YES book that a taker of an outcome meets. NO is bought from those who bid for YES. */
export const sideTaken = (outcome: Outcome, action: Action): BookSide =>
  (outcome === 'yes') === (action === 'buy') ? ASK : BID;

/** Price of the outcome at a price of YES. */
export const outcomePrice = (outcome: Outcome, yes: number): Price =>
  (outcome === 'yes' ? yes : PRICE_ONE - yes) as Price;

/**
 * What our own paper fills took from the recorded books: it stays gone until the venue says something new of that level, so
 * that paper never invents liquidity.
 */
export class Consumption {
  private taken = new Map<MarketRef, Map<number, number>>();
  /** Markets of which anything is taken, by ref: asked with every book change. */
  private touched: boolean[] = [];

  get isEmpty(): boolean {
    return this.taken.size === 0;
  }

  /** Whether anything is taken of a market. */
  any(market: MarketRef): boolean {
    return market < this.touched.length && this.touched[market];
  }

  private touch(market: MarketRef): void {
    while (this.touched.length <= market) this.touched.push(false);
    this.touched[market] = true;
  }

  private forget(market: MarketRef): void {
    this.taken.delete(market);
    this.touched[market] = false;
  }

  /**
   * A change restates its levels, and what we took of them is there again. A snapshot restates the whole book: a level that it
   * shows with the size it was recorded with before is no news, so what we took of that stays gone; a resync, a reconnect or
   * a poll would otherwise sell the same contracts twice. Call before applying the event to the book.
   */
  refresh(market: MarketRef, changes: Levels, snapshot: boolean, book: OrderBook): void {
    const levels = this.taken.get(market);
    if (levels === undefined) return;
    if (snapshot) {
      const same = new Set<number>();
      for (let i = 0; i + 2 < changes.length; i += 3) {
        const key = changes[i + 1] * 2 + changes[i];
        if (levels.has(key) && book.sizeAt(changes[i] as BookSide, changes[i + 1]) === changes[i + 2]) same.add(key);
      }
      for (const key of levels.keys()) if (!same.has(key)) levels.delete(key);
      if (levels.size === 0) this.forget(market);
      return;
    }
    for (let i = 0; i + 2 < changes.length; i += 3) levels.delete(changes[i + 1] * 2 + changes[i]);
    if (levels.size === 0) this.forget(market);
  }

  take(market: MarketRef, side: BookSide, yesPrice: number, size: number): void {
    let levels = this.taken.get(market);
    if (levels === undefined) {
      this.taken.set(market, (levels = new Map()));
      this.touch(market);
    }
    const key = yesPrice * 2 + side;
    levels.set(key, (levels.get(key) ?? 0) + size);
  }

  /** Size of a level that is still there. */
  left(market: MarketRef, side: BookSide, yesPrice: number, size: number): Size {
    if (this.taken.size === 0) return size as Size;
    const gone = this.taken.get(market)?.get(yesPrice * 2 + side);
    return (gone === undefined ? size : Math.max(0, size - gone)) as Size;
  }

  /** Walks what can be taken of an outcome, best first, up to `limit` and `most` contracts. Prices are of the outcome. */
  walk(book: OrderBook, market: MarketRef, outcome: Outcome, action: Action, limit: number, most: number): Part[] {
    const side = sideTaken(outcome, action);
    const parts: Part[] = [];
    const count = book.count(side);
    let wanted = most;
    for (let level = 0; level < count && wanted > 0; level++) {
      const yes = book.price(side, level);
      const price = outcomePrice(outcome, yes);
      if (action === 'buy' ? price > limit : price < limit) break;
      const size = Math.min(wanted, this.left(market, side, yes, book.size(side, level)));
      if (size <= 0) continue;
      parts.push({ price, size: size as Size });
      wanted -= size;
    }
    return parts;
  }

  save(): ReadonlyMap<MarketRef, ReadonlyMap<number, number>> {
    return this.taken;
  }

  load(saved: ReturnType<Consumption['save']>): void {
    this.taken = new Map([...saved].map(([market, levels]) => [market, new Map(levels)]));
    this.touched = [];
    for (const market of this.taken.keys()) this.touch(market);
  }
}

export const totalSize = (parts: readonly Part[]): Size => {
  let size = 0;
  for (const part of parts) size += part.size;
  return size as Size;
};
