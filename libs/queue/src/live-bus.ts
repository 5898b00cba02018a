import type { LiveBus, QueueConfig } from './contracts.js';
import { createPostgresBus } from './postgres-bus.driver.js';
import { createRedisBus } from './redis-bus.driver.js';

/** Redis when there is one, else PostgreSQL. Resolves once it listens; `OutsideProblem` when it cannot be reached. */
export const createLiveBus = (config: QueueConfig): Promise<LiveBus> =>
  config.redisUrl === null ? createPostgresBus(config.databaseUrl) : createRedisBus(config.redisUrl);
