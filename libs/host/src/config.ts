import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { UserProblem, type FieldProblem } from '#core';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { PluginConfig } from './registry/load-plugins.js';

/**
 * The environment, read once. Every complaint is collected and thrown together as one `UserProblem` whose `fields` name
 * the variables.
 */
export interface Config {
  /** `demo` reads the simulator, `live` the real venues. A data directory belongs to one of them for good. */
  readonly mode: 'demo' | 'live';
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** `null`: BullMQ and the live bus run on PostgreSQL. */
  readonly redisUrl: string | null;
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Most markets one lane listens to, per venue. */
  readonly marketsPerVenue: number;
  /** JSON file with links to put on the tape at start; `null` none. */
  readonly linksFile: string | null;
  /** Folders of third-party plugins, and what these may do. */
  readonly plugins: PluginConfig;
  /** Key that stored secrets are sealed with; made when it is not there. API and workers must have the same. */
  readonly vaultKeyFile: string;
  readonly news: NewsConfig;
  /** Hosts of private networks that notices may go to, as `host:port`; of the public internet they may go anywhere. */
  readonly noticePrivateHosts: ReadonlySet<string>;
  readonly polymarket: PolymarketConfig;
  readonly kalshi: KalshiConfig;
}

export interface NewsConfig {
  /** Whether this process reads and scores news at all. */
  readonly on: boolean;
  /** Plugin id of the enricher. */
  readonly enricher: string;
  /** A folder or an id of the Hugging Face hub; `''` the model of the package, `vader` none. */
  readonly model: string;
  readonly dtype: 'fp32' | 'fp16' | 'q8' | 'q4';
  readonly threads: number;
  /** The simulator's feed and stream, in the demo. */
  readonly feedUrl: string | null;
  readonly streamUrl: string | null;
  /** Hosts of private networks that sources may be at nevertheless, as `host:port`. */
  readonly privateHosts: ReadonlySet<string>;
}

export interface PolymarketConfig {
  readonly gammaUrl: string;
  readonly clobUrl: string;
  readonly dataUrl: string;
  readonly socketUrl: string;
}

export interface KalshiConfig {
  readonly restUrl: string;
  readonly socketUrl: string;
  readonly keyId: string | null;
  /** PEM text, read from `KALSHI_PRIVATE_KEY_FILE`; never logged, never sent to a browser. */
  readonly privateKey: string | null;
}

const url = (protocol: string) => Type.String({ pattern: `^${protocol}s?://` });

/** `host:port`, separated by commas. */
const HOSTS = '^\\s*[^\\s,/@]+:\\d+\\s*(,\\s*[^\\s,/@]+:\\d+\\s*)*$';

const Environment = Type.Object({
  ARBINTEL_MODE: Type.Union([Type.Literal('demo'), Type.Literal('live')], { default: 'live' }),
  ARBINTEL_DATA_DIR: Type.String({ default: '.data/live' }),
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://', default: '' }),
  REDIS_URL: Type.Optional(Type.String({ pattern: '^rediss?://' })),
  ARBINTEL_HOST: Type.String({ default: '127.0.0.1', minLength: 1 }),
  ARBINTEL_PORT: Type.String({ pattern: '^\\d{1,5}$', default: '4280' }),
  ARBINTEL_LOG_LEVEL: Type.Union(
    [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')],
    { default: 'info' },
  ),
  ARBINTEL_MARKETS_PER_VENUE: Type.String({ pattern: '^[1-9]\\d{0,4}$', default: '200' }),
  ARBINTEL_LINKS_FILE: Type.Optional(Type.String()),
  ARBINTEL_VAULT_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  ARBINTEL_PLUGINS: Type.Optional(Type.String()),
  ARBINTEL_PLUGIN_GRANTS: Type.Optional(Type.String({ pattern: '^\\s*[^,=]+=[^,=]+(,[^,=]+=[^,=]+)*,?\\s*$' })),
  ARBINTEL_NEWS: Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'on' }),
  ARBINTEL_NEWS_ENRICHER: Type.String({ default: 'market-stance', minLength: 1 }),
  ARBINTEL_NEWS_MODEL: Type.Optional(Type.String()),
  ARBINTEL_NEWS_DTYPE: Type.Union(
    [Type.Literal('fp32'), Type.Literal('fp16'), Type.Literal('q8'), Type.Literal('q4')],
    { default: 'fp32' },
  ),
  ARBINTEL_NEWS_THREADS: Type.String({ pattern: '^[1-9]\\d?$', default: '1' }),
  ARBINTEL_NEWS_FEED_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  ARBINTEL_NEWS_STREAM_URL: Type.Optional(Type.String({ pattern: '^wss?://' })),
  ARBINTEL_NEWS_PRIVATE_HOSTS: Type.Optional(Type.String({ pattern: HOSTS })),
  ARBINTEL_NOTICE_PRIVATE_HOSTS: Type.Optional(Type.String({ pattern: HOSTS })),
  POLYMARKET_GAMMA_URL: Type.String({ ...url('http'), default: 'https://gamma-api.polymarket.com' }),
  POLYMARKET_CLOB_URL: Type.String({ ...url('http'), default: 'https://clob.polymarket.com' }),
  POLYMARKET_DATA_URL: Type.String({ ...url('http'), default: 'https://data-api.polymarket.com' }),
  POLYMARKET_WS_URL: Type.String({ ...url('ws'), default: 'wss://ws-subscriptions-clob.polymarket.com/ws/market' }),
  KALSHI_REST_URL: Type.String({ ...url('http'), default: 'https://external-api.kalshi.com/trade-api/v2' }),
  KALSHI_WS_URL: Type.String({ ...url('ws'), default: 'wss://external-api-ws.kalshi.com/trade-api/ws/v2' }),
  KALSHI_KEY_ID: Type.Optional(Type.String({ minLength: 1 })),
  KALSHI_PRIVATE_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
});
type Environment = Static<typeof Environment>;

