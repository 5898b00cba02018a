import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInbox, createPeople, createPool, dataSource } from '#data';
import { builtInPlugins, createVault, type Config, type Log, type PluginRegistry, type Vault } from '#host';
import { createLiveBus, jobDesk } from '#queue';
import fastifyStatic from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import { AuthService } from './auth/auth.service.js';
import { SAFE_HEADERS } from './auth/headers.js';
import { fromOurPage } from './auth/origin.js';
import { rememberViewer } from './auth/viewer.js';
import { shownError } from './graphql/shown-error.js';
import { House } from './house.js';
import { serveSockets } from './live/socket-server.js';
import { nestLog } from './nest-log.js';
import { EdgeFilter } from './web/edge.filter.js';
import { cacheControl, webRoot } from './web/web-root.js';

const MOST_BODY = 256 * 1024;

export interface RunningApi {
  readonly url: string;
  /** For the first sign-in; `null` once somebody can sign in. Works once and for a day. */
  readonly setupUrl: string | null;
  stop(): Promise<void>;
}

export interface ApiOptions {
  readonly config: Pick<Config, 'mode' | 'dataDir' | 'databaseUrl' | 'redisUrl' | 'host' | 'port'>;
  readonly log: Log;
  /** The built-in ones unless told otherwise. */
  readonly plugins?: PluginRegistry;
  /** Seals stored secrets; unless told otherwise with a key that nobody else has and that ends with the process. */
  readonly vault?: Vault;
  readonly now?: () => number;
  /** Folder of the built page; `web/dist` of this project unless told otherwise. */
  readonly pageDir?: string;
}

/** Starts the API and the page on `host:port` (0 takes a free one). The database is migrated already. */
export async function startApi({
  config,
  log,
  plugins = builtInPlugins(),
  vault = createVault(randomBytes(32)),
  now = Date.now,
  pageDir = webRoot(import.meta.dirname),
}: ApiOptions): Promise<RunningApi> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const pool = createPool(config.databaseUrl, 10);
    closing.push(() => pool.end());
    const rows = await dataSource(config.databaseUrl, 4).initialize();
    closing.push(() => rows.destroy());
    const bus = await createLiveBus(config);
    closing.push(() => bus.close());
    const queues = await jobDesk(config);
    closing.push(() => queues.close());
    const people = createPeople(rows);
    const house = new House(config, log, pool, people, createInbox(pool, bus), bus, queues, plugins, vault, now);

    const adapter = new FastifyAdapter({ bodyLimit: MOST_BODY, trustProxy: false, forceCloseConnections: true });
    const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(house), adapter, {
      logger: nestLog(log),
      abortOnError: false,
      rawBody: true,
    });
    closing.push(() => app.close());
    // An upload is handed on as it comes: it may be larger than memory.
    adapter
      .getInstance()
      .addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
    const auth = app.get(AuthService);
    guard(app, auth, log);
    const index = join(pageDir, 'index.html');
    const page = existsSync(index) ? readFileSync(index, 'utf8') : null;
    if (page !== null)
      await app.register(fastifyStatic, {
        root: pageDir,
        wildcard: false,
        cacheControl: false,
        setHeaders: (reply, path) => void reply.header('cache-control', cacheControl(path)),
      });
    app.useGlobalFilters(new EdgeFilter(log, page));
    await app.init();
    await app.listen(config.port, config.host);
    const sockets = serveSockets(app.getHttpServer(), app.get(GraphQLSchemaHost).schema, auth, pool, log);
    closing.push(() => sockets.close());

    const setup = await auth.offerSetup();
    const url = addressOf(app, config.host);
    return { url, setupUrl: setup && `${url}/setup?token=${setup}`, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Whoever comes here must have signed in. */
const GATED = /^\/(graphql|exports|imports)(\/|$)/i;

/** What every request passes: safe headers, our own page only, and for operations a sign-in. */
function guard(app: NestFastifyApplication, auth: AuthService, log: Log): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      void reply.headers(SAFE_HEADERS);
      const path = request.url.split('?', 1)[0];
      if (path === '/graphql' || path.startsWith('/auth/')) void reply.header('cache-control', 'no-store');
      if (request.method !== 'GET' && request.method !== 'HEAD' && !fromOurPage(request.headers))
        return reply.code(403).send({ message: 'This request comes from another page and is refused.', fields: [] });
      if (!GATED.test(path)) return undefined;
      try {
        const current = await auth.identify(request.headers);
        if (!current) return reply.code(401).send({ message: 'Sign in first.', fields: [] });
        rememberViewer(request, current.viewer);
        return undefined;
      } catch (error) {
        return reply.code(503).send({ ...shownError(error, log), fields: [] });
      }
    });
}

function addressOf(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}
