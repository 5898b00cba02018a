import type { FeeSchedule } from './fees.js';
import type { GroupId, LinkId, MarketId } from './ids.js';
import type { Instant, Price, Size } from './units.js';

/** `[start, end]` in steps of `step`, all in micro-dollars. A grid is a list of adjoining ranges, ascending. */
export interface PriceRange {
  readonly start: Price;
  readonly end: Price;
  readonly step: number;
}
export type PriceGrid = readonly PriceRange[];

/**
 * `open` trades; `paused` is halted by the venue and may come back; `closed` awaits its result; `determined` has a
 * result that may still be disputed; `settled` is final and pays.
 */
export type MarketStatus = 'unopened' | 'open' | 'paused' | 'closed' | 'determined' | 'settled';

/** All that is known of one binary market. Sent whole whenever any field changes (`market` event). */
export interface MarketInfo {
  readonly id: MarketId;
  readonly group: GroupId | null;
  readonly title: string;
  /** Rules text as the venue gives it, plain text. */
  readonly rules: string;
  readonly category: string;
  readonly status: MarketStatus;
  readonly grid: PriceGrid;
  /** Smallest order, hundredths. */
  readonly minSize: Size;
  /** Smallest step of an order's size, hundredths (100 = whole contracts). */
  readonly sizeStep: Size;
  /** `null` is an unknown fee: shown as such, never traded on. */
  readonly fees: FeeSchedule | null;
  readonly closesAt: Instant | null;
  /** Trading ends at `closesAt` and the venue says nothing then; elsewhere that is a date like any other. */
  readonly closesItself?: boolean;
  /** When the venue is expected to pay, for lock-up yield. */
  readonly paysAt: Instant | null;
  /** What the venue needs to subscribe and verify: token ids, neg-risk flag, minimum size as spelled, … Strings only. */
  readonly venueData: Readonly<Record<string, string>>;
}

/** A venue's event that holds several markets. */
export interface GroupInfo {
  readonly id: GroupId;
  readonly title: string;
  readonly markets: readonly MarketId[];
  /** At most one of the markets resolves YES. */
  readonly exclusive: boolean;
  /** One of the named markets must resolve YES. `false` while placeholders or an unnamed "other" may take it. */
  readonly exhaustive: boolean;
  /** The venue may still add outcomes. Such a set is never bought YES on all. */
  readonly augmented: boolean;
}

/** A reviewed statement that two markets ask the same question. */
export interface Link {
  readonly id: LinkId;
  readonly version: number;
  readonly a: MarketId;
  readonly b: MarketId;
  /** `same`: YES of a is YES of b. `inverse`: YES of a is NO of b. */
  readonly polarity: 'same' | 'inverse';
  /** Only `reviewed` links trade. */
  readonly state: 'proposed' | 'reviewed' | 'rejected';
  /** Probability (0…1) that the two resolve differently in the direction that pays nothing; `null` denies. */
  readonly mismatch: number | null;
  /** Differences of the two rule texts, in words. */
  readonly differences: readonly string[];
  readonly reviewedBy: string | null;
}
