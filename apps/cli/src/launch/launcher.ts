import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, startEmbedded, type EmbeddedServer } from '#data';
import { logOf, startChild, type Child, type ChildSpec } from './children.js';
import type { DataMode } from './data-folder.js';
import { writeLinks } from './demo-links.js';
import { Kept, PATIENCE, type Life } from './kept.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');

export interface LaunchOptions {
  /** Whose data the folder holds; captures are played by the simulator too. */
  readonly mode: DataMode;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Simulator's arguments; absent on the live venues. */
  readonly simulator: readonly string[] | null;
  /** `DATABASE_URL` of a real deployment; `null` starts the embedded PostgreSQL. */
  readonly externalDatabase?: string | null;
  readonly say: (line: string) => void;
  /** More environment for worker and API. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Launched {
  readonly databaseUrl: string;
  readonly url: string;
  /** Link for the first sign-in; `null` once an admin exists. */
  readonly setupUrl: string | null;
  readonly simulator: Readonly<Record<string, unknown>> | null;
  /** Never rejects; resolves with a sentence when a process ended again and again and is given up. */
  readonly lost: Promise<string>;
  /** Stops the processes in order (page, jobs, live worker), lets `last` read the database, then stops the rest. */
  stop(last?: () => Promise<void>): Promise<boolean>;
}

/** Starts everything in order, a line per step; what was started is stopped again when a later step fails. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { say } = options;
  const logs = join(options.dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    say(`· ${what}`);
    const result = await work();
    say(`  done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return result;
  };

  const kept = new Map<string, Kept<Life>>();
  /** Starts one of our processes and keeps it going; `anew` says how it is started the next time. */
  const keep = async (
    what: string,
    spec: ChildSpec,
    anew: (facts: Child['facts']) => ChildSpec = () => spec,
    restarted?: (child: Child) => void,
  ): Promise<Child> => {
    const child = await step(what, () => startChild(root, logs, spec));
    const again = anew(child.facts);
    kept.set(
      spec.name,
      new Kept(child, {
        name: spec.name,
        log: logOf(logs, spec.name),
        again: (signal) => startChild(root, logs, again, signal),
        restarted,
        say,
      }),
    );
    return child;
  };
  const stop = async (last?: () => Promise<void>): Promise<boolean> => {
    let clean = true;
    const end = async (name: string, limitMs: number): Promise<void> => {
      clean = ((await kept.get(name)?.stop(limitMs)) ?? true) && clean;
    };
    for (const name of ['api', 'worker-jobs', 'worker-live']) await end(name, 15_000);
    try {
      await last?.();
    } catch (error) {
      say(`the last look at the database failed: ${error instanceof Error ? error.message : String(error)}`);
      clean = false;
    }
    await end('simulator', 5_000);
    await end('PostgreSQL', 90_000);
    return clean;
  };

  try {
    const databaseUrl = options.externalDatabase ?? (await keepDatabase(options, kept, step));
    await step('laying out storage', () => migrate(databaseUrl));

    let simulator: Child['facts'] | null = null;
    if (options.simulator) {
      const spec: ChildSpec = {
        name: 'simulator',
        entry: 'apps/simulator/src/main.js',
        args: options.simulator,
        env: {},
        readyWithinMs: 60_000,
      };
      // The workers know its addresses: it comes back on the same ports.
      const anew = (facts: Child['facts']): ChildSpec => ({ ...spec, args: [...spec.args, ...samePorts(facts)] });
      simulator = (await keep('starting the two venue simulators', spec, anew)).facts;
    }
    const env: Record<string, string> = {
      ARBINTEL_MODE: options.mode === 'live' ? 'live' : 'demo',
      ARBINTEL_DATA_DIR: options.dataDir,
      ARBINTEL_HOST: options.host,
      ARBINTEL_PORT: String(options.port),
      DATABASE_URL: databaseUrl,
      ...(simulator ? venueEnvironment(simulator) : {}),
      ...options.env,
    };
    if (simulator) env['ARBINTEL_LINKS_FILE'] = await writeLinks(options.dataDir, String(simulator['controlUrl']));
    await keep('starting the live worker', {
      name: 'worker-live',
      entry: 'apps/worker/src/main.js',
      args: ['live'],
      env,
      readyWithinMs: 120_000,
    });
    await keep('starting the jobs worker', {
      name: 'worker-jobs',
      entry: 'apps/worker/src/main.js',
      args: ['jobs'],
      env,
      readyWithinMs: 60_000,
      nice: 10,
    });
    const page: ChildSpec = { name: 'api', entry: 'apps/api/src/main.js', args: [], env, readyWithinMs: 60_000 };
    const api = await keep(
      'starting the API and the page',
      page,
      // People have its address open.
      ({ url }) => ({ ...page, env: { ...env, ARBINTEL_PORT: portOf(url) } }),
      ({ facts }) => {
        // A new start of the API made a new link, and the one before it is dead.
        if (typeof facts['setupUrl'] === 'string') say(`first sign-in: ${facts['setupUrl']}`);
      },
    );
    return {
      databaseUrl,
      url: String(api.facts['url']),
      setupUrl: typeof api.facts['setupUrl'] === 'string' ? api.facts['setupUrl'] : null,
      simulator,
      lost: Promise.race([...kept.values()].map((one) => one.givenUp)),
      stop,
    };
  } catch (error) {
    await stop().catch(() => false);
    throw error;
  }
}

