/**
 * Limits of an account (math.md 11). Money in micro-dollars, sizes in hundredths, shares in parts per million.
 * Every limit is required: a missing limit denies. What 0 means is said in `LIMIT_INFO`; below 0 nothing is a limit.
 */
export interface RiskLimits {
  /** Most contracts held or reserved in one market. */
  readonly maxPositionSize: number;
  /** Most cost at risk in one market. */
  readonly maxMarketCost: number;
  /**
   * Worst-case loss over the states of one event: a venue's group, or a market that has none. Contracts that a reviewed
   * link pairs with their opposite at the other venue cannot both lose, so they are taken out first, with what they cost,
   * and count as a locked pair: what that cost beyond the share it pays when the rules differ (cost − (1 − mismatch) per
   * contract, if that is above zero) is charged to both its events. That one venue alone may void or rule otherwise is the
   * mismatch, bounded further by the limits on cost; it is a probability, not a state of the event. An order group is
   * measured after each of its legs in sending order, because the legs behind it may never fill.
   */
  readonly maxGroupLoss: number;
  /** Sum of the worst cases of all events of one category: they may all go wrong together. */
  readonly maxClusterLoss: number;
  /** Capital at risk over all markets. */
  readonly maxGross: number;
  /** Capital at risk at one venue. */
  readonly maxVenue: number;
  /** Unhedged part of an arbitrage, cost. */
  readonly maxNaked: number;
  /** Token bucket per venue. */
  readonly ordersPerSecond: number;
  readonly orderBurst: number;
  readonly maxOpenOrders: number;
  /**
   * Orders that came back without a fill, for each one that filled, per venue and hour of the tape. Orders here are
   * immediate-or-cancel: every miss is a cancel the venue had to make.
   */
  readonly maxCancelRatio: number;
  /** A quote older than this is stale. */
  readonly maxQuoteAgeMs: number;
  /** A buy's limit may exceed the best ask by at most this much (micro-dollars). */
  readonly maxThroughAsk: number;
  /**
   * A single buy's limit may exceed what a model of the workflow holds for fair by at most this much (micro-dollars): the one
   * that the strategy acts on, or the lowest of all that have spoken of late. Where no model says, and for the legs of an order group, whose worth does not hang on what either is worth, nothing is asked.
   */
  readonly maxThroughFair: number;
  /** Share of the depth visible at the limit that one order may take, ppm. */
  readonly maxDepthShare: number;
  /** Daily loss that halts until the next local day, ppm of the day's base equity. */
  readonly maxDailyLoss: number;
  /** Drawdown from the high-water mark that halts until reset by hand, ppm. */
  readonly maxDrawdown: number;
  /** After a trip nothing opens for at least so long, also when the day that lifts it begins earlier. */
  readonly tripCooldownMs: number;
  /** So many order groups in a row that closed at a loss make the account rest. */
  readonly maxLosingCloses: number;
  readonly losingCooldownMs: number;
  /** IANA zone whose midnight ends the day. */
  readonly dayZone: string;
}
