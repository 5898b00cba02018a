import type { Link } from '#core';
import { linksByMarket, marketsById, type MarketRow, type Person, type Pool } from '#data';
import { batched } from './batch.js';

/** What every resolver is handed: who asks, and reads that gather many keys into one query. */
export interface ApiContext {
  readonly viewer: Person;
  readonly market: (id: string) => Promise<MarketRow | undefined>;
  readonly links: (market: string) => Promise<readonly Link[] | undefined>;
}

export const createContext = (pool: Pool, viewer: Person): ApiContext => ({
  viewer,
  market: batched((ids) => marketsById(pool, ids)),
  links: batched((ids) => linksByMarket(pool, ids)),
});
