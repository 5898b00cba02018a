import type { AccountRecord, Act, Instant, WorkflowRecord } from '#core';

/** How long an order travels, decision → arrival, ms, by venue; `*` stands for every venue that is not named. */
export type LatencyRule =
  | { readonly kind: 'constant'; readonly ms: Readonly<Record<string, number>> }
  /** Log-normal around the median; one in twenty is above `p95Ms`. Drawn with the run's seed. */
  | {
      readonly kind: 'sampled';
      readonly venues: Readonly<Record<string, { readonly medianMs: number; readonly p95Ms: number }>>;
    }
  /** As measured live and recorded on the tape; `ms` until the first measurement. */
  | {
      readonly kind: 'recorded';
      readonly ms: Readonly<Record<string, number>>;
    };

/** An act at its place on a recorded tape: how a paper session's own beginning is repeated to the letter. */
export interface PlacedAct {
  readonly seq: number;
  readonly act: Act;
}

/**
 * All that a backtest decides by, besides the tape: the same header over the same span of the same tape gives the same
 * journal. Accounts and workflows begin at `fromAt`; what is before only tells the state of the markets.
 */
export interface BacktestHeader {
  readonly title: string;
  readonly lane: number;
  readonly fromAt: Instant | null;
  /** Events at or after it are not played. */
  readonly toAt: Instant | null;
  readonly accounts: readonly AccountRecord[];
  readonly workflows: readonly WorkflowRecord[];
  readonly placed: readonly PlacedAct[];
  readonly latency: LatencyRule;
  /** Time to decide, before an order is on its way, ms. */
  readonly decisionMs: number;
  /** The same for orders to a venue that has its own. */
  readonly decisionMsOf?: Readonly<Record<string, number>>;
  /**
   * How much later a venue's feed tells what happened there, ms; `*` stands for every venue that is not named. Of tapes that
   * were stamped at the venue: imported and made-up ones. A recorded tape has that delay in it. An order then meets the book
   * that is at the venue when it arrives, not the one heard so far.
   */
  readonly feedMs?: Readonly<Record<string, number>>;
  /** Fees in parts per million of the venues' own: 1_500_000 is half as much again. */
  readonly feesPpm: number;
  readonly seed: number;
  /** Least share of time in which books could be trusted, 0…1; below it the run is refused. 0 only reports it. */
  readonly minCoverage: number;
  /** What the cash in positions could earn elsewhere in a year, parts per million. */
  readonly capitalRatePpm: number;
}

export const HEADER_DEFAULTS = {
  decisionMs: 0,
  feesPpm: 1_000_000,
  seed: 1,
  minCoverage: 0,
  capitalRatePpm: 50_000,
} as const satisfies Partial<BacktestHeader>;