/** Starts the embedded PostgreSQL and keeps it going, always on one port: everybody holds its address. */
async function keepDatabase(
  { dataDir, mode, say }: LaunchOptions,
  kept: Map<string, Kept<Life>>,
  step: <T>(what: string, work: () => Promise<T>) => Promise<T>,
): Promise<string> {
  const folder = join(dataDir, 'postgres');
  const start = (port?: number): Promise<EmbeddedServer> =>
    startEmbedded({ dataDir: folder, mode, port, log: (line) => say(`  ${line}`) });
  const lifeOf = (server: EmbeddedServer): Life => ({
    gone: server.exited.then(() => 'its process is gone'),
    stop: async () => {
      await server.stop();
      return true;
    },
  });
  const server = await step('starting the embedded PostgreSQL', () => start());
  let current = server;
  const life = new Kept(lifeOf(server), {
    name: 'PostgreSQL',
    log: join(folder, 'postgres.log'),
    again: async () => {
      // Gives back what the one that died still held of the folder.
      await current.stop();
      current = await start(server.port);
      return lifeOf(current);
    },
    say,
    // A full disk is mended by making room, and the page says meanwhile that nothing is recorded.
    patience: { ...PATIENCE, mostFastDeaths: Number.POSITIVE_INFINITY },
  });
  kept.set('PostgreSQL', life);
  return server.url;
}

const portOf = (url: unknown): string => new URL(String(url)).port;

const samePorts = (facts: Child['facts']): string[] => [
  '--gamma-port',
  portOf(facts['gammaUrl']),
  '--clob-port',
  portOf(facts['clobUrl']),
  '--kalshi-port',
  portOf(facts['kalshiRestUrl']),
  '--control-port',
  portOf(facts['controlUrl']),
  ...(facts['newsFeedUrl'] === undefined ? [] : ['--news-port', portOf(facts['newsFeedUrl'])]),
];

/** Where the simulated venues are, as the workers are told of the real ones. */
export function venueEnvironment(facts: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    POLYMARKET_GAMMA_URL: String(facts['gammaUrl']),
    POLYMARKET_CLOB_URL: String(facts['clobUrl']),
    POLYMARKET_DATA_URL: String(facts['dataUrl']),
    POLYMARKET_WS_URL: String(facts['polymarketSocketUrl']),
    KALSHI_REST_URL: String(facts['kalshiRestUrl']),
    KALSHI_WS_URL: String(facts['kalshiSocketUrl']),
    KALSHI_KEY_ID: String(facts['kalshiKeyId']),
    KALSHI_PRIVATE_KEY_FILE: String(facts['kalshiPrivateKeyFile']),
    ...(facts['newsFeedUrl'] === undefined
      ? {}
      : {
          ARBINTEL_NEWS_FEED_URL: String(facts['newsFeedUrl']),
          ARBINTEL_NEWS_STREAM_URL: String(facts['newsStreamUrl']),
          ARBINTEL_NEWS_PRIVATE_HOSTS: [facts['newsFeedUrl'], facts['newsStreamUrl']]
            .map((url) => new URL(String(url)).host)
            .join(','),
        }),
  };
}
