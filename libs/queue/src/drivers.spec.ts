import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { OutsideProblem } from '#core';
import { temporaryDatabase } from '#data';
import { createLiveBus } from './live-bus.js';
import { queueConformance } from './testing/conformance.js';
import { redisAvailable, temporaryRedis } from './testing/redis-server.js';

queueConformance({
  name: 'PostgreSQL',
  skip: false,
  start: async () => {
    const database = await temporaryDatabase({ migrated: false });
    return { databaseUrl: database.url, redisUrl: null, stop: database.stop };
  },
  breakBus: async ({ databaseUrl }) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'arbintel-bus%'`,
    );
    await client.end();
  },
});

queueConformance({
  name: 'Redis',
  skip: !redisAvailable(),
  start: async () => {
    const redis = await temporaryRedis();
    return { databaseUrl: 'postgres://', redisUrl: redis.url, stop: redis.stop };
  },
  breakBus: async ({ redisUrl }) => {
    const client = new Redis(redisUrl ?? '');
    await client.client('KILL', 'TYPE', 'pubsub');
    client.disconnect();
  },
});

describe('a live bus that cannot be reached', () => {
  it('says so at once, on both drivers', async () => {
    await expect(createLiveBus({ databaseUrl: 'postgres://a:b@127.0.0.1:1/x', redisUrl: null })).rejects.toThrow(
      OutsideProblem,
    );
    await expect(createLiveBus({ databaseUrl: '', redisUrl: 'redis://127.0.0.1:1' })).rejects.toThrow(OutsideProblem);
  });
});
