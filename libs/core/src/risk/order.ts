import type { GroupId, MarketId, MarketRef, VenueId } from '../ids.js';
import type { Action, Outcome, Refusal } from '../journal.js';
import type { Link, MarketStatus, PriceGrid } from '../market.js';
import type { Price } from '../units.js';
import type { GroupShape, Holding } from './exposure.js';
import type { KeptRisk } from './kept-exposure.js';
import type { RiskLimits } from './limits.js';

/** One leg as the rules see it: what is asked, and what its market looks like at this moment. */
export interface RiskLeg {
  readonly ref: MarketRef;
  readonly market: MarketId;
  readonly venue: VenueId;
  readonly group: GroupId | null;
  readonly category: string;
  readonly outcome: Outcome;
  readonly action: Action;
  readonly size: number;
  readonly limit: number;
  /** Most the balance can fall by, fee included; 0 for a sell. */
  readonly debit: number;
  readonly status: MarketStatus;
  readonly grid: PriceGrid;
  readonly minSize: number;
  readonly sizeStep: number;
  readonly feeKnown: boolean;
  readonly trusted: boolean;
  readonly trustReason: string;
  readonly crossed: boolean;
  readonly quoteAgeMs: number;
  /** Best price of the outcome on the side the order takes: ask for a buy, bid for a sell; -1 when nobody offers. */
  readonly best: Price | number;
  /** Depth at the limit or better, what we took ourselves already gone. */
  readonly depth: number;
  /** What a model of the workflow holds the outcome for, micro-dollars; `null` where none says. */
  readonly fair: number | null;
  /** What is not there on arrival waits in the book. */
  readonly rests?: boolean;
  /** Contracts held and not promised to another sale; sells only. */
  readonly free: number;
}

/** Legs that go together. */
export interface RiskOrder {
  readonly legs: readonly RiskLeg[];
  /** The link the legs rely on: `none` is not needed, `missing` needed and not there. */
  readonly link: Link | 'none' | 'missing';
}

/** The account at this moment. Plain values: rules are pure functions of this and the order. */
export interface RiskState {
  readonly limits: RiskLimits;
  readonly freeCash: number;
  readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  readonly stateReason: string;
  /** Reason of a kill switch that is on, house-wide or the account's; `null` off. */
  readonly killed: string | null;
  readonly dailyTrip: string;
  readonly drawdownTrip: string;
  /** Why nothing opens for a while although no trip stands; `''` when it may. */
  readonly cooling: string;
  /** Positions and what working orders may still add to them. */
  readonly holdings: readonly Holding[];
  /** What they come to, where the caller keeps it; else the rules add them up. */
  readonly kept?: KeptRisk;
  /** Cost of legs that wait for their other leg. */
  readonly naked: number;
  readonly openOrders: number;
  /** Whole order tokens per venue now; a venue without an entry has its whole burst. */
  readonly tokens: ReadonlyMap<VenueId, number>;
  /** This hour's orders per venue: those that filled and those that came back without. */
  readonly misses: ReadonlyMap<VenueId, { readonly filled: number; readonly missed: number }>;
  shape(group: GroupId): GroupShape | null;
  links(market: MarketId): readonly Link[];
}

export type RiskRule = (state: RiskState, order: RiskOrder, refuse: Refuse) => void;
/** What a rule weighed: it refuses when what is asked does not fit between `use` and `limit`. */
export interface Weighed {
  readonly limit: number;
  readonly use: number;
  readonly asked: number;
  readonly unit: Refusal['unit'];
}

/** Collects a refusal; `headroom` is derived. */
export interface Refuse {
  (rule: string, message: string, numbers?: Weighed): void;
  /** Hears of what did not refuse; absent at the gate, which has no use for it. `about` is what the rule looked at. */
  readonly passed?: (rule: string, about: string, numbers?: Weighed) => void;
}

export const opens = (leg: RiskLeg): boolean => leg.action === 'buy';