/** What a complaint says a variable should be, by name. */
const WANTED: Readonly<Record<string, string>> = {
  ARBINTEL_MODE: 'demo or live',
  DATABASE_URL: 'a postgres:// address',
  REDIS_URL: 'a redis:// address',
  ARBINTEL_PORT: 'a port number from 0 to 65535',
  ARBINTEL_LOG_LEVEL: 'debug, info, warn or error',
  ARBINTEL_MARKETS_PER_VENUE: 'a whole number from 1 to 99999',
  ARBINTEL_PLUGIN_GRANTS: 'pairs like my-plugin=net:example.org, separated by commas',
  ARBINTEL_NEWS: 'on or off',
  ARBINTEL_NEWS_DTYPE: 'fp32, fp16, q8 or q4',
  ARBINTEL_NEWS_THREADS: 'a whole number from 1 to 99',
  ARBINTEL_NEWS_FEED_URL: 'an http(s):// address',
  ARBINTEL_NEWS_STREAM_URL: 'a ws(s):// address',
  ARBINTEL_NOTICE_PRIVATE_HOSTS: 'hosts with their ports like 10.1.2.3:8080, separated by commas',
  ARBINTEL_NEWS_PRIVATE_HOSTS: 'hosts with their ports like 10.1.2.3:8080, separated by commas',
  POLYMARKET_GAMMA_URL: 'an http(s):// address',
  POLYMARKET_CLOB_URL: 'an http(s):// address',
  POLYMARKET_DATA_URL: 'an http(s):// address',
  POLYMARKET_WS_URL: 'a ws(s):// address',
  KALSHI_REST_URL: 'an http(s):// address',
  KALSHI_WS_URL: 'a ws(s):// address',
};

