/**
 * Limits of an account (math.md 11). Money in micro-dollars, sizes in hundredths, shares in parts per million.
 * Every limit is required: a missing limit denies.
 */
export interface RiskLimits {
  /** Most contracts held or reserved in one market. */
  readonly maxPositionSize: number;
  /** Most cost at risk in one market. */
  readonly maxMarketCost: number;
  /** Worst-case loss over the states of one group (venue's event). */
  readonly maxGroupLoss: number;
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
  /** A quote older than this is stale. */
  readonly maxQuoteAgeMs: number;
  /** A buy's limit may exceed the best ask by at most this much (micro-dollars). */
  readonly maxThroughAsk: number;
  /** Share of the depth visible at the limit that one order may take, ppm. */
  readonly maxDepthShare: number;
  /** Daily loss that halts until the next local day, ppm of the day's base equity. */
  readonly maxDailyLoss: number;
  /** Drawdown from the high-water mark that halts until reset by hand, ppm. */
  readonly maxDrawdown: number;
  /** IANA zone whose midnight ends the day. */
  readonly dayZone: string;
}
