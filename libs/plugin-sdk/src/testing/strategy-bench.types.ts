import type { FeeRule, GroupInfo, Instant, Link, MarketInfo, RiskLimits } from '#core';

/** `[price in dollars, contracts]`, as people say it: `['0.45', 100]`. */
export type LevelText = readonly [price: string, contracts: number];

export interface BookText {
  readonly bids?: readonly LevelText[];
  readonly asks?: readonly LevelText[];
}

/** A market of the bench: only the id is needed, the rest is an open market of whole contracts on a cent grid, free of fees. */
export type BenchMarket = { readonly id: string; readonly fee?: FeeRule | null } & Partial<
  Omit<MarketInfo, 'id' | 'fees'>
>;

export type BenchLink = { readonly a: string; readonly b: string; readonly id?: string } & Partial<
  Omit<Link, 'id' | 'a' | 'b'>
>;

export type BenchGroup = { readonly id: string; readonly markets: readonly string[] } & Partial<
  Omit<GroupInfo, 'id' | 'markets'>
>;

export interface BenchOptions {
  /** Laid over the schema's defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly markets: readonly BenchMarket[];
  readonly links?: readonly BenchLink[];
  readonly groups?: readonly BenchGroup[];
  readonly now?: Instant;
  /** Free cash, micro-dollars. */
  readonly cash?: number;
  readonly limits?: Partial<RiskLimits>;
  readonly kalshiPrecision?: 'direct' | 'cent';
  /** Names of the estimates that the conformance tape brings with its books, with the model that says them where that matters. */
  readonly estimates?: readonly (string | { readonly name: string; readonly model: string })[];
  /** Whether the conformance tape brings news too. */
  readonly news?: boolean;
}

/** One thing that happens on the bench, as data, so that a tape of them can be cut and played again. */
export type BenchStep =
  | { readonly kind: 'book'; readonly market: string; readonly book: BookText }
  | { readonly kind: 'trust'; readonly market: string; readonly trusted: boolean }
  | { readonly kind: 'fee'; readonly market: string; readonly fee: FeeRule | null }
  | { readonly kind: 'market'; readonly market: string; readonly change: Partial<MarketInfo> }
  | { readonly kind: 'link'; readonly link: BenchLink }
  | { readonly kind: 'working'; readonly market: string; readonly working: boolean }
  | { readonly kind: 'cash'; readonly cash: number }
  | {
      readonly kind: 'estimate';
      readonly market: string;
      readonly name: string;
      readonly model?: string;
      readonly value: number;
      readonly low: number;
      readonly high: number;
    }
  | ({ readonly kind: 'news'; readonly market: string } & NewsText)
  | { readonly kind: 'wait'; readonly ms: number };

/** What an item says of one market, as a story tells it. */
export interface NewsText {
  readonly stance: number;
  readonly relevance?: number;
  readonly confidence?: number;
  readonly novelty?: number;
  readonly source?: string;
  /** How long before now it was published, ms; `null` its source does not say. */
  readonly ageMs?: number | null;
}
