import type { Change, Ladder } from './ladder.js';
import type { KalshiNames, PolymarketNames } from './identity.js';
import type { Outcome, Question, SimTime, Venue } from './question.types.js';

export interface Trade {
  readonly id: string;
  readonly at: SimTime;
  readonly mils: number;
  /** Hundredths. */
  readonly size: number;
  /** What the taker did with this listing's YES. */
  readonly taker: 'buy' | 'sell';
  /** Polymarket: the token it was told for, where known; the model draws it from the id. */
  readonly outcome?: 0 | 1;
}

/**
 * One market at one venue as the servers see it, whether the model or a capture stands behind it. `ladder` is the book
 * of the listing's own YES (outcome 0 at Polymarket).
 */
export interface Market {
  readonly venue: Venue;
  /** Kalshi ticker or Polymarket condition id. */
  readonly native: string;
  readonly card: MarketCard;
  readonly opensAt: SimTime;
  closesAt: SimTime;
  /** Set when the result was forced, or is due by itself. */
  outcome: Outcome | null;
  readonly ladder: Ladder;
  /** Last trade's price, mils; 0 when there never was one. */
  lastTrade: number;
  lastSize: number;
  lastChangeAt: SimTime;
  /** Contracts traded, hundredths. */
  volume: number;
  readonly trades: Trade[];
  /** The finest step now. */
  grid: Grid;
  fee: FeeTerms;
  /** A person changed the fee of its event. */
  feeOverridden?: boolean;
}

/** What a catalogue says of a market; nothing of it moves. */
export interface MarketCard {
  readonly title: string;
  readonly outcomes: readonly [string, string];
  readonly rules: string;
  readonly category: string;
  readonly event: EventCard;
  readonly polymarket?: PolymarketNames;
  readonly kalshi?: KalshiNames;
  readonly question?: Question;
  readonly negRisk: boolean;
  readonly negRiskOther: boolean;
  readonly minSize: number;
}

export interface EventCard {
  readonly title: string;
  readonly exclusive: boolean;
  readonly augmented: boolean;
}

/** `cent` steps of 10 mils; `mil` steps of 1; `tapered` 1 mil below 100 and above 900, 10 between (Kalshi). */
export type Grid = 'cent' | 'mil' | 'tapered';

export type FeeTerms =
  | { readonly venue: 'kalshi'; readonly type: 'quadratic' | 'quadratic_with_maker_fees'; readonly multiplier: number }
  /** `null`: not known. */
  | { readonly venue: 'polymarket'; readonly rate: number | null; readonly type: string };

export type FeedEvent =
  | {
      readonly kind: 'change';
      readonly at: SimTime;
      readonly market: Market;
      readonly changes: readonly Change[];
      readonly broken?: boolean;
    }
  | {
      readonly kind: 'trade';
      readonly at: SimTime;
      readonly market: Market;
      readonly changes: readonly Change[];
      readonly trade: Trade;
      readonly broken?: boolean;
    }
  /** The whole book again (captures); `token` when only that one's is told. */
  | {
      readonly kind: 'restate';
      readonly at: SimTime;
      readonly market: Market;
      readonly token?: 0 | 1;
      readonly broken?: boolean;
    }
  /** A trade whose changes came by themselves (captures). */
  | { readonly kind: 'told'; readonly at: SimTime; readonly market: Market; readonly trade: Trade }
  | { readonly kind: 'tick'; readonly at: SimTime; readonly market: Market; readonly from: Grid }
  | { readonly kind: 'fee'; readonly at: SimTime; readonly market: Market }
  | { readonly kind: 'opened' | 'closed' | 'determined' | 'settled'; readonly at: SimTime; readonly market: Market };

/** A minute of a market's past. Quotes in mils, as open, high, low and close. */
export interface PastMinute {
  /** Its start. */
  readonly at: SimTime;
  readonly bid: readonly [number, number, number, number];
  readonly ask: readonly [number, number, number, number];
}

/**
 * What the two servers read: a set of markets that moves in sim time. `advance` calls `emit` for each event in order,
 * with the books as they are right after it.
 */
export interface Feed {
  /** Wall clock of sim time 0, ms. */
  readonly origin: number;
  readonly now: SimTime;
  advance(to: SimTime, emit: (event: FeedEvent) => void): void;
  /** Somebody listens to a venue now; captures wait for it. */
  wake?(venue: Venue): void;
  /** Markets now listed as live at a venue, in a steady order. */
  listed(venue: Venue): readonly Market[];
  /** Any market ever listed, live or long settled. */
  find(venue: Venue, native: string): Market | null;
  findToken(token: string): { readonly market: Market; readonly outcome: 0 | 1 } | null;
  findGamma(id: string): Market | null;
  /** Markets of the same event, by any of them. */
  siblings(market: Market): readonly Market[];
  eventById(venue: Venue, id: string): readonly Market[];
  /** Whole minutes of a market's past within the span, oldest first; captures have none. */
  past?(market: Market, from: SimTime, to: SimTime): readonly PastMinute[];
  /** Ended markets, newest first, for catalogue queries. */
  ended(venue: Venue, limit: number): readonly Market[];
}

export const step = (grid: Grid, mils: number): number =>
  grid === 'mil' || (grid === 'tapered' && (mils < 100 || mils > 900)) ? 1 : 10;

/** Nearest price on the grid at or below; at least the lowest. */
export function floorTo(grid: Grid, mils: number): number {
  const whole = Math.floor(mils);
  const size = step(grid, whole);
  return Math.max(Math.floor(whole / size) * size, size);
}

export function ceilTo(grid: Grid, mils: number): number {
  const whole = Math.ceil(mils);
  const size = step(grid, whole);
  return Math.min(Math.ceil(whole / size) * size, 1_000 - size);
}

export type MarketStage = 'unopened' | 'open' | 'closed' | 'determined' | 'settled';