export function readConfig(env: NodeJS.ProcessEnv, cwd = process.cwd()): Config {
  const raw: Record<string, string> = {};
  for (const [name, schema] of Object.entries(Environment.properties)) {
    const value = env[name];
    if (value !== undefined && value !== '') raw[name] = value;
    else if ('default' in schema && schema.default !== '') raw[name] = String(schema.default);
  }
  const fields: FieldProblem[] = [];
  if (!raw['DATABASE_URL']) {
    fields.push({
      path: '/DATABASE_URL',
      message: 'DATABASE_URL is not set; `npm start` and `npm run demo` set it for the embedded database',
    });
    raw['DATABASE_URL'] = 'postgres://';
  }
  for (const error of Value.Errors(Environment, raw)) {
    const name = error.instancePath.slice(1);
    if (!name || fields.some((field) => field.path === error.instancePath)) continue;
    fields.push({
      path: error.instancePath,
      message: `${name} is ${JSON.stringify(raw[name])}; it must be ${WANTED[name] ?? error.message}`,
    });
  }
  if (Number(raw['ARBINTEL_PORT']) > 65_535)
    fields.push({
      path: '/ARBINTEL_PORT',
      message: `ARBINTEL_PORT is ${raw['ARBINTEL_PORT']}; it must be ${WANTED['ARBINTEL_PORT']}`,
    });

  let privateKey: string | null = null;
  const keyFile = raw['KALSHI_PRIVATE_KEY_FILE'];
  if (Boolean(raw['KALSHI_KEY_ID']) !== Boolean(keyFile)) {
    const missing = keyFile ? 'KALSHI_KEY_ID' : 'KALSHI_PRIVATE_KEY_FILE';
    fields.push({
      path: `/${missing}`,
      message: `${missing} is not set; Kalshi needs both KALSHI_KEY_ID and KALSHI_PRIVATE_KEY_FILE, or neither`,
    });
  }
  if (keyFile) {
    try {
      privateKey = readFileSync(keyFile, 'utf8');
      if (!privateKey.includes('PRIVATE KEY'))
        fields.push({ path: '/KALSHI_PRIVATE_KEY_FILE', message: `${keyFile} holds no PEM private key` });
    } catch (error) {
      fields.push({
        path: '/KALSHI_PRIVATE_KEY_FILE',
        message: `${keyFile} cannot be read: ${(error as Error).message}`,
      });
    }
  }
  const linksFile = raw['ARBINTEL_LINKS_FILE'] ?? null;
  if (fields.length > 0) throw new UserProblem('the environment is not usable', fields);

  const e = raw as unknown as Environment;
  const dataDir = isAbsolute(e.ARBINTEL_DATA_DIR) ? e.ARBINTEL_DATA_DIR : resolve(cwd, e.ARBINTEL_DATA_DIR);
  return {
    mode: e.ARBINTEL_MODE,
    dataDir,
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL ?? null,
    host: e.ARBINTEL_HOST,
    port: Number(e.ARBINTEL_PORT),
    logLevel: e.ARBINTEL_LOG_LEVEL,
    marketsPerVenue: Number(e.ARBINTEL_MARKETS_PER_VENUE),
    linksFile,
    plugins: pluginConfig(e, cwd),
    vaultKeyFile: resolve(cwd, e.ARBINTEL_VAULT_KEY_FILE ?? join(dataDir, 'vault.key')),
    polymarket: {
      gammaUrl: e.POLYMARKET_GAMMA_URL,
      clobUrl: e.POLYMARKET_CLOB_URL,
      dataUrl: e.POLYMARKET_DATA_URL,
      socketUrl: e.POLYMARKET_WS_URL,
    },
    news: {
      on: e.ARBINTEL_NEWS === 'on',
      enricher: e.ARBINTEL_NEWS_ENRICHER,
      model: e.ARBINTEL_NEWS_MODEL ?? '',
      dtype: e.ARBINTEL_NEWS_DTYPE,
      threads: Number(e.ARBINTEL_NEWS_THREADS),
      feedUrl: e.ARBINTEL_NEWS_FEED_URL ?? null,
      streamUrl: e.ARBINTEL_NEWS_STREAM_URL ?? null,
      privateHosts: hostsOf(e.ARBINTEL_NEWS_PRIVATE_HOSTS),
    },
    noticePrivateHosts: hostsOf(e.ARBINTEL_NOTICE_PRIVATE_HOSTS),
    kalshi: { restUrl: e.KALSHI_REST_URL, socketUrl: e.KALSHI_WS_URL, keyId: e.KALSHI_KEY_ID ?? null, privateKey },
  };
}

const hostsOf = (list: string | undefined): ReadonlySet<string> =>
  new Set(list?.split(',').map((host) => host.trim().toLowerCase()));

/** Which plugins an environment asks for; folders become absolute. */
export const pluginConfig = (
  env: { readonly ARBINTEL_PLUGINS?: string; readonly ARBINTEL_PLUGIN_GRANTS?: string },
  cwd = process.cwd(),
): PluginConfig => ({
  folders: listOf(env.ARBINTEL_PLUGINS).map((folder) => resolve(cwd, folder)),
  grants: grantsOf(env.ARBINTEL_PLUGIN_GRANTS),
});

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** `my-plugin=net:example.org,my-plugin=secrets` */
function grantsOf(text: string | undefined): NonNullable<PluginConfig['grants']> {
  const grants = new Map<string, Set<string>>();
  for (const pair of listOf(text)) {
    const [plugin, permission] = pair.split('=', 2).map((part) => part.trim());
    grants.set(plugin, (grants.get(plugin) ?? new Set()).add(permission));
  }
  return grants;
}
