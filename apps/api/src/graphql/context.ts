import type { Link, WorkflowScope } from '#core';
import {
  lastRuns,
  linksByMarket,
  marketsById,
  runLines,
  workflowActivity,
  type MarketRow,
  type Person,
  type Pool,
  type RunLineRow,
  type RunRow,
  type WorkflowActivity,
} from '#data';
import { scopeSizes } from '../workflows/scope-size.js';
import type { ScopePreview } from '../workflows/workflow-edit.types.js';
import { batched } from './batch.js';

/** What every resolver is handed: who asks, and reads that gather many keys into one query. */
export interface ApiContext {
  readonly viewer: Person;
  readonly market: (id: string) => Promise<MarketRow | undefined>;
  readonly links: (market: string) => Promise<readonly Link[] | undefined>;
  readonly activity: (workflow: string) => Promise<WorkflowActivity | undefined>;
  readonly runLines: (run: string) => Promise<readonly RunLineRow[] | undefined>;
  /** By schedule. */
  readonly lastRun: (schedule: string) => Promise<RunRow | undefined>;
  /** By the scope as JSON. */
  readonly scopeSize: (scope: string) => Promise<ScopePreview | undefined>;
}

export const createContext = (pool: Pool, viewer: Person): ApiContext => ({
  viewer,
  market: batched((ids) => marketsById(pool, ids)),
  links: batched((ids) => linksByMarket(pool, ids)),
  runLines: batched((ids) => runLines(pool, ids)),
  lastRun: batched((ids) => lastRuns(pool, ids)),
  activity: batched((ids) => workflowActivity(pool, ids)),
  scopeSize: batched(async (keys) => {
    const sizes = await scopeSizes(
      pool,
      keys.map((key) => JSON.parse(key) as WorkflowScope),
    );
    return new Map(keys.map((key, index) => [key, sizes[index]]));
  }),
});
