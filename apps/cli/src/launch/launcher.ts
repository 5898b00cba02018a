import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, startEmbedded } from '#data';
import { startChild, type Child } from './children.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');

export interface LaunchOptions {
  readonly mode: 'demo' | 'live';
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
  readonly children: readonly Child[];
  readonly simulator: Readonly<Record<string, unknown>> | null;
  /** Rejects never; resolves with the name of a child that ended on its own. */
  readonly lost: Promise<string>;
  /** Stops the processes in order (page, jobs, live worker), lets `last` read the database, then stops the rest. */
  stop(last?: () => Promise<void>): Promise<boolean>;
}

/** Starts everything in order, a line per step; what was started is stopped again when a later step fails. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const logs = join(options.dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    options.say(`· ${what}`);
    const result = await work();
    options.say(`  done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return result;
  };

  const children: Child[] = [];
  let database: Awaited<ReturnType<typeof startEmbedded>> | null = null;
  const stop = async (last?: () => Promise<void>): Promise<boolean> => {
    let clean = true;
    const byName = (name: string) => children.find((child) => child.name === name);
    for (const name of ['api', 'worker-jobs', 'worker-live'])
      clean = ((await byName(name)?.stop(15_000)) ?? true) && clean;
    await last?.();
    clean = ((await byName('simulator')?.stop(5_000)) ?? true) && clean;
    await database?.stop();
    return clean;
  };

  try {
    if (!options.externalDatabase) {
      database = await step('starting the embedded PostgreSQL', () =>
        startEmbedded({ dataDir: join(options.dataDir, 'postgres'), log: (line) => options.say(`  ${line}`) }),
      );
    }
    const databaseUrl = options.externalDatabase ?? database!.url;
    await step('laying out storage', () => migrate(databaseUrl));

    let simulator: Readonly<Record<string, unknown>> | null = null;
    if (options.simulator) {
      const args = options.simulator;
      const child = await step('starting the two venue simulators', () =>
        startChild(root, logs, {
          name: 'simulator',
          entry: 'apps/simulator/src/main.js',
          args,
          env: {},
          readyWithinMs: 60_000,
        }),
      );
      children.push(child);
      simulator = child.facts;
    }
    const env: Record<string, string> = {
      ARBINTEL_MODE: options.mode,
      ARBINTEL_DATA_DIR: options.dataDir,
      ARBINTEL_HOST: options.host,
      ARBINTEL_PORT: String(options.port),
      DATABASE_URL: databaseUrl,
      ...(simulator ? venueEnvironment(simulator) : {}),
      ...options.env,
    };
    if (simulator)
      env['ARBINTEL_LINKS_FILE'] = await (
        await import('./demo-links.js')
      ).writeLinks(options.dataDir, String(simulator['controlUrl']));
    children.push(
      await step('starting the live worker', () =>
        startChild(root, logs, {
          name: 'worker-live',
          entry: 'apps/worker/src/main.js',
          args: ['live'],
          env,
          readyWithinMs: 120_000,
        }),
      ),
    );
    children.push(
      await step('starting the jobs worker', () =>
        startChild(root, logs, {
          name: 'worker-jobs',
          entry: 'apps/worker/src/main.js',
          args: ['jobs'],
          env,
          readyWithinMs: 60_000,
          nice: 10,
        }),
      ),
    );
    const api = await step('starting the API and the page', () =>
      startChild(root, logs, { name: 'api', entry: 'apps/api/src/main.js', args: [], env, readyWithinMs: 60_000 }),
    );
    children.push(api);
    let stopping = false;
    const lost = Promise.race(
      children.map((child) =>
        child.gone.then(({ code, signal }) =>
          stopping
            ? new Promise<never>(() => {})
            : `${child.name} ended by itself (${signal ?? `code ${code}`}); its log is ${join(logs, `${child.name}.log`)}`,
        ),
      ),
    );
    return {
      databaseUrl,
      url: String(api.facts['url']),
      setupUrl: typeof api.facts['setupUrl'] === 'string' ? api.facts['setupUrl'] : null,
      children,
      simulator,
      lost,
      stop: (last) => {
        stopping = true;
        return stop(last);
      },
    };
  } catch (error) {
    await stop().catch(() => false);
    throw error;
  }
}

function venueEnvironment(facts: Readonly<Record<string, unknown>>): Record<string, string> {
  return {
    POLYMARKET_GAMMA_URL: String(facts['gammaUrl']),
    POLYMARKET_CLOB_URL: String(facts['clobUrl']),
    POLYMARKET_WS_URL: String(facts['polymarketSocketUrl']),
    KALSHI_REST_URL: String(facts['kalshiRestUrl']),
    KALSHI_WS_URL: String(facts['kalshiSocketUrl']),
    KALSHI_KEY_ID: String(facts['kalshiKeyId']),
    KALSHI_PRIVATE_KEY_FILE: String(facts['kalshiPrivateKeyFile']),
  };
}
