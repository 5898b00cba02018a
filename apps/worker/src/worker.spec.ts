import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createInbox, createPool, createTapeStore, runToEnd, temporaryDatabase, type TemporaryDatabase } from '#data';
import { randomBytes } from 'node:crypto';
import { builtInPlugins, createLog, createVault, type Config } from '#host';
import { createLiveBus, queueBackend } from '#queue';
import type { VenuePlugin } from '#plugin-sdk';
import { House } from './house.js';
import { RunRepo } from './jobs/run.repo.js';
import { toyMarket, toyVenue, ToyServer } from './venues/testing/toy.venue.js';
import { WorkerModule, type Role } from './worker.module.js';

let database: TemporaryDatabase;
let server: ToyServer;

beforeAll(async () => {
  database = await temporaryDatabase();
  server = await ToyServer.start();
}, 60_000);
afterAll(async () => {
  await server.stop();
  await database.stop();
});

const catalogued = (names: readonly string[]): VenuePlugin => ({
  ...toyVenue(),
  async *listMarkets() {
    yield { groups: [], markets: names.map((name) => toyMarket(name)), refused: [] };
  },
});

async function start(
  role: Role,
  names: readonly string[],
): Promise<{ app: INestApplicationContext; house: House; stop: () => Promise<void> }> {
  const config: Config = {
    mode: 'demo',
    dataDir: '',
    databaseUrl: database.url,
    redisUrl: null,
    host: '127.0.0.1',
    port: 0,
    logLevel: 'error',
    marketsPerVenue: 10,
    linksFile: null,
    news: {
      ...{ on: false, enricher: '', model: '', dtype: 'fp32', threads: 1 },
      ...{ feedUrl: null, streamUrl: null, privateHosts: new Set() },
    },
    noticePrivateHosts: new Set(),
    plugins: { folders: [] },
    vaultKeyFile: '',
    polymarket: { gammaUrl: '', clobUrl: '', dataUrl: '', socketUrl: '' },
    kalshi: { restUrl: '', socketUrl: '', keyId: null, privateKey: null },
  };
  const pool = createPool(database.url);
  const bus = await createLiveBus(config);
  const house = new House(
    config,
    createLog('error', {}, () => undefined),
    pool,
    createTapeStore(pool),
    createInbox(pool, bus),
    bus,
    queueBackend(config),
    new RunRepo(pool, bus, Date.now),
    builtInPlugins(),
    [{ plugin: catalogued(names), config: server.config }],
    createVault(randomBytes(32)),
    Date.now,
    Math.random,
  );
  const app = await NestFactory.createApplicationContext(WorkerModule.for(role, house), { logger: false });
  return {
    app,
    house,
    stop: async () => {
      await app.close();
      await house.close();
    },
  };
}

describe('the two workers', () => {
  it('bring a catalogue to trusted books through queue, inbox and lane, and stop in order', async () => {
    for (const name of ['a', 'b']) server.books.set(name, 400_000);
    const live = await start('live', ['a', 'b']);
    const jobs = await start('jobs', ['a', 'b']);
    await vi.waitFor(
      async () => {
        const { rows } = await live.house.pool.query('SELECT id, trusted FROM market_state ORDER BY ref');
        expect(rows).toEqual([
          { id: 'toy:a', trusted: true },
          { id: 'toy:b', trusted: true },
        ]);
      },
      { timeout: 15_000, interval: 50 },
    );
    await vi.waitFor(
      async () => {
        const { rows } = await live.house.pool.query<{ kind: string }>(
          `SELECT DISTINCT kind FROM run WHERE state = 'done' ORDER BY kind`,
        );
        expect(rows.map((row) => row.kind)).toEqual([
          'candles',
          'catalogue',
          'housekeeping',
          'levels',
          'links',
          'news',
          'regimes',
          'settlement',
        ]);
      },
      { timeout: 15_000, interval: 50 },
    );
    await jobs.stop();
    const first = `SELECT id FROM run WHERE kind = 'lane' AND state = 'running'`;
    const asked = (await live.house.pool.query<{ id: string }>(first)).rows[0].id;
    await runToEnd(live.house.pool, asked, 'Ada', false, Date.now());
    await vi.waitFor(
      async () => {
        const { rows } = await live.house.pool.query(`SELECT epoch, health ->> 'state' AS state FROM lane`);
        expect(rows).toEqual([{ epoch: 2, state: 'running' }]);
      },
      { timeout: 15_000, interval: 50 },
    );
    const before = Date.now();
    await live.stop();
    expect(Date.now() - before).toBeLessThan(4000);

    const again = await start('live', ['a', 'b']);
    await vi.waitFor(
      async () => {
        const { rows } = await again.house.pool.query(`SELECT epoch, health ->> 'state' AS state FROM lane`);
        expect(rows).toEqual([{ epoch: 3, state: 'running' }]);
      },
      { timeout: 10_000, interval: 50 },
    );
    const { rows } = await again.house.pool.query(
      `SELECT state, note FROM run WHERE kind = 'lane' ORDER BY started_at`,
    );
    expect(rows.slice(0, 2)).toEqual([
      { state: 'done', note: 'stopped in order to be started again, asked by Ada' },
      { state: 'done', note: 'stopped in order' },
    ]);
    await again.stop();
  }, 60_000);
});
