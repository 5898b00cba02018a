import { ASK, BID, Defect, type Instant } from '#core';
import type { BookRows } from './book-rows.js';
import type { MarketState } from './market-table.js';
import type { World } from './world.js';

/**
 * Made here and not where it is thrown: two sentences with the same number in one loop, and the compiler spells that number
 * out for every event.
 */
export const outOfOrder = (seq: number, at: Instant, last: number): Defect =>
  new Defect(seq !== last + 1 ? `event ${seq} does not follow ${last}` : `event ${seq} goes back in time to ${at}`);

/**
 * Book changes that nobody hears: no session has the market in its scope, no order of ours rests in its book and nothing
 * is taken of its depth. Only the book and its quote follow, so nothing is made for them but that.
 */
export class UnheardRows {
  /** The market whose book the last event taken crossed or uncrossed: that is to be told. */
  turned: MarketState | null = null;

  constructor(private readonly world: World) {}

  /**
   * Takes successive events from row `from` on, up to before event `untilSeq`, the time `due`, or a market that is heard
   * (`heard` by ref is not 0), and no further than one that turned a book. Returns the first row that is left.
   */
  take(rows: BookRows, from: number, untilSeq: number, due: Instant, heard: Uint8Array): number {
    const { journal, markets, depth, queues } = this.world;
    const { states } = markets;
    const { rows: count, seq: seqs, at: ats, market: refs, flags, side, price, size } = rows;
    const { snapshot, empty } = rows.bits;
    const held = !depth.isEmpty || queues.size > 0;
    this.turned = null;
    let { seq: last, at: now } = journal;
    let row = from;
    while (row < count) {
      const seq = seqs[row];
      if (seq >= untilSeq) break;
      const at = ats[row];
      const ref = refs[row];
      if (heard[ref] !== 0 || at >= due) break;
      const market = states[ref];
      if (held && (depth.any(market.ref) || queues.has(market.ref))) break;
      if (seq !== last + 1 || !(at >= now)) throw outOfOrder(seq, at, last);
      last = seq;
      now = at;
      const { book, quote } = market;
      const flag = flags[row];
      let top = (flag & snapshot) !== 0;
      if (top) book.clear();
      if ((flag & empty) !== 0) row++;
      else
        do {
          if (book.set(side[row] === BID ? BID : ASK, price[row], size[row])) top = true;
          row++;
        } while (row < count && seqs[row] === seq);
      market.freshAt = at;
      market.bookSeq = seq;
      quote.at = at;
      if (!top) continue;
      const wasCrossed = market.crossed;
      markets.topMoved(market);
      if (market.crossed === wasCrossed) continue;
      this.turned = market;
      break;
    }
    journal.seq = last;
    journal.at = now;
    return row;
  }
}
