import 'reflect-metadata';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { Defect } from '#core';
import { createInbox, createPool, createTapeStore, temporaryDatabase, type Pool, type TemporaryDatabase } from '#data';
import { createLog } from '#host';
import { createLiveBus, type LiveBus } from '#queue';
import { startApi, type ApiOptions, type RunningApi } from '../../apps/api/src/server.js';
import {
  LANE,
  POLY,
  quoteOf,
  writeSampleLane,
  type SampleLane,
} from '../../libs/data/src/queries/sample-lane.spec-support.js';
import { batchOf } from '../../libs/data/src/testing/batches.js';

export const PASSWORD = 'correct horse battery';

export interface Answer {
  // What a question selects is checked by the schema; its shape here is what each test expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

export const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';', 1)[0];

/** A real server on a real database that holds the sample lane, and a person's ways to it. */
export class ApiBench {
  cookie = '';
  /** Head of the sample lane. */
  head: number;
  stopped = false;
  /** Of sockets that were followed. */
  readonly failures: unknown[] = [];

  private constructor(
    readonly database: TemporaryDatabase,
    readonly pool: Pool,
    readonly bus: LiveBus,
    readonly lane: SampleLane,
    readonly api: RunningApi,
    readonly options: ApiOptions,
    readonly logged: readonly string[],
  ) {
    this.head = lane.headSeq;
  }

  static async start(): Promise<ApiBench> {
    const database = await temporaryDatabase();
    const pool = createPool(database.url);
    const bus = await createLiveBus({ databaseUrl: database.url, redisUrl: null });
    const lane = await writeSampleLane(pool, Date.now());
    const pageDir = mkdtempSync(join(tmpdir(), 'arbintel-page-'));
    mkdirSync(join(pageDir, 'assets'));
    writeFileSync(join(pageDir, 'index.html'), '<!doctype html><title>page</title>');
    writeFileSync(join(pageDir, 'assets', 'app-1a2b.js'), 'export {};');
    const logged: string[] = [];
    const options: ApiOptions = {
      config: {
        mode: 'demo',
        dataDir: join(pageDir, 'data'),
        databaseUrl: database.url,
        redisUrl: null,
        host: '127.0.0.1',
        port: 0,
      },
      log: createLog('info', {}, (line) => logged.push(line)),
      pageDir,
    };
    return new ApiBench(database, pool, bus, lane, await startApi(options), options, logged);
  }

  async stop(): Promise<void> {
    await this.api.stop();
    await this.bus.close();
    await this.pool.end();
    await this.database.stop();
    rmSync(this.options.pageDir!, { recursive: true, force: true });
  }

  /** Makes the first admin by the setup link. */
  async setUp(): Promise<void> {
    const token = new URL(this.api.setupUrl!).searchParams.get('token');
    this.cookie = cookieOf(await this.post('/auth/setup', { token, name: 'Ada', password: PASSWORD }));
  }

  post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${this.api.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  ask = async (query: string, variables: object = {}): Promise<Answer> =>
    (await (await this.post('/graphql', { query, variables }, { cookie: this.cookie })).json()) as Answer;

  socketClient(headers: Record<string, string>): Client {
    return createClient({
      url: `${this.api.url.replace('http', 'ws')}/graphql`,
      retryAttempts: 0,
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string[]) {
          super(address, protocols, { headers });
        }
      },
    });
  }

  /** The first value of a subscription that `wanted` accepts; `meanwhile` runs once it is open. */
  hear = async <T>(
    query: string,
    wanted: (data: T) => boolean,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<T> => {
    const client = this.socketClient({ cookie: this.cookie });
    try {
      return await new Promise<T>((resolve, reject) => {
        let started = false;
        client.subscribe<T>(
          { query },
          {
            next: ({ data, errors }) => {
              if (errors) reject(new Defect(errors[0].message));
              else if (data && wanted(data)) resolve(data);
            },
            error: reject,
            complete: () => reject(new Defect('the subscription ended')),
          },
        );
        client.on('connected', () => {
          if (started) return;
          started = true;
          setTimeout(() => void meanwhile().catch(reject), 300);
        });
      });
    } finally {
      await client.dispose();
    }
  };

  /** Everything a subscription says, as it comes, until it is ended. */
  follow<T>(query: string): { readonly heard: T[]; end(): Promise<void> } {
    const client = this.socketClient({ cookie: this.cookie });
    const heard: T[] = [];
    client.subscribe<T>(
      { query },
      {
        next: ({ data }) => void (data && heard.push(data)),
        error: (error) => this.failures.push(error),
        complete: () => undefined,
      },
    );
    return { heard, end: async () => client.dispose() };
  }

  /** Waits for the next act of the lane and commits it, as a worker does. */
  async takeOne(): Promise<{ kind: string; body: unknown }> {
    const inbox = createInbox(this.pool, this.bus);
    for (;;) {
      const [item] = await inbox.pending(LANE, 0, 1);
      if (item) {
        await this.appendNext([{ id: item.id }]);
        return { kind: item.kind, body: item.body };
      }
      await new Promise((go) => setTimeout(go, 20));
    }
  }

  /** Commits one more event with a quote and a journal entry, and tells the bus, as the worker does. */
  appendNext = async (inbox: { id: string }[] = [], more: readonly object[] = []): Promise<void> => {
    this.head += 1;
    const at = this.lane.from + this.head * 1_000;
    const quote = quoteOf(0, at, 300_000 + this.head * 1_000, 410_000);
    const stamp = { lane: LANE, seq: this.head, at };
    await createTapeStore(this.pool).append(
      batchOf(
        [
          {
            kind: 'book',
            ...stamp,
            venueAt: null,
            connection: 1,
            venueSeq: null,
            market: 0,
            snapshot: false,
            merged: 1,
            levels: Float64Array.of(0, quote.bid, 900),
          } as never,
        ],
        {
          epoch: this.lane.epoch,
          quotes: [{ quote, seq: this.head }],
          journal: [
            {
              ...stamp,
              ordinal: 0,
              session: '',
              workflow: '',
              account: 'house',
              causes: [this.head],
              kind: 'account-state',
              state: 'REDUCING',
              reason: 'drill',
              equity: 1_000_000,
            } as never,
            ...more.map((entry, index) => ({ ...stamp, ordinal: index + 1, ...entry }) as never),
          ],
          inbox: inbox.map(({ id }) => ({ id, seq: this.head })),
          projection: {
            markets: [
              {
                ref: 0,
                id: POLY,
                info: (await this.pool.query('select info from market_state where id = $1', [POLY])).rows[0].info,
                quote,
                quoteSeq: this.head,
                freshAt: at,
                trusted: true,
                trustReason: '',
              },
            ],
            accounts: [],
            sessions: [],
          } as never,
        },
      ),
    );
    await this.bus.publish({ topic: 'lane', lane: LANE, fromSeq: this.head, seq: this.head, journal: 1, at });
  };
}
