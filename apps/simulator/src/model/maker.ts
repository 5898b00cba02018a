import { ASK, BID, Ladder, type Change, type Side } from './ladder.js';
import { ceilTo, floorTo, step, type Grid, type Market, type Trade } from './market.js';
import { gaussian, mix, mulberry32, type Random } from './random.js';
import type { SimTime } from './question.types.js';

/**
 * The people behind one book, for one minute at a time. Each minute begins with a book that depends only on the market
 * and the minute (so any moment can be reached by playing at most one minute) and opens with a trade; then makers
 * follow the venue's centre, informed takers hit what is stale, and noise traders come and go.
 */
export interface Pace {
  /** Mean events per second of this market. */
  readonly perSecond: number;
}

export const MINUTE_MS = 60_000;

export interface Quoting {
  /** Price the makers believe in now, mils. */
  centre(time: SimTime): number;
  /** Contracts at an ordinary level. */
  readonly depth: number;
  /** Half of the makers' spread, mils. */
  readonly halfSpread: number;
  readonly seed: number;
  /** Sizes with cents (Polymarket) or whole contracts, mostly. */
  readonly fractional: number;
}

/** What a step did; `null` when the moment passed without a change. */
export interface Deed {
  readonly changes: Change[];
  readonly trade: Trade | null;
}

/** Usual size of a level: the same minute after minute, so that far levels rest. */
function usual(quoting: Quoting, side: Side, mils: number): number {
  const random = mulberry32(mix(quoting.seed, side, mils, 7));
  const contracts = quoting.depth * Math.exp(0.7 * gaussian(random));
  const rounded =
    random() < quoting.fractional ? Math.round(contracts * 100) : Math.max(1, Math.round(contracts)) * 100;
  return Math.max(rounded, 100);
}

export function freshBook(quoting: Quoting, grid: Grid, time: SimTime): Ladder {
  const ladder = new Ladder();
  const centre = quoting.centre(time);
  const kept = (side: Side, mils: number): boolean => mulberry32(mix(quoting.seed, side, mils, 8))() < 0.72;
  let bid = floorTo(grid, centre - quoting.halfSpread);
  let ask = ceilTo(grid, centre + quoting.halfSpread);
  if (ask <= bid) ask = bid + step(grid, bid);
  for (let placed = 0, first = true; placed < 11 && bid > 0; bid -= step(grid, bid - 1), first = false) {
    if (first || kept(BID, bid)) {
      ladder.set(BID, bid, usual(quoting, BID, bid));
      placed++;
    }
  }
  for (let placed = 0, first = true; placed < 11 && ask < 1_000; ask += step(grid, ask + 1), first = false) {
    if (first || kept(ASK, ask)) {
      ladder.set(ASK, ask, usual(quoting, ASK, ask));
      placed++;
    }
  }
  return ladder;
}

export class Maker {
  #random: Random = mulberry32(0);
  #minute = 0;
  #trades = 0;

  constructor(
    readonly market: Market,
    readonly quoting: Quoting,
    readonly pace: Pace,
    /** Moment of minute 0. */
    readonly phase: SimTime,
  ) {}

  minuteOf(time: SimTime): number {
    return Math.floor((time - this.phase) / MINUTE_MS);
  }

