import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Defect } from '#core';
import {
  createInbox,
  createLaneBuilds,
  createPool,
  createQuestions,
  createTapeStore,
  temporaryDatabase,
  type Inbox,
  type Pool,
  type TemporaryDatabase,
} from '#data';
import { builtInPlugins, createLog, type PluginRegistry } from '#host';
import { createLiveBus, type LiveBus } from '#queue';
import { startApi, type RunningApi } from '../../apps/api/src/server.js';
import { HealthStore } from '../../apps/worker/src/lane/health.store.js';
import { runLane } from '../../apps/worker/src/lane/lane.run.js';
import { RECORDER_PACE } from '../../apps/worker/src/lane/recorder.js';
import { LIVE_PACE } from '../../apps/worker/src/venues/feed.types.js';
import { toyMarket, toyVenue, ToyServer } from '../../apps/worker/src/venues/testing/toy.venue.js';
import { cookieOf, PASSWORD, type Answer } from './api-bench.js';

export const LANE = 1;

/** The real API over a real lane that hears a toy venue: what a person does goes the whole road and back. */
export class DeskBench {
  cookie = '';
  private constructor(
    readonly database: TemporaryDatabase,
    readonly pool: Pool,
    readonly bus: LiveBus,
    readonly inbox: Inbox,
    readonly server: ToyServer,
    /** A built page to serve; without one the API stands alone. */
    private readonly pageDir: string | null,
  ) {}
  private api: RunningApi | null = null;
  private lane: { stop(): Promise<unknown> } | null = null;

  static async start(plugins: PluginRegistry = builtInPlugins(), pageDir: string | null = null): Promise<DeskBench> {
    const database = await temporaryDatabase();
    const pool = createPool(database.url);
    const bus = await createLiveBus({ databaseUrl: database.url, redisUrl: null });
    const bench = new DeskBench(database, pool, bus, createInbox(pool, bus), await ToyServer.start(), pageDir);
    await bench.startLane(plugins);
    await bench.startApi(plugins);
    return bench;
  }

  /** The live worker's lane; resolves once it hears. */
  async startLane(plugins: PluginRegistry, build = 'test'): Promise<void> {
    const stop = new AbortController();
    await new Promise<void>((resolve, reject) => {
      const ended = runLane(
        {
          lane: LANE,
          owner: 'test',
          build: `${build} ${plugins.fingerprint}`,
          config: { mode: 'demo', marketsPerVenue: 50 },
          store: createTapeStore(this.pool),
          builds: createLaneBuilds(this.pool),
          inbox: this.inbox,
          questions: createQuestions(this.pool, this.bus, Date.now),
          bus: this.bus,
          health: new HealthStore(this.pool),
          log: createLog('error', {}, () => undefined),
          venues: [{ plugin: toyVenue(), config: this.server.config }],
          strategies: plugins.strategies,
          models: plugins.models,
          pace: { ...LIVE_PACE, tickMs: 10, backOffFirstMs: 20, confirmAfterMs: 200 },
          recorderPace: { ...RECORDER_PACE, commitMs: 15, snapshotMs: 300 },
          now: Date.now,
          steady: () => performance.now(),
          random: Math.random,
          announced: () => undefined,
          running: () => resolve(),
        },
        stop.signal,
      );
      ended.catch(reject);
      this.lane = { stop: () => (stop.abort(), ended) };
    });
  }

  async stopLane(): Promise<void> {
    await this.lane?.stop();
    this.lane = null;
  }

  async startApi(plugins: PluginRegistry): Promise<void> {
    await this.api?.stop();
    const folder = mkdtempSync(join(tmpdir(), 'arbintel-page-'));
    this.api = await startApi({
      config: {
        mode: 'demo',
        dataDir: folder,
        databaseUrl: this.database.url,
        redisUrl: null,
        host: '127.0.0.1',
        port: 0,
      },
      log: createLog('error', {}, () => undefined),
      plugins,
      pageDir: this.pageDir ?? folder,
    });
    rmSync(folder, { recursive: true, force: true });
    if (!this.api.setupUrl) return;
    const token = new URL(this.api.setupUrl).searchParams.get('token');
    this.cookie = cookieOf(await this.post('/auth/setup', { token, name: 'Ada', password: PASSWORD }));
  }

  async stopApi(): Promise<void> {
    await this.api?.stop();
    this.api = null;
  }

  get url(): string {
    return this.api?.url ?? '';
  }

  async stop(): Promise<void> {
    await this.api?.stop();
    await this.stopLane();
    await this.server.stop();
    await this.bus.close();
    await this.pool.end();
    await this.database.stop();
  }

  async addMarkets(...names: string[]): Promise<void> {
    for (const name of names) {
      this.server.books.set(name, 400_000);
      const body = toyMarket(name);
      await this.inbox.put({ id: `market-${name}`, lane: LANE, kind: 'market', body, by: 'test' });
    }
    for (let tries = 0; tries < 250; tries++) {
      const { rows } = await this.pool.query<{ n: number }>('SELECT count(*) AS n FROM market_state WHERE trusted');
      if (Number(rows[0].n) >= names.length) return;
      await new Promise((go) => setTimeout(go, 20));
    }
    throw new Defect('the markets were not heard');
  }

  post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${this.api?.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  ask = async (query: string, variables: object = {}): Promise<Answer> =>
    (await (await this.post('/graphql', { query, variables }, { cookie: this.cookie })).json()) as Answer;
}
