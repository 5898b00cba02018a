/** Decision → arrival at the venue, ms, until a measured one is on the tape. Part of what a tape's journal depends on. */
export const ORDER_LATENCY_MS: Readonly<Record<string, number>> = { polymarket: 250, kalshi: 150 };