  /** Begins a minute: the book as it must be, announced by a trade at its touch. Returns the time of the next step. */
  begin(minute: number): Deed & { readonly next: SimTime } {
    const time = this.phase + minute * MINUTE_MS;
    const { market, quoting } = this;
    this.#minute = minute;
    this.#trades = 0;
    this.#random = mulberry32(mix(quoting.seed, minute, 6));
    const changes = market.ladder.become(freshBook(quoting, market.grid, time));
    market.volume = Math.round((minute + 30) * 10 * quoting.depth) * 100;
    const deed = this.#take(time, this.#random() < 0.5 ? ASK : BID, 0.15, changes);
    return { ...deed, next: this.#soon(time, false) };
  }

  /** One step at a moment within the minute. */
  act(time: SimTime): Deed & { readonly next: SimTime } {
    const { market, quoting } = this;
    const random = this.#random;
    const { ladder, grid } = market;
    const centre = quoting.centre(time);
    const wantBid = floorTo(grid, centre - quoting.halfSpread);
    const wantAsk = Math.max(ceilTo(grid, centre + quoting.halfSpread), wantBid + step(grid, wantBid));
    const changes: Change[] = [];
    let trade: Trade | null = null;
    let busy = true;
    if (ladder.bid > wantBid) {
      if (ladder.bid > centre + 5 && random() < 0.25) ({ trade } = this.#take(time, BID, 0.6, changes));
      else for (let at = ladder.bid; at > wantBid; at = ladder.bid) put(changes, ladder.set(BID, at, 0));
    } else if (ladder.ask < wantAsk) {
      if (ladder.ask < centre - 5 && random() < 0.25) ({ trade } = this.#take(time, ASK, 0.6, changes));
      else for (let at = ladder.ask; at < wantAsk; at = ladder.ask) put(changes, ladder.set(ASK, at, 0));
    } else if (ladder.bid < wantBid && wantBid < ladder.ask)
      put(changes, ladder.set(BID, wantBid, usual(quoting, BID, wantBid)));
    else if (ladder.ask > wantAsk && wantAsk > ladder.bid)
      put(changes, ladder.set(ASK, wantAsk, usual(quoting, ASK, wantAsk)));
    else {
      busy = false;
      if (random() < 0.11) ({ trade } = this.#take(time, random() < 0.5 ? ASK : BID, 0.3, changes));
      else this.#drift(changes);
    }
    return { changes, trade, next: this.#soon(time, busy) };
  }

  /** A noise order: a level near the touch grows, shrinks, appears or goes. */
  #drift(changes: Change[]): void {
    const random = this.#random;
    const { ladder, grid } = this.market;
    const side: Side = random() < 0.5 ? BID : ASK;
    const away = Math.floor(-Math.log(1 - random()) * 3);
    const top = side === BID ? ladder.bid : ladder.ask;
    if (top <= 0 || top >= 1_000) return;
    const mils =
      side === BID ? floorTo(grid, top - away * step(grid, top)) : ceilTo(grid, top + away * step(grid, top));
    const gone = away > 0 && ladder.size(side, mils) > 0 && random() < 0.12 && ladder.nth(side, 3) > 0;
    const size = gone
      ? 0
      : Math.max(100, Math.round((usual(this.quoting, side, mils) * (0.4 + 1.2 * random())) / 100) * 100);
    put(changes, ladder.set(side, mils, size));
  }

  /** A taker hits the touch of a side for part of it. */
  #take(time: SimTime, side: Side, share: number, changes: Change[]): Deed {
    const { market } = this;
    const mils = side === BID ? market.ladder.bid : market.ladder.ask;
    if (mils <= 0 || mils >= 1_000) return { changes, trade: null };
    const resting = market.ladder.size(side, mils);
    const wanted = Math.max(100, Math.round((resting * share * this.#random()) / 100) * 100);
    const size = Math.min(wanted, resting);
    put(changes, market.ladder.set(side, mils, resting - size));
    const trade: Trade = {
      id: tradeId(this.quoting.seed, this.#minute, this.#trades++),
      at: time,
      mils,
      size,
      taker: side === ASK ? 'buy' : 'sell',
    };
    market.lastTrade = mils;
    market.lastSize = size;
    market.volume += size;
    market.trades.push(trade);
    if (market.trades.length > 400) market.trades.splice(0, 200);
    return { changes, trade };
  }

  #soon(time: SimTime, busy: boolean): SimTime {
    const wait = (-Math.log(1 - this.#random()) * 1_000) / this.pace.perSecond;
    const next = time + (busy ? Math.min(wait, 40 + 120 * this.#random()) : wait);
    return Math.min(next, this.phase + (this.#minute + 1) * MINUTE_MS);
  }
}

/** 64 hex digits, the same in every run. */
function tradeId(seed: number, minute: number, ordinal: number): string {
  let id = '';
  for (let i = 0; i < 8; i++) id += mix(seed, minute, ordinal, i, 9).toString(16).padStart(8, '0');
  return id;
}

const put = (changes: Change[], change: Change | null): void => {
  if (change) changes.push(change);
};
