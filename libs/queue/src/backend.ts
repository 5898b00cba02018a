import {
  createPostgresBackend,
  createRedisBackend,
  setDefaultBackendFactory,
  type BackendFactory,
  type IQueueBackend,
} from 'bullmq';
import type { QueueConfig } from './contracts.js';

/** Where BullMQ keeps its jobs: a factory and the connection it takes. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  readonly factory: BackendFactory<IQueueBackend, unknown>;
  readonly connection: object;
}

/** Schema of BullMQ's own tables; its migrations run under its own advisory lock. */
const SCHEMA = 'bullmq';

/** Redis when there is one, else PostgreSQL. */
export function queueConnection(config: QueueConfig): QueueBackend {
  if (config.redisUrl === null) {
    return {
      kind: 'postgres',
      factory: createPostgresBackend as unknown as QueueBackend['factory'],
      connection: {
        connectionString: config.databaseUrl,
        schema: SCHEMA,
        migrate: true,
        max: 3,
        application_name: 'arbintel-queue',
      },
    };
  }
  return {
    kind: 'redis',
    factory: createRedisBackend as unknown as QueueBackend['factory'],
    // A worker waits for jobs as long as it takes; commands wait for a Redis that comes back.
    connection: { url: config.redisUrl, maxRetriesPerRequest: null },
  };
}

/** The same, and also the process's default, for what makes queues without being told where (@nestjs/bullmq). */
export function queueBackend(config: QueueConfig): QueueBackend {
  const backend = queueConnection(config);
  setDefaultBackendFactory(backend.factory);
  return backend;
}
